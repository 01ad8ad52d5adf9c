"""What the page's own script does: views in place, covering, leaving."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey
CANARY = "kanariefågel"
# Browsers driven by a tool are never hidden; this is what a page is told when it is.
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
MINUTE = 60_000  # ms


def write(page: Page) -> None:
    """Open the form in place and type, without sending."""
    page.goto("/sv/")
    page.click('.chips a[href="/sv/2"]')
    page.locator("textarea").first.fill(CANARY)


def in_the_text_box(page: Page) -> str:
    return page.locator("textarea").first.input_value()


def hide(page: Page) -> str:
    """Hide the page, show it again, and return what was there in between."""
    page.evaluate(HIDE, arg=True)
    covered: str = page.evaluate("document.documentElement.outerHTML")
    page.evaluate(HIDE, arg=False)
    return covered


@pytest.mark.rule("S42")
def test_a_hidden_page_covers_itself(script_phone: Page) -> None:
    write(script_phone)
    assert "<textarea" not in hide(script_phone)
    expect(script_phone.locator("header")).to_be_hidden()
    expect(script_phone.locator(".leave")).to_be_visible()
    script_phone.click(".show")
    script_phone.keyboard.press("Escape")  # as the phone's own back gesture does
    expect(script_phone.locator(".tongues")).to_be_visible()
    expect(script_phone.locator("textarea")).to_have_count(0)
    script_phone.click(".row.back")
    assert in_the_text_box(script_phone) == CANARY


@pytest.mark.rule("S42")
def test_reading_on_after_a_cover_loses_no_text(script_phone: Page) -> None:
    write(script_phone)
    hide(script_phone)
    script_phone.click(".show")
    script_phone.click("details.page > summary >> nth=0")
    hide(script_phone)
    script_phone.click(".show")
    script_phone.click(".row.back")
    script_phone.click("button.back")
    script_phone.click(".row.back")
    assert in_the_text_box(script_phone) == CANARY


@pytest.mark.rule("S40")
@pytest.mark.parametrize(("minutes", "kept"), [(29, True), (31, False)])
def test_idle_covers_and_keeps_the_text_for_half_an_hour(
    script_phone: Page, minutes: int, kept: bool
) -> None:
    script_phone.clock.install()
    write(script_phone)
    script_phone.clock.run_for(6 * MINUTE)
    expect(script_phone.locator(".show")).to_be_visible()
    expect(script_phone.locator("textarea")).to_have_count(0)
    script_phone.clock.fast_forward((minutes - 1) * MINUTE)
    script_phone.click(".show")
    expect(script_phone.locator(".tongues")).to_be_visible()
    expect(script_phone.locator(".row.back")).to_have_count(int(kept))


@pytest.mark.rule("S40")
def test_she_can_have_it_forgotten_sooner(script_phone: Page) -> None:
    write(script_phone)
    hide(script_phone)
    script_phone.click(".show")
    script_phone.click(".row.drop")
    expect(script_phone.locator(".row.back")).to_have_count(0)
    script_phone.click('.chips a[href="/sv/2"]')
    expect(script_phone.locator("textarea").first).to_have_value("")


def test_a_new_view_is_heard_and_an_old_one_finds_its_place(script_phone: Page) -> None:
    script_phone.goto("/sv/")
    row = script_phone.locator("details.page > summary").first
    row.click()
    heading = script_phone.locator("h1").inner_text()
    expect(script_phone.locator("h1")).to_be_focused()
    said = script_phone.locator(".say")
    assert said.text_content() == heading
    assert said.get_attribute("role") == "status"
    script_phone.click("button.back")
    expect(row).to_be_focused()
    expect(said).to_be_empty()


def test_back_from_a_form_and_in_again_finds_the_text(script_phone: Page) -> None:
    write(script_phone)
    script_phone.click("a.back")
    script_phone.click('.chips a[href="/sv/2"]')
    assert in_the_text_box(script_phone) == CANARY
    assert script_phone.evaluate("history.length") <= 2  # the blank tab and one visit


@pytest.mark.rule("S3")
@pytest.mark.parametrize("by", ["the gesture", "the link"])
def test_going_back_by_habit_does_not_lose_the_number(
    script_phone: Page, by: str
) -> None:
    visitor = Visitor(script_phone)
    visitor.opens()
    script_phone.click('.chips a[href="/sv/2"]')
    visitor.writes(CANARY)
    digits = visitor.receipt()
    for _ in range(2):
        if by == "the link":
            script_phone.click("a.back")
        else:
            script_phone.keyboard.press("Escape")
        expect(script_phone.locator("main.home")).to_be_visible()
        expect(script_phone.locator(".digits")).to_have_count(0)
        script_phone.click(".row.back")
        assert visitor.receipt() == digits
    script_phone.locator("form[action*=saved] button").click()
    expect(script_phone.locator(".digits")).to_have_count(0)
    script_phone.click("a.back")
    expect(script_phone.locator("main.home")).to_be_visible()
    expect(script_phone.locator(".row.back")).to_have_count(0)


def test_leave_blanks_at_once_and_keeps_the_title(script_phone: Page) -> None:
    script_phone.route("https://smhi.se/**", lambda route: route.fulfill(body="."))
    write(script_phone)
    title = script_phone.title()
    left = script_phone.evaluate(
        """() => {
          document.querySelector(".leave").click();
          return [document.body, document.title];
        }"""
    )
    assert left == [None, title]
    script_phone.wait_for_url("https://smhi.se/**")


def test_three_shifts_leave_but_not_while_typing(script_phone: Page) -> None:
    script_phone.route("https://smhi.se/**", lambda route: route.fulfill(body="."))
    write(script_phone)
    for key in ("ShiftLeft", "ShiftRight", "ShiftLeft"):
        script_phone.keyboard.press(key)
    assert in_the_text_box(script_phone) == CANARY
    script_phone.locator("h1").focus()
    for key in ("Shift", "Shift", "a", "Shift"):
        script_phone.keyboard.press(key)
    assert in_the_text_box(script_phone) == CANARY
    for key in ("ShiftLeft", "ShiftRight"):
        script_phone.keyboard.press(key)
    script_phone.wait_for_url("https://smhi.se/**")


def test_language_changes_in_place(script_phone: Page) -> None:
    script_phone.goto("/sv/")
    title, address = script_phone.title(), script_phone.url
    Visitor(script_phone).speaks("ar")
    expect(script_phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(script_phone.locator(".leave")).to_have_attribute("href", "/ar/u")
    assert (script_phone.title(), script_phone.url) == (title, address)


def test_languages_that_share_a_tag_change_all_words(script_phone: Page) -> None:
    easy = script_phone.request.get("/sv/").text().replace("/sv/", "/lattlast/")
    script_phone.route(
        "**/en/", lambda route: route.fulfill(content_type="text/html", body=easy)
    )
    script_phone.goto("/sv/")
    Visitor(script_phone).speaks("en")
    expect(script_phone.locator(".leave")).to_have_attribute("href", "/lattlast/u")
    expect(script_phone.locator("body")).to_have_attribute("data-home", "/lattlast/")


def test_a_form_in_place_looks_as_at_its_address(script_phone: Page) -> None:
    refused: list[str] = []
    script_phone.on("console", lambda said: refused.append(said.text))
    look = """() => {
      const go = document.querySelector(".go");
      const {minHeight, backgroundColor} = getComputedStyle(go);
      return [minHeight, backgroundColor]
    }"""
    script_phone.goto("/sv/2")
    alone = script_phone.evaluate(look)
    script_phone.goto("/sv/")
    assert script_phone.locator("style").count() == 1
    for path in ("/sv/2", "/sv/3"):
        script_phone.click(f'.chips a[href="{path}"]')
        script_phone.locator(".go").first.wait_for()
        assert script_phone.evaluate(look) == alone
        assert script_phone.locator("style").count() == 2
        script_phone.click("a.back")
    # What the policy refuses is told there; so is each 404, which is meant.
    assert [said for said in refused if "404" not in said] == []


def test_without_a_net_sections_open_and_text_stays(script_phone: Page) -> None:
    write(script_phone)
    script_phone.context.set_offline(True)
    script_phone.locator("main form button").last.click()
    expect(script_phone.locator(".say")).not_to_be_empty()
    assert in_the_text_box(script_phone) == CANARY
    script_phone.click("a.back")
    script_phone.click("details.page > summary >> nth=0")
    expect(script_phone.locator("h1")).to_be_focused()


def test_a_fault_comes_on_top_and_back_leads_to_the_text(script_phone: Page) -> None:
    write(script_phone)
    said = script_phone.request.get("/sv/e500").text()
    script_phone.route(
        "**/sv/2/search",
        lambda route: route.fulfill(status=500, content_type="text/html", body=said),
    )
    script_phone.locator("main form button").first.click()
    expect(script_phone.locator("h1")).to_have_text("Något gick fel hos oss")
    expect(script_phone.locator("textarea")).to_have_count(0)
    expect(script_phone.locator("main .reach")).to_be_visible()
    script_phone.click("a.back")
    assert in_the_text_box(script_phone) == CANARY
    script_phone.unroute("**/sv/2/search")
    script_phone.locator("main form button").first.click()
    expect(script_phone.locator(".digits")).to_be_visible()


def test_a_proxys_own_page_takes_nothing_away(script_phone: Page) -> None:
    write(script_phone)
    script_phone.route(
        "**/sv/2/search",
        lambda route: route.fulfill(
            status=503,
            content_type="text/html",
            body="<header>Kommunen</header><main>Vi är snart tillbaka</main>",
        ),
    )
    script_phone.locator("main form button").first.click()
    expect(script_phone.locator(".say")).to_contain_text("Din text finns kvar")
    expect(script_phone.locator(".leave")).to_be_visible()
    expect(script_phone.locator('header a[href="tel:112"]')).to_be_visible()
    assert in_the_text_box(script_phone) == CANARY


def test_where_the_script_cannot_read_forms_the_browser_sends_them(
    script_phone: Page,
) -> None:
    # As in Safari before 11.1.
    script_phone.add_init_script("delete FormData.prototype[Symbol.iterator]")
    visitor = Visitor(script_phone)
    visitor.opens()
    script_phone.click('.chips a[href="/sv/2"]')
    visitor.writes(CANARY)
    visitor.receipt()
    assert "/sv/p/" in script_phone.url


def test_only_the_button_that_was_pressed_is_sent(script_phone: Page) -> None:
    write(script_phone)
    script_phone.context.set_offline(True)
    with script_phone.expect_request("**/sv/2/search") as asked:
        script_phone.click("button[name=part]")
    assert "part=y" in (asked.value.post_data or "")
    expect(script_phone.locator(".say")).to_contain_text("Din text finns kvar")
    Visitor(script_phone).types("earlier", "123")
    with script_phone.expect_request("**/sv/2/search") as asked:
        script_phone.keyboard.press("Enter")
    assert "earlier=123" in (asked.value.post_data or "")
    assert "part=" not in (asked.value.post_data or "")


def test_a_machines_line_follows_the_language_and_is_covered(
    script_phone: Page,
) -> None:
    script_phone.goto("/sv/")
    line = script_phone.locator(".by")
    expect(line).to_be_hidden()
    Visitor(script_phone).speaks("ar")
    expect(line).to_be_visible()
    script_phone.click("details.page > summary >> nth=0")
    expect(line).to_be_visible()
    script_phone.evaluate(HIDE, arg=True)
    expect(line).to_be_hidden()


@pytest.mark.parametrize("path", ["/ar/", "/ar/2", "/ar/3", "/ar/4", "/sv/3"])
def test_nothing_reaches_over_the_side_of_a_small_phone(
    script_phone: Page, path: str
) -> None:
    script_phone.set_viewport_size({"width": 320, "height": 640})
    script_phone.goto(path)
    assert script_phone.evaluate("document.documentElement.scrollWidth") == 320
