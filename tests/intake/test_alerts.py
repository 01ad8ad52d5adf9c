"""Alerts to on-call: who is told when, in which words, and that nobody is forgotten."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import calls, decisions, handover, queue, replies, worker
from intake.alert_outbox import Ways, words
from intake.alert_tables import AlertRound, AlertWhen, OutboundAlert
from intake.alerts import needs
from intake.duty import Worker
from intake.errors import NotAllowed
from intake.joining import join
from intake.messages import Delivery, OutboundMail
from intake.on_call import Entry, add
from intake.outcomes import Outcome
from intake.people import Desk, UnitRecord
from intake.store import reading
from intake.submissions import Submission
from intake.topics import (
    Audience,
    Danger,
    HandOverGround,
    Origin,
    Side,
    Urgency,
)
from tests import factories
from tests.factories import Bureau, text
from tests.workbench import Carrier, Postman

ANNA, BO, CHEF = "+46701740611", "+46701740612", "+46701740613"
pytestmark = pytest.mark.rule("S25")


@pytest.fixture
def bureau(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Open a bureau on SQLite and on PostgreSQL in turn."""
    factories.quicken(monkeypatch)
    return factories.bureau(engine)


class Duty:
    """A worker of the bureau, with what it sent by text and by mail."""

    def __init__(self, bureau: Bureau, carrier: Carrier | None = None) -> None:
        self.bureau, self.carrier, self.postman = bureau, carrier, Postman()
        self.worker = Worker(
            engine=bureau.engine,
            office=bureau.office,
            pair=bureau.worker.pair,
            number_key=bureau.worker.number_key,
            gateway=carrier,
            mailer=self.postman,
            status_url="",
            clock=bureau.clock,
        )

    def round(self, **later: float) -> list[str]:
        """Let time pass, work one round, and return the numbers alerted in it."""
        self.bureau.clock.forward(**later)
        carrier = self.carrier
        before = len(carrier.taken) if carrier else 0
        worker.raise_alerts(self.worker)
        worker.send_alerts(self.worker)
        return [text.to for text in carrier.taken[before:]] if carrier else []

    def state_of(self, name: str) -> Delivery:
        with reading(self.bureau.engine) as session:
            sent = select(OutboundAlert.state).where(OutboundAlert.name == name)
            return session.scalars(sent.order_by(OutboundAlert.created_at)).all()[-1]


@pytest.fixture
def duty(bureau: Bureau) -> Duty:
    on_list(bureau, "adult", "Anna", ANNA)
    on_list(bureau, "adult", "Bo", BO)
    return Duty(bureau, Carrier())


def on_list(
    bureau: Bureau,
    unit: str,
    name: str,
    number: str = "",
    mail: str = "",
    when: AlertWhen = AlertWhen.ALWAYS,
    side: Side = Side.HURT,
    is_head: bool = False,
) -> None:
    with bureau.writing() as session:
        found = select(Desk).where(Desk.unit == unit, Desk.side == side)
        entry = Entry(name, Ways(number, mail), when, is_head)
        add(bureau.desk(session, "maria"), session.scalars(found).one(), entry)


def acute(**facts: object) -> Submission:
    return text(danger=Danger.NOW, **facts)  # type: ignore[arg-type]  # as `text` does


def act(bureau: Bureau, reference: str, login: str, what: str) -> None:
    """Let a member do one thing to a request."""
    with bureau.writing() as session:
        desk = bureau.desk(session, login)
        request = queue.find(session, desk.member.id, reference)
        assert request is not None
        now = bureau.clock()
        if what == "claim":
            queue.claim(desk, request, now)
        elif what == "note":
            queue.write_note(desk, request, "arbetar", now)
        elif what == "release":
            queue.release(desk, request, now)
        elif what == "answer":
            replies.answer(desk, request, "Vi har läst", now)
        elif what == "acute":
            queue.first_reading(desk, request, Urgency.ACUTE, now)
        elif what == "decide":
            decisions.decide(desk, request, request.contact, "Väntar", now)
        elif what == "close":
            queue.first_reading(desk, request, Urgency.ACUTE, now)
            decisions.close(desk, request, decisions.CHECKED, now)


