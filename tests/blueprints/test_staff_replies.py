"""Answering from the page: seen exactly before it goes, and only where it can go."""

import dataclasses
import inspect
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.staff import papers
from intake import outbox, returning
from intake.messages import Delivery, OutboundText
from intake.sms.texts import shipped
from intake.topics import Opening
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text
from tests.workbench import MONDAY_10

ANSWER = "Tack för att du skrev.\nDu kan ringa oss i dag."


@pytest.fixture
def digits(staff: StaffBureau) -> str:
    return staff.digits()


@pytest.fixture
def path(staff: StaffBureau, digits: str) -> str:
    return f"/r/{staff.send(text(language='en'), digits)}"


@pytest.fixture
def maria(staff: StaffBureau, path: str) -> Browser:
    browser = staff.signed_in("maria")
    browser.press(path, "/claim")
    return browser


def read_by_her(staff: StaffBureau, digits: str) -> list[str]:
    with staff.writing() as session:
        now = staff.clock()
        visit = returning.enter(session, staff.peppers, digits, "", now)
        return [a.text for a in returning.answers(session, staff.office, visit, now)]


def test_an_answer_is_seen_as_she_will_before_it_is_kept(
    staff: StaffBureau, maria: Browser, path: str, digits: str
) -> None:
    page = maria.press(path, "/answer", {"text": ANSWER})
    preview = page.soup.select_one(".preview")
    assert preview is not None
    assert preview["lang"] == "en"
    assert preview.get_text("|", strip=True) == (
        "Monday 23 November|Tack för att du skrev.|Du kan ringa oss i dag."
    )
    assert read_by_her(staff, digits) == []
    answer = maria.send(page, "/answer", {"send": "1"})
    assert answer.response.status_code == 303
    assert read_by_her(staff, digits) == [ANSWER]


@pytest.mark.rule("S33", "S45")
def test_after_an_answer_nothing_is_due_and_the_page_says_what_will_be(
    maria: Browser, path: str
) -> None:
    words = maria.open(path).words
    assert "Inget väntar på svar" not in words
    assert "Svarstiden, ons 25/11" in words
    page = maria.press(path, "/answer", {"text": ANSWER})
    maria.send(page, "/answer", {"send": "1"})
    words = maria.open(path).words
    assert "Svara senast Inget väntar på svar" in words
    assert "så en ny svarstid börjar" in words
    assert "och inget väntar på svar" in words  # beside the translation's time


def test_an_empty_answer_is_refused_at_the_field(maria: Browser, path: str) -> None:
    page = maria.press(path, "/answer", {"text": "  "})
    assert page.response.status_code == 422
    assert page.soup.select_one("#answer-text-error") is not None


@pytest.mark.rule("S45")
def test_beside_the_answer_stands_never_to_paste_it_into_a_translator(
    maria: Browser, path: str
) -> None:
    form = maria.open(path).form("/answer")
    assert "Klistra aldrig in text i en öppen översättningstjänst" in form.get_text()


def test_without_a_number_there_is_nothing_to_answer_to(
    staff: StaffBureau, maria: Browser, path: str, digits: str
) -> None:
    page = maria.open(path)
    with staff.writing() as session:
        visit = returning.enter(session, staff.peppers, digits, "", staff.clock())
        returning.make_useless(session, staff.office, visit, staff.clock())
    refused = maria.send(page, "/answer", {"text": ANSWER, "send": "1"})
    assert refused.response.status_code == 409
    assert "Personen har inget nummer att läsa svaret med." in refused.words
    assert "Du kan ringa oss i dag." in refused.response.text  # her text is kept
    page = maria.open(path)
    assert page.soup.select('form[action$="/answer"]') == []
    assert "inget nummer att läsa svaret med" in page.words


@pytest.fixture
def confirmed(staff: StaffBureau) -> str:
    """Return the page of a request whose number a call has confirmed."""
    slots = (*staff.around(), *staff.around(hours=2))
    path = f"/r/{staff.send(staff.callback(slots, texts=True))}"
    maria = staff.signed_in("maria")
    maria.press(path, "/claim")
    assert maria.open(path).soup.select('form[action$="/text"]') == []
    maria.press(path, "/call")
    maria.press(path, "/outcome", {"outcome": "word-came"})
    return path


