"""A child's protection assessment: it begins at first reading, and is made (S27).

That it was made stands among the assessments; what it found stays in the case file.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from intake.assessments import AssessmentRow, Method
from intake.life import EventKind
from intake.models import Event, Request


def begun_at(session: Session, request: Request) -> datetime | None:
    """Return when a child's own request was first read; None for any other."""
    if not request.under_18:
        return None
    reads = select(Event.at).where(
        Event.request_id == request.id, Event.kind == EventKind.READ.value
    )
    return session.scalars(reads.order_by(Event.seq).limit(1)).first()


def is_missing(session: Session, request: Request) -> bool:
    """Say whether a child's assessment has still to be made."""
    return request.under_18 and not session.scalar(select(_made(request.id)))


def lacks() -> ColumnElement[bool]:
    """Return the same, for a query about requests."""
    return Request.under_18 & ~_made(Request.id)


def _made(request_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(
        AssessmentRow.request_id == request_id,
        AssessmentRow.method == Method.PROTECTION,
    )
