"""The whole desk by keyboard alone: every page, every control, every form."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.demonstration import Demonstration, password
from tests.journeys.desk_pages import pages, walk
from tests.journeys.people import Member

pytestmark = pytest.mark.journey
MOST_STEPS = 600  # controls on one page, with every fold open
# What can be come to, each named by its place; of a group of radios any one counts.
_CONTROLS = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const every = [...document.querySelectorAll(all)]
    .filter(one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0)
    .filter(one => !one.closest("dialog:not([open])"));
  const group = one => one.type === "radio" ? `${one.form?.action} ${one.name}` : "";
  // What a fold shows later is numbered on, so that no place changes its name.
  for (const one of every)
    one.dataset.place ||= group(one) || (window.places = (window.places ?? 0) + 1);
  return [...new Set(every.map(one => one.dataset.place))];
}"""
_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  return {
    place: one.dataset.place ?? one.tagName,
    html: one.outerHTML.slice(0, 90),
    closed: one.tagName === "SUMMARY" && !one.parentElement.open,
    action: one.tagName === "BUTTON" && one.type === "submit"
      ? one.form?.getAttribute("action") : null,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      || one.classList.contains("skip"),
  };
}"""
# A passkey is no form to be sent: a script asks the browser for it.
_FORMS = """() => [...document.querySelectorAll("form[method=post]")]
  .filter(form => !form.dataset.passkey)
  .filter(form => form.querySelector("button")?.checkVisibility())
  .map(form => form.getAttribute("action"))"""


@pytest.fixture(scope="module")
def johan(chromium: Browser, demo: Demonstration) -> Iterator[Member]:
    """Return a head who came in by keyboard alone."""
    office = chromium.new_context(
        base_url=demo.staff_url, viewport={"width": 1280, "height": 900}
    )
    page = office.new_page()
    page.goto("/sign-in")
    page.locator("[name=login]").focus()
    for typed in ("johan", password(), demo.code("johan")):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".top").wait_for()
    yield Member(page, demo)
    office.close()


@pytest.fixture(scope="module")
def taken(johan: Member) -> str:
    """Find what can be called now, take it, and return its page's path."""
    page = johan.page
    page.goto("/")
    for _ in range(40):
        page.keyboard.press("j")
        row = page.evaluate("document.activeElement.textContent")
        if "ring nu" in row and "Vuxenenheten" in row:
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/*")
    to_button(page, "Ta ärendet")
    page.keyboard.press("Enter")
    page.locator(".done").wait_for()
    return urlsplit(page.url).path


def to_button(page: Page, name: str) -> None:
    """Come to a button by Tab; whatever is folded on the way is opened."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.textContent.trim()")
        if here == name:
            return
    raise AssertionError(f"Tab never came to {name}")


def come_past(page: Page) -> tuple[set[str], set[str], list[str]]:
    """Walk a page by Tab, open every fold and press every button of a form.

    Returns the places come to, the forms sent, and what showed no focus.
    """
    seen, sent, dim = set[str](), set[str](), list[str]()
    page.keyboard.press("Tab")
    for _ in range(MOST_STEPS):
        here = page.evaluate(_FOCUS)
        if here is None:
            break
        seen.add(str(here["place"]))
        if not here["ring"]:
            dim.append(here["html"])
        if here["closed"]:
            page.keyboard.press("Enter")
            page.evaluate(_CONTROLS)
        if here["action"] and here["action"] not in sent:
            with page.expect_request(lambda asked: asked.method == "POST") as asking:
                page.keyboard.press("Enter")
            sent.add(urlsplit(asking.value.url).path)
        page.keyboard.press("Tab")
    return seen, sent, dim


def stay(route: Route) -> None:
    """Let nothing that is sent arrive: the page stays as it is."""
    if route.request.method == "POST":
        route.fulfill(status=204)
    else:
        route.continue_()


@contextmanager
def standing_still(page: Page) -> Iterator[None]:
    """Let nothing that is pressed change a page, nor a list renew itself."""
    page.route("**/*", stay)
    # Lists that renew themselves would number the controls anew.
    page.route("**/news*", lambda route: route.abort())
    yield
    page.unroute_all()


def come_to_all(page: Page, name: str = "") -> None:
    """Come by Tab to every control of a page, and press every button of a form."""
    page.evaluate(_CONTROLS)
    # Not from a word that took the focus, as after a press.
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    seen, sent, dim = come_past(page)
    every = {str(place) for place in page.evaluate(_CONTROLS)}
    assert len(every - seen) == 0, (name or page.url, every - seen)
    assert set(page.evaluate(_FORMS)) <= sent, name or page.url
    assert dim == [], name or page.url


def all_come_to(page: Page, found: dict[str, str]) -> None:
    """Do so on every page that is named, by its address."""
    with standing_still(page):
        for name, path in found.items():
            page.goto(path)
            come_to_all(page, name)


def test_every_page_can_be_come_to_by_links(johan: Member, taken: str) -> None:
    assert set(walk(johan.page, taken)) == pages()


@pytest.mark.timeout(900)  # some eight hundred controls, one press each
def test_every_control_and_every_form_of_every_page_by_keyboard(
    johan: Member, taken: str
) -> None:
    all_come_to(johan.page, walk(johan.page, taken))


def test_a_note_is_written_and_the_request_given_back_by_keyboard(
    johan: Member, taken: str
) -> None:
    page = johan.page
    page.goto(taken)
    to_button(page, "Intern anteckning")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Skrivet utan mus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Anteckningen är sparad.")
    expect(page.locator(".paper.note .text").last).to_have_text("Skrivet utan mus")
    to_button(page, "Lämna tillbaka")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("lämnat tillbaka")


def test_the_help_sheet_and_the_heads_menu_open_and_close(johan: Member) -> None:
    page = johan.page
    page.goto("/")
    page.keyboard.press("?")
    sheet = page.locator("dialog.shortcuts")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    to_button(page, "Chef")
    page.keyboard.press("Enter")
    menu = page.locator("details.menu")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
