"""The access log of one desk: who saw what, when, why, and what she did with it.

Real names stand here and nowhere else (S35). A head of unit sees what her own keys
open, one desk at a time: the log is no way round the wall.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.log_checks import openings
from intake.models import Event
from intake.people import Desk
from intake.queue import Desktop
from intake.seeing import Ground
from intake.together import was_elsewhere

PAGE = 100  # openings a page


@dataclass(frozen=True, slots=True)
class LogLine:
    """One opening: of which request, by whom, when, why, and what she did that day."""

    event_id: int
    reference: str
    at: datetime
    real_name: str
    working_name: str
    did: tuple[EventKind, ...]  # nothing: she opened it and did no more
    ground: Ground | None = None  # a member's; the co-ordinator has a reason
    opening: int | None = None  # one that takes two: the row of her way in (S32)
    consultation: int | None = None  # the co-ordinator read it; its reason's row (S31)


def own_desks(desk: Desktop) -> list[Desk]:
    """Return the desks that the member holds a key to, by unit and side."""
    held = [place.desk for place in desk.member.memberships if place.box]
    return sorted(held, key=lambda one: (one.unit, one.side))


def own_desk(desk: Desktop, desk_id: int) -> Desk | None:
    """Return one of the member's own desks; None for any other."""
    return next((one for one in own_desks(desk) if one.id == desk_id), None)


def newest(session: Session, place: Desk, before: int | None = None) -> list[LogLine]:
    """Return a page of a desk's openings, the newest first, older than an event."""
    query = openings(place.id).order_by(Event.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Event.id < before)
    return lines(session, session.scalars(query))


def lines(session: Session, events: Iterable[Event]) -> list[LogLine]:
    """Return openings as the log shows them."""
    seen = list(events)
    did = _acts(session, seen)
    return [_line(event, did) for event in seen]


def _line(event: Event, acts: list[Event]) -> LogLine:
    member, why = event.member, event.data.get("why")
    did = [
        EventKind(act.kind)
        for act in acts
        if act.request_id == event.request_id
        and act.member_id == event.member_id
        and act.seq > event.seq
        and _day(act.at) == _day(event.at)
    ]
    return LogLine(
        event_id=event.id,
        reference=event.request.reference,
        at=event.at,
        real_name=member.real_name if member else "",
        working_name=member.working_name if member else "",
        did=tuple(dict.fromkeys(did)),
        ground=Ground(why) if why else None,
        opening=event.data.get("opening"),
        consultation=event.data.get("consultation"),
    )


def _acts(session: Session, seen: list[Event]) -> list[Event]:
    passive = (
        EventKind.OPENED.value,
        EventKind.CONSULTED.value,
        EventKind.CHECKED.value,
    )
    found = select(Event).where(
        Event.request_id.in_({event.request_id for event in seen}),
        Event.member_id.in_({event.member_id for event in seen}),
        Event.kind.not_in(passive),
        ~was_elsewhere(),
    )
    return list(session.scalars(found.order_by(Event.id)))


def _day(at: datetime) -> object:
    return at.astimezone(HOME_ZONE).date()
