"""Guiding on, co-ordination by consent, and how a request ended, from the page."""

import pytest

from intake.topics import Audience
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text

CLOSING = {"conflict": "mine"}
GIVEN = {"plan": "sip", "giver": "person", "covers": "Vården får veta det hon vill"}


@pytest.fixture
def maria(staff: StaffBureau) -> Browser:
    return staff.signed_in("maria")


def taken(staff: StaffBureau, browser: Browser) -> str:
    """Send a request, read and take it; returns its page's path."""
    path = f"/r/{staff.send(text(audience=Audience.EXPOSED))}"
    browser.press(path, "/reading", {"urgency": "normal"})
    browser.press(path, "/claim")
    return path


def test_guided_on_stands_in_the_history_with_where_to(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    page = maria.press(path, "/guided", {"whither": "health", "text": "Till kuratorn"})
    assert "Hänvisades vidare: vården" in page.words
    assert "Till kuratorn" in page.words
    for given, words in (
        ({}, "Välj vart."),
        ({"whither": "other"}, "Skriv vart."),
    ):
        answer = maria.press(path, "/guided", given)
        assert answer.response.status_code == 422
        assert words in answer.form("/guided").get_text()


def test_an_end_asks_how_it_ended_and_where_to(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    assert maria.press(path, "/close", CLOSING).response.status_code == 422
    answer = maria.press(path, "/close", {**CLOSING, "ending": "guided"})
    assert answer.response.status_code == 422
    assert "Välj vart." in answer.form("/close").get_text()
    chosen = {**CLOSING, "ending": "guided", "whither": "help-line"}
    maria.press(path, "/close", chosen)
    page = maria.open(path)
    assert "Hänvisades vidare: en stödlinje" in page.words
    assert "hänvisad vidare" in page.words


def test_where_to_need_not_be_said_twice(staff: StaffBureau, maria: Browser) -> None:
    path = taken(staff, maria)
    maria.press(path, "/guided", {"whither": "police"})
    answer = maria.send(maria.open(path), "/close", {**CLOSING, "ending": "guided"})
    assert answer.response.status_code == 303


def test_without_consent_co_ordination_is_locked_and_says_why(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    page = maria.open(path)
    assert page.words.count("Utan ett antecknat samtycke får ingen samordning") == 2
    assert page.soup.select('form[action$="/plan"]') == []
    page = maria.press(path, "/consent", GIVEN)
    assert "samtycke 2026-11-23, personen själv. Antecknat av Maria." in page.words
    assert "Vården får veta det hon vill" in page.words
    page = maria.press(path, "/plan", {"act": "begun.sip"})
    assert "Påbörjad 2026-11-23." in page.words
    # The other plan is another consent.
    acts = {one["value"] for one in page.form("/plan").select("[name=act]")}
    assert acts == {"back.sip"}
    page = maria.press(path, "/plan", {"act": "back.sip"})
    assert "Samtycket gäller inte sedan 2026-11-23." in page.words
    assert page.soup.select('form[action$="/plan"]') == []


def test_a_consent_says_who_when_and_what(staff: StaffBureau, maria: Browser) -> None:
    path = taken(staff, maria)
    answer = maria.press(path, "/consent", {"plan": "sip", "on": "2026-11-24"})
    assert answer.response.status_code == 422
    told = answer.form("/consent").get_text()
    assert "Den dagen har inte varit än." in told
    assert "Fyll i det här." in told
    assert "giltigt svar" in told


def test_who_does_not_have_it_reads_the_consents_and_writes_none(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    maria.press(path, "/consent", GIVEN)
    page = staff.signed_in("amina").open(path)
    assert "Vården får veta det hon vill" in page.words
    assert page.soup.select('form[action$="/consent"]') == []
