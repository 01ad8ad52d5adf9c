"""Today stays open all day: it renews itself, and heeds the keyboard when asked to."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import on_a_phone
from tests.journeys.demonstration import Demonstration
from tests.journeys.people import Member, Visitor

pytestmark = pytest.mark.journey
NEWS_WITHIN = 60_000  # ms: asked for every 15 s, on a machine with much else to do


def send(chromium: Browser, demo: Demonstration) -> None:
    context = on_a_phone(chromium, demo.url)
    visitor = Visitor(context.new_page())
    visitor.opens("2a")
    visitor.writes("Hej. Jag vet inte hur jag ska börja.")
    visitor.receipt()
    context.close()


def test_what_is_new_appears_without_reload_and_not_under_the_pointer(
    chromium: Browser, demo: Demonstration, maria: Member
) -> None:
    page = maria.page
    page.goto("/")
    page.mouse.move(0, 0)
    page.evaluate("window.loadedOnce = true")
    before = page.locator("#unread a.row").count()
    send(chromium, demo)
    expect(page.locator("#unread a.row")).to_have_count(before + 1, timeout=NEWS_WITHIN)
    expect(page.locator("#unread .tag", has_text="Ny")).to_have_count(1)
    expect(page.locator(".told [role=status]")).to_have_text("1 ny")
    page.locator("#unread a.row").first.hover()
    send(chromium, demo)
    expect(page.locator(".told button")).to_be_visible(timeout=NEWS_WITHIN)
    expect(page.locator("#unread a.row")).to_have_count(before + 1)
    page.keyboard.press("n")
    expect(page.locator("#unread a.row")).to_have_count(before + 2)
    assert page.evaluate("window.loadedOnce") is True


def test_shortcuts_walk_and_lead_and_can_be_switched_off(maria: Member) -> None:
    page = maria.page
    page.goto("/")
    page.keyboard.press("j")
    expect(page.locator("a.row").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("a.row").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("a.row").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("jk?gk/")  # while typing they are letters
    expect(page.locator("#find")).to_have_value("jk?gk/")
    page.locator("h1").first.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/people")
    page.keyboard.press("?")
    sheet = page.locator("dialog.shortcuts")
    expect(sheet).to_be_visible()
    sheet.locator("input").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("?")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Kortkommandon").click()
    sheet.locator("input").check()


def test_a_desk_signed_out_elsewhere_shows_no_lists(
    chromium: Browser, demo: Demonstration
) -> None:
    office = chromium.new_context(base_url=demo.staff_url)
    page = Member.signs_in(office, demo, "leila").page
    page.goto("/")
    other = office.new_page()
    other.goto("/")
    other.get_by_role("button", name="Logga ut").click()
    expect(page.locator(".told")).to_contain_text("utloggad", timeout=NEWS_WITHIN)
    expect(page.locator("a.row")).to_have_count(0)
    office.close()
