"""A receipt given by voice: it ends after 48 hours, and only the word replaces it (S6).

Nobody reads a number out again. In a call that we placed, after her word, a new one
takes the place of every number that she had.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from intake.aftercall import check_talk, talked
from intake.arrivals import Token
from intake.envelopes import open_door
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Door, Event, Request, Sending
from intake.outcomes import Outcome
from intake.queue import Desktop, note
from intake.receipts import ReceiptKey
from intake.returning import close_doors
from intake.topics import Half

LASTS = timedelta(hours=48)


def give_by_voice(desk: Desktop, request: Request, door: Door, now: datetime) -> None:
    """Let a door that was just opened end as one whose number is read out does."""
    door.by_voice, door.ends_at = True, now + LASTS
    note(desk, request, EventKind.VOICE_RECEIPT, now)


def word_came(desk: Desktop, request: Request) -> bool:
    """Say whether her word came in the member's own last call, so that it may go on.

    Where no word was agreed, anybody can say that she wrote: that is not enough here.
    """
    if not talked(desk, request):
        return False
    last = desk.session.scalars(
        select(Event)
        .where(Event.request_id == request.id, Event.kind == EventKind.OUTCOME)
        .order_by(Event.seq.desc())
        .limit(1)
    ).one()
    return Outcome(last.data["outcome"]) is Outcome.WORD_CAME


def check_word(desk: Desktop, request: Request, now: datetime) -> None:
    """Renew the hold of who made the call in which her word came.

    Raises NotHeld and NotAllowed.
    """
    check_talk(desk, request, now)
    if not word_came(desk, request):
        raise NotAllowed("word-first")


def replace_lost(
    desk: Desktop, request: Request, token: Token, receipt: ReceiptKey, now: datetime
) -> Sending:
    """Close every door and open a new one; pressed twice it opens one.

    Raises NotHeld, and NotAllowed when her word did not come in a call of ours.
    """
    check_word(desk, request, now)
    spent = desk.session.get(Sending, token.token_hash)
    if spent is not None:
        return spent
    # Who has found the lost number reads no more from here on.
    close_doors(desk.session, request, now)
    secret = desk.keyring.content_pair(request, Half.ANSWER).secret
    door = open_door(desk.session, request, receipt, secret, now + LASTS)
    desk.session.expire(request, ["doors"])
    note(desk, request, EventKind.VOICE_RECEIPT, now)
    spent = Sending(
        token_hash=token.token_hash,
        content_hash=token.content_hash,
        request_id=request.id,
        door_id=door.id,
        sent_at=now,
    )
    desk.session.add(spent)
    desk.session.flush()
    return spent


def voice_door(request: Request) -> Door | None:
    """Return the last door whose number was given by voice, ended or not."""
    spoken = [one for one in request.doors if one.by_voice and one.closed_at is None]
    return spoken[-1] if spoken else None
