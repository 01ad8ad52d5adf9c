"""Danger to life: the heads know at once, and nothing goes on undecided (S24)."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import danger, danger_stage, decisions, handover, queue
from intake.alert_tables import OutboundAlert
from intake.danger import Disclosure, Law, Recipient
from intake.danger_stage import Stage
from intake.errors import NotAllowed, NotHeld
from intake.messages import OutboundMail
from intake.models import Request
from intake.queue import Desktop
from intake.store import reading
from intake.topics import Audience, HandOverGround, Side, Urgency
from tests import factories
from tests.factories import Bureau, text
from tests.intake.test_alerts import ANNA, BO, CHEF, Duty, acute, on_list
from tests.workbench import Carrier

TOLD = Disclosure(Recipient.EMERGENCY, True, Law.NECESSITY, "Adressen, till 112")
pytestmark = pytest.mark.rule("S24")


@pytest.fixture
def bureau(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Open a bureau on SQLite and on PostgreSQL in turn."""
    factories.quicken(monkeypatch)
    return factories.bureau(engine)


def at(
    bureau: Bureau, session: Session, login: str, ref: str
) -> tuple[Desktop, Request, datetime]:
    desk = bureau.desk(session, login)
    request = queue.find(session, desk.member.id, ref)
    assert request is not None
    return desk, request, bureau.clock()


def mark(bureau: Bureau, reference: str, login: str = "amina") -> None:
    with bureau.writing() as session:
        danger.mark_danger(*at(bureau, session, login, reference))


def take(bureau: Bureau, reference: str) -> None:
    with bureau.writing() as session:
        queue.claim(*at(bureau, session, "amina", reference))


def decide(bureau: Bureau, reference: str, decided: Disclosure = TOLD) -> None:
    with bureau.writing() as session:
        desk, request, now = at(bureau, session, "amina", reference)
        danger.decide_disclosure(desk, request, decided, now)


def stage(bureau: Bureau, reference: str) -> Stage:
    with reading(bureau.engine) as session:
        return danger_stage.stage(session, bureau.request(session, reference))


def test_the_head_is_alerted_at_once_whatever_the_hour(bureau: Bureau) -> None:
    on_list(bureau, "adult", "Anna", ANNA)
    on_list(bureau, "adult", "Chefen", CHEF, is_head=True)
    duty = Duty(bureau, Carrier())
    reference = bureau.send(text())
    take(bureau, reference)
    assert duty.round() == []
    mark(bureau, reference)
    assert duty.round() == [CHEF]
    with reading(bureau.engine) as session:
        assert bureau.request(session, reference).urgency is Urgency.ACUTE
        sent, also = session.scalars(
            select(OutboundAlert).order_by(OutboundAlert.to_head.desc())
        )
        assert (sent.name, sent.to_head) == ("Chefen", True)
        # A carrier that took a text says nothing of whether it came.
        assert (also.name, also.to_head) == ("", False)
        mails = select(OutboundMail.unit).where(OutboundMail.request_id.is_(None))
        assert session.scalars(mails).all() == ["adult"]


def test_a_head_who_was_told_by_mail_is_told_once(bureau: Bureau) -> None:
    on_list(bureau, "adult", "Chefen", mail="chef@kommun.example", is_head=True)
    duty = Duty(bureau)  # no gateway
    reference = bureau.send(text())
    take(bureau, reference)
    mark(bureau, reference)
    duty.round()
    with reading(bureau.engine) as session:
        assert session.scalars(select(OutboundAlert)).one().to_head


def test_without_a_head_on_the_list_or_when_she_is_not_reached_the_unit_is(
    bureau: Bureau,
) -> None:
    duty = Duty(bureau)  # no gateway, and the head has a number alone
    for times in (1, 2):
        reference = bureau.send(text())
        take(bureau, reference)
        mark(bureau, reference)
        duty.round()
        with reading(bureau.engine) as session:
            mails = select(OutboundMail.unit).where(OutboundMail.request_id.is_(None))
            assert session.scalars(mails).all() == ["adult"] * times
        on_list(bureau, "adult", "Chefen", CHEF, is_head=True)


