"""Co-ordination only by recorded consent: of whom, when and to what."""

from datetime import date, timedelta

import pytest

from intake.consents import (
    Consent,
    Giver,
    Plan,
    begin_plan,
    consents,
    standing,
    take_back,
    write_consent,
)
from intake.errors import NotAllowed, NotHeld
from intake.life import EventKind
from intake.topics import Kind
from tests.factories import Bureau, text
from tests.intake.walls import hold, sit

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
COVERS = "Psykiatrin får veta att hon flyttar. Inte vart."
GIVEN = Consent(Plan.SIP, Giver.PERSON, MONDAY - DAY, COVERS)


def test_without_a_consent_no_plan_begins(bureau: Bureau) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        for plan in Plan:
            with pytest.raises(NotAllowed, match="consent-missing"):
                begin_plan(held.desk, held.request, plan, MONDAY, now)
        write_consent(held.desk, held.request, GIVEN, now)
        # A consent to one plan is none to the other.
        with pytest.raises(NotAllowed, match="consent-missing"):
            begin_plan(held.desk, held.request, Plan.INTERNAL, MONDAY, now)
        with pytest.raises(NotAllowed, match="before-consent"):
            begin_plan(held.desk, held.request, Plan.SIP, MONDAY - 2 * DAY, now)
        begin_plan(held.desk, held.request, Plan.SIP, MONDAY, now)
        last = held.last()
        assert (last.kind, last.data) == (EventKind.PLAN.value, {"plan": "sip"})
        with pytest.raises(NotAllowed, match="plan-begun"):
            begin_plan(held.desk, held.request, Plan.SIP, MONDAY, now)


def test_it_stands_who_consented_when_and_what_it_covers_is_sealed(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    reference, now = bureau.send(text()), bureau.clock()
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        write_consent(held.desk, held.request, GIVEN, now)
        assert held.last().data == {"given": True, "plan": "sip", "giver": "person"}
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        (row,) = consents(session, held.request)
        assert (row.given_on, row.member.login) == (MONDAY - DAY, "maria")
        assert held.desk.keyring.text(row.envelope) == COVERS
        assert row.envelope.kind is Kind.CONSENT
        assert b"Psykiatrin" not in row.envelope.box


def test_what_is_taken_back_ends_the_plan_and_locks_the_next(bureau: Bureau) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        write_consent(held.desk, held.request, GIVEN, now)
        begin_plan(held.desk, held.request, Plan.SIP, MONDAY, now)
        take_back(held.desk, held.request, Plan.SIP, MONDAY, now)
        assert held.last().data == {"given": False, "plan": "sip"}
        assert standing(session, held.request, Plan.SIP) is None
        with pytest.raises(NotAllowed, match="consent-missing"):
            begin_plan(held.desk, held.request, Plan.SIP, MONDAY, now)
        with pytest.raises(NotAllowed, match="consent-missing"):
            take_back(held.desk, held.request, Plan.SIP, MONDAY, now)


def test_a_newer_consent_takes_the_olders_place_and_its_plan_goes_on(
    bureau: Bureau,
) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    wider = Consent(Plan.SIP, Giver.PERSON, MONDAY, "Skolan också")
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        write_consent(held.desk, held.request, GIVEN, now)
        begin_plan(held.desk, held.request, Plan.SIP, MONDAY, now)
        write_consent(held.desk, held.request, wider, now)
        newer, older = consents(session, held.request)
        assert (newer.begun_on, newer.ended_on) == (MONDAY, None)
        assert older.ended_on == MONDAY
        assert standing(session, held.request, Plan.SIP) is newer


def test_only_the_holder_records_and_no_day_to_come(bureau: Bureau) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    later = Consent(Plan.SIP, Giver.PERSON, MONDAY + DAY, COVERS)
    empty = Consent(Plan.SIP, Giver.PERSON, MONDAY, " ")
    with bureau.writing() as session:
        other = sit(bureau, session, "amina", reference)
        with pytest.raises(NotHeld):
            write_consent(other.desk, other.request, GIVEN, now)
        held = hold(bureau, session, "maria", reference)
        for given, why in ((later, "day-to-come"), (empty, "covers-nothing")):
            with pytest.raises(NotAllowed, match=why):
                write_consent(held.desk, held.request, given, now)
        assert consents(session, held.request) == []
