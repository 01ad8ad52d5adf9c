"""What a carrier of text messages must do, whoever it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from intake.errors import IntakeError


class TextStatus(StrEnum):
    """What a carrier says of a text, in the words that Twilio uses."""

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"

    @classmethod
    def read_from(cls, word: str) -> "TextStatus | None":
        """Return the status that a carrier's word names, or None for a strange one."""
        return cls(word) if word in set(cls) else None

    @property
    def rank(self) -> int:
        """Return how far along the way a text is, from 0 to the final 4."""
        return _RANKS.get(self, _FINAL)

    @property
    def is_final(self) -> bool:
        """Say whether nothing that is told later may change it."""
        return self.rank == _FINAL

    @property
    def allowed_next(self) -> frozenset["TextStatus"]:
        """Return what may follow: callbacks come late, twice and out of order."""
        return frozenset(later for later in TextStatus if later.rank > self.rank)

    @property
    def allowed_before(self) -> frozenset["TextStatus"]:
        """Return what this may replace, for the condition of an UPDATE."""
        return frozenset(status for status in TextStatus if self.rank > status.rank)


_FINAL = 4
# All others are final: whichever of them comes first stays.
_RANKS = {
    TextStatus.ACCEPTED: 0,
    TextStatus.SCHEDULED: 0,
    TextStatus.QUEUED: 1,
    TextStatus.SENDING: 2,
    TextStatus.SENT: 3,
}


class SmsError(IntakeError):
    """A carrier did not do what it was asked. `code` is the carrier's, or a word.

    It never holds the carrier's own sentence, which repeats the number.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(SmsError):
    """The carrier took nothing. Trying again may help, unless it is `permanent`."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.permanent = permanent


class Ambiguous(SmsError):
    """The text may have gone out. Never send it again: ask with `find`, or a person."""


class Misconfigured(SmsError):
    """Our own account, sender or settings are wrong, so no text at all gets through."""


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text to send. `valid_for` ends with her window, so it can't come late."""

    own_id: str
    to: str = field(repr=False)  # E.164
    body: str = field(repr=False)
    valid_for: timedelta
    status_url: str  # where the carrier tells what became of it; "" for nowhere


@dataclass(frozen=True, slots=True)
class Sent:
    """The carrier's name for a text, and what it said of it at that moment."""

    sid: str
    status: TextStatus
    error: str = ""  # the carrier's code of what went wrong, where it gives one


@dataclass(frozen=True, slots=True, repr=False)
class TextIn:
    """A text message as the carrier hands it over; it shows nothing in a repr.

    `arrived_at` is when the carrier got it; None where it does not tell.
    """

    sid: str
    sender: str
    text: str
    media: int = 0
    arrived_at: datetime | None = None


class SmsGateway(Protocol):
    """A carrier of text messages. Each call is one try; nothing is kept or repeated."""

    @property
    def drops_late(self) -> bool:
        """Whether it drops a text that it could not deliver within `valid_for`."""
        ...

    def send(self, text: OutgoingText) -> Sent:
        """Send a text. Raises Refused, Ambiguous, Misconfigured."""
        ...

    def find(
        self,
        to: str,
        since: datetime,
        own_id: str | None = None,
        known: Collection[str] = (),
    ) -> Sent | None:
        """Return a text to a number that the carrier took since then, or None.

        It settles an `Ambiguous` sending. `known` holds the carrier's names of our
        other texts to that number, which are not meant. Raises Refused, Misconfigured.
        """
        ...

    def status(self, sid: str) -> Sent | None:
        """Return where a text stands by its name; None where the carrier has it not.

        Callbacks may be lost. Raises Refused, Misconfigured.
        """
        ...

    def redact(self, sid: str) -> None:
        """Empty the body that the carrier keeps. Raises Refused, Misconfigured."""
        ...

    def delete(self, sid: str) -> None:
        """Let the carrier forget a text; fine when it has. Raises as `redact`."""
        ...

    def received(self, number: str, since: datetime) -> Sequence[TextIn]:
        """Return the texts to a number of ours that it got since then and still keeps.

        A webhook that failed is not always called again. Raises as `redact`.
        """
        ...

    def doubts(self, number: str, hook: str) -> Sequence[str]:
        """Return what of a number's set-up is wrong, or can't be seen from here.

        Lines for whoever runs the site; `hook` is where its texts are to be handed in.
        Raises as `redact`.
        """
        ...
