"""A corrected side, and a position that the wall follows (S30)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from intake import handover, queue, sides
from intake.apart import may_join
from intake.envelopes import current_number
from intake.errors import NoDesk, NotAllowed, NotHeld, SealBroken
from intake.life import EventKind, broken_at, standing
from intake.topics import (
    Audience,
    Channel,
    Danger,
    HandOverGround,
    Kind,
    Position,
    Side,
    State,
    Urgency,
)
from tests.factories import Bureau, text
from tests.intake.walls import MAY, USES, WHY, Held, hold, place_at, sit

BOTH_SIDES = [(text(), "maria", "leila"), (text(audience=USES), "leila", "maria")]


@pytest.fixture
def held(bureau: Bureau) -> Iterator[Held]:
    """Return an exposed adult's request, held by Maria."""
    reference = bureau.send(text())
    with bureau.writing() as session:
        yield hold(bureau, session, "maria", reference)


@pytest.mark.rule("S30", "S31")
@pytest.mark.parametrize(("sent", "holder", "other"), BOTH_SIDES)
def test_a_corrected_side_takes_every_other_seal_away(
    either_bureau: Bureau, sent: object, holder: str, other: str
) -> None:
    bureau = either_bureau
    bureau.clock.forward(hours=10)  # closed: on-call has a key as well
    reference = bureau.send(sent)  # type: ignore[arg-type]  # a Submission
    with bureau.writing() as session:
        held = sit(bureau, session, holder, reference)
        held.request.holder_id = held.desk.member.id
        held.request.lease_until = bureau.clock() + queue.LEASE
        before, due = held.desks(), held.request.due_at
        assert {unit for unit, _ in before} == {"adult", "on-call"}
        held.correct()
    with bureau.writing() as session:
        held = sit(bureau, session, holder, reference)
        side = held.request.side
        assert held.desks() == {("adult", side)}
        assert (held.sees(holder), held.sees(other)) == (False, True)
        with pytest.raises(SealBroken):
            held.desk.keyring.text(held.request.envelopes[0])
        desk = bureau.desk(session, other)
        texts = {e.kind: desk.keyring.text(e) for e in held.request.envelopes}
        assert texts == {Kind.ACCOUNT: "Hemligheten om trappan", Kind.NOTE: WHY}
        assert held.request.due_at == due
        assert held.request.holder_id is None
        assert held.request.unread_since is not None
        assert held.request.state is State.UNREAD


def test_what_was_read_is_unread_for_who_gets_it(held: Held) -> None:
    now = held.bureau.clock.forward(minutes=10)
    assert held.request.unread_since is None
    held.correct()
    assert held.request.unread_since == now
    assert held.request.reading_due_at > now
    leila, seen = held.bureau.desk(held.session, "leila"), held.last().seq
    assert queue.newest(held.session, held.request) == seen
    queue.first_reading(leila, held.request, Urgency.NORMAL, now, seen)
    assert held.request.state is State.OPEN


@pytest.mark.rule("S30", "S31")
def test_the_chain_tells_keys_and_no_reason(held: Held) -> None:
    held.correct()
    event = held.last()
    assert event.kind == EventKind.SIDE
    assert event.data == {"left": "adult", "unit": "adult", "side": "hurts"}
    signer = held.bureau.office.signer
    assert broken_at(held.request.events, {signer.name: signer.key}) is None
    assert standing(held.request.events).state is State.UNREAD


def test_a_side_is_corrected_by_its_holder_with_a_reason(held: Held) -> None:
    for reason in ("", " \n"):
        with pytest.raises(NotAllowed, match="reason-missing"):
            held.correct(reason)
    same = held.request.side
    with pytest.raises(NotAllowed, match="same-side"):
        sides.correct_side(held.desk, held.request, same, WHY, held.bureau.clock())
    johan = sit(held.bureau, held.session, "johan", held.request.reference)
    with pytest.raises(NotHeld):
        johan.correct()
    assert held.desks() == {("adult", Side.HURT)}


@pytest.mark.rule("S30", "S31")
@pytest.mark.parametrize(
    "written",
    [
        "ACDE-FH34",
        "acde-fh34",
        "ACDE FH34",
        "acdefh34",
        "ACDE–FHJK",
        "ärende acde fh34",
    ],
)
def test_a_reason_names_no_other_request(held: Held, written: str) -> None:
    with pytest.raises(NotAllowed, match="names-another"):
        held.correct(f"Samma man som i {written}.")
    own = held.request.reference
    held.correct(
        f"Gäller {own}, {own.replace('-', ' ')}. Från mars 2026 till juni 2026."
    )
    assert held.sees("leila")


@pytest.mark.rule("S13", "S30")
def test_nothing_crosses_while_a_call_is_on_or_after_the_end(held: Held) -> None:
    for state, reason in (
        (State.CALLING, "call-without-outcome"),
        (State.CLOSED, "closed"),
    ):
        held.request.state = state
        for act in (held.correct, held.mark):
            with pytest.raises(NotAllowed, match=reason):
                act()
    assert held.desks() == {("adult", Side.HURT)}


def test_without_a_desk_there_the_route_of_that_side_is_taken(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=Audience.RELATIVE))
    with bureau.writing() as session:
        held = hold(bureau, session, "johan", reference)
        session.delete(place_at(held, "reception", "leila"))
        session.flush()
        held.correct()
        assert (held.request.unit, held.request.side) == ("adult", Side.HURTS)
        assert held.desks() == {("adult", Side.HURTS)}
        assert held.last().data["left"] == "reception"


