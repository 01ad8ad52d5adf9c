"""Danger to life: the heads are told at once, and what is disclosed is decided (S24).

The decision stands in the chain: to whom, whether, by which law, who and when. Its
reason is sealed with the request, and stays on its side of the wall.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.alerts import alert_heads
from intake.danger_stage import Stage, needs_disclosure, stage
from intake.errors import NotAllowed
from intake.joining import tell
from intake.life import EventKind
from intake.models import Request
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


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was decided: to whom, whether it was told, by which law, and why."""

    to: Recipient
    told: bool
    law: Law
    reason: str


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
