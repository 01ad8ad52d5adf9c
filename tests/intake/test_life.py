"""What follows from an event, wherever the request stands at that moment."""

import pytest

from intake.life import EventKind, Standing, after
from intake.outcomes import CONSEQUENCES, Outcome
from intake.topics import Contact, State

STOPS = [Contact.SAID_STOP, Contact.ANOTHER_ANSWERED]
HARDER = [Contact.NONE_SAFE, Contact.CANCELLED, Contact.SAID_NO]
NUMBERS_OWN = [Contact.NOT_HER_PHONE, Contact.WRONG_NUMBER]
OUTLASTING = (EventKind.OUTCOME, EventKind.CLOSED)


def _ended(before: Contact, outcome: Outcome) -> Contact:
    then = CONSEQUENCES[outcome]
    facts = {"state": then.state.value, "attempt": then.attempt}
    if then.contact:
        facts["contact"] = then.contact.value
    return after(Standing(State.CALLING, before), EventKind.OUTCOME, facts).contact


@pytest.mark.rule("S14")
@pytest.mark.parametrize("before", [*HARDER, *NUMBERS_OWN])
def test_an_outcome_loosens_nothing_that_came_while_it_rang(before: Contact) -> None:
    for outcome in (Outcome.SAID_STOP, Outcome.ANOTHER_ANSWERED, Outcome.NO_WORD):
        assert _ended(before, outcome) is before


@pytest.mark.rule("S14")
@pytest.mark.parametrize("before", [Contact.ALLOWED, *STOPS, *HARDER])
def test_a_wrong_number_is_wrong_whatever_stood_before(before: Contact) -> None:
    assert _ended(before, Outcome.WRONG_NUMBER) is Contact.WRONG_NUMBER


@pytest.mark.rule("S15")
@pytest.mark.parametrize("before", NUMBERS_OWN)
def test_cancelling_makes_no_number_right(before: Contact) -> None:
    """New times lift what was cancelled; a number that is wrong stays wrong."""
    said = {"state": State.UNREAD.value, "contact": Contact.CANCELLED.value}
    now = Standing(State.OPEN, before)
    assert after(now, EventKind.CANCELLED, said).contact is before


@pytest.mark.rule("S5")
@pytest.mark.parametrize("kind", [k for k in EventKind if k not in OUTLASTING])
@pytest.mark.parametrize("state", [State.TAKEN_BACK, State.CALLING, State.CLOSED])
def test_what_was_taken_back_stays_so(kind: EventKind, state: State) -> None:
    """Acts that began before the taking back may be recorded after it."""
    said = {"state": State.UNREAD.value, "contact": Contact.ALLOWED.value}
    now = Standing(state, Contact.TAKEN_BACK)
    assert after(now, kind, said) == now
