"""Seeing a request: each opening stands in the access log, with what it was for.

Nobody is asked why she opens one: the ground follows from what stands there already.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select

from intake import two_person
from intake.life import EventKind
from intake.models import Event, Request
from intake.queue import CHILD_CLOCK, Desktop, held_by, note
from intake.two_person import Opening
from intake.units import UnitKind

SAME_VISIT = timedelta(minutes=15)  # a page looked at again is one opening in the log


class Ground(StrEnum):
    """On what ground a member opened a request, the one that says most first.

    None tells of joining: that would tell another desk that there is one more (S31).
    """

    GLASS = "glass"  # alone, with a sealed reason (S32)
    TWO = "two"  # a colleague let her in (S32)
    HOLDS = "holds"
    FOUND = "found"  # she searched for its reference
    ON_CALL = "on-call"  # her only way to it is on-call
    UNREAD = "unread"  # somebody had to read it first (S38)
    COLLEAGUE = "colleague"  # it lies at her desk, and no more is known


def opened(
    desk: Desktop, request: Request, now: datetime, *, searched: bool = False
) -> None:
    """Log that the member saw the request, and start the child's clock (S26)."""
    marked = request.child_mark or request.under_18
    starts_clock = marked and request.child_due_at is None
    if starts_clock:
        request.child_due_at = now + CHILD_CLOCK
    way = _way_in(desk, request, now)
    # What starts a child's clock is always in the log, however soon again.
    if starts_clock or not _sees_it_still(desk, request, way, now):
        facts = {"opening": way.id} if way else {}
        why = _ground(desk, request, way, now, searched=searched)
        note(desk, request, EventKind.OPENED, now, why=why.value, **facts)


def found(desk: Desktop, request: Request, now: datetime) -> None:
    """Log that the member searched for a request; its page follows at once.

    Of one that takes two, its door is all that she sees.
    """
    if two_person.is_open(desk, request, now):
        opened(desk, request, now, searched=True)


def _ground(
    desk: Desktop,
    request: Request,
    way: Opening | None,
    now: datetime,
    *,
    searched: bool,
) -> Ground:
    grounds = {
        Ground.GLASS: way is not None and way.reason_id is not None,
        Ground.TWO: way is not None,
        Ground.HOLDS: held_by(request, now) is desk.member,
        Ground.FOUND: searched,
        Ground.ON_CALL: _is_on_call_alone(desk, request),
        Ground.UNREAD: request.unread_since is not None,
    }
    return next((one for one, is_so in grounds.items() if is_so), Ground.COLLEAGUE)


def _way_in(desk: Desktop, request: Request, now: datetime) -> Opening | None:
    """Return what lets her see a protected one now: a colleague, or the glass."""
    if not two_person.is_protected(request):
        return None
    newest = (
        select(Opening)
        .where(
            Opening.request_id == request.id,
            Opening.member_id == desk.member.id,
            Opening.ends_at > now,
            or_(Opening.approved_by.is_not(None), Opening.reason_id.is_not(None)),
        )
        .order_by(Opening.id.desc())
    )
    return desk.session.scalars(newest.limit(1)).first()


def _is_on_call_alone(desk: Desktop, request: Request) -> bool:
    sealed_to = {key.desk_id for key in request.keys}
    places = desk.member.memberships
    units = {p.desk.unit for p in places if p.box and p.desk_id in sealed_to}
    kinds = {desk.office.units[unit].kind for unit in units}
    return kinds == {UnitKind.ON_CALL}


def _sees_it_still(
    desk: Desktop, request: Request, way: Opening | None, now: datetime
) -> bool:
    """Say whether this is one visit with her last; another way in is another."""
    seen = (
        select(Event)
        .where(
            Event.request_id == request.id,
            Event.member_id == desk.member.id,
            Event.kind == EventKind.OPENED.value,
        )
        .order_by(Event.seq.desc())
    )
    last = desk.session.scalars(seen.limit(1)).first()
    if last is None or now - last.at >= SAME_VISIT:
        return False
    return way is None or last.data.get("opening") == way.id
