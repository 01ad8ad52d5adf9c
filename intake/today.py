"""What waits at the desk, in pages: of each pile its count, and its soonest rows."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import Row as Found
from sqlalchemy.orm import Session, joinedload, selectinload

from intake.models import Request, Window
from intake.people import Member
from intake.piles import RINGABLE, Beside, Pile, View, lying
from intake.queue import ENDED, held_by, visible
from intake.tables import UtcTime
from intake.together import UNBOUND
from intake.topics import Contact, Side, Urgency
from intake.windows import LAST_CALL, is_waiting, open_window

FEW, MANY = 20, 100  # rows of each pile where all are shown, and where one is alone
SOON = timedelta(hours=1)  # what is due within it is told apart
_TALLY, _ROW = "tally", "row"  # what a line of the one statement tells of
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_COUNTED = ("total", "children", "nights", "assessments")
# The time that a list beside the piles is sorted by.
_SINCE = {
    Beside.CHILDREN: "child_due",
    Beside.NIGHT: "night_at",
    Beside.ASSESSMENTS: "assess_at",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in its list; what comes after it is the next page."""

    calm: int
    soonest: datetime
    id: int

    def __str__(self) -> str:
        """Return it as an address holds it."""
        return f"{self.calm}.{(self.soonest - _EPOCH) // _TICK}.{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Return a place as an address holds it; None for anything else."""
        try:
            calm, ticks, row = map(int, text.split("."))
            return cls(calm, _EPOCH + ticks * _TICK, row)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Row:
    """One request as the lists show it; never its topic, text or number (S35)."""

    request: Request
    pile: Pile
    urgency: Urgency  # the most urgent of what staff joined (S8)
    has_child: bool
    is_unread: bool
    joined: int  # how many more are shown with it
    holder: str  # working name, or nothing
    due: datetime | None  # when somebody must have read or answered it
    is_late: bool
    is_soon: bool  # due within the hour
    is_missed: bool  # a window ended uncalled, and nothing came of it since (S37)
    window: Window | None  # the next one in which she may be called
    window_is_open: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Today:
    """One side's piles, and the lists beside them.

    Of each pile the soonest rows only; `counts` and `by_unit` count all. `version`
    changes when anything does that the lists show.
    """

    piles: Mapping[Pile, Sequence[Row]]
    counts: Mapping[Pile, int]
    by_unit: dict[str, dict[Pile, int]]
    beside: Mapping[Beside, Sequence[Row]]
    beside_counts: Mapping[Beside, int]
    version: str


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
    # What staff joined is one in the piles, and counts once (S8).
    shown = func.coalesce(Request.joined_to_id, Request.id)
    counted = mine.with_only_columns(func.count(shown.distinct()))
    return session.scalar(counted) or 0


def today(session: Session, view: View) -> Today:
    """Lay out what of one side a member may see and is not closed: the soonest rows."""
    lies = lying(view)
    # One statement: where everything lies is worked out once.
    beside = [
        select(_beside(lies, one).order_by("soonest", "id").limit(FEW).subquery())
        for one in Beside
    ]
    parts = union_all(_tally(lies), _soonest_of_each(lies), *beside)
    told: dict[str, list[Found[*tuple[Any, ...]]]] = defaultdict(list)
    for one in session.execute(parts.order_by("calm", "soonest", "id")):
        told[one.part].append(one)
    tally, rows = told[_TALLY], _rows(session, view, told[_ROW])
    return Today(
        piles={pile: [r for r in rows if r.pile is pile] for pile in _order(rows)},
        counts={pile: sum(t.total for t in tally if t.pile == pile) for pile in Pile},
        by_unit=_by_unit(tally),
        beside={one: _rows(session, view, told[one]) for one in Beside},
        beside_counts={
            Beside.CHILDREN: sum(one.children for one in tally),
            Beside.NIGHT: sum(one.nights for one in tally),
            Beside.ASSESSMENTS: sum(one.assessments for one in tally),
        },
        version=_version(tally),
    )


def page(
    session: Session, view: View, name: Pile | Beside, after: Place | None = None
) -> list[Row]:
    """Return a list's rows after a place, MANY at most."""
    lies = lying(view)
    lines = _pile(lies, name) if isinstance(name, Pile) else _beside(lies, name)
    rows = lines.subquery()
    place = (rows.c.calm, rows.c.soonest, rows.c.id)
    wanted = select(rows).order_by(*place)
    if after is not None:
        last = tuple_(after.calm, literal(after.soonest, UtcTime()), after.id)
        wanted = wanted.where(tuple_(*place) > last)
    return _rows(session, view, session.execute(wanted.limit(MANY)).all())


def version(session: Session, view: View) -> str:
    """Return what `today` would tell as its version, without any rows."""
    return _version(session.execute(_tally(lying(view))).all())


