"""Where somebody was guided on to, and how a request ended: keys for the figures.

To guide on is to say where she can turn. Nothing about her leaves the house by it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from intake.errors import NotAllowed
from intake.guide import uses_violence
from intake.life import EventKind
from intake.models import Event, Request
from intake.queue import Desktop, hold, note, seal_note


class Whither(StrEnum):
    """Where somebody can be guided on to."""

    OWN_UNIT = "own-unit"  # another unit of the municipality
    INCOME = "income"
    OTHER_TOWN = "other-town"
    POLICE = "police"
    HEALTH = "health"
    SHELTER = "shelter"
    HELP_LINE = "help-line"
    WITNESS = "witness"  # support for victims of crime and witnesses
    LAWYER = "lawyer"
    STOPPING = "stopping"  # help to stop using violence
    SCHOOL = "school"
    OTHER = "other"


class Ending(StrEnum):
    """How a request ended."""

    HELPED = "helped"
    GUIDED = "guided"
    UNREACHED = "unreached"
    DECLINED = "declined"
    NOTHING = "nothing"  # nothing that social services can do


@dataclass(frozen=True, slots=True)
class Guided:
    """Where she was guided on to, and what was said of it, which is sealed."""

    to: Whither
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended; one that was guided on says where to, here or before."""

    how: Ending
    guided: Guided | None = None


def guide_on(desk: Desktop, request: Request, guided: Guided, now: datetime) -> None:
    """Record where she was guided on to. Raises NotHeld and NotAllowed."""
    hold(desk, request, now)
    if guided.to not in ways_on(request):
        raise NotAllowed("not-for-who-uses")
    if guided.to is Whither.OTHER and not guided.text.strip():
        raise NotAllowed("reason-missing")
    seal_note(desk, request, guided.text, now)
    note(desk, request, EventKind.GUIDED, now, whither=guided.to.value)


def end(desk: Desktop, request: Request, ended: Ended, now: datetime) -> None:
    """Record what an end needs beside itself. Raises as `guide_on` does."""
    if ended.guided:
        guide_on(desk, request, ended.guided, now)
    if ended.how is Ending.GUIDED and not was_guided(desk.session, request):
        raise NotAllowed("guided-where")


def was_guided(session: Session, request: Request) -> bool:
    """Say whether it stands somewhere in its life where she was guided on to."""
    found = exists().where(
        Event.request_id == request.id, Event.kind == EventKind.GUIDED.value
    )
    return bool(session.scalar(select(found)))


def ways_on(request: Request) -> list[Whither]:
    """Return where the person can be guided on to.

    Where somebody who uses violence is, no way leads to where the other one may hide.
    """
    hidden = {Whither.SHELTER} if uses_violence(request) else set()
    return [one for one in Whither if one not in hidden]