@pytest.mark.rule("S11", "S12", "S18")
def test_a_text_is_one_of_those_shown_word_for_word(
    staff: StaffBureau, confirmed: str
) -> None:
    maria = staff.signed_in("maria")
    form = maria.open(confirmed).form("/text")
    shown = [label.get_text(strip=True) for label in form.select("label")]
    assert shown == [
        "Hej! Det gäller undersökningen. Vi provar igen senare.",
        "Hej! Vi ringer om undersökningen kl 12:00 som vi sa.",
    ]
    hints = [hint.get_text(strip=True) for hint in form.select(".choice .hint")]
    assert hints == ["1 sms, 54 tecken, GSM-7", "1 sms, 52 tecken, GSM-7"]
    maria.press(confirmed, "/text", {"template": "later"})
    with staff.writing() as session:
        row = session.scalars(select(OutboundText)).one()
        assert (row.template, row.opening, row.language) == ("later", "survey", "sv")
        assert row.not_after == row.window.ends_at


@pytest.mark.parametrize("language", ["ar", "ti"])
def test_a_text_beyond_the_basic_alphabet_is_told_as_ucs_2(
    staff: StaffBureau, language: str
) -> None:
    """Its parts hold 70 letters each, which staff and the bill should know."""
    slots = (*staff.around(), *staff.around(hours=2))
    asked = staff.callback(slots, texts=True)
    path = f"/r/{staff.send(dataclasses.replace(asked, language=language))}"
    maria = staff.signed_in("maria")
    maria.press(path, "/claim")
    maria.press(path, "/call")
    maria.press(path, "/outcome", {"outcome": "word-came"})
    form = maria.open(path).form("/text")
    body = shipped().text("later", Opening.SURVEY, language)
    assert body in form.get_text()
    (hint, _) = (hint.get_text(strip=True) for hint in form.select(".choice .hint"))
    in_swedish = shipped().text("later", Opening.SURVEY, "sv")
    assert hint == f"På svenska: {in_swedish} (1 sms, {len(body)} tecken, UCS-2)"


MINUTE = timedelta(minutes=1)
LEFT: dict[str, object] = {
    "lease_until": MONDAY_10 + outbox.LEASE + MINUTE
}  # taken at 10.01
GOES: dict[Delivery, tuple[dict[str, object], str]] = {
    Delivery.WAITING: ({}, "I kö. Går iväg tidigast i dag kl. 10."),
    Delivery.SENDING: (LEFT, "Skickas just nu."),
    Delivery.UNKNOWN: (LEFT, "Kan ha gått iväg i dag kl. 10.01. Om det kom fram är"),
    Delivery.SENT: (LEFT, "Skickat i dag kl. 10.01. Ingen uppgift än"),
    Delivery.DELIVERED: (LEFT, "Skickat i dag kl. 10.01. Framme i telefonen."),
    Delivery.FAILED: (
        {**LEFT, "error": "30006"},
        "Skickat i dag kl. 10.01, men kom inte fram: numret kan inte ta emot sms.",
    ),
    Delivery.EXPIRED: (
        {"error": "late"},
        "Inte skickat: det hann inte iväg i personens tid.",
    ),
    Delivery.CANCELLED: (
        {"error": "contact"},
        "Inte skickat: personen får inte kontaktas.",
    ),
}


@pytest.mark.parametrize("state", Delivery)
def test_a_text_of_ours_stands_among_the_papers_with_how_it_went(
    staff: StaffBureau, confirmed: str, state: Delivery
) -> None:
    maria = staff.signed_in("maria")
    maria.press(confirmed, "/text", {"template": "at-time"})
    facts, words = GOES[state]
    with staff.writing() as session:
        row = session.scalars(select(OutboundText)).one()
        for name, value in {"state": state, **facts}.items():
            setattr(row, name, value)
    paper = maria.open(confirmed).soup.select_one(".paper.sent")
    assert paper is not None
    said = " ".join(paper.get_text(" ").split())
    assert said.startswith("Sms från oss måndag 23 november, Maria")
    # Which time it named was settled as it went, and stands nowhere.
    assert "Hej! Vi ringer om undersökningen kl … som vi sa." in said
    assert words in said


def test_every_lock_of_the_outbox_has_words() -> None:
    source = inspect.getsource(outbox)
    reasons = set(re.findall(r'^        "([a-z-]+)": ', source, re.MULTILINE))
    assert {"contact", "number-stopped", "calls-untested"} <= reasons
    assert reasons - set(papers.WHY) == set()


@pytest.mark.rule("S11")
def test_without_her_yes_there_is_no_text_to_choose(staff: StaffBureau) -> None:
    path = f"/r/{staff.send(staff.callback())}"
    page = staff.signed_in("maria").press(path, "/claim")
    assert page.soup.select('form[action$="/text"]') == []
    assert "Personen har inte sagt ja till sms." in page.words
    assert "Numret är inte bekräftat i ett samtal än." in page.words
