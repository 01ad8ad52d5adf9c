"""Marking "may be the one who hurts": it goes to other people (S30)."""

from collections.abc import Iterator

import pytest

from intake import queue, returning
from intake.errors import NoDesk, NotAllowed, SealBroken
from intake.life import EventKind
from intake.returning import Step
from intake.topics import (
    Danger,
    Kind,
    Position,
    Side,
    State,
)
from tests.factories import Bureau, text
from tests.intake.walls import MAY, USES, Held, hold, place_at, sit


@pytest.fixture
def held(bureau: Bureau) -> Iterator[Held]:
    """Return an exposed adult's request, held by Maria."""
    reference = bureau.send(text())
    with bureau.writing() as session:
        yield hold(bureau, session, "maria", reference)


@pytest.mark.rule("S33", "S30")
def test_what_is_acute_is_not_taken_from_the_last_who_read_it(bureau: Bureau) -> None:
    bureau.clock.forward(hours=10)
    reference = bureau.send(text(danger=Danger.NOW))
    with bureau.writing() as session:
        held = sit(bureau, session, "sara", reference)
        session.delete(place_at(held, "on-call", "leila"))
        session.flush()
        with pytest.raises(NotAllowed, match="urgent-to-closed"):
            held.mark()
        assert held.sees("sara")


@pytest.mark.rule("S30")
def test_any_member_marks_and_it_is_with_others_at_once(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    reference = bureau.send(text(danger=Danger.NOW))  # on-call has a key as well
    with bureau.writing() as session:
        hold(bureau, session, "maria", reference).find_to_be(Position.EXPOSED)
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)  # Maria has it
        held.mark()
    with bureau.writing() as session:
        held = sit(bureau, session, "leila", reference)
        assert held.desks() == {("adult", Side.HURTS)}
        assert held.request.marks == ["honour", MAY.value]
        assert held.request.position is None
        assert held.request.holder_id is None
        assert held.request.state is State.UNREAD  # Maria had read it
        assert held.request.unread_since is not None
        seen = {login: held.sees(login) for login in bureau.pairs}
        assert {login for login, sees in seen.items() if sees} == {"leila", "erik"}
        event = held.last()
        assert event.kind == EventKind.MARK
        went = {"left": "adult", "unit": "adult", "side": "hurts"}
        assert event.data == {**went, "mark": MAY.value}
        kinds = {envelope.kind for envelope in held.request.envelopes}
        assert kinds == {Kind.ACCOUNT}  # no text that could name another
        held.desk.keyring.text(held.request.envelopes[0])


@pytest.mark.rule("S30")
def test_only_who_can_open_it_marks_and_only_once(held: Held) -> None:
    david = sit(held.bureau, held.session, "david", held.request.reference)
    with pytest.raises(SealBroken):
        david.mark()
    held.let_in("maria", "adult", Side.HURTS, by="leila")
    held.mark()
    with pytest.raises(NotAllowed, match="already-marked"):
        held.mark()  # a second press, by who sees both sides
    assert held.desks() == {("adult", Side.HURTS)}


@pytest.mark.rule("S30")
def test_on_the_side_of_who_hurts_it_goes_to_people_who_had_it_not(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text(audience=USES))
    with bureau.writing() as session:
        held = sit(bureau, session, "leila", reference)
        held.mark()  # reception's desk for who hurts has the same two people
        assert held.desks() == {("closed-circle", Side.HURTS)}
        assert held.sees("maria")
        assert not held.sees("erik")


@pytest.mark.rule("S30")
def test_another_day_unit_with_other_people_comes_before_the_head(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text(audience=USES))
    with bureau.writing() as session:
        held = sit(bureau, session, "leila", reference)
        for login in ("amina", "david"):
            held.let_in(login, "reception", Side.HURTS, by="erik")
        held.mark()
        assert held.desks() == {("reception", Side.HURTS)}


@pytest.mark.rule("S26", "S30")
def test_a_childs_marked_request_goes_to_other_people_and_no_other_day_unit(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text(under_18=True))
    with bureau.writing() as session:
        held = sit(bureau, session, "sara", reference)
        held.mark()  # the children's two desks have the same two people
        assert held.desks() == {("closed-circle", Side.HURTS)}


@pytest.mark.rule("S30")
def test_with_nobody_else_to_go_to_it_stays_and_is_told(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=USES))
    with bureau.writing() as session:
        held = sit(bureau, session, "leila", reference)
        held.shut("closed-circle", Side.HURTS)
        with pytest.raises(NoDesk):
            held.mark()
        assert held.sees("leila")


@pytest.mark.rule("S33")
def test_her_thread_tells_of_another_unit_only_when_it_is_another(
    bureau: Bureau,
) -> None:
    digits = bureau.digits()
    reference = bureau.send(text(audience=USES), digits)
    with bureau.writing() as session:
        hold(bureau, session, "leila", reference).correct()
        visit = returning.enter(session, bureau.peppers, digits, "", bureau.clock())
        steps = [told.step for told in returning.story(visit.request, bureau.clock())]
        assert steps == [Step.READ, Step.UNREAD, Step.NO_CALL]
        queue.claim(bureau.desk(session, "maria"), visit.request, bureau.clock())
        held = sit(bureau, session, "maria", reference)
        held.shut("adult", Side.HURTS)
        held.session.delete(place_at(held, "adult", "leila"))
        held.session.flush()
        held.mark()
        session.expire(visit.request, ["events"])
        assert visit.request.unit != "adult"
        steps = [told.step for told in returning.story(visit.request, bureau.clock())]
        assert steps[-3:] == [Step.MOVED, Step.UNREAD, Step.NO_CALL]
