"""Danger to life: the heads are told at once, and what is disclosed is decided (S24).

The decision stands in the chain: to whom, whether, by which law, who and when. Its
reason is sealed with the request, and stays on its side of the wall.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.alerts import alert_heads
from intake.errors import NotAllowed
from intake.joining import tell
from intake.life import EventKind
from intake.models import Event, Request
from intake.queue import Desktop, hold, note, seal_note
from intake.topics import State, Urgency


class Recipient(StrEnum):
    """To whom something was to be disclosed."""

    EMERGENCY = "emergency"  # 112
    POLICE = "police"
    HEALTH = "health"


class Law(StrEnum):
    """On what ground it was disclosed, or was not."""

    CONSENT = "consent"
    PREVENT = "prevent"
    CHILD_CRIME = "child-crime"
    CRIME = "crime"
    NECESSITY = "necessity"
    SECRECY = "secrecy"  # the only ground that forbids
    OTHER = "other"


class Stage(StrEnum):
    """How far a danger to life has come in a request."""

    UNMARKED = "unmarked"
    UNDECIDED = "undecided"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was decided: to whom, whether it was told, by which law, and why."""

    to: Recipient
    told: bool
    law: Law
    reason: str


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


def mark_danger(desk: Desktop, request: Request, now: datetime) -> None:
    """Mark danger to life, by any member who can read it; the heads are alerted now.

    Raises NotAllowed when it is closed, or marked and undecided already.
    """
    desk.session.refresh(request, with_for_update=True)
    if request.state is State.CLOSED:
        raise NotAllowed("closed")
    if needs_disclosure(desk.session, request):
        raise NotAllowed("danger-marked")
    request.urgency = Urgency.ACUTE
    note(desk, request, EventKind.DANGER, now)
    alert_heads(desk.session, desk.office, request, now)
    tell(desk.session, request, (), now)


def decide_disclosure(
    desk: Desktop, request: Request, decided: Disclosure, now: datetime
) -> None:
    """Log what was disclosed, or that nothing was. Raises NotHeld, NotAllowed.

    There may be several, for 112, the police and health care each its own.
    """
    hold(desk, request, now)
    if stage(desk.session, request) is Stage.UNMARKED:
        raise NotAllowed("no-danger")
    if not decided.reason.strip():
        raise NotAllowed("reason-missing")
    if decided.told and decided.law is Law.SECRECY:
        raise NotAllowed("secrecy-forbids")
    seal_note(desk, request, decided.reason, now)
    note(
        desk,
        request,
        EventKind.DISCLOSURE,
        now,
        to=decided.to.value,
        told=decided.told,
        law=decided.law.value,
    )


def _last(session: Session, request: Request, kind: EventKind) -> int:
    found = select(func.max(Event.seq)).where(
        Event.request_id == request.id, Event.kind == kind.value
    )
    return session.scalar(found) or 0
