"""What waits at the desk: every open request in exactly one pile, the soonest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from intake.decisions import needs_child_decision
from intake.life import EventKind
from intake.models import Event, Request, Window
from intake.outcomes import CONSEQUENCES, Outcome
from intake.people import Member
from intake.queue import ENDED, held_by, visible
from intake.topics import Contact, Side, State, Urgency
from intake.windows import LAST_CALL, is_waiting, open_window

_TOUCHED = (EventKind.ANSWERED, EventKind.OUTCOME, EventKind.DECIDED)


class Pile(StrEnum):
    """The piles of the desk, in the order in which they are shown (S38 puts one first).

    A request lies in the first of them that fits, so that no one is counted twice.
    """

    UNREAD = "unread"
    MINE = "mine"
    CALLABLE = "callable"  # may be called now, the end of its window soonest first
    LATE = "late"  # past its due time, or a window ended uncalled (S37)
    DECISION = "decision"
    COMING = "coming"
    ONGOING = "ongoing"  # read, answered, and nothing due
    TAKEN_BACK = "taken-back"
    ASIDE = "aside"  # over a limit (S36)


@dataclass(frozen=True, slots=True)
class Row:
    """One request as the lists show it; never its topic, text or number (S35)."""

    request: Request
    pile: Pile
    holder: str  # working name, or nothing
    due: datetime | None  # when somebody must have read or answered it
    is_late: bool
    is_missed: bool  # a window ended uncalled, and nothing came of it since (S37)
    window: Window | None  # the next one in which she may be called
    window_is_open: bool


@dataclass(frozen=True, slots=True)
class Today:
    """One side's piles, and the children of whom nothing is decided yet (S26)."""

    piles: Mapping[Pile, list[Row]]
    children: list[Row]


@dataclass(frozen=True, slots=True)
class _Touch:
    last: datetime  # when staff last reached or answered her, tried to, or decided
    stops_clock: bool = False


def sides_of(member: Member) -> list[Side]:
    """Return the sides that a member holds keys to; they are never listed together."""
    held = {place.desk.side for place in member.memberships if place.box}
    return [side for side in Side if side in held]


def count_unread(session: Session, member: Member, side: Side) -> int:
    """Return how many requests of a side nobody has read yet (S38).

    What was set aside is counted apart, but for danger now, which a machine's look
    must not hide (S36).
    """
    mine = visible(member.id).where(
        Request.side == side,
        Request.unread_since.is_not(None),
        or_(Request.set_aside.is_(False), Request.urgency == Urgency.ACUTE),
    )
    counted = session.scalar(select(func.count()).select_from(mine.subquery()))
    return counted or 0


def today(session: Session, member: Member, side: Side, now: datetime) -> Today:
    """Lay out everything of one side that the member may see and that is not closed."""
    mine = visible(member.id).where(Request.state.not_in(ENDED), Request.side == side)
    requests = session.scalars(
        mine.options(selectinload(Request.windows), joinedload(Request.holder))
    ).all()
    touches = _touches(session, [request.id for request in requests])
    rows = [_row(request, member, touches.get(request.id), now) for request in requests]
    rows.sort(key=_soonest)
    return Today(
        piles={
            pile: [row for row in rows if row.pile is pile] for pile in _order(rows)
        },
        children=sorted(filter(_lacks_child_decision, rows), key=_child_due),
    )


def _order(rows: Iterable[Row]) -> list[Pile]:
    """Return the piles in their order; one that holds danger unread stands first."""
    burns = any(row.pile is Pile.ASIDE and _is_acute_unread(row) for row in rows)
    return sorted(Pile, key=lambda pile: pile is not Pile.ASIDE) if burns else [*Pile]


