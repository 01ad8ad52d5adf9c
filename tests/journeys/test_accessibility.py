"""No barriers that a machine can find: axe on every page, and what it does not ask.

It asks WCAG 2.2 A and AA and its makers' own advice, and text contrast of 7:1.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import on_a_phone
from tests.journeys.demonstration import Demonstration
from tests.journeys.desk_pages import pages, unfold, walk
from tests.journeys.people import Member, Visitor

pytestmark = pytest.mark.journey
LEAST_TARGET = 44  # px, either way
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_axe = Axe()
_BOTH = ("light", "dark")
_PUBLIC = ("", "1", "2", "2a", "3", "4", "p/privacy", "p/accessibility")
# What is pressed: a link amid a sentence may be as small as its line.
_TARGETS = """() => [...document.querySelectorAll(
    "button, summary, select, .pick, .top a, .counts a, .sides a, .row, .errors a, "
    + "input:not([type=hidden], [type=radio], [type=checkbox]), textarea")]
  .filter(one => one.checkVisibility())
  .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < %s)
  .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""


def findings(page: Page, *without: str) -> list[str]:
    """Return what axe has against a page, but for the rules that are named."""
    page.wait_for_load_state()  # without its style a page is another one
    rules = {"color-contrast-enhanced": True, "target-size": True}
    rules |= dict.fromkeys(without, False)
    options = {
        "runOnly": {"type": "tag", "values": LEVELS},
        "rules": {rule: {"enabled": on} for rule, on in rules.items()},
        "resultTypes": ["violations"],
    }
    return [
        f"{page.url} {found['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for found in _axe.run(page, options=options).response["violations"]
        for node in found["nodes"]
    ]


@pytest.fixture(scope="module")
def johan(chromium: Browser, demo: Demonstration) -> Iterator[Member]:
    """Return a head at two units, signed in, who has one of the requests."""
    office = chromium.new_context(base_url=demo.staff_url)
    member = Member.signs_in(office, demo, "johan")
    hers = member.page.locator("a.row", has_text="Vuxenenheten")
    hers.filter(has_text="ring nu").first.click()
    member.presses("Ta ärendet")
    member.page.locator(".done").wait_for()
    taken = member.page.url
    yield member
    # The other journeys go on in the same demonstration.
    member.page.goto(taken)
    member.presses("Lämna tillbaka")
    office.close()


@pytest.fixture(scope="module")
def held(johan: Member) -> str:
    """Return the address of the request that he has."""
    johan.page.goto("/")
    row = johan.page.locator("a.row", has_text="du har det").first
    return row.get_attribute("href") or ""


@pytest.mark.parametrize("scheme", _BOTH)
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_visitors_pages_hold_no_barrier(
    chromium: Browser, demo: Demonstration, language: str, scheme: str
) -> None:
    context = on_a_phone(chromium, demo.url)
    phone = context.new_page()
    phone.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    visitor, found = Visitor(phone, language), []
    for path in _PUBLIC:
        visitor.opens(path)
        # Leave stands first, outside any landmark, so that nothing comes before it.
        found += findings(phone, "region")
    visitor.opens()
    phone.locator("details.page > summary").first.click()
    found += findings(phone, "region")
    visitor.opens("2a")
    visitor.writes("Hej")
    visitor.receipt()
    found += findings(phone, "region")
    context.close()
    assert found == []


@pytest.fixture(scope="module")
def every(johan: Member, held: str) -> dict[str, str]:
    """Return an address of every page of the desk, by its name."""
    johan.page.goto("/")
    others = [row.get_attribute("href") for row in johan.page.locator("a.row").all()]
    other = next(path for path in others if path and path != held)
    found = walk(johan.page, held)
    assert set(found) == pages()
    return found | {"missing": "/r/AAAA-AAAA", "not taken": other}


def faces_of_the_desk(page: Page, held: str, every: dict[str, str]) -> Iterator[str]:
    """Walk through the desk's pages, all unfolded, and what can stand on them."""
    for name, path in every.items():
        page.goto(path)
        yield name
        if page.locator("details").count():
            unfold(page)
            yield f"{name}, every fold open"
    page.goto(held)
    unfold(page)
    page.locator("form[action$='/note'] button").click()
    page.locator(".errors").wait_for()
    yield "a fault"


@pytest.mark.timeout(900)  # some forty faces, each in light and dark
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_the_desk_holds_no_barrier(
    johan: Member, held: str, every: dict[str, str], width: int
) -> None:
    page = johan.page
    page.set_viewport_size({"width": width, "height": 800})
    found: list[str] = []
    for _ in faces_of_the_desk(page, held, every):
        page.emulate_media(color_scheme="light")
        found += barriers(page)
        page.emulate_media(color_scheme="dark")
        found += findings(page)
    assert found == []


@pytest.mark.parametrize("width", [1280, 360])
def test_a_call_and_what_follows_it_hold_no_barrier(
    johan: Member, held: str, width: int
) -> None:
    page, found = johan.page, list[str]()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(held)
    if width == 1280:  # a window is rung once
        johan.presses("Ring")
    page.locator("#calling, #after-call").first.wait_for()
    unfold(page)
    found += barriers(page)
    if page.locator("#calling").count():
        page.locator("[name=outcome][value=word-came]").check()
        johan.presses("Anteckna utfallet")
        page.locator("#after-call").wait_for()
        unfold(page)
        found += barriers(page)
    assert found == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_heads_menu_opens_within_the_window(johan: Member, width: int) -> None:
    page = johan.page
    page.set_viewport_size({"width": width, "height": 640})
    for path in ("/", "/members"):
        page.goto(path)
        page.locator(".menu summary").click()
        inside = page.locator(".menu > div").bounding_box()
        assert inside is not None
        assert inside["x"] >= 0
        assert inside["x"] + inside["width"] <= width
    assert barriers(page) == []


def barriers(page: Page) -> list[str]:
    """Return what axe has against a page, what is too small, and what reaches over."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    over = [f"{page.url} reaches over the side"] if wide else []
    small: list[str] = page.evaluate(_TARGETS % LEAST_TARGET)
    return findings(page) + small + over


def hold_no_barrier(page: Page) -> None:
    """Look at a page as it stands, all unfolded: in dark, and narrow and wide."""
    unfold(page)
    page.emulate_media(color_scheme="dark")
    found = findings(page)
    page.emulate_media(color_scheme="light")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found += barriers(page)
    assert found == []


def test_the_way_into_the_desk_holds_no_barrier(
    chromium: Browser, demo: Demonstration
) -> None:
    context = chromium.new_context(base_url=demo.staff_url)
    page = context.new_page()
    page.goto("/sign-in")
    found = barriers(page)
    page.get_by_role("button", name="Logga in").click()
    page.locator(".errors").wait_for()
    found += barriers(page)
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 768])
def test_the_desk_reaches_over_no_side(
    johan: Member, held: str, every: dict[str, str], width: int
) -> None:
    page = johan.page
    page.set_viewport_size({"width": width, "height": 640})
    for face in faces_of_the_desk(page, held, every):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, face


def test_a_fault_takes_the_focus_and_leads_to_its_field(
    johan: Member, held: str
) -> None:
    page = johan.page
    page.set_viewport_size({"width": 1280, "height": 800})
    for _ in faces_of_the_desk(page, held, {}):
        break
    assert page.title().startswith("Fel: ")
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("x")
    assert page.locator("#note-text").input_value() == "x"


def test_the_first_tab_skips_to_the_request(johan: Member, held: str) -> None:
    page = johan.page
    page.goto(held)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
