"""Another answered: her number is rung in no other request until she returns (S14)."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from intake import decisions, replies, uniting
from intake.envelopes import current_number
from intake.errors import NotAllowed
from intake.models import Request
from intake.outcomes import Outcome
from intake.stopped_numbers import is_stopped, pause_number
from intake.submissions import Submission
from intake.topics import Audience, Contact, JoinGround
from tests.factories import Bureau
from tests.intake.one_life import SENDERS, Life
from tests.intake.test_calls import Held, hold, new_windows

pytestmark = pytest.mark.rule("S14", "S16")
ANOTHERS = [Outcome.ANOTHER_ANSWERED, Outcome.NO_WORD, Outcome.SAID_STOP]
YES = Contact.ALLOWED
STOPPED = ["number-stopped"]


@pytest.fixture
def bureau(either_bureau: Bureau) -> Bureau:
    return either_bureau


@pytest.fixture
def held(bureau: Bureau) -> Iterator[Held]:
    """Return Amina's request of the number, which she may call now."""
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        yield hold(bureau, session, "amina", reference)


def sent_beside(held: Held, form: Submission | None = None) -> str:
    """Send a form with the same number, in a session of its own."""
    held.session.commit()
    return held.bureau.send(form or held.bureau.callback())


@pytest.fixture
def theirs(held: Held) -> Held:
    """Return a colleague's of the same number, at another unit: she may call too."""
    other = sent_beside(held, replace(held.bureau.callback(), under_18=True))
    at = hold(held.bureau, held.session, "sara", other)
    assert (at.request.unit, at.locks()) == ("children", [])
    return at


@pytest.mark.parametrize("outcome", ANOTHERS)
def test_her_number_is_rung_in_no_other_request(
    held: Held, theirs: Held, outcome: Outcome
) -> None:
    held.ring(outcome)
    assert theirs.locks() == STOPPED
    now = held.bureau.clock()
    assert "number-stopped" in replies.text_locks(
        theirs.desk, theirs.request, True, now
    )
    assert "number-stopped" not in held.locks()  # its own contact rules there
    # Nothing is told or written where it holds: no event, and no other state.
    assert theirs.request.contact is Contact.ALLOWED
    assert [e.kind for e in theirs.request.events][-1] == "claimed"


@pytest.mark.rule("S30")
def test_it_holds_across_the_wall_and_tells_nobody_why(held: Held) -> None:
    his = replace(held.bureau.callback(), audience=Audience.USES_VIOLENCE)
    reference = sent_beside(held, his)
    his_side = hold(held.bureau, held.session, "leila", reference)
    held.ring(Outcome.ANOTHER_ANSWERED)
    assert his_side.locks() == STOPPED


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.WORD_CAME])
def test_whoever_is_not_another_stops_nothing(
    held: Held, theirs: Held, outcome: Outcome
) -> None:
    held.ring(outcome)
    assert theirs.locks() == []


def by_receipt(at: Held) -> None:
    new_windows(at, None)


def by_another_number(at: Held) -> None:
    new_windows(at, "070-174 06 77")


@pytest.mark.parametrize("returns", [by_receipt, by_another_number])
def test_it_ends_where_she_returns_and_nowhere_else(
    held: Held, theirs: Held, returns: Callable[[Held], None]
) -> None:
    held.ring(Outcome.ANOTHER_ANSWERED)
    returns(held)
    assert "number-stopped" not in held.locks()
    assert theirs.locks() == STOPPED
    returns(theirs)
    assert "number-stopped" not in theirs.locks()


@pytest.mark.rule("S8")
def test_what_staff_joined_needs_no_decision_of_its_own(held: Held) -> None:
    at = hold(held.bureau, held.session, "amina", sent_beside(held))
    now = held.bureau.clock()
    uniting.unite(held.desk, held.request, at.request, JoinGround.READ, now)
    held.ring(Outcome.ANOTHER_ANSWERED)
    assert "joined-contact" in at.locks()
    assert "number-stopped" not in at.locks()


def test_who_writes_anew_has_returned(held: Held) -> None:
    held.ring(Outcome.ANOTHER_ANSWERED)
    held.bureau.clock.forward(minutes=1)
    anew = sent_beside(held)
    assert hold(held.bureau, held.session, "amina", anew).locks() == []


@pytest.mark.rule("S20")
def test_a_text_from_that_phone_is_no_return(bureau: Bureau) -> None:
    """Whoever answered may be who writes it."""
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        hold(bureau, session, "amina", reference).ring(Outcome.ANOTHER_ANSWERED)
    bureau.clock.forward(minutes=1)
    Life(bureau).text(SENDERS[0], "Ring mig")
    with bureau.writing() as session:
        (by_text,) = session.scalars(
            select(Request).where(Request.reference != reference)
        )
        number = current_number(by_text)
        assert number is not None
        assert number.tag is not None
        assert is_stopped(session, number.tag, by_text)


def test_a_head_lifts_it_for_one_request_with_a_reason(held: Held) -> None:
    other = hold(held.bureau, held.session, "amina", sent_beside(held))
    child = replace(held.bureau.callback(), under_18=True)
    third = hold(held.bureau, held.session, "sara", sent_beside(held, child))
    held.ring(Outcome.ANOTHER_ANSWERED)
    now = held.bureau.clock.forward(minutes=1)
    maria = held.bureau.desk(held.session, "maria")
    for desk, why, refusal in (
        (other.desk, "Skäl", "head-only"),
        (maria, " ", "reason-missing"),
    ):
        with pytest.raises(NotAllowed, match=refusal):
            decisions.decide(desk, other.request, YES, why, now, lifts=True)
    # What follows three attempts is decided beside it, and lifts nothing.
    decisions.decide(maria, other.request, YES, "Försök igen", now)
    assert other.locks() == STOPPED
    decisions.decide(maria, other.request, YES, "Talat med henne", now, lifts=True)
    assert (other.locks(), third.locks()) == ([], STOPPED)
    # And the next time it holds again.
    held.bureau.clock.forward(minutes=1)
    new_windows(third, None)
    third.ring(Outcome.ANOTHER_ANSWERED)
    assert other.locks() == STOPPED


def test_a_stop_for_good_is_loosened_by_nothing(held: Held) -> None:
    other = hold(held.bureau, held.session, "amina", sent_beside(held))
    held.ring(Outcome.SAID_STOP, never_again=True)
    number = current_number(other.request)
    assert number is not None
    assert number.tag is not None
    pause_number(held.session, number.tag, held.bureau.clock.forward(minutes=1))
    new_windows(other, None)
    assert other.locks() == STOPPED
    maria, now = held.bureau.desk(held.session, "maria"), held.bureau.clock()
    with pytest.raises(NotAllowed, match="nothing-to-decide"):
        decisions.decide(maria, other.request, YES, "Skäl", now, lifts=True)


def test_who_said_never_again_is_not_rung_after_a_return(held: Held) -> None:
    other = hold(held.bureau, held.session, "amina", sent_beside(held))
    held.ring(Outcome.ANOTHER_ANSWERED)
    held.bureau.clock.forward(minutes=1)
    new_windows(held, None)
    held.ring(Outcome.SAID_STOP, never_again=True)
    new_windows(other, None)
    assert other.locks() == STOPPED
