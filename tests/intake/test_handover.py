"""Handing over, and what a child's situation asks for (S26, S33)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import handover, queue, returning
from intake.errors import NoDesk, NotAllowed, NotHeld, SealBroken
from intake.handover import ChildDecision
from intake.keyring import desk_of
from intake.models import Event, Request
from intake.queue import Desktop
from intake.topics import (
    Audience,
    Channel,
    Danger,
    HandOverGround,
    Kind,
    Side,
    State,
    Urgency,
)
from tests.factories import Bureau, text

RIGHT = HandOverGround.RIGHT_UNIT
REPORT = ChildDecision(reported=True, text="Två barn hör allt.")


@dataclass
class Held:
    """A request and the member who holds it."""

    bureau: Bureau
    session: Session
    desk: Desktop
    request: Request

    def hand_over(self, unit: str, ground: HandOverGround = RIGHT) -> None:
        """Hand it over with a reason."""
        now = self.bureau.clock()
        handover.hand_over(self.desk, self.request, unit, ground, "Läs först", now)

    def sees(self, login: str) -> bool:
        member = self.bureau.member(self.session, login)
        return bool(queue.find(self.session, member.id, self.request.reference))


def hold(bureau: Bureau, session: Session, login: str, reference: str) -> Held:
    desk, request = bureau.desk(session, login), bureau.request(session, reference)
    least = Urgency.of(request.danger)
    queue.first_reading(desk, request, least, bureau.clock())
    queue.claim(desk, request, bureau.clock())
    return Held(bureau, session, desk, request)


@pytest.fixture
def held(bureau: Bureau) -> Iterator[Held]:
    """Return a relative's request at the reception, held by Johan."""
    reference = bureau.send(text(audience=Audience.RELATIVE))
    with bureau.writing() as session:
        yield hold(bureau, session, "johan", reference)


@pytest.mark.rule("S29")
@pytest.mark.parametrize(("reason", "sure"), [("Läs först", False), (" ", True)])
def test_to_leave_the_closed_circle_is_confirmed_with_a_reason(
    bureau: Bureau, reason: str, sure: bool
) -> None:
    reference = bureau.send(text(avoid=True))
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        said = held.desk, held.request, "adult", RIGHT
        with pytest.raises(NotAllowed, match="leaves-circle"):
            handover.hand_over(*said, reason, bureau.clock(), sure)
        assert not held.sees("amina")
        handover.hand_over(*said, "Läs först", bureau.clock(), avoid_read=True)
        assert held.sees("amina")


@pytest.mark.rule("S29")
@pytest.mark.parametrize("unit", ["adult", "closed-circle"])
def test_who_must_not_see_it_is_read_wherever_it_is_handed_over(
    bureau: Bureau, unit: str
) -> None:
    reference = bureau.send(text(avoid=True, elsewhere=True))
    with bureau.writing() as session:
        held = hold(bureau, session, "johan", reference)
        assert held.request.unit == "reception"
        with pytest.raises(NotAllowed, match="avoid-unread"):
            held.hand_over(unit)
        assert {key.desk.unit for key in held.request.keys} == {"reception"}
        said = held.desk, held.request, unit, RIGHT
        handover.hand_over(*said, "", bureau.clock(), avoid_read=True)
        assert {key.desk.unit for key in held.request.keys} == {unit}


@pytest.mark.rule("S33")
def test_another_unit_opens_it_and_the_first_one_no_more(held: Held) -> None:
    assert held.sees("amina")
    assert not held.sees("sara")
    due, reading = held.request.due_at, held.request.reading_due_at
    for _ in range(2):  # the lease lasts half an hour
        queue.hold(held.desk, held.request, held.bureau.clock.forward(minutes=20))
    held.hand_over("children", HandOverGround.CHILD_DUTY)
    assert {key.desk.unit for key in held.request.keys} == {"children"}
    assert held.sees("sara")
    assert not held.sees("johan")
    with pytest.raises(SealBroken):
        held.desk.keyring.text(held.request.envelopes[0])
    sara = held.bureau.desk(held.session, "sara")
    texts = {e.kind: sara.keyring.text(e) for e in held.request.envelopes}
    assert texts[Kind.ACCOUNT] == "Hemligheten om trappan"
    assert texts[Kind.NOTE] == "Läs först"
    assert held.request.due_at == due  # the first due time stays
    assert held.request.reading_due_at > reading
    assert held.request.holder_id is None


@pytest.mark.rule("S33")
def test_the_ground_is_written_down(held: Held) -> None:
    held.hand_over("children", HandOverGround.CONSENT)
    event = held.session.scalars(select(Event).where(Event.kind == "handed-over")).one()
    assert event.data == {"ground": "consent", "left": "reception", "unit": "children"}


def test_her_number_still_opens_the_answers(bureau: Bureau) -> None:
    digits = bureau.digits()
    reference = bureau.send(text(audience=Audience.RELATIVE), digits)
    with bureau.writing() as session:
        held = hold(bureau, session, "johan", reference)
        held.hand_over("adult")
        visit = returning.enter(session, bureau.peppers, digits, "", bureau.clock())
        assert visit.request is held.request


@pytest.mark.rule("S33")
def test_what_is_acute_never_goes_to_a_closed_unit(bureau: Bureau) -> None:
    bureau.clock.forward(hours=-2)  # eight o'clock; on-call has just closed
    reference = bureau.send(text(danger=Danger.NOW))
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        with pytest.raises(NotAllowed, match="urgent-to-closed"):
            held.hand_over("on-call")
        assert "on-call" not in handover.targets(
            held.desk, held.request, bureau.clock()
        )
        held.request.urgency = Urgency.HIGH
        held.hand_over("on-call")


