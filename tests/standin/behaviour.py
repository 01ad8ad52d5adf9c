"""How the stand-in behaves, well or badly, as a test asks for."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class Answer(StrEnum):
    """What comes back when something is asked, and whether it was done ("taken")."""

    SLOW = "slow"  # taken, answered late
    SERVER_ERROR = "server-error"  # not taken, 500
    TAKEN_SERVER_ERROR = "taken-server-error"  # taken, and yet 500
    UNAVAILABLE = "unavailable"  # not taken, 503 without JSON
    TOO_MANY = "too-many"  # not taken, 429
    GARBAGE = "garbage"  # taken, answered with what is no JSON
    NAMELESS = "nameless"  # taken, answered with JSON that names nothing
    SILENCE = "silence"  # taken, never answered
    DROPPED = "dropped"  # taken, and the connection closed
    LOST = "lost"  # not taken, and the connection closed


class Callbacks(StrEnum):
    """How what became of a text is told."""

    PROMPT = "prompt"
    LATE = "late"
    TWICE = "twice"
    OUT_OF_ORDER = "out-of-order"
    NONE = "none"


@dataclass(slots=True)
class Conduct:
    """The stand-in's settings; a test changes them while it runs."""

    callbacks: Callbacks = Callbacks.PROMPT
    late: float = 1.0  # seconds that late callbacks and slow answers take
    answers: deque[Answer] = field(default_factory=deque)  # for the next texts
    # For what is asked of texts afterwards: found, emptied, deleted. None is properly.
    later_answers: deque[Answer | None] = field(default_factory=deque)
    refused: dict[str, int] = field(default_factory=dict)  # number: error at once
    failing: dict[str, int] = field(default_factory=dict)  # number: error later
    undeletable: int = 0  # how often deleting and redacting fail with 20009

    def next_answer(self) -> Answer | None:
        """Return how the next text is to be answered; None is properly."""
        return self.answers.popleft() if self.answers else None

    def next_later_answer(self) -> Answer | None:
        """Return how the next question about texts is to be answered."""
        return self.later_answers.popleft() if self.later_answers else None
