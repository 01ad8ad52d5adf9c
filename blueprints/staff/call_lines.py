"""What staff say in a call, word for word, in her language and in Swedish (S10)."""

from dataclasses import dataclass

from intake.models import Number, Request
from intake.safe_contact import SafeContact
from intake.sms.texts import HOME_LOCALE, Texts
from intake.topics import Channel

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one call; `message` is what may be left on a voicemail.

    Without one, ringing ends before the voicemail answers (S12).
    """

    opening: Pair
    neutral: Pair
    cover: Pair
    message: Pair | None


def lines(
    texts: Texts, request: Request, safe: SafeContact, number: Number | None
) -> Lines:
    """Return what is said to who answers, and to her voicemail where she allows it."""
    kind, hers, ours = safe.opening, request.language, HOME_LOCALE
    # A tick counts on a number that a call has confirmed, and not after a text: that
    # may have been another's (S11, S21).
    is_hers = number is not None and number.confirmed_at is not None
    may_leave = safe.voicemail and is_hers and request.channel is not Channel.SMS
    later = texts.text("later", kind, hers), texts.text("later", kind, ours)
    return Lines(
        opening=(texts.opening_line(kind, hers), texts.opening_line(kind, ours)),
        neutral=(texts.neutral_line(hers), texts.neutral_line(ours)),
        cover=(texts.cover_line(hers), texts.cover_line(ours)),
        message=later if may_leave else None,
    )