def _tally(lies: CTE) -> Select[*tuple[Any, ...]]:
    """Count each pile of each unit, with what moves when a row in it does."""
    each = lies.c
    return select(
        literal(_TALLY).label("part"),
        each.unit,
        each.pile,
        func.max(each.id).label("id"),
        func.max(each.lease_until).label("due"),
        func.sum(each.is_late).label("is_late"),
        func.sum(each.is_missed).label("is_missed"),
        func.sum(each.calm).label("calm"),
        func.max(each.touched_at).label("soonest"),
        func.count().label("total"),
        func.count(each.child_due).label("children"),
        func.count(each.night_at).label("nights"),
        func.count(each.assess_at).label("assessments"),
    ).group_by(each.unit, each.pile)


def _line(rows: FromClause, beside: Beside | None = None) -> list[ColumnElement[Any]]:
    """Return the columns of a row, in the order of `_tally`."""
    names = ("unit", "pile", "id", "due", "is_late", "is_missed")
    return [
        literal(beside.value if beside else _ROW).label("part"),
        *(rows.c[name] for name in names),
        literal(1).label("calm") if beside else rows.c.calm,
        rows.c[_SINCE[beside]].label("soonest") if beside else rows.c.soonest,
        *(literal(0).label(name) for name in _COUNTED),
    ]


def _soonest_of_each(lies: CTE) -> Select[*tuple[Any, ...]]:
    place = (lies.c.calm, lies.c.soonest, lies.c.id)
    number = func.row_number().over(partition_by=lies.c.pile, order_by=place)
    rows = select(lies, number.label("number")).subquery()
    return select(*_line(rows)).where(rows.c.number <= FEW)


def _pile(lies: CTE, pile: Pile) -> Select[*tuple[Any, ...]]:
    return select(*_line(lies)).where(lies.c.pile == pile.value)


def _beside(lies: CTE, name: Beside) -> Select[*tuple[Any, ...]]:
    """Select a list beside the piles; the oldest time of its own comes first."""
    return select(*_line(lies, name)).where(lies.c[_SINCE[name]].is_not(None))


def _by_unit(tally: Iterable[Found[*tuple[Any, ...]]]) -> dict[str, dict[Pile, int]]:
    units: dict[str, dict[Pile, int]] = {}
    for counted in tally:
        units.setdefault(counted.unit, {})[Pile(counted.pile)] = counted.total
    return units


def _version(tally: Iterable[Found[*tuple[Any, ...]]]) -> str:
    told = repr(sorted((tuple(one) for one in tally), key=lambda one: one[1:3]))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _order(rows: Iterable[Row]) -> list[Pile]:
    """Return the piles in their order; one that holds danger unread stands first."""
    burns = any(row.pile is Pile.ASIDE and not row.place.calm for row in rows)
    return sorted(Pile, key=lambda pile: pile is not Pile.ASIDE) if burns else [*Pile]


def _rows(
    session: Session, view: View, found: Iterable[Found[*tuple[Any, ...]]]
) -> list[Row]:
    lines = list(found)
    shown = select(Request).where(Request.id.in_([one.id for one in lines]))
    with_all = (
        selectinload(Request.windows),
        joinedload(Request.holder),
        selectinload(Request.later).selectinload(Request.windows),
    )
    requests = {one.id: one for one in session.scalars(shown.options(*with_all))}
    return [_row(requests[one.id], one, view.now) for one in lines]


def _row(request: Request, found: Found[*tuple[Any, ...]], now: datetime) -> Row:
    every = [request, *(one for one in request.later if one.state not in ENDED)]
    holder = next(filter(None, (held_by(one, now) for one in every)), None)
    window = _next_window(every, now)
    may_ring = all(one.state in RINGABLE for one in every) and window is not None
    urgencies = list(Urgency)
    return Row(
        request=request,
        pile=Pile(found.pile),
        urgency=max((one.urgency for one in every), key=urgencies.index),
        has_child=any(one.child_mark or one.under_18 for one in every),
        is_unread=any(one.unread_since for one in every),
        joined=len(every) - 1,
        holder=holder.working_name if holder else "",
        due=found.due,
        is_late=bool(found.is_late),
        is_soon=not found.is_late and bool(found.due) and found.due - now <= SOON,
        is_missed=bool(found.is_missed),
        window=window,
        window_is_open=may_ring and any(open_window(one, now) for one in every),
        place=Place(found.calm, found.soonest, found.id),
    )


def _next_window(every: Sequence[Request], now: datetime) -> Window | None:
    """Return the window, of those in which she may still be called, that ends first."""
    # A stop in one of what was joined holds for all of it (S8).
    if any(one.contact not in UNBOUND for one in every):
        return None
    waiting = [
        window
        for one in every
        if one.contact is Contact.ALLOWED
        for window in one.windows
        if is_waiting(window, one.windows) and window.ends_at - LAST_CALL > now
    ]
    return min(waiting, key=lambda window: window.ends_at, default=None)
