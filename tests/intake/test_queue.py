"""Seeing, taking and reading: the wall, the lease, and the one who comes second."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from intake import (
    access,
    calls,
    decisions,
    founding,
    handover,
    queue,
    returning,
    seeing,
    sides,
)
from intake.access import SignedIn
from intake.errors import AlreadyHeld, NotAllowed, NotHeld
from intake.life import EventKind, broken_at, standing
from intake.models import Request
from intake.outcomes import Outcome
from intake.queue import LEASE
from intake.returning import Return
from intake.seeing import SAME_VISIT
from intake.topics import (
    Audience,
    Danger,
    Kind,
    Mark,
    Position,
    Role,
    Side,
    State,
    Urgency,
)
from intake.vault import KeyPair
from tests.factories import Bureau, text


def kinds(request: Request) -> list[str]:
    return [event.kind for event in request.events]


def test_of_two_who_claim_at_once_one_wins(either_bureau: Bureau) -> None:
    bureau, reference = either_bureau, either_bureau.send(text())

    def claim(login: str) -> str:
        with bureau.writing() as session:
            desk = bureau.desk(session, login)
            try:
                queue.claim(desk, bureau.request(session, reference), bureau.clock())
            except AlreadyHeld as held:
                return f"lost to {held.holder}"
        return f"won {login}"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(claim, ["maria", "amina"]))
    assert told in (["lost to Amina", "won amina"], ["lost to Maria", "won maria"])


def test_a_lease_runs_out_and_is_renewed_by_what_the_holder_does(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        maria, amina = bureau.desk(session, "maria"), bureau.desk(session, "amina")
        request = bureau.request(session, reference)
        queue.claim(maria, request, bureau.clock())
        queue.write_note(maria, request, "ringt", bureau.clock.forward(minutes=20))
        with pytest.raises(AlreadyHeld):
            queue.claim(amina, request, bureau.clock.forward(minutes=20))
        queue.claim(amina, request, bureau.clock.forward(minutes=10))
        with pytest.raises(NotHeld):
            queue.write_note(maria, request, "för sent", bureau.clock())


@pytest.mark.rule("S13")
def test_no_time_out_takes_a_request_from_who_is_calling(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        maria, johan = bureau.desk(session, "maria"), bureau.desk(session, "johan")
        request = bureau.request(session, reference)
        queue.claim(maria, request, bureau.clock())
        calls.start(maria, request, bureau.clock())
        later = bureau.clock.forward(days=2)
        assert queue.held_by(request, later) is maria.member
        for member in (johan, maria):
            with pytest.raises((AlreadyHeld, NotAllowed)):
                queue.claim(johan, request, later)
            with pytest.raises((NotHeld, NotAllowed)):
                queue.release(member, request, later)
        assert request.state is State.CALLING


@pytest.mark.rule("S13")
def test_a_head_and_nobody_else_ends_a_call_that_was_left(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        amina, maria = bureau.desk(session, "amina"), bureau.desk(session, "maria")
        request, why = bureau.request(session, reference), "Amina blev sjuk"
        queue.claim(amina, request, bureau.clock())
        with pytest.raises(NotAllowed, match="no-call"):
            decisions.take_over(maria, request, why, bureau.clock())
        calls.start(amina, request, bureau.clock())
        with pytest.raises(NotAllowed, match="head-only"):
            decisions.take_over(amina, request, why, bureau.clock())
        with pytest.raises(NotAllowed, match="call-may-go-on"):
            decisions.take_over(maria, request, why, bureau.clock.forward(minutes=14))
        now = bureau.clock.forward(minutes=1)
        with pytest.raises(NotAllowed, match="reason-missing"):
            decisions.take_over(maria, request, " ", now)
        assert request.holder is amina.member
        decisions.take_over(maria, request, why, now)
        with pytest.raises(NotHeld):
            calls.finish(amina, request, Outcome.NO_ANSWER, now)
        calls.finish(maria, request, Outcome.NO_ANSWER, now)
        assert request.state is State.OPEN
        notes = [one for one in request.envelopes if one.kind is Kind.NOTE]
        assert [maria.keyring.text(one) for one in notes] == [why]
        taken = [event.data for event in request.events if event.kind == "claimed"]
        assert taken == [{}, {"taken_over": True}]


@pytest.mark.rule("S13")
def test_a_call_just_taken_over_is_not_taken_from_who_ends_it(
    either_bureau: Bureau,
) -> None:
    """Two heads see the same call that was left, and press at the same moment."""
    bureau = either_bureau
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        amina, maria, johan = (
            bureau.desk(session, login) for login in ("amina", "maria", "johan")
        )
        johan.member.role = Role.HEAD
        request, why = bureau.request(session, reference), "Amina blev sjuk"
        queue.claim(amina, request, bureau.clock())
        calls.start(amina, request, bureau.clock())
        now = bureau.clock.forward(minutes=15)
        decisions.take_over(maria, request, why, now)
        with pytest.raises(NotAllowed, match="call-may-go-on"):
            decisions.take_over(johan, request, why, now)
        assert request.holder is maria.member
        # She may have left it, too.
        decisions.take_over(johan, request, why, bureau.clock.forward(minutes=15))
        assert request.holder is johan.member


@pytest.fixture
def walled(bureau: Bureau) -> dict[str, str]:
    """Send one request to each side, one of a child, and one that goes round."""
    return {
        "hurt": bureau.send(text()),
        "hurts": bureau.send(text(audience=Audience.USES_VIOLENCE)),
        "child": bureau.send(text(under_18=True)),
        "avoid": bureau.send(text(avoid=True, avoid_text="Amina")),
    }


@pytest.mark.rule("S29")
def test_a_member_sees_what_her_keys_open_and_nothing_else(
    bureau: Bureau, walled: dict[str, str]
) -> None:
    sees = {
        "amina": {"hurt"},
        "leila": {"hurts"},
        "sara": {"child"},
        "maria": {"hurt", "avoid"},
    }
    with bureau.writing() as session:
        for login, names in sees.items():
            member = bureau.member(session, login)
            found = {r.reference for r in queue.waiting(session, member.id)}
            assert found == {walled[name] for name in names}
            for name, reference in walled.items():
                there = queue.find(session, member.id, reference) is not None
                assert there == (name in names)


def test_search_takes_a_reference_as_people_type_it(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        maria = bureau.member(session, "maria")
        typed = f" {reference.lower()} "
        assert queue.find(session, maria.id, typed) is not None
        assert queue.find(session, maria.id, reference[:4]) is None


@pytest.mark.rule("S38")
def test_first_reading_sets_urgency_and_takes_nothing(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        amina = bureau.desk(session, "amina")
        request = bureau.request(session, reference)
        assert request.reading_due_at < request.due_at
        queue.first_reading(amina, request, Urgency.HIGH, bureau.clock())
        assert (request.state, request.urgency) == (State.OPEN, Urgency.HIGH)
        assert request.unread_since is None
        assert request.holder_id is None


def write(bureau: Bureau, session: Session, request: Request) -> None:
    visit = Return(0, request, KeyPair.generate())
    more, now = text("Han vet nu"), bureau.clock.forward(minutes=1)
    returning.write_more(session, bureau.office, visit, more, now)


def cancel(bureau: Bureau, session: Session, request: Request) -> None:
    visit = Return(0, request, KeyPair.generate())
    now = bureau.clock.forward(minutes=1)
    returning.cancel_callback(session, bureau.office, visit, now)


@pytest.mark.rule("S38")
@pytest.mark.parametrize("act", [write, cancel])
def test_what_came_after_the_page_was_shown_stays_unread(
    bureau: Bureau, act: Callable[[Bureau, Session, Request], None]
) -> None:
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        amina, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        seen = queue.newest(session, request)
        act(bureau, session, request)
        now = bureau.clock()
        with pytest.raises(NotAllowed, match="newer-words"):
            queue.first_reading(amina, request, Urgency.NORMAL, now, seen)
        assert request.unread_since is not None
        queue.claim(amina, request, now)  # what staff do is nothing to be read
        seen = queue.newest(session, request)
        queue.write_note(amina, request, "Läst", now)
        queue.first_reading(amina, request, Urgency.NORMAL, now, seen)
        assert request.unread_since is None


@pytest.mark.rule("S23")
@pytest.mark.parametrize(
    ("danger", "lowest"),
    [
        (Danger.NOW, Urgency.ACUTE),
        (Danger.SOON, Urgency.HIGH),
        (Danger.UNSAID, Urgency.NORMAL),
    ],
)
def test_reading_never_lowers_what_she_said_herself(
    bureau: Bureau, danger: Danger, lowest: Urgency
) -> None:
    reference = bureau.send(text(danger=danger))
    order = list(Urgency)
    with bureau.writing() as session:
        maria = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        for urgency in order[: order.index(lowest)]:
            with pytest.raises(NotAllowed, match="urgency-below-her-own"):
                queue.first_reading(maria, request, urgency, bureau.clock())
        for urgency in order[order.index(lowest) :]:
            queue.first_reading(maria, request, urgency, bureau.clock())
            assert request.urgency is urgency


@pytest.mark.rule("S38")
def test_what_was_read_as_more_urgent_is_lowered_by_who_reads_it_anew(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        amina, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        queue.first_reading(amina, request, Urgency.HIGH, bureau.clock())
        with pytest.raises(NotAllowed, match="urgency-below-read"):
            queue.first_reading(amina, request, Urgency.NORMAL, bureau.clock())
        write(bureau, session, request)
        queue.first_reading(amina, request, Urgency.NORMAL, bureau.clock())
        assert request.urgency is Urgency.NORMAL


def test_an_opening_is_logged_once_a_visit_by_each(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        maria, amina = bureau.desk(session, "maria"), bureau.desk(session, "amina")
        request = bureau.request(session, reference)
        for desk in (maria, maria, amina):
            seeing.opened(desk, request, bureau.clock())
        assert kinds(request).count("opened") == 2
        seeing.opened(maria, request, bureau.clock() + SAME_VISIT)
        session.expire(request, ["events"])
        assert kinds(request).count("opened") == 3


@pytest.mark.rule("S26")
@pytest.mark.parametrize("own", [True, False])
def test_the_childs_clock_runs_from_the_first_opening(
    bureau: Bureau, own: bool
) -> None:
    reference = bureau.send(text(children=not own, under_18=own))
    with bureau.writing() as session:
        login = "sara" if own else "maria"
        desk = bureau.desk(session, login)
        request = bureau.request(session, reference)
        assert request.child_due_at is None
        first = bureau.clock.forward(hours=1)
        seeing.opened(desk, request, first)
        seeing.opened(desk, request, bureau.clock.forward(hours=2))
        assert request.child_due_at == first + queue.CHILD_CLOCK


@pytest.fixture
def acute(bureau: Bureau) -> str:
    """Send what goes to the day unit and to on-call too."""
    return bureau.send(text(danger=Danger.NOW))


def test_the_day_units_claim_takes_the_request_from_on_call(
    bureau: Bureau, acute: str
) -> None:
    with bureau.writing() as session:
        request, sara = bureau.request(session, acute), bureau.member(session, "sara")
        assert queue.find(session, sara.id, acute)
        queue.claim(bureau.desk(session, "amina"), request, bureau.clock())
        assert queue.find(session, sara.id, acute) is None


def test_on_calls_claim_leaves_it_with_the_day_unit(bureau: Bureau, acute: str) -> None:
    with bureau.writing() as session:
        request, amina = bureau.request(session, acute), bureau.member(session, "amina")
        queue.claim(bureau.desk(session, "sara"), request, bureau.clock())
        assert queue.find(session, amina.id, acute)


def test_who_claims_on_call_keeps_the_key_that_she_reads_with(bureau: Bureau) -> None:
    """Amina is at the adult unit, but on this side of the wall at on-call only."""
    reference = bureau.send(text(danger=Danger.NOW, audience=Audience.USES_VIOLENCE))
    with bureau.writing() as session:
        amina, leila = bureau.desk(session, "amina"), bureau.desk(session, "leila")
        now = bureau.clock()
        place = founding.ask(session, amina.member, "on-call", Side.HURTS, now)
        access.approve(place, SignedIn(leila.member, leila.keyring.pair), now)
        queue.claim(amina, bureau.request(session, reference), now)
        assert queue.find(session, amina.member.id, reference)


def test_position_and_marks_are_apart_from_the_door_she_came_in_by(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text(audience=Audience.RELATIVE, protected=True))
    with bureau.writing() as session:
        johan = bureau.desk(session, "johan")
        request = bureau.request(session, reference)
        queue.claim(johan, request, bureau.clock())
        marks = [Mark.TRAFFICKING, Mark.HONOUR]
        sides.set_position(johan, request, Position.EXPOSED, marks, bureau.clock())
        assert request.audience is Audience.RELATIVE
        assert request.position is Position.EXPOSED
        assert request.marks == ["honour", "trafficking"]


@pytest.fixture
def held(bureau: Bureau) -> Iterator[tuple[queue.Desktop, Request]]:
    """Return a read request with children in it, held by a head of unit."""
    reference = bureau.send(text(children=True))
    with bureau.writing() as session:
        maria = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        queue.first_reading(maria, request, Urgency.NORMAL, bureau.clock())
        queue.claim(maria, request, bureau.clock())
        yield maria, request


@pytest.mark.rule("S26", "S30")
def test_nothing_closes_before_every_question_is_answered(
    bureau: Bureau, held: tuple[queue.Desktop, Request]
) -> None:
    maria, request = held
    now = bureau.clock()
    with pytest.raises(NotAllowed, match="child-undecided"):
        decisions.close(maria, request, decisions.CHECKED, now)
    none = handover.ChildDecision(False, "Barnen är vuxna.")
    handover.decide_child(maria, request, none, now)
    with pytest.raises(NotAllowed, match="conflict-unchecked"):
        decisions.close(maria, request, None, now)
    undone = decisions.Conflict(decisions.ConflictCheck.NOT_DONE, " ")
    with pytest.raises(NotAllowed, match="reason-missing"):
        decisions.close(maria, request, undone, now)
    request.unread_since = now
    with pytest.raises(NotAllowed, match="unread-words"):
        decisions.close(maria, request, decisions.CHECKED, now)
    request.unread_since = None
    decisions.close(maria, request, decisions.CHECKED, now)
    assert request.events[-1].data == {"conflict": "mine"}
    assert request.state is State.CLOSED
    assert request.holder_id is None


@pytest.mark.rule("S9", "S37")
def test_nothing_closes_over_a_call_that_she_waits_for(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = bureau.send(bureau.callback(bureau.around(hours=2)))
    with bureau.writing() as session:
        maria, request = (
            bureau.desk(session, "maria"),
            bureau.request(session, reference),
        )
        queue.first_reading(maria, request, Urgency.NORMAL, bureau.clock())
        queue.claim(maria, request, bureau.clock())
        with pytest.raises(NotAllowed, match="coming-times"):
            decisions.close(maria, request, decisions.CHECKED, bureau.clock())
        decisions.close(
            maria, request, decisions.CHECKED, bureau.clock(), drops_times=True
        )
        assert request.state is State.CLOSED
        assert request.callable_until is None


def test_what_is_closed_is_not_taken_again(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        maria = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        queue.first_reading(maria, request, Urgency.NORMAL, bureau.clock())
        queue.claim(maria, request, bureau.clock())
        decisions.close(maria, request, decisions.CHECKED, bureau.clock())
        with pytest.raises(NotAllowed, match="closed"):
            queue.claim(maria, request, bureau.clock() + LEASE)
        assert request.holder_id is None


@pytest.mark.rule("S36")
def test_what_was_set_aside_is_put_back_and_noted(bureau: Bureau) -> None:
    reference = bureau.send(text(set_aside=True))
    with bureau.writing() as session:
        maria = bureau.desk(session, "maria")
        assert queue.waiting(session, maria.member.id) == []
        assert len(queue.waiting(session, maria.member.id, aside=True)) == 1
        request = bureau.request(session, reference)
        decisions.put_back(maria, request, bureau.clock())
        assert queue.waiting(session, maria.member.id) == [request]
        assert kinds(request)[-1] == EventKind.ASIDE


def test_the_columns_say_what_the_unbroken_chain_says(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        maria = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        queue.first_reading(maria, request, Urgency.HIGH, bureau.clock())
        queue.claim(maria, request, bureau.clock())
        calls.start(maria, request, bureau.clock())
        calls.finish(maria, request, Outcome.NO_ANSWER, bureau.clock())
        session.expire(request, ["events"])
        stands = standing(request.events)
        assert (stands.state, stands.contact, stands.attempts) == (
            request.state,
            request.contact,
            request.attempts,
        )
        signer = bureau.office.signer
        assert broken_at(request.events, {signer.name: signer.key}) is None
        request.events[1].at += timedelta(seconds=1)
        assert broken_at(request.events, {signer.name: signer.key}) == 2
