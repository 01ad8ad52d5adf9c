"""Stops on a number, which hold in every unit: known by its keyed tag only (S16).

Some hold for good. Others hold until she returns: somebody else had the phone (S14), so
it is rung in no other request either, whichever side of the wall that lies on. What a
stop came from is told by neither.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake.life import EventKind
from intake.models import Event, Request, StoppedNumber
from intake.topics import Channel, Contact, Origin

_GIVES = (EventKind.WINDOWS, EventKind.NUMBER)  # new times, or a number


def is_stopped(session: Session, tag: bytes, request: Request) -> bool:
    """Say blindly whether a number must not be rung in a request (S16)."""
    row = session.get(StoppedNumber, tag)
    return row is not None and (
        not row.until_return or _holds_for(session, row, request)
    )


def is_paused(session: Session, tag: bytes, request: Request) -> bool:
    """Say whether it is stopped so that a head may lift it, for this request (S14)."""
    row = session.get(StoppedNumber, tag)
    return row is not None and row.until_return and _holds_for(session, row, request)


def stop_number(session: Session, tag: bytes, now: datetime) -> None:
    """Put a stop on a number that holds in all units."""
    _put(session, tag, now, until_return=False)


def pause_number(session: Session, tag: bytes, now: datetime) -> None:
    """Stop a number in all units until she returns, or a head lifts it there (S14).

    What came of the call holds for the request that it was made in.
    """
    _put(session, tag, now, until_return=True)


def _put(session: Session, tag: bytes, now: datetime, until_return: bool) -> None:
    row = session.get(StoppedNumber, tag, with_for_update=True)
    if row is None:
        try:
            with session.begin_nested():
                made = StoppedNumber(tag=tag, since=now, until_return=until_return)
                session.add(made)
        except IntegrityError:  # another unit did in the same moment
            row = session.get_one(StoppedNumber, tag, with_for_update=True)
    # A stop for good is never loosened.
    if row is not None and row.until_return:
        row.since, row.until_return = now, until_return
    session.flush()


def _holds_for(session: Session, row: StoppedNumber, request: Request) -> bool:
    # What staff joined is one person's (S8): what stops one binds the others already.
    head = request.joined_to_id or request.id
    hers = select(Request.id).where(
        or_(Request.id == head, Request.joined_to_id == head)
    )
    # Asked for anew: what came in this very moment counts.
    since = select(Event).where(Event.request_id.in_(hers), Event.at >= row.since)
    return not any(_ends(one, row.since) for one in session.scalars(since))


def _ends(event: Event, since: datetime) -> bool:
    """Say whether an event ends such a stop for its request.

    A text widens nothing (S20): somebody else may have written it on that phone.
    """
    if event.kind == EventKind.OUTCOME:
        # The call that it came from: from there on the request's own contact rules.
        return event.at >= since and "contact" in event.data
    if event.at <= since:
        return False
    if event.kind == EventKind.ARRIVED:
        return event.request.channel is not Channel.SMS
    if event.kind == EventKind.DECIDED:
        return bool(event.data.get("lifts_number"))
    by_her = event.kind in _GIVES and event.data.get("origin") != Origin.SMS
    return by_her and event.data.get("contact") == Contact.ALLOWED
