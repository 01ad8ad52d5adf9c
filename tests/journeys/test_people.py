"""People and access by the keyboard alone, in a browser without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.people import Member

pytestmark = pytest.mark.journey
_MOST_TABS = 60


def tabs_to(page: Page, css: str) -> None:
    """Press Tab until the focus is on something."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.locator(f"{css}:focus").count():
            return
    raise AssertionError(f"no Tab leads to {css} on {page.url}")


def types(page: Page, css: str, words: str) -> None:
    tabs_to(page, css)
    page.keyboard.type(words)


def test_a_link_is_made_and_used_by_keyboard_without_script(
    chromium: Browser, demo: Demonstration
) -> None:
    office = chromium.new_context(base_url=demo.staff_url, java_script_enabled=False)
    page = Member.signs_in(office, demo, "karin").page
    tabs_to(page, "summary")
    page.keyboard.press("Enter")
    types(page, "[name=login]", "tova")
    types(page, "[name=working_name]", "Tova")
    types(page, "[name=real_name]", "Tova Exempelstrand")
    tabs_to(page, "[name=desks]")
    page.keyboard.press("Space")
    tabs_to(page, "button.go")
    page.keyboard.press("Enter")
    link = page.locator(".secret").inner_text()
    tabs_to(page, "main a")
    page.keyboard.press("Enter")
    expect(page.locator(".secret")).to_have_count(0)
    assert "Tova" in page.locator("main").inner_text()
    assert link not in page.content()
    hers = chromium.new_context(java_script_enabled=False).new_page()
    hers.goto(link)
    assert "Välkommen, Tova" in hers.locator("h1").inner_text()
    hers.context.close()
    office.close()


def test_a_session_is_ended_by_keyboard_without_script(
    chromium: Browser, demo: Demonstration
) -> None:
    forgotten = chromium.new_context(base_url=demo.staff_url)
    left = Member.signs_in(forgotten, demo, "olof").page
    office = chromium.new_context(base_url=demo.staff_url, java_script_enabled=False)
    page = Member.signs_in(office, demo, "olof").page
    page.goto("/account/sessions")
    tabs_to(page, "main form button")
    page.keyboard.press("Enter")
    page.locator(".done").wait_for()
    left.goto("/figures")
    assert left.url.endswith("/sign-in")
    forgotten.close()
    office.close()