@pytest.mark.rule("S33")
def test_nothing_goes_where_fewer_than_two_can_open(held: Held) -> None:
    desk = desk_of(held.session, "children", Side.HURT)
    sara = held.bureau.member(held.session, "sara")
    now = held.bureau.clock()
    assert "children" in handover.targets(held.desk, held.request, now)
    sara.active = False
    held.session.flush()
    assert desk.unit not in handover.targets(held.desk, held.request, now)
    with pytest.raises(NoDesk):
        held.hand_over("children")
    assert held.request.unit == "reception"


def test_it_goes_to_its_own_unit_to_nobody_and_never_while_calling(held: Held) -> None:
    with pytest.raises(NotAllowed, match="same-unit"):
        held.hand_over("reception")
    held.request.state = State.CALLING
    with pytest.raises(NotAllowed, match="call-without-outcome"):
        held.hand_over("adult")
    held.request.state = State.OPEN
    queue.release(held.desk, held.request, held.bureau.clock())
    with pytest.raises(NotHeld):
        held.hand_over("adult")


def test_it_stays_on_its_side_of_the_wall(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=Audience.USES_VIOLENCE))
    with bureau.writing() as session:
        held = hold(bureau, session, "leila", reference)
        held.hand_over("reception")
        assert {key.desk.side for key in held.request.keys} == {Side.HURTS}
        assert not held.sees("amina")


def test_a_pending_decision_goes_along(held: Held) -> None:
    held.request.state = State.DECISION
    held.hand_over("adult")
    assert held.request.state is State.DECISION
    assert held.request.unread_since is not None


@pytest.fixture
def family(bureau: Bureau) -> Iterator[Held]:
    """Return an adult's request with children in it, held by Maria."""
    reference = bureau.send(text(children=True))
    with bureau.writing() as session:
        yield hold(bureau, session, "maria", reference)


@pytest.mark.rule("S26")
def test_an_adults_request_with_children_stays_until_it_is_decided(
    family: Held,
) -> None:
    assert family.request.unit == "adult"
    now = family.bureau.clock()
    assert handover.targets(family.desk, family.request, now) == []
    for unit in ("reception", "children"):
        with pytest.raises(NotAllowed, match="child-undecided"):
            family.hand_over(unit)
    decision = ChildDecision(reported=False, text="Barnen bor hos mormor.")
    handover.decide_child(family.desk, family.request, decision, now)
    assert "reception" in handover.targets(family.desk, family.request, now)


@pytest.mark.rule("S26", "S33")
def test_a_child_told_later_may_go_to_the_childrens_unit_at_once(
    family: Held,
) -> None:
    family.request.under_18 = True
    now = family.bureau.clock()
    assert handover.targets(family.desk, family.request, now) == ["children"]


@pytest.mark.rule("S26")
def test_a_report_opens_a_second_item_that_links_to_nothing(family: Held) -> None:
    now = family.bureau.clock()
    family.request.urgency = Urgency.ACUTE
    made = handover.decide_child(family.desk, family.request, REPORT, now)
    assert made is not None
    assert (made.unit, made.channel) == ("children", Channel.CONCERN)
    assert made.urgency is Urgency.ACUTE
    assert made.reference != family.request.reference
    assert not family.sees("sara")
    sara = family.bureau.desk(family.session, "sara")
    assert [sara.keyring.text(e) for e in made.envelopes] == [REPORT.text]
    facts = str([event.data for event in made.events])
    assert family.request.reference not in facts
    assert family.request.child_decision == "report"


@pytest.mark.rule("S26", "S29")
@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_report_asks_who_must_not_see_it_and_no_report_does_not(
    bureau: Bureau, elsewhere: bool
) -> None:
    hidden = text(children=True, avoid=True, elsewhere=elsewhere)
    reference = bureau.send(hidden)
    with bureau.writing() as session:
        held = hold(bureau, session, "johan", reference)
        said, now = (held.desk, held.request), bureau.clock()
        with pytest.raises(NotAllowed, match="avoid-unread"):
            handover.decide_child(*said, REPORT, now)
        assert held.request.child_decision is None
        none = ChildDecision(False, "Anmält genom chefen.")
        assert handover.decide_child(*said, none, now) is None
        made = handover.decide_child(*said, REPORT, now, avoid_read=True)
        assert made is not None
        assert made.unit == "children"


@pytest.mark.rule("S26")
def test_no_report_needs_a_reason_and_one_report_is_enough(family: Held) -> None:
    now = family.bureau.clock()
    empty, none = ChildDecision(False, "  "), ChildDecision(False, "Barnen är vuxna.")
    with pytest.raises(NotAllowed, match="reason-missing"):
        handover.decide_child(family.desk, family.request, empty, now)
    assert handover.decide_child(family.desk, family.request, none, now) is None
    assert handover.decide_child(family.desk, family.request, REPORT, now)
    with pytest.raises(NotAllowed, match="child-reported"):
        handover.decide_child(family.desk, family.request, REPORT, now)
    assert len(family.session.scalars(select(Request)).all()) == 2


@pytest.mark.rule("S26", "S27")
def test_a_childs_own_request_is_reported_where_it_is(bureau: Bureau) -> None:
    reference = bureau.send(text(under_18=True, audience=Audience.USES_VIOLENCE))
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        assert held.request.unit == "children"
        now = bureau.clock()
        assert handover.decide_child(held.desk, held.request, REPORT, now) is None
        assert held.request.child_decision == "report"
