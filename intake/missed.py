"""Windows that ended without a call: ours to answer for, never an attempt (S37)."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from intake.joining import tell
from intake.life import EventKind, record
from intake.models import Request, Window
from intake.office import Office
from intake.topics import Contact, State
from intake.windows import is_waiting, refresh


def ended_uncalled(session: Session, now: datetime) -> list[int]:
    """Return the ids of the requests with a window that ended uncalled."""
    found = (
        select(Request.id)
        .join(Window, Window.request_id == Request.id)
        .where(
            Window.ends_at <= now,
            Window.rung_at.is_(None),
            Window.missed_at.is_(None),
            Window.withdrawn_at.is_(None),
            Request.state.not_in((State.CLOSED, State.TAKEN_BACK)),
            ~_was_answered_for(),
        )
        .distinct()
    )
    return list(session.scalars(found))


def mark_missed(
    session: Session, office: Office, request_id: int, now: datetime
) -> None:
    """Mark a request's windows that ended uncalled, and tell the unit at once.

    Where nobody was allowed to call, nothing was missed: the window is only over.
    """
    # Locked, then looked at again: a call may have started since it was found.
    request = session.get_one(Request, request_id, with_for_update=True)
    over = [
        window
        for window in request.windows
        if window.ends_at <= now and is_waiting(window, request.windows)
    ]
    if request.contact is not Contact.ALLOWED:
        for window in over:
            window.withdrawn_at = now
        refresh(session, request)
        return
    for window in over:
        window.missed_at = now
        record(session, request, EventKind.MISSED, office.signer, now, window=window.id)
    refresh(session, request)
    if over:
        tell(session, request, (), now)


def _was_answered_for() -> ColumnElement[bool]:
    """Say in SQL that another window of the same text was rung (S21)."""
    sibling = aliased(Window)
    return and_(
        Window.series.is_not(None),
        exists().where(
            sibling.request_id == Window.request_id,
            sibling.series == Window.series,
            sibling.rung_at.is_not(None),
        ),
    )
