"""Which side of the wall a request belongs to, and moving it across (S30).

Both ways of moving take every other seal away, and tell the other side nothing but
what the request itself holds: no event, mark or note names another request.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from intake.apart import CLOSED_CIRCLE
from intake.arrivals import REFERENCE_SIGNS
from intake.errors import NoDesk, NotAllowed
from intake.founding import holders
from intake.handover import FEWEST, has_avoid, in_circle, reseal
from intake.joining import tell
from intake.life import EventKind
from intake.models import Request
from intake.people import Desk, Member
from intake.queue import Desktop, check_seen, hold, note, seal_note
from intake.routing import Facts, Route, at
from intake.topics import Audience, Mark, Position, Side, State, Urgency
from intake.units import UnitKind

# As it is searched for: with a hyphen, a space or neither. Looked at from each word on.
_HALF = rf"\b([{REFERENCE_SIGNS}]{{4}})"
_REFERENCE = re.compile(
    rf"(?={_HALF}(\s?[\u2010-\u2015-]?\s?)([{REFERENCE_SIGNS}]{{4}})\b)"
)
_MAY_HURT = Mark.MAY_BE_WHO_HURTS.value


def correct_side(
    desk: Desktop,
    request: Request,
    side: Side,
    reason: str,
    now: datetime,
    avoid_read: bool = False,
) -> None:
    """Let the holder put a request on the side that it belongs to, with a reason.

    The reason is sealed as a note that the new side reads. The first due time stays.
    `avoid_read` confirms, where someone who works there must not see it, that nobody
    such can where it goes (S29). Raises NotHeld, NotAllowed, NoDesk, SealBroken.
    """
    hold(desk, request, now)
    target = _checked(desk, request, side, reason, now, avoid_read)
    _correct(desk, request, target, reason, now)


def set_position(
    desk: Desktop,
    request: Request,
    position: Position | None,
    marks: Sequence[Mark],
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> bool:
    """Record what the person is found to be; says whether the request crossed the wall.

    A position that belongs on the other side moves the request there, with the reason
    that `correct_side` asks for, and raises what that raises.
    """
    hold(desk, request, now)
    # A mark that came by receipt meanwhile must not fall with a page from before it.
    check_seen(desk.session, request, seen)
    side, target = belongs(position, request), None
    if side is not request.side:
        target = _checked(desk, request, side, reason, now)
    request.position = position
    request.marks = sorted(mark.value for mark in marks)
    found, ticked = position and position.value, " ".join(request.marks)
    note(desk, request, EventKind.POSITION, now, position=found, marks=ticked)
    if target is not None:
        _correct(desk, request, target, reason, now)
    return target is not None


def mark_may_hurt(
    desk: Desktop, request: Request, now: datetime, avoid_read: bool = False
) -> None:
    """Let any member who can open it mark "may be the one who hurts" (S30).

    The request moves to another group of holders, whoever has it now, and no reason
    is asked for: in one, the other request would soon be named. Who marks may lose it.
    Raises NotAllowed, NoDesk, SealBroken.
    """
    desk.session.refresh(request, with_for_update=True)
    target = apart(desk, request, now)
    if has_avoid(request) and not avoid_read:
        raise NotAllowed("avoid-unread")
    _move(desk, request, target, EventKind.MARK, now, mark=_MAY_HURT)
    request.marks = sorted({*request.marks, _MAY_HURT})
    # What was found of a person exposed says nothing of who may be another.
    if belongs(request.position, request) is not request.side:
        request.position = None
    desk.session.flush()


def other(request: Request) -> Side:
    """Return the side of the wall that a request does not lie on."""
    return Side.HURT if request.side is Side.HURTS else Side.HURTS


def belongs(position: Position | None, request: Request) -> Side:
    """Return the side that a position puts a request on; its own where none is set."""
    if position is None:
        return request.side
    return Side.HURTS if position is Position.USES_VIOLENCE else Side.HURT


def across(desk: Desktop, request: Request, now: datetime) -> Desk:
    """Return where a corrected side leads: its own unit, else what routing names.

    Raises NotAllowed, NoDesk.
    """
    _may_move(request)
    units = [request.unit]
    if not in_circle(request):  # what must not be seen never leaves by a side (S29)
        units.append(_route(desk, request, other(request), now).unit)
    for target in _desks(desk, units, other(request)):
        if _can_take(desk, target):
            return target
    raise NoDesk("too few members can open the other side")


def apart(desk: Desktop, request: Request, now: datetime) -> Desk:
    """Return where "may be the one who hurts" leads: people who could not open it.

    In order: the unit's own desk for who hurts; the unit that routing names for that
    side; another day unit; the head and her deputy, who are always a group apart. A
    desk counts where at least two can open it who could not before: two desks of the
    same people are one group.
    A child's own request goes to no other day unit (S26), and what lies in the closed
    circle stays there (S29), on the other side. Raises NotAllowed, NoDesk.
    """
    _may_move(request)
    if _MAY_HURT in request.marks:
        raise NotAllowed("already-marked")  # a second press moves nothing again
    if in_circle(request):
        return next(_desks(desk, [CLOSED_CIRCLE], Side.HURTS))
    before = _could_open(desk, request)
    routed = _route(desk, request, Side.HURTS, now).unit
    units = (request.unit, routed, *_day_units(desk, request))
    for target in _desks(desk, units, Side.HURTS):
        if _can_take(desk, target, before):
            return target
    for target in _desks(desk, [CLOSED_CIRCLE], Side.HURTS):
        if _can_take(desk, target):
            return target
    raise NoDesk("nobody else can open the side of who hurts")


def _checked(
    desk: Desktop,
    request: Request,
    side: Side,
    reason: str,
    now: datetime,
    avoid_read: bool = False,
) -> Desk:
    """Return where a corrected side leads, once everything that it asks for is told."""
    if side is request.side:
        raise NotAllowed("same-side")
    if not reason.strip():
        raise NotAllowed("reason-missing")
    # The other side reads it: a reference in it would be the way from one to the other.
    if named(reason) - {request.reference}:
        raise NotAllowed("names-another")
    if has_avoid(request) and not avoid_read:
        raise NotAllowed("avoid-unread")
    return across(desk, request, now)


def named(reason: str) -> set[str]:
    """Return the references that a text names, however they are written."""
    found = set()
    for first, between, last in _REFERENCE.findall(reason.upper()):
        code = first + last
        # Words of four letters, and parts of numbers, stand beside each other too.
        mixed = not (code.isalpha() or code.isdigit())
        if mixed or between.strip():
            found.add(f"{first}-{last}")
    return found


def _correct(
    desk: Desktop, request: Request, target: Desk, reason: str, now: datetime
) -> None:
    _move(desk, request, target, EventKind.SIDE, now)
    seal_note(desk, request, reason, now)
    hurts = request.side is Side.HURTS
    if belongs(request.position, request) is not request.side:
        # Who does not use violence may be anybody; who is found to, is that.
        request.position = Position.USES_VIOLENCE if hurts else None
    if not hurts:
        request.marks = [mark for mark in request.marks if mark != _MAY_HURT]
    desk.session.flush()


def _move(
    desk: Desktop,
    request: Request,
    target: Desk,
    kind: EventKind,
    now: datetime,
    **facts: str,
) -> None:
    besides = _could_open(desk, request) if kind is EventKind.MARK else ()
    night = _readers_at_night(desk, request, target, besides, now)
    went = {"left": request.unit, "unit": target.unit, "side": target.side.value}
    reseal(desk, request, (target, *night), now)
    note(desk, request, kind, now, **went, **facts)
    tell(desk.session, request, tuple(more.unit for more in night), now)


def _may_move(request: Request) -> None:
    if request.state is State.CALLING:
        raise NotAllowed("call-without-outcome")
    if request.state is State.CLOSED:
        raise NotAllowed("closed")


def _readers_at_night(
    desk: Desktop,
    request: Request,
    target: Desk,
    besides: Iterable[Member],
    now: datetime,
) -> list[Desk]:
    """Return who reads what is acute while the unit that it goes to has closed.

    As on arrival, that is on-call on the same side; never where someone who works here
    must not see it (S29). Raises NotAllowed when those who read it now would be the
    last ones to (S33).
    """

    def is_open(unit: str) -> bool:
        return desk.office.units[unit].calendar.is_open(now)

    if request.urgency is not Urgency.ACUTE or is_open(target.unit):
        return []
    also = _route(desk, request, target.side, now).also
    if has_avoid(request) or target.unit == CLOSED_CIRCLE:
        also = ()
    found = [
        more
        for more in _desks(desk, filter(is_open, also), target.side)
        if more.id != target.id and _can_take(desk, more, besides)
    ]
    if not found and any(is_open(key.desk.unit) for key in request.keys):
        raise NotAllowed("urgent-to-closed")
    return found


def _route(desk: Desktop, request: Request, side: Side, now: datetime) -> Route:
    """Return where the request would go if it came now, by somebody of a side."""
    said = request.audience
    if Side.of(said) is not side:
        said = Audience.USES_VIOLENCE if side is Side.HURTS else Audience.EXPOSED
    facts = Facts(said, request.under_18, request.urgency, False, request.language)
    office = desk.office
    return office.rules.route(at(office.rules, office.units, facts, now))


def _day_units(desk: Desktop, request: Request) -> list[str]:
    """Return the day units that may have it; from the end, where reception stands."""
    units = reversed(list(desk.office.units.values()))
    days = [unit.key for unit in units if unit.kind is UnitKind.DAY]
    return [] if request.under_18 else [key for key in days if key != "children"]


def _desks(desk: Desktop, units: Iterable[str], side: Side) -> Iterator[Desk]:
    """Yield the units' desks for a side, in the units' order, where there is one."""
    for unit in units:
        found = select(Desk).where(Desk.unit == unit, Desk.side == side)
        yield from desk.session.scalars(found)


def _can_take(desk: Desktop, target: Desk, besides: Iterable[Member] = ()) -> bool:
    return len(set(holders(desk.session, target)).difference(besides)) >= FEWEST


def _could_open(desk: Desktop, request: Request) -> set[Member]:
    desks = {key.desk for key in request.keys}
    return {one for place in desks for one in holders(desk.session, place)}