def unit_mails(bureau: Bureau) -> list[str]:
    with reading(bureau.engine) as session:
        urgent = select(OutboundMail).where(OutboundMail.request_id.is_(None))
        return [mail.unit for mail in session.scalars(urgent)]


def rounds(session: Session) -> int:
    return len(session.scalars(select(AlertRound)).all())


def test_the_first_name_is_told_at_once_and_the_next_after_a_quarter(
    bureau: Bureau, duty: Duty
) -> None:
    bureau.send(acute())
    assert duty.round() == [ANNA]
    assert duty.round(minutes=14) == []
    assert duty.round(minutes=1) == [BO]
    assert unit_mails(bureau) == []
    assert duty.round(minutes=15) == []  # the unit's own mail stands last on each list
    assert unit_mails(bureau) == ["adult"]
    assert duty.round(minutes=15) == [ANNA]


def test_what_is_not_acute_alerts_nobody(bureau: Bureau, duty: Duty) -> None:
    bureau.send(text(danger=Danger.SOON))
    bureau.send(text())
    assert duty.round() == []
    with reading(bureau.engine) as session:
        assert rounds(session) == 0


def test_several_make_one_alert_with_a_count_and_always_the_same_length(
    bureau: Bureau, duty: Duty
) -> None:
    assert duty.carrier
    bureau.send(acute())
    bureau.send(acute())
    assert duty.round() == [ANNA]
    bureau.send(acute())
    assert duty.round(minutes=1) == []  # gathered
    assert duty.round(minutes=1) == [ANNA]  # the same name: her quarter is not over
    assert duty.round(minutes=13) == [BO]
    told = [sent.body for sent in duty.carrier.taken]
    assert ["02" in told[0], "03" in told[1], "03" in told[2]] == [True] * 3
    assert {len(words(count)) for count in (1, 9, 10, 99, 100, 5000)} == {len(told[0])}


def test_an_alert_tells_no_reference_topic_or_side(bureau: Bureau, duty: Duty) -> None:
    assert duty.carrier
    on_list(bureau, "adult", "Cai", CHEF, side=Side.HURTS)
    reference = bureau.send(acute())
    bureau.send(acute(audience=Audience.USES_VIOLENCE))
    assert set(duty.round()) == {ANNA, CHEF}
    bodies = {sent.body for sent in duty.carrier.taken}
    assert bodies == {"Att läsa nu: 01. Logga in som vanligt."}
    assert reference not in str(bodies)
    assert {sent.status_url for sent in duty.carrier.taken} == {""}


def test_it_ends_when_a_member_takes_it_and_works(bureau: Bureau, duty: Duty) -> None:
    reference = bureau.send(acute())
    assert duty.round() == [ANNA]
    act(bureau, reference, "amina", "claim")
    assert duty.round(minutes=14) == []
    act(bureau, reference, "amina", "note")
    assert duty.round(minutes=14) == []
    act(bureau, reference, "amina", "answer")
    assert duty.round(hours=3) == []
    with reading(bureau.engine) as session:
        assert rounds(session) == 0


def test_it_starts_again_when_who_has_it_does_nothing_for_a_quarter(
    bureau: Bureau, duty: Duty
) -> None:
    reference = bureau.send(acute())
    duty.round()
    act(bureau, reference, "amina", "claim")
    assert duty.round(minutes=5) == []
    assert duty.round(minutes=10) == [ANNA]
    assert duty.round(minutes=15) == [BO]  # and the lease has ended, too


def test_it_starts_again_at_once_when_it_is_given_back(
    bureau: Bureau, duty: Duty
) -> None:
    reference = bureau.send(acute())
    duty.round()
    act(bureau, reference, "amina", "claim")
    assert duty.round(minutes=5) == []
    act(bureau, reference, "amina", "release")
    assert duty.round() == [ANNA]


@pytest.mark.rule("S38")
def test_a_reading_from_an_older_page_ends_none(bureau: Bureau, duty: Duty) -> None:
    """Two read it at once; who presses last has not seen what the first one judged."""
    reference = bureau.send(text())
    with reading(bureau.engine) as session:
        seen = queue.newest(session, bureau.request(session, reference))
    act(bureau, reference, "amina", "acute")
    assert duty.round() == [ANNA]
    for shown, reason in ((seen, "newer-words"), (None, "urgency-below-read")):
        with bureau.writing() as session:
            desk, now = bureau.desk(session, "johan"), bureau.clock()
            request = bureau.request(session, reference)
            with pytest.raises(NotAllowed, match=reason):
                queue.first_reading(desk, request, Urgency.NORMAL, now, shown)
    assert duty.round(minutes=15) == [BO]


