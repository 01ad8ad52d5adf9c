"""The registry of what a call can come to, and what follows from each (S10 to S15)."""

from dataclasses import dataclass
from enum import StrEnum

from intake.topics import Contact, State


class Outcome(StrEnum):
    """What a call came to."""

    WORD_CAME = "word-came"
    SAID_UNASKED = "said-unasked"  # no word agreed; she said that she wrote (S10)
    NOT_NOW = "not-now"  # her second word
    NO_ANSWER = "no-answer"
    NO_WORD = "no-word"  # an agreed word did not come: cover line, end
    ANOTHER_ANSWERED = "another-answered"
    WRONG_NUMBER = "wrong-number"
    SAID_STOP = "said-stop"
    CANCELLED = "cancelled"  # the word came, and she wants no calls (S15)
    LINE_FAULT = "line-fault"  # ours, not an attempt


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an outcome changes. `contact` None leaves it as it is."""

    state: State
    attempt: bool = False
    contact: Contact | None = None
    confirms_number: bool = False
    needs_word: bool | None = None  # only where a word was agreed, or only where none
    stops_clock: bool = False


CONSEQUENCES = {
    Outcome.WORD_CAME: Consequence(
        State.OPEN, confirms_number=True, needs_word=True, stops_clock=True
    ),
    Outcome.SAID_UNASKED: Consequence(
        State.OPEN, confirms_number=True, needs_word=False, stops_clock=True
    ),
    # No attempt: she answered, and her next time is as safe as it was.
    Outcome.NOT_NOW: Consequence(State.OPEN, needs_word=True),
    Outcome.NO_ANSWER: Consequence(State.OPEN, attempt=True),
    # S10: where a word was agreed, who does not say it counts as another person.
    Outcome.NO_WORD: Consequence(
        State.DECISION, contact=Contact.ANOTHER_ANSWERED, needs_word=True
    ),
    Outcome.ANOTHER_ANSWERED: Consequence(
        State.DECISION, contact=Contact.ANOTHER_ANSWERED
    ),
    Outcome.WRONG_NUMBER: Consequence(State.DECISION, contact=Contact.WRONG_NUMBER),
    Outcome.SAID_STOP: Consequence(State.DECISION, contact=Contact.SAID_STOP),
    # Without the word it is "someone said stop". What she said herself waits for
    # nobody's decision, and the request stays open for whoever ends it.
    Outcome.CANCELLED: Consequence(
        State.OPEN,
        contact=Contact.SAID_NO,
        confirms_number=True,
        needs_word=True,
        stops_clock=True,
    ),
    Outcome.LINE_FAULT: Consequence(State.OPEN),
}
# What a head of unit may lift: a stop that others brought about, never her own no,
# and no number that is wrong or not hers (S14, S27).
LIFTABLE = (Contact.SAID_STOP, Contact.ANOTHER_ANSWERED)
# She could talk: what she said in the call may be taken down.
TALKS = frozenset({Outcome.WORD_CAME, Outcome.SAID_UNASKED})
# Another may have heard how a call begins: both words are renewed (S10).
DOUBTS = frozenset({Outcome.NO_WORD, Outcome.ANOTHER_ANSWERED})
