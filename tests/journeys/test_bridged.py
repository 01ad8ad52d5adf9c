"""Calls through the bridge, and the number given in one: by keyboard, without barriers.

Its telephones are the stand-in's: what they are told, and what is pressed there.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from intake import bridge
from intake.topics import ShownNumber
from tests.blueprints.bridge.conftest import HER_NUMBER, LINE, PHONE, tried
from tests.factories import HERS
from tests.journeys.offices import Office, picks, to_place, unfolds
from tests.journeys.test_accessibility import hold_no_barrier
from tests.journeys.test_keyboard import all_come_to, to_button
from tests.standin.phones import Telephone

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
OWN, OTHER = "070-174 06 77", "070-174 06 88"
HOW_FAR = "Se hur långt det har kommit"


def rings(office: Office) -> Telephone:
    """Let the worker ring the telephone that was typed."""
    office.wire.round()
    return Telephone(office.wire.standin, office.wire.standin.calls[-1])


def joined(office: Office, phone: Telephone) -> None:
    """Answer, press what stands on the screen, and let the worker ring the other."""
    digits = office.page.locator(".number bdi").inner_text()
    phone.picks_up()
    phone.presses(digits)
    office.wire.round()


def looks_again(page: Page) -> None:
    """Follow the link that asks how far the call has come."""
    with page.expect_navigation():
        to_button(page, HOW_FAR)
        page.keyboard.press("Enter")


def test_a_head_tries_it_on_two_phones_and_records_the_test(office: Office) -> None:
    page = office.sits_down("maria")
    page.goto("/people")
    hold_no_barrier(page)
    to_place(page, "#trial-adult-phone")
    page.keyboard.type(OWN)
    page.keyboard.press("Tab")
    page.keyboard.type(OTHER)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    digits = page.locator(".calling .number bdi")
    expect(digits).to_have_text(re.compile(r"^\d\d$"))
    expect(digits).to_be_in_viewport()  # her phone rings while she looks for them
    hold_no_barrier(page)
    assert not page.locator("form[action$='/bridge-test/adult']").count()

    phone = rings(office)
    joined(office, phone)
    assert [call.to for call in phone.hers] == ["+46701740688"]
    phone.she("completed")
    phone.hangs_up()
    looks_again(page)
    hold_no_barrier(page)
    all_come_to(page, {"a trial that rang": "/people"})

    page.goto("/people")
    to_button(page, "Anteckna vad du såg och hörde")
    page.keyboard.press("Enter")
    expect(page.locator("#bridge-adult-shown")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".call-test", has_text="Vuxenenheten")).to_contain_text(
        f"✓ Testat med numret {LINE}"
    )
    hold_no_barrier(page)
    to_button(page, "Stäng av uppkopplade samtal")
    page.keyboard.press("Enter")
    expect(page.locator(".call-test", has_text="Vuxenenheten")).to_contain_text(
        f"✕ Inte testat med numret {LINE}"
    )


def test_a_fault_in_a_trial_is_told_at_its_field(office: Office) -> None:
    page = office.sits_down("maria")
    page.goto("/people")
    to_place(page, "#trial-adult-phone")
    page.keyboard.type("112")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    phone = page.locator("#trial-adult-phone")
    expect(phone).to_be_focused()
    expect(phone).to_have_attribute("aria-invalid", "true")
    hold_no_barrier(page)
    assert office.wire.rung() == []


def callable_by_the_bridge(office: Office) -> str:
    """Return the page of a request of hers that the bridge may call now."""
    bureau = office.bureau
    wish = bureau.callback(shown=ShownNumber.SHOWN)
    reference = bureau.send(wish, bureau.digits())
    with bureau.writing() as session:
        tried(session, "adult", bureau.clock())
        maria = bureau.desk(session, "maria")
        bridge.record_test(maria, "adult", LINE, bureau.clock())
    return f"/r/{reference}"


def test_a_member_calls_without_the_number_and_gives_a_new_one(office: Office) -> None:
    path, page = callable_by_the_bridge(office), office.sits_down("amina")
    page.goto(path)
    to_button(page, "Ta ärendet")
    page.keyboard.press("Enter")
    page.locator(".done").wait_for()
    hold_no_barrier(page)
    all_come_to(page, {"a call that may be bridged": path})

    page.goto(path)
    to_place(page, "#bridge-phone")
    page.keyboard.type(OWN)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".calling .number bdi")).to_have_text(re.compile(r"^\d\d$"))
    # The office's clock counts, not the computer's, which shows another day.
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^5\d minuter kvar$"))
    hold_no_barrier(page)
    phone = rings(office)
    joined(office, phone)
    assert office.wire.rung() == [PHONE.e164, HER_NUMBER]
    looks_again(page)
    expect(page.locator(".calling .number")).to_have_count(0)
    hold_no_barrier(page)
    all_come_to(page, {"a bridged call": path})
    phone.she("completed")
    phone.hangs_up()
    page.goto(path)
    assert HERS[4:] not in page.content()
    picks(page, "outcome", "word-came")
    to_button(page, "Anteckna utfallet")
    page.keyboard.press("Enter")
    page.locator("#after-call").wait_for()
    expect(page.locator("h3", has_text="koppla upp samtalet")).to_have_count(0)
    assert HERS[4:] not in page.content()
    hold_no_barrier(page)
    gives_a_number(page, path)


def gives_a_number(page: Page, path: str) -> None:
    """Give a new number by voice, and let it never be shown again (S6)."""
    page.goto(path)
    unfolds(page, "/voice")
    to_place(page, "#voice-sure")
    page.keyboard.press("Space")
    to_button(page, "Visa ett nytt nummer")
    page.keyboard.press("Enter")
    digits = page.locator(".secret.digits bdi")
    expect(digits).to_have_text(re.compile(r"^\d{4}( \d{4}){4}$"))
    shown = urlsplit(page.url).path
    hold_no_barrier(page)
    all_come_to(page, {"a number given": shown})
    page.goto(shown)
    to_button(page, "Klart, visa det inte igen")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    answer = page.goto(shown)
    assert answer is not None
    assert answer.status == 404
