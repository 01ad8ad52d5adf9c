"""What the next days hold: windows with their places, promises outside the hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from intake.hours import Calendar, Slot, uncovered
from intake.models import Request, Window
from intake.queue import Desktop, visible
from intake.topics import Contact, State
from intake.units import Unit, UnitKind

LOOK_AHEAD = 14  # days that a head sees before her, today included
_LUNCH = timedelta(minutes=90)  # a unit that shuts for so long needs nobody meanwhile
_ENDED = (State.CLOSED, State.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Offer:
    """One window: how many of its places are left, and whether it can be chosen now."""

    slot: Slot
    left: int
    offered: bool


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A local day: what is open of it, and the windows that it is cut into."""

    day: date
    open: list[Slot]
    offers: list[Offer]
    uncovered: list[Slot]  # neither the unit nor on-call is open


@dataclass(frozen=True, slots=True)
class Outside:
    """Promised windows that the hours don't cover: they must be kept, or are missed.

    Those of requests that the member holds no key to are a number and nothing more.
    """

    seen: list[tuple[Window, str]]  # each with its request's reference, soonest first
    hidden: int


def days_ahead(
    calendar: Calendar,
    places: Mapping[datetime, int],
    now: datetime,
    on_call: Sequence[Calendar] = (),
) -> list[DayAhead]:
    """Return the next days as visitors meet them; `places` are those that are taken.

    `on_call` are the hours of those who read what comes while the unit is closed.
    """
    today, offered = now.astimezone(calendar.zone).date(), set(calendar.slots(now))
    days = [today + timedelta(days=n) for n in range(LOOK_AHEAD)]
    return [
        DayAhead(
            day,
            calendar.spans(day),
            [
                Offer(slot, _left(calendar, places, slot), slot in offered)
                for slot in calendar.windows(day)
                if slot.starts_at > now
            ],
            [
                gap
                for gap in (uncovered(day, [calendar, *on_call]) if on_call else ())
                if gap.length > _LUNCH
            ],
        )
        for day in days
    ]


def full_days(
    calendar: Calendar, places: Mapping[datetime, int], now: datetime
) -> list[date]:
    """Return the coming days that visitors may choose among, and have no free place."""
    offered = {
        ahead.day: [one.left for one in ahead.offers if one.offered]
        for ahead in days_ahead(calendar, places, now)
    }
    return [day for day, left in offered.items() if left and not any(left)]


def on_call_for(unit: Unit, units: Iterable[Unit]) -> list[Calendar]:
    """Return the hours of the on-call units that stand behind a unit."""
    if unit.kind is UnitKind.ON_CALL:
        return []
    behind = (one for one in units if one.kind is UnitKind.ON_CALL)
    return [one.calendar for one in behind if set(one.sides) & set(unit.sides)]


def outside(desk: Desktop, unit: Unit, now: datetime) -> Outside:
    """Return the promises of a unit, still to be kept, that its calendar leaves out."""
    found = desk.session.scalars(
        select(Window)
        .join(Request, Request.id == Window.request_id)
        .where(
            Window.unit == unit.key,
            Window.ends_at > now,
            Window.place.is_not(None),
            Window.rung_at.is_(None),
            Window.missed_at.is_(None),
            Request.state.not_in(_ENDED),
            Request.contact == Contact.ALLOWED,
        )
        .order_by(Window.starts_at, Window.id)
    )
    left_out = [
        one
        for one in found
        if not unit.calendar.covers(Slot(one.starts_at, one.ends_at))
    ]
    mine = visible(desk.member.id).where(
        Request.id.in_([one.request_id for one in left_out])
    )
    names = {one.id: one.reference for one in desk.session.scalars(mine)}
    seen = [(one, names[one.request_id]) for one in left_out if one.request_id in names]
    return Outside(seen, len(left_out) - len(seen))


def _left(calendar: Calendar, places: Mapping[datetime, int], slot: Slot) -> int:
    # Fewer places than are promised already leave none, and take none back.
    return max(0, calendar.slot_capacity - places.get(slot.starts_at, 0))
