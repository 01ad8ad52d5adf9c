"""Windows: the dated times in which she may be called, with reserved places (S37)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from intake.hours import HOME_ZONE, Slot
from intake.models import Request, Window
from intake.topics import Origin
from intake.units import Unit

LAST_CALL = timedelta(minutes=15)  # no call starts in a window's last 15 minutes (S12)
_TRIES = 5  # lost races for a place, before it counts as full


class SlotFull(Exception):
    """The last place of a window was taken by somebody else."""

    def __init__(self, slot: Slot) -> None:
        super().__init__("the window is full")
        self.slot = slot


def reserve(
    session: Session,
    units: Mapping[str, Unit],
    request: Request,
    slots: Iterable[Slot],
    origin: Origin,
) -> list[Window]:
    """Take one place of the unit's capacity in each window. Raises SlotFull."""
    capacity = units[request.unit].calendar.slot_capacity
    windows = [_take(session, request, slot, capacity, origin) for slot in slots]
    refresh(session, request)
    return windows


def add_series(
    session: Session, request: Request, slots: Iterable[Slot], series: str
) -> None:
    """Add windows of which one may be rung, outside the reserved places (S21)."""
    for slot in slots:
        session.add(_window(request, slot, Origin.SMS, place=None, series=series))
    session.flush()
    refresh(session, request)


def withdraw(session: Session, request: Request, now: datetime) -> None:
    """End every window that has not ended, and give its place back."""
    open_ones = [w for w in request.windows if w.ends_at > now]
    _end(session, request, open_ones, now)


def narrow(session: Session, request: Request, until: datetime, now: datetime) -> None:
    """End every window that may still be rung and begins before `until`."""
    early = [w for w in coming(request, now) if w.starts_at < until]
    _end(session, request, early, now)


def end_series(session: Session, request: Request, series: str, now: datetime) -> None:
    """End what still waits of a series: it is to be rung at another time."""
    waiting = [w for w in coming(request, now) if w.series == series]
    _end(session, request, waiting, now)


def _end(
    session: Session, request: Request, windows: Iterable[Window], now: datetime
) -> None:
    for window in windows:
        if window.withdrawn_at is None:
            window.withdrawn_at = now
            window.place = None  # out of the constraint, so another may have it
    refresh(session, request)


def refresh(session: Session, request: Request) -> None:
    """Bring the queue's column, the end of the next window, up to date."""
    session.flush()
    session.expire(request, ["windows"])
    waiting = [w.ends_at for w in request.windows if is_waiting(w, request.windows)]
    request.callable_until = min(waiting, default=None)
    session.flush()


def is_waiting(window: Window, windows: Iterable[Window]) -> bool:
    """Say whether a window, or its series, still has its one ring (S13, S21)."""
    if window.rung_at or window.missed_at or window.withdrawn_at:
        return False
    series = [w for w in windows if window.series and w.series == window.series]
    return not any(w.rung_at for w in series)


def waits() -> ColumnElement[bool]:
    """Say in SQL, of a row of the windows, what `is_waiting` says."""
    sibling = aliased(Window)
    rung = exists().where(
        sibling.request_id == Window.request_id,
        sibling.series == Window.series,
        sibling.rung_at.is_not(None),
    )
    return and_(
        Window.rung_at.is_(None),
        Window.missed_at.is_(None),
        Window.withdrawn_at.is_(None),
        or_(Window.series.is_(None), ~rung),
    )


def coming(request: Request, now: datetime) -> list[Window]:
    """Return the windows that have not ended and may still be rung, soonest first."""
    every = request.windows
    return [one for one in every if is_waiting(one, every) and one.ends_at > now]


def open_window(request: Request, now: datetime) -> Window | None:
    """Return the window that is open for a call now, if one has time enough left."""
    for window in request.windows:
        still_time = window.starts_at <= now < window.ends_at - LAST_CALL
        if still_time and is_waiting(window, request.windows):
            return window
    return None


def next_that_day(request: Request, after: datetime) -> datetime | None:
    """Return when the next window begins, if that is on the same Swedish day (S9)."""
    every, day = request.windows, after.astimezone(HOME_ZONE).date()
    starts = [w.starts_at for w in every if is_waiting(w, every)]
    start = min((start for start in starts if start > after), default=None)
    # A text names the hour alone: of another day's she would wait for it today.
    is_today = start and start.astimezone(HOME_ZONE).date() == day
    return start if is_today else None


def taken(session: Session, unit: str, since: datetime) -> dict[datetime, int]:
    """Return how many places of each coming window of a unit are taken."""
    counts: dict[datetime, int] = {}
    starts = select(Window.starts_at).where(
        Window.unit == unit, Window.starts_at >= since, Window.place.is_not(None)
    )
    for start in session.scalars(starts):
        counts[start] = counts.get(start, 0) + 1
    return counts


def free(
    session: Session, unit: Unit, request: Request | None, now: datetime
) -> dict[Slot, int]:
    """Return a unit's times to come that have a free place, and how many each has.

    The own ones of a request that is there already count as free: new times take the
    place of the old ones, which are given back first.
    """
    places, most = taken(session, unit.key, now), unit.calendar.slot_capacity
    windows = request.windows if request else ()
    own = {w.starts_at for w in windows if w.place is not None}
    left = {
        slot: max(0, most - places.get(slot.starts_at, 0)) + (slot.starts_at in own)
        for slot in unit.calendar.slots(now, lead=timedelta())
    }
    return {slot: many for slot, many in left.items() if many}


def _take(
    session: Session, request: Request, slot: Slot, capacity: int, origin: Origin
) -> Window:
    for _ in range(_TRIES):
        held = set(
            session.scalars(
                select(Window.place).where(
                    Window.unit == request.unit, Window.starts_at == slot.starts_at
                )
            )
        )
        free = next((place for place in range(capacity) if place not in held), None)
        # Where the head lowered their number, promised ones may lie above it.
        if free is None or len(held - {None}) >= capacity:
            break
        window = _window(request, slot, origin, place=free)
        try:
            # A savepoint: a lost race must not undo what was stored before it.
            with session.begin_nested():
                session.add(window)
        except IntegrityError:
            continue  # somebody took that very place; look again
        return window
    raise SlotFull(slot)


def _window(
    request: Request,
    slot: Slot,
    origin: Origin,
    place: int | None,
    series: str | None = None,
) -> Window:
    return Window(
        request_id=request.id,
        unit=request.unit,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=place,
        series=series,
        origin=origin,
    )
