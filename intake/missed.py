"""Windows that ended without a call: ours to answer for, never an attempt (S37).

Each is raised to the heads in person: they are alerted, and it stands on their Today
until one of them has taken note of it.
"""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from intake import together
from intake.alerts import alert_heads
from intake.errors import NotAllowed
from intake.heads import answers_for
from intake.joining import tell
from intake.life import EventKind, record
from intake.models import Request, Window
from intake.office import Office
from intake.queue import Desktop, note, visible
from intake.topics import Contact, Side, State
from intake.windows import is_waiting, refresh, waits


def ended_uncalled(session: Session, now: datetime) -> list[int]:
    """Return the ids of the requests with a window that ended uncalled."""
    found = (
        select(Request.id)
        .join(Window, Window.request_id == Request.id)
        .where(
            Window.ends_at <= now,
            waits(),
            Request.state.not_in((State.CLOSED, State.TAKEN_BACK)),
        )
        .distinct()
    )
    return list(session.scalars(found))


def mark_missed(
    session: Session, office: Office, request_id: int, now: datetime
) -> None:
    """Mark a request's windows that ended uncalled; tell the unit, and its heads.

    Where nobody was allowed to call, or she was rung there for what it is joined with,
    nothing was missed: the window is only over.
    """
    # Locked, then looked at again: a call may have started since it was found.
    request = session.get_one(Request, request_id, with_for_update=True)
    over = [
        window
        for window in request.windows
        if window.ends_at <= now and is_waiting(window, request.windows)
    ]
    stopped = request.contact is not Contact.ALLOWED
    stopped = stopped or together.is_stopped_beside(session, request)
    missed = []
    for window in over:
        if stopped or together.was_rung_within(session, request, window):
            window.withdrawn_at = now
            continue
        missed.append(window)
        window.missed_at = now
        record(session, request, EventKind.MISSED, office.signer, now, window=window.id)
    refresh(session, request)
    if missed:
        tell(session, request, (), now)
        alert_heads(session, office, request, now)


def raised(desk: Desktop, side: Side) -> list[Window]:
    """Return what of one side was missed and waits for the member to take note."""
    found = _raised(desk).where(Request.side == side)
    return list(desk.session.scalars(found.order_by(Window.ends_at, Window.id)))


def count_raised(desk: Desktop) -> dict[Side, int]:
    """Return how much of each side `raised` would tell."""
    counted = _raised(desk).with_only_columns(Request.side, func.count())
    rows = desk.session.execute(counted.group_by(Request.side)).all()
    return {row[0]: row[1] for row in rows}


def take_note(desk: Desktop, window: Window, now: datetime) -> None:
    """Sign that a head knows of a missed window. Raises NotAllowed."""
    desk.session.refresh(window, with_for_update=True)
    if window not in raised(desk, window.request.side):
        raise NotAllowed("missed-seen")
    window.missed_seen_by = desk.member.id
    note(desk, window.request, EventKind.MISSED_SEEN, now, window=window.id)


def _raised(desk: Desktop) -> Select[Window]:
    mine = visible(desk.member.id).with_only_columns(Request.id)
    return (
        select(Window)
        .join(Request, Request.id == Window.request_id)
        .where(
            Window.missed_at.is_not(None),
            Window.missed_seen_by.is_(None),
            Request.id.in_(mine),
            answers_for(desk, Request.id),
        )
    )
