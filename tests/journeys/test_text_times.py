"""A text that names a time, and one of the night: by keyboard, without barriers."""

import pytest
from playwright.sync_api import Page, expect

from tests.intake.test_text_calls import texts, to_monday
from tests.journeys.offices import Office, to_place, unfolds
from tests.journeys.test_accessibility import hold_no_barrier
from tests.journeys.test_keyboard import all_come_to, to_button

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def takes(page: Page, path: str) -> None:
    """Take a request."""
    page.goto(path)
    to_button(page, "Ta ärendet")
    page.keyboard.press("Enter")
    page.locator(".done").wait_for()


def test_a_time_that_a_text_names_is_followed(office: Office) -> None:
    path = f"/r/{texts(office.bureau, 'ring mig 14-15')}"
    page = office.sits_down("amina")
    page.goto(path)
    expect(page.locator("#text-time")).to_be_visible()
    hold_no_barrier(page)
    takes(page, path)
    hold_no_barrier(page)
    all_come_to(page, {"a time that is named": path})
    page.goto(path)
    to_button(page, "Tiden är tydlig: ring då")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Tiden i sms:et gäller nu.")
    expect(page.locator("#text-time")).to_have_count(0)


def test_a_time_that_could_be_two_is_only_shown(office: Office) -> None:
    path = f"/r/{texts(office.bureau, 'kl 14 eller kl 15')}"
    page = office.sits_down("amina")
    takes(page, path)
    expect(page.locator("main")).to_contain_text("Ingen enda tid gick att läsa")
    hold_no_barrier(page)
    all_come_to(page, {"an unclear time": path})


def test_on_call_opens_a_call_at_night_with_a_reason(office: Office) -> None:
    to_monday(office.bureau, 23)
    path = f"/r/{texts(office.bureau, 'snälla ring')}"
    page = office.sits_down("sara")
    page.goto(path)
    expect(page.locator("#night-call")).to_be_visible()
    hold_no_barrier(page)
    takes(page, path)
    hold_no_barrier(page)
    all_come_to(page, {"a text at night": path})

    page.goto(path)
    unfolds(page, "/night-call")
    to_button(page, "Öppna ett samtal nu")
    page.keyboard.press("Enter")
    page.locator(".errors").wait_for()
    hold_no_barrier(page)
    to_place(page, "#night_call-reason")
    page.keyboard.type("Han är borta till fyra")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Samtalet är öppet i en timme")
    to_button(page, "Ring")
    page.keyboard.press("Enter")
    expect(page.locator("#calling")).to_be_visible()
    hold_no_barrier(page)
