"""How far a danger to life has come: marked, and what is disclosed decided (S24).

Apart from what marks and decides it, so that the queue can ask as well.
"""

from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.life import EventKind
from intake.models import Event, Request


class Stage(StrEnum):
    """How far a danger to life has come in a request."""

    UNMARKED = "unmarked"
    UNDECIDED = "undecided"
    DECIDED = "decided"


def stage(session: Session, request: Request) -> Stage:
    """Return how far it has come; a mark set after a decision asks for another."""
    marked = _last(session, request, EventKind.DANGER)
    if not marked:
        return Stage.UNMARKED
    decided = _last(session, request, EventKind.DISCLOSURE)
    return Stage.DECIDED if decided > marked else Stage.UNDECIDED


def needs_disclosure(session: Session, request: Request) -> bool:
    """Say whether a decision is missing; without it nothing closes or changes hands."""
    return stage(session, request) is Stage.UNDECIDED


def _last(session: Session, request: Request, kind: EventKind) -> int:
    found = select(func.max(Event.seq)).where(
        Event.request_id == request.id, Event.kind == kind.value
    )
    return session.scalar(found) or 0