def _touches(session: Session, ids: Iterable[int]) -> dict[int, _Touch]:
    events = session.execute(
        select(Event.request_id, Event.kind, Event.at, Event.data).where(
            Event.request_id.in_(list(ids)), Event.kind.in_(_TOUCHED)
        )
    )
    found: dict[int, _Touch] = {}
    for event in events:
        stops = event.kind == EventKind.ANSWERED or _reached(event.data)
        before = found.get(event.request_id, _Touch(event.at))
        found[event.request_id] = _Touch(
            max(before.last, event.at), before.stops_clock or stops
        )
    return found


def _reached(data: Mapping[str, object]) -> bool:
    outcome = data.get("outcome")
    return outcome is not None and CONSEQUENCES[Outcome(str(outcome))].stops_clock


def _row(request: Request, member: Member, touch: _Touch | None, now: datetime) -> Row:
    holder = held_by(request, now)
    is_open = open_window(request, now) is not None
    return Row(
        request=request,
        pile=_pile(request, holder is member, touch, now),
        holder=holder.working_name if holder else "",
        due=_due(request, touch),
        is_late=_is_late(request, touch, now),
        is_missed=_was_missed(request, touch, now),
        window=_next_window(request, now),
        window_is_open=is_open and _may_ring(request),
    )


def _pile(request: Request, is_mine: bool, touch: _Touch | None, now: datetime) -> Pile:
    checks = {
        Pile.ASIDE: request.set_aside,
        Pile.UNREAD: request.unread_since is not None,
        Pile.MINE: is_mine,
        Pile.TAKEN_BACK: request.contact is Contact.TAKEN_BACK,
        Pile.DECISION: request.state is State.DECISION,
        Pile.CALLABLE: _may_ring(request) and open_window(request, now) is not None,
        Pile.LATE: _is_late(request, touch, now) or _was_missed(request, touch, now),
        Pile.COMING: _next_window(request, now) is not None,
    }
    return next((pile for pile, fits in checks.items() if fits), Pile.ONGOING)


def _may_ring(request: Request) -> bool:
    return request.contact is Contact.ALLOWED and request.state in (
        State.UNREAD,
        State.OPEN,
    )


def _due(request: Request, touch: _Touch | None) -> datetime | None:
    if request.unread_since is not None:
        return request.reading_due_at
    return None if touch and touch.stops_clock else request.due_at


def _is_late(request: Request, touch: _Touch | None, now: datetime) -> bool:
    due = _due(request, touch)
    return due is not None and due <= now


def _was_missed(request: Request, touch: _Touch | None, now: datetime) -> bool:
    """Say whether a window ended, or is about to, without a call, and none came since.

    The worker marks them; what it has not marked yet is missed all the same.
    """
    if request.contact is not Contact.ALLOWED:
        return False
    over = [
        window.ends_at
        for window in request.windows
        if window.missed_at
        or (is_waiting(window, request.windows) and window.ends_at - LAST_CALL <= now)
    ]
    return bool(over) and (touch is None or touch.last < max(over))


def _next_window(request: Request, now: datetime) -> Window | None:
    if request.contact is not Contact.ALLOWED:
        return None
    waiting = [
        window
        for window in request.windows
        if is_waiting(window, request.windows) and window.ends_at - LAST_CALL > now
    ]
    return min(waiting, key=lambda window: window.ends_at, default=None)


def _soonest(row: Row) -> tuple[bool, datetime, int]:
    """Sort by end of window or due time (S37), but what is acute and unread first."""
    times = [row.due, row.window and row.window.ends_at]
    request = row.request
    soonest = min((time for time in times if time), default=request.due_at)
    return not _is_acute_unread(row), soonest, request.id


def _is_acute_unread(row: Row) -> bool:
    request = row.request
    return request.unread_since is not None and request.urgency is Urgency.ACUTE


def _lacks_child_decision(row: Row) -> bool:
    return needs_child_decision(row.request) and row.request.child_due_at is not None


def _child_due(row: Row) -> datetime:
    return row.request.child_due_at or row.request.due_at