def waiting(bureau: Bureau) -> int:
    with reading(bureau.engine) as session:
        return len(needs(session, bureau.office, bureau.clock()))


def rung(bureau: Bureau, *outcomes: Outcome) -> str:
    """Let an acute one be rung in an hour of its own for each outcome, and put down."""
    slots = tuple(bureau.around(hours)[0] for hours in range(len(outcomes)))
    reference = bureau.send(replace(bureau.callback(slots), danger=Danger.NOW))
    for outcome in outcomes:
        with bureau.writing() as session:
            desk, now = bureau.desk(session, "amina"), bureau.clock()
            session.get_one(UnitRecord, "adult").call_tested_at = now
            request = bureau.request(session, reference)
            queue.claim(desk, request, now)
            calls.start(desk, request, now)
            calls.finish(desk, request, outcome, now)
            queue.release(desk, request, now)
        bureau.clock.forward(hours=1)
    return reference


def test_a_call_that_reached_nobody_leaves_her_alerted_of_until_somebody_decides(
    bureau: Bureau, duty: Duty
) -> None:
    """Given back or let lie, she waits as before; only a person says that it may."""
    unreached = (Outcome.LINE_FAULT, Outcome.NO_ANSWER, Outcome.NOT_NOW)
    references = [rung(bureau, outcome) for outcome in unreached]
    assert duty.round() == [ANNA]
    for left, reference in zip((3, 2, 1), references, strict=True):
        assert waiting(bureau) == left
        act(bureau, reference, "amina", "claim")
        act(bureau, reference, "amina", "decide")
        act(bureau, reference, "amina", "release")
    assert duty.round(hours=3) == []
    with pytest.raises(NotAllowed, match="nothing-to-decide"):
        act(bureau, references[-1], "maria", "decide")


def test_an_outcome_that_a_person_goes_on_from_ends_it(
    bureau: Bureau, duty: Duty
) -> None:
    """She was reached, or contact stands still until somebody has decided."""
    for ends in (
        Outcome.WORD_CAME,
        Outcome.NO_WORD,
        Outcome.ANOTHER_ANSWERED,
        Outcome.WRONG_NUMBER,
        Outcome.SAID_STOP,
    ):
        rung(bureau, ends)
        assert duty.round() == [], ends
    rung(bureau, *[Outcome.NO_ANSWER] * 3)
    assert duty.round(hours=1) == []


def test_who_was_reached_once_is_alerted_of_when_she_is_in_danger_again(
    bureau: Bureau, duty: Duty
) -> None:
    reference = rung(bureau, Outcome.WORD_CAME)
    assert duty.round(hours=1) == []
    with bureau.writing() as session:
        request, now = bureau.request(session, reference), bureau.clock()
        form = replace(bureau.callback(bureau.around()), danger=Danger.NOW)
        join(session, bureau.office, request, form, Origin.FORM, now)
        bureau.tag(session)
        desk = bureau.desk(session, "amina")
        queue.claim(desk, request, now)
        calls.start(desk, request, now)
        calls.finish(desk, request, Outcome.NO_ANSWER, now)
        queue.release(desk, request, now)
    assert duty.round() == [ANNA]


def test_urgency_raised_by_a_reader_alerts_also_of_what_was_answered(
    bureau: Bureau, duty: Duty
) -> None:
    reference = bureau.send(text())
    act(bureau, reference, "amina", "claim")
    act(bureau, reference, "amina", "answer")
    act(bureau, reference, "amina", "release")
    assert duty.round(hours=1) == []
    act(bureau, reference, "maria", "acute")
    assert duty.round() == [ANNA]
    act(bureau, reference, "amina", "claim")
    act(bureau, reference, "amina", "answer")
    assert duty.round(hours=1) == []


@pytest.mark.rule("S36")
def test_danger_now_that_was_set_aside_alerts_all_the_same(
    bureau: Bureau, duty: Duty
) -> None:
    bureau.send(acute(set_aside=True))
    assert duty.round() == [ANNA]


