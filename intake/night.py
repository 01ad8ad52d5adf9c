"""Between the day and on-call: who looks after a request while its unit is closed.

On-call gets it as well, and the unit keeps it with its due times. In the morning it is
given back with what was done; until the day takes it, it stands on a list of its own.
"""

from datetime import datetime

from sqlalchemy import select

from intake.danger_stage import needs_disclosure
from intake.errors import NoDesk, NotAllowed
from intake.founding import holders
from intake.handover import FEWEST, check_may_go, has_avoid, in_circle
from intake.joining import mark_unread, tell
from intake.keyring import desk_of, give_keys
from intake.life import EventKind
from intake.models import Request
from intake.people import Desk
from intake.queue import Desktop, hold, note, seal_note
from intake.topics import Half, HandOverGround, State, Urgency
from intake.units import UnitKind


def is_with_on_call(desk: Desktop, request: Request) -> bool:
    """Say whether on-call can open it beside the unit in whose queue it lies."""
    units = {key.desk.unit for key in request.keys} - {request.unit}
    return any(desk.office.units[unit].kind is UnitKind.ON_CALL for unit in units)


def on_call_for(desk: Desktop, request: Request) -> Desk | None:
    """Return the on-call desk of its side that it can be given to, if there is one."""
    kinds = {key: unit.kind for key, unit in desk.office.units.items()}
    on_call = [key for key, kind in kinds.items() if kind is UnitKind.ON_CALL]
    found = select(Desk).where(Desk.unit.in_(on_call), Desk.side == request.side)
    at_day = kinds[request.unit] is UnitKind.DAY
    return desk.session.scalars(found.order_by(Desk.id)).first() if at_day else None


def must_wait(desk: Desktop, request: Request, now: datetime) -> bool:
    """Say whether it can't be given back yet: it is acute, and its unit has closed."""
    # On-call reads on what it closed for a unit that has ended since.
    unit = desk.office.units.get(request.unit)
    is_open = unit is not None and unit.calendar.is_open(now)
    return request.urgency is Urgency.ACUTE and not is_open


def to_on_call(
    desk: Desktop, request: Request, ground: HandOverGround, text: str, now: datetime
) -> None:
    """Give it to on-call as well, with what is to be done; its unit keeps it.

    Raises NotHeld, NoDesk, and NotAllowed: it has a ground as every hand-over, and
    what somebody must not see stays with those who were chosen (S29, S33).
    """
    hold(desk, request, now)
    target = on_call_for(desk, request)
    if target is None or is_with_on_call(desk, request):
        raise NotAllowed("not-to-on-call")
    if in_circle(request) or has_avoid(request):
        raise NotAllowed("avoid-on-call")
    check_may_go(desk, request, target, now)
    if not text.strip():
        raise NotAllowed("reason-missing")
    pairs = {half: desk.keyring.content_pair(request, half) for half in Half}
    give_keys(desk.session, request, (target,), pairs)
    seal_note(desk, request, text, now)
    request.holder_id = request.lease_until = None
    mark_unread(request, desk.office, now, [target.unit])
    note(desk, request, EventKind.TO_ON_CALL, now, ground=ground.value)
    tell(desk.session, request, (target.unit,), now)


def to_day(desk: Desktop, request: Request, text: str, now: datetime) -> None:
    """Give it back to the day, with what was done; on-call's keys fall.

    Raises NotHeld, NoDesk where fewer than two of the day can open it, and NotAllowed:
    what is acute stays with on-call until the day opens (S33). A child's decision may
    wait: the day had it before, and it is the day's to make.
    """
    hold(desk, request, now)
    if not is_with_on_call(desk, request):
        raise NotAllowed("not-from-on-call")
    _check_goes_back(desk, request, now)
    if not text.strip():
        raise NotAllowed("reason-missing")
    home = desk_of(desk.session, request.unit, request.side)
    if len(holders(desk.session, home)) < FEWEST:
        raise NoDesk(f"unit {home.unit} has too few members who can open it")
    seal_note(desk, request, text, now)
    for key in list(request.keys):
        if key.desk_id != home.id:
            desk.session.delete(key)
    desk.session.flush()
    desk.session.expire(request, ["keys"])
    request.holder_id = request.lease_until = None
    request.night_at = now
    mark_unread(request, desk.office, now)
    note(desk, request, EventKind.FROM_ON_CALL, now)
    tell(desk.session, request, (), now)


def _check_goes_back(desk: Desktop, request: Request, now: datetime) -> None:
    """Refuse to leave to the day what it can't look after, or on-call must end."""
    if request.state is State.CALLING:
        raise NotAllowed("call-without-outcome")
    if needs_disclosure(desk.session, request):
        raise NotAllowed("danger-undecided")
    if must_wait(desk, request, now):
        raise NotAllowed("urgent-to-closed")
