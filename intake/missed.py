"""Windows that ended without a call: ours to answer for, never an attempt (S37)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.joining import tell
from intake.life import EventKind, record
from intake.models import Request, Window
from intake.office import Office
from intake.topics import Contact, State
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
