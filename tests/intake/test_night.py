"""Between the day and on-call: given for the night, back in the morning, none lost."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from intake import calls, handover, queue
from intake.errors import NoDesk, NotAllowed, NotHeld
from intake.life import EventKind
from intake.night import to_day, to_on_call
from intake.outcomes import Outcome
from intake.people import UnitRecord
from intake.piles import Beside, View
from intake.today import today
from intake.topics import (
    Audience,
    Channel,
    Danger,
    HandOverGround,
    Kind,
    Side,
    Urgency,
)
from tests.factories import Bureau, text
from tests.intake.walls import Held, hold, sit

GROUND = HandOverGround.RIGHT_UNIT
DO = "Ring henne 19, på hennes egen telefon"
DID = "Hon är hos sin syster i natt"


def give(held: Held, words: str = DO) -> None:
    """Give a request to on-call for the night."""
    now = held.bureau.clock()
    to_on_call(held.desk, held.request, GROUND, words, now)


def morning(bureau: Bureau, session: Session, login: str) -> list[str]:
    """Return the references on a member's list of the morning."""
    member = bureau.member(session, login)
    shown = today(session, View(member.id, Side.HURT, bureau.clock()))
    rows = shown.beside[Beside.NIGHT]
    assert shown.beside_counts[Beside.NIGHT] == len(rows)
    return [row.request.reference for row in rows]