def test_what_is_closed_or_taken_back_alerts_nobody(bureau: Bureau, duty: Duty) -> None:
    reference = bureau.send(acute())
    act(bureau, reference, "amina", "claim")
    act(bureau, reference, "amina", "close")
    assert duty.round(hours=1) == []


def test_at_night_the_unit_that_is_awake_is_told(bureau: Bureau, duty: Duty) -> None:
    on_list(bureau, "on-call", "Jour", CHEF, when=AlertWhen.OPEN)
    bureau.send(acute())
    assert duty.round() == [ANNA]  # by day on-call sleeps
    bureau.clock.forward(hours=12)
    bureau.send(acute())
    assert duty.round() == [CHEF]
    assert duty.round(minutes=15) == []
    assert unit_mails(bureau)[-1] == "on-call"


def test_who_takes_it_at_night_and_does_nothing_leaves_it_to_who_is_awake(
    bureau: Bureau, duty: Duty
) -> None:
    on_list(bureau, "on-call", "Jour", CHEF)
    bureau.clock.forward(hours=12)
    reference = bureau.send(acute())
    assert duty.round() == [CHEF]
    act(bureau, reference, "amina", "claim")
    assert duty.round(minutes=14) == []
    assert duty.round(minutes=1) == [CHEF]
    bureau.clock.forward(minutes=15)
    act(bureau, reference, "sara", "claim")


def test_hours_decide_whose_turn_it_is(bureau: Bureau) -> None:
    on_list(bureau, "adult", "Natt", BO, when=AlertWhen.CLOSED)
    on_list(bureau, "adult", "Dag", ANNA, when=AlertWhen.OPEN)
    duty = Duty(bureau, Carrier())
    bureau.send(acute())
    assert duty.round() == [ANNA]
    duty.round(minutes=15)
    assert duty.round(minutes=15) == [ANNA]


def test_a_list_without_names_tells_the_units_own_mail(bureau: Bureau) -> None:
    bureau.send(acute())
    duty = Duty(bureau, Carrier())
    assert duty.round() == []
    assert unit_mails(bureau) == ["adult"]
    duty.round(minutes=14)
    assert unit_mails(bureau) == ["adult"]
    duty.round(minutes=1)
    assert unit_mails(bureau) == ["adult", "adult"]


@pytest.mark.rule("S29")
def test_in_the_closed_circle_only_its_own_list_is_told(
    bureau: Bureau, duty: Duty
) -> None:
    on_list(bureau, "closed-circle", "Krets", CHEF)
    on_list(bureau, "on-call", "Jour", BO)
    bureau.send(acute(avoid="Han arbetar där"))
    assert duty.round() == [CHEF]


def test_a_rule_may_alert_of_what_comes_in_closed_hours(bureau: Bureau) -> None:
    rules = bureau.office.rules
    also = tuple(replace(more, alert=more.name == "closed") for more in rules.also)
    bureau.office = replace(bureau.office, rules=replace(rules, also=also))
    on_list(bureau, "on-call", "Jour", CHEF)
    duty = Duty(bureau, Carrier())
    bureau.send(text())
    assert duty.round() == []
    bureau.clock.forward(hours=12)
    bureau.send(text())
    assert duty.round() == [CHEF]


@pytest.mark.rule("S33")
def test_who_takes_over_is_alerted_anew(bureau: Bureau, duty: Duty) -> None:
    on_list(bureau, "reception", "Rut", CHEF)
    reference = bureau.send(acute())
    act(bureau, reference, "amina", "claim")
    act(bureau, reference, "amina", "answer")
    assert duty.round() == []
    with bureau.writing() as session:
        desk = bureau.desk(session, "amina")
        request = bureau.request(session, reference)
        ground = HandOverGround.RIGHT_UNIT
        handover.hand_over(desk, request, "reception", ground, "", bureau.clock())
    assert duty.round() == [CHEF]


def test_without_a_gateway_it_goes_by_mail(bureau: Bureau) -> None:
    on_list(bureau, "adult", "Anna", ANNA, "anna@kommun.example")
    duty = Duty(bureau)
    bureau.send(acute())
    duty.round()
    assert duty.postman.sent == ["anna@kommun.example"]
    assert duty.postman.bodies == [words(1) + "\n"]
    assert duty.state_of("Anna") is Delivery.SENT
