"""Requests that staff joined (S8): which belong together, and what of one binds all.

A later request points to the first, and stays all that it is: its number, windows, keys
and receipt are its own. Here is only what must hold for one of them because of another.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from intake.envelopes import current_number
from intake.life import EventKind
from intake.models import Event, Request, Window
from intake.people import Member
from intake.topics import Contact, State

MOVES = (EventKind.HANDED_OVER, EventKind.SIDE, EventKind.MARK)
JOINS = (EventKind.UNITED, EventKind.PARTED)
# Nothing was said against contact: a stop in one request holds for all of them.
UNBOUND = (Contact.ALLOWED, Contact.NOT_ASKED)


def others(session: Session, request: Request) -> list[Request]:
    """Return what was joined with a request, as it stands now, the first one first."""
    head = request.joined_to_id or request.id
    found = (
        select(Request)
        .where(
            or_(Request.id == head, Request.joined_to_id == head),
            Request.id != request.id,
        )
        .order_by(Request.id)
        # A stop that came to another one since must be seen by who is about to call.
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(found))


def locks(session: Session, request: Request) -> list[str]:
    """Return why, on account of what it is joined with, nobody may be contacted."""
    beside = others(session, request)
    checks = {
        "joined-contact": any(one.contact not in UNBOUND for one in beside),
        "joined-calling": any(one.state is State.CALLING for one in beside),
        "joined-decision": any(one.state is State.DECISION for one in beside),
    }
    return [reason for reason, locked in checks.items() if locked]


def is_stopped_beside(session: Session, request: Request) -> bool:
    """Say whether contact is stopped in something that it is joined with."""
    return "joined-contact" in locks(session, request)


def was_rung_beside(session: Session, request: Request, now: datetime) -> bool:
    """Say whether one joined with it was rung in a time that is not over yet.

    The same hour may have been asked for in both: she is rung once in it (S13).
    """
    return any(
        window.rung_at is not None and window.starts_at <= now < window.ends_at
        for one in others(session, request)
        for window in one.windows
    )


def of_same_number(session: Session, request: Request) -> list[Request]:
    """Return what it is joined with and has the very number that stands in it (S22)."""
    number = current_number(request)
    if number is None or number.tag is None:
        return []
    return [one for one in others(session, request) if _tag(one) == number.tag]


def was_rung_within(session: Session, request: Request, window: Window) -> bool:
    """Say whether her very number was rung in a time, in what it is joined with."""
    return any(
        one.rung_at is not None and window.starts_at <= one.rung_at < window.ends_at
        for other in of_same_number(session, request)
        for one in other.windows
    )


def is_unconfirmed_beside(session: Session, request: Request) -> bool:
    """Say whether its number stands unconfirmed in one that it is joined with (S11)."""
    numbers = map(current_number, of_same_number(session, request))
    return any(number and number.confirmed_at is None for number in numbers)


def was_elsewhere() -> ColumnElement[bool]:
    """Say in SQL which events tell of joining at a desk that a request has left.

    They tell that there is another of the person's, and nothing may lead there (S30,
    S31).
    """
    move = aliased(Event)
    left = exists().where(
        move.request_id == Event.request_id,
        move.kind.in_(MOVES),
        move.seq > Event.seq,
    )
    return and_(Event.kind.in_(JOINS), left)


def wait_in_line(session: Session, *requests: Request) -> None:
    """Let whoever acts on one of them act alone, until this transaction ends.

    The first of what was joined is locked, and always before its later ones: two who
    begin at either end wait for each other in one direction only.
    """
    own = [one.id for one in requests]
    # As it stands now: it may have been joined since it was read.
    found = select(Request.joined_to_id).where(Request.id.in_(own))
    heads = {head for head in session.scalars(found) if head is not None}
    # In a statement of its own: what comes after sees what the one before has done.
    session.execute(
        select(Request.id)
        .where(Request.id.in_({*own, *heads}))
        .order_by(Request.arrived_at, Request.id)
        .with_for_update()
    )


def free_beside(member_id: int, now: datetime) -> ColumnElement[bool]:
    """Say in SQL that nobody else holds what a request is joined with.

    Two who each hold one of them would ring the same person.
    """
    other = aliased(Request)
    alive = or_(other.state == State.CALLING, other.lease_until > now)
    joined = or_(
        other.id == Request.joined_to_id,
        other.joined_to_id == Request.id,
        other.joined_to_id == Request.joined_to_id,
    )
    held = select(other.id).where(
        joined, other.id != Request.id, other.holder_id != member_id, alive
    )
    return ~held.correlate(Request).exists()


def holder_beside(
    every: Iterable[Request], member: Member, now: datetime
) -> Member | None:
    """Return who else holds one of some requests."""
    for one in every:
        alive = one.lease_until is not None and one.lease_until > now
        if (alive or one.state is State.CALLING) and one.holder is not member:
            return one.holder
    return None


def _tag(request: Request) -> bytes | None:
    number = current_number(request)
    return number.tag if number else None