@pytest.mark.rule("S33")
def test_on_call_opens_it_too_and_the_unit_keeps_it(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        due = held.request.due_at
        give(held)
        assert held.last().data == {"ground": "right-unit"}
    with bureau.writing() as session:
        held = sit(bureau, session, "sara", reference)
        assert held.sees("sara")
        assert held.sees("maria")
        assert (held.request.unit, held.request.due_at) == ("adult", due)
        assert held.request.holder_id is None
        # Who is on call tonight has read nothing of it (S38).
        assert held.request.unread_since is not None
        paper = held.request.envelopes[-1]
        assert (paper.kind, held.desk.keyring.text(paper)) == (Kind.NOTE, DO)
        assert not held.sees("erik")


def test_it_comes_back_with_what_was_done_and_stands_on_the_mornings_list(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    reference = bureau.send(text())
    with bureau.writing() as session:
        give(hold(bureau, session, "maria", reference))
        assert morning(bureau, session, "maria") == []
    bureau.clock.forward(hours=12)
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        # Taken on call: it is on the list, even if nobody gives it back.
        assert morning(bureau, session, "maria") == [reference]
        to_day(held.desk, held.request, DID, bureau.clock())
        assert held.last().kind == EventKind.FROM_ON_CALL.value
        assert not held.sees("sara")
        assert morning(bureau, session, "maria") == [reference]
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        assert held.desk.keyring.text(held.request.envelopes[-1]) == DID
        assert morning(bureau, session, "maria") == []


def test_the_day_takes_it_and_on_call_opens_it_no_more(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        give(hold(bureau, session, "maria", reference))
        held = hold(bureau, session, "amina", reference)
        assert not held.sees("sara")
        with pytest.raises(NotAllowed, match="not-from-on-call"):
            to_day(held.desk, held.request, DID, bureau.clock())


def test_what_on_call_hands_over_or_tells_is_on_the_list_too(bureau: Bureau) -> None:
    told = bureau.send(text(channel=Channel.ON_CALL))
    moved = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", moved)
        now = bureau.clock()
        handover.hand_over(held.desk, held.request, "on-call", GROUND, DO, now)
        held = hold(bureau, session, "sara", moved)
        handover.hand_over(held.desk, held.request, "adult", GROUND, DID, now)
        assert set(morning(bureau, session, "maria")) == {told, moved}


@pytest.mark.rule("S29")
@pytest.mark.parametrize(
    ("elsewhere", "why"), [(False, "not-to-on-call"), (True, "avoid-on-call")]
)
def test_what_somebody_must_not_see_is_not_given_to_on_call(
    bureau: Bureau, elsewhere: bool, why: str
) -> None:
    reference = bureau.send(text(avoid="Sara på jouren", elsewhere=elsewhere))
    with bureau.writing() as session:
        held = hold(bureau, session, "johan", reference)
        with pytest.raises(NotAllowed, match=why):
            give(held)
        assert not held.sees("sara")


@pytest.mark.rule("S33")
def test_what_is_acute_is_not_given_to_an_on_call_that_is_closed(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        queue.first_reading(held.desk, held.request, Urgency.ACUTE, bureau.clock())
        assert not bureau.office.units["on-call"].calendar.is_open(bureau.clock())
        with pytest.raises(NotAllowed, match="urgent-to-closed"):
            give(held)
        queue.claim(held.desk, held.request, bureau.clock.forward(hours=9))
        give(held)
        assert held.request.urgency is Urgency.ACUTE


@pytest.mark.rule("S33")
def test_what_is_acute_is_not_given_back_to_a_day_that_is_closed(
    bureau: Bureau,
) -> None:
    bureau.clock.forward(hours=12)
    reference = bureau.send(text(danger=Danger.NOW))
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        with pytest.raises(NotAllowed, match="urgent-to-closed"):
            to_day(held.desk, held.request, DID, bureau.clock())
        assert held.sees("sara")
        bureau.clock.forward(hours=10)
        held = hold(bureau, session, "sara", reference)
        to_day(held.desk, held.request, DID, bureau.clock())
        assert not held.sees("sara")


@pytest.mark.rule("S25", "S33")
@pytest.mark.parametrize(
    ("hours", "minutes", "keeps"),
    [
        (0, 0, False),  # Monday at ten
        (2, 30, True),  # the unit has closed for lunch
        (6, 15, True),  # it closes before her lease would end
        (12, 0, True),
        (22, 0, False),  # Tuesday at eight
    ],
)
def test_what_is_acute_stays_with_on_call_while_its_unit_is_closed(
    bureau: Bureau, hours: int, minutes: int, keeps: bool
) -> None:
    """Whose lease ends at night leaves it to somebody who is awake."""
    bureau.clock.forward(hours=hours, minutes=minutes)
    reference = bureau.send(text(danger=Danger.NOW))
    with bureau.writing() as session:
        before = sit(bureau, session, "sara", reference).desks()
        held = hold(bureau, session, "amina", reference)
        assert held.sees("sara") is keeps
        # Keys are kept or fall: nobody gets one by this, on either side of the wall.
        assert held.desks() <= before
        assert {side for _, side in held.desks()} == {Side.HURT}


@pytest.mark.rule("S33")
def test_what_is_not_acute_is_the_units_whenever_it_takes_it(bureau: Bureau) -> None:
    bureau.clock.forward(hours=12)
    reference = bureau.send(text())
    with bureau.writing() as session:
        assert sit(bureau, session, "sara", reference).sees("sara")
        assert not hold(bureau, session, "amina", reference).sees("sara")


@pytest.mark.rule("S25", "S33")
def test_a_call_at_night_leaves_it_with_on_call_and_the_morning_does_not(
    bureau: Bureau,
) -> None:
    bureau.clock.forward(hours=21, minutes=40)
    asked = replace(bureau.callback(), danger=Danger.NOW)
    reference = bureau.send(asked)
    with bureau.writing() as session:
        session.get_one(UnitRecord, "adult").call_tested_at = bureau.clock()
        held = hold(bureau, session, "amina", reference)
        calls.start(held.desk, held.request, bureau.clock())
        calls.finish(held.desk, held.request, Outcome.WORD_CAME, bureau.clock())
        assert held.sees("sara")
        # The unit slept: in the morning the others look at what was done meanwhile.
        assert morning(bureau, session, "maria") == [reference]
        bureau.clock.forward(minutes=25)
        queue.write_note(held.desk, held.request, "Hon är trygg", bureau.clock())
        assert not held.sees("sara")
        assert morning(bureau, session, "maria") == []


def test_on_call_loses_nothing_by_its_own_work_in_the_morning(bureau: Bureau) -> None:
    bureau.clock.forward(hours=21, minutes=50)
    reference = bureau.send(text(danger=Danger.NOW))
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        bureau.clock.forward(minutes=25)
        queue.write_note(held.desk, held.request, DID, bureau.clock())
        assert held.sees("sara")
        assert morning(bureau, session, "maria") == [reference]


@pytest.mark.rule("S33")
def test_nothing_goes_where_fewer_than_two_can_open_it(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        held.shut("on-call", Side.HURT)
        with pytest.raises(NoDesk):
            give(held)


def test_it_has_a_holder_and_words_and_goes_once(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        other = sit(bureau, session, "amina", reference)
        with pytest.raises(NotHeld):
            give(other)
        held = hold(bureau, session, "maria", reference)
        with pytest.raises(NotAllowed, match="reason-missing"):
            give(held, " ")
        give(held)
        held = hold(bureau, session, "sara", reference)
        with pytest.raises(NotAllowed, match="not-to-on-call"):
            give(held)
        with pytest.raises(NotAllowed, match="reason-missing"):
            to_day(held.desk, held.request, " ", bureau.clock())


def test_the_other_side_has_an_on_call_of_its_own(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=Audience.USES_VIOLENCE))
    with bureau.writing() as session:
        held = hold(bureau, session, "leila", reference)
        give(held)
        assert held.sees("erik")
        assert not held.sees("sara")