def test_on_call_it_stays_inside_its_wall(bureau: Bureau) -> None:
    for unit, number in (("adult", ANNA), ("on-call", BO)):
        on_list(bureau, unit, "Rätt", number, is_head=True)
        on_list(bureau, unit, "Fel", CHEF, side=Side.HURTS, is_head=True)
    bureau.clock.forward(hours=12)
    reference = bureau.send(acute())
    with bureau.writing() as session:
        queue.claim(*at(bureau, session, "sara", reference))
    mark(bureau, reference, "sara")
    assert sorted(Duty(bureau, Carrier()).round()) == [ANNA, BO]
    with reading(bureau.engine) as session:
        erik = bureau.member(session, "erik").id
        assert queue.find(session, erik, reference) is None


def test_nothing_closes_or_changes_hands_before_it_is_decided(bureau: Bureau) -> None:
    reference = bureau.send(text())
    take(bureau, reference)
    mark(bureau, reference)
    with bureau.writing() as session:
        desk, request, now = at(bureau, session, "amina", reference)
        queue.first_reading(desk, request, Urgency.ACUTE, now)
        assert handover.targets(desk, request, now) == []
        ground = HandOverGround.RIGHT_UNIT
        with pytest.raises(NotAllowed, match="danger-undecided"):
            handover.hand_over(desk, request, "reception", ground, "", now)
        with pytest.raises(NotAllowed, match="danger-undecided"):
            decisions.close(desk, request, decisions.CHECKED, now)
    decide(bureau, reference)
    with bureau.writing() as session:
        desk, request, now = at(bureau, session, "amina", reference)
        assert "reception" in handover.targets(desk, request, now)
        decisions.close(desk, request, decisions.CHECKED, now)


def test_the_decision_is_logged_and_its_reason_sealed(bureau: Bureau) -> None:
    reference = bureau.send(text())
    take(bureau, reference)
    mark(bureau, reference)
    decide(bureau, reference)
    with reading(bureau.engine) as session:
        request = bureau.request(session, reference)
        last = request.events[-1]
        assert last.data == {"to": "emergency", "told": True, "law": "necessity"}
        assert last.member_id == bureau.member(session, "amina").id
        desk = bureau.desk(session, "maria")
        assert desk.keyring.text(request.envelopes[-1]) == TOLD.reason
        assert b"Adressen" not in request.envelopes[-1].box


def test_a_decision_needs_a_mark_a_holder_a_reason_and_a_ground(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text())
    with pytest.raises(NotHeld):
        decide(bureau, reference)
    take(bureau, reference)
    with pytest.raises(NotAllowed, match="no-danger"):
        decide(bureau, reference)
    mark(bureau, reference)
    with pytest.raises(NotAllowed, match="reason-missing"):
        decide(bureau, reference, Disclosure(Recipient.POLICE, False, Law.OTHER, " "))
    forbidden = Disclosure(Recipient.POLICE, True, Law.SECRECY, "skäl")
    with pytest.raises(NotAllowed, match="secrecy-forbids"):
        decide(bureau, reference, forbidden)
    assert stage(bureau, reference) is Stage.UNDECIDED


def test_a_new_danger_asks_for_a_new_decision(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=Audience.EXPOSED))
    assert stage(bureau, reference) is Stage.UNMARKED
    take(bureau, reference)
    mark(bureau, reference)
    with pytest.raises(NotAllowed, match="danger-marked"):
        mark(bureau, reference)
    decide(bureau, reference)
    assert stage(bureau, reference) is Stage.DECIDED
    mark(bureau, reference)
    assert stage(bureau, reference) is Stage.UNDECIDED


@pytest.mark.rule("S25", "S38")
def test_no_page_from_before_it_lowers_or_closes_anything(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=Audience.EXPOSED))
    take(bureau, reference)
    with bureau.writing() as session:
        amina, request, now = at(bureau, session, "amina", reference)
        seen = queue.newest(session, request)
        queue.first_reading(amina, request, Urgency.NORMAL, now)
    mark(bureau, reference, "maria")
    with bureau.writing() as session:
        amina, request, now = at(bureau, session, "amina", reference)
        request.unread_since = now
        session.flush()
        with pytest.raises(NotAllowed, match="newer-words"):
            queue.first_reading(amina, request, Urgency.NORMAL, now, seen)
        with pytest.raises(NotAllowed, match="urgency-below-danger"):
            queue.first_reading(amina, request, Urgency.HIGH, now)
        danger.decide_disclosure(amina, request, TOLD, now)
        queue.first_reading(amina, request, Urgency.HIGH, now)
        assert request.urgency is Urgency.HIGH
        with pytest.raises(NotAllowed, match="newer-words"):
            decisions.close(amina, request, decisions.CHECKED, now, seen=seen)