@pytest.mark.rule("S33")
def test_nothing_crosses_to_where_fewer_than_two_can_open(held: Held) -> None:
    held.shut("adult", Side.HURTS)
    with pytest.raises(NoDesk):
        held.correct()
    assert held.desks() == {("adult", Side.HURT)}


@pytest.mark.rule("S23", "S30")
def test_at_night_on_call_of_the_same_side_reads_what_is_acute(bureau: Bureau) -> None:
    bureau.clock.forward(hours=10)
    reference = bureau.send(text(danger=Danger.NOW))
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        held.correct()
        assert held.desks() == {("adult", Side.HURTS), ("on-call", Side.HURTS)}
        assert held.request.unit == "adult"
        soon = bureau.clock() + timedelta(minutes=20)
        assert held.request.reading_due_at <= soon  # read anew tonight, not tomorrow
        assert not held.sees("sara")
        # By day the unit's claim takes on-call's key away, as after an arrival.
        bureau.clock.forward(hours=12)
        leila = bureau.desk(session, "leila")
        queue.claim(leila, held.request, bureau.clock())
        assert held.desks() == {("adult", Side.HURTS)}


@pytest.mark.rule("S26", "S30")
@pytest.mark.parametrize("by", ["side", "position"])
def test_a_child_who_hurts_stays_with_the_childrens_unit(
    bureau: Bureau, by: str
) -> None:
    reference = bureau.send(text(under_18=True))
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        if by == "side":
            held.correct()
        else:
            assert held.find_to_be(Position.USES_VIOLENCE, WHY)
        assert held.desks() == {("children", Side.HURTS)}
        assert held.sees("sara")  # who has a place on both sides keeps it


@pytest.mark.rule("S29", "S30")
def test_what_lies_in_the_closed_circle_crosses_inside_it(bureau: Bureau) -> None:
    reference = bureau.send(text(avoid=True))
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        held.correct()
        assert held.desks() == {("closed-circle", Side.HURTS)}
        queue.claim(held.desk, held.request, bureau.clock())
        held.correct("Ändå inte.")
        held.mark()
        assert held.desks() == {("closed-circle", Side.HURTS)}
        queue.claim(held.desk, held.request, bureau.clock())
        held.shut("closed-circle", Side.HURT)
        with pytest.raises(NoDesk):  # rather than leave the circle
            held.correct()


@pytest.mark.rule("S29")
def test_who_may_not_see_it_is_read_first(bureau: Bureau) -> None:
    reference = bureau.send(text(avoid=True, elsewhere=True))
    with bureau.writing() as session:
        held = hold(bureau, session, "johan", reference)
        assert held.request.unit == "reception"
        for act in (held.correct, held.mark):
            with pytest.raises(NotAllowed, match="avoid-unread"):
                act()
        with pytest.raises(NotAllowed, match="avoid-unread"):
            held.find_to_be(Position.USES_VIOLENCE, WHY)
        held.correct(avoid_read=True)
        assert held.desks() == {("reception", Side.HURTS)}


@pytest.mark.rule("S30")
@pytest.mark.parametrize(("sent", "holder", "other"), BOTH_SIDES)
def test_the_wall_follows_the_position(
    bureau: Bureau, sent: object, holder: str, other: str
) -> None:
    reference = bureau.send(sent)  # type: ignore[arg-type]  # a Submission
    with bureau.writing() as session:
        held = hold(bureau, session, holder, reference)
        before = held.desks()
        hurts = held.request.side is Side.HURTS
        found = Position.RELATIVE if hurts else Position.USES_VIOLENCE
        with pytest.raises(NotAllowed, match="reason-missing"):
            held.find_to_be(found)
        assert (held.request.position, held.desks()) == (None, before)
        assert not held.find_to_be(None)
        assert held.find_to_be(found, WHY)
        assert (held.request.position, held.request.marks) == (found, ["honour"])
        assert (held.sees(holder), held.sees(other)) == (False, True)
        kinds = [event.kind for event in held.request.events[-2:]]
        held.session.expire(held.request, ["events"])
        kinds = [event.kind for event in held.request.events[-2:]]
        assert kinds == [EventKind.POSITION, EventKind.SIDE]


def test_a_corrected_side_leaves_no_position_or_mark_that_denies_it(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        held.find_to_be(Position.EXPOSED)
        held.correct()
        assert held.request.position is Position.USES_VIOLENCE
        back = hold(bureau, session, "leila", reference)
        back.request.marks = ["honour", MAY.value]
        back.correct("Ändå utsatt.")
        assert back.request.position is None
        assert back.request.marks == ["honour"]


@pytest.mark.rule("S22")
def test_times_number_and_tag_go_along_unharmed(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        number = current_number(held.request)
        assert number is not None
        stood = number.tag, held.request.callable_until
        places = [window.place for window in held.request.windows]
        held.correct()
        assert (number.tag, held.request.callable_until) == stood
        assert [window.place for window in held.request.windows] == places
        erik = bureau.desk(session, "erik")
        assert erik.keyring.text(number.envelope)


def test_what_the_same_person_writes_later_still_joins_it(held: Held) -> None:
    assert not may_join(held.request, text(audience=USES))
    held.correct()
    for audience in (Audience.EXPOSED, USES):
        assert may_join(held.request, text(audience=audience))


def test_it_is_handed_over_on_its_new_side(held: Held) -> None:
    held.correct()
    reference, now = held.request.reference, held.bureau.clock()
    leila = hold(held.bureau, held.session, "leila", reference)
    ground = HandOverGround.RIGHT_UNIT
    handover.hand_over(leila.desk, leila.request, "reception", ground, "", now)
    assert leila.desks() == {("reception", Side.HURTS)}
    assert leila.request.channel is Channel.FORM
