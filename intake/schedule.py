"""A unit's hours as its head decides them: whole plans, each kept with who and when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.errors import BadData
from intake.hours import Span
from intake.people import Member
from intake.queue import Desktop
from intake.tables import Base
from intake.units import Unit

Week = Mapping[int, tuple[Span, ...]]  # 0 is Monday


class Hours(StrEnum):
    """What a week's hours are for."""

    OPEN = "open"  # opens, closes, and counts due times
    CALLS = "calls"  # when calls are promised; without any, whenever it is open
    PHONE = "phone"  # when the phone is answered; without any, as the file words it
    VISITS = "visits"  # when people can come in


@dataclass(frozen=True, slots=True)
class Special:
    """The hours of one date, before all others. The reason is for staff alone."""

    spans: tuple[Span, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a head of unit decides of her unit's hours and windows."""

    weeks: Mapping[Hours, Week]
    red_days: tuple[Span, ...]
    specials: Mapping[date, Special]
    no_calls: Mapping[date, str]  # days without promised calls, each with the reason
    slot_minutes: int
    slot_capacity: int


class PlanEdit(Base):
    """A plan from a moment on. Rows are added and never changed: they are the history.

    Number 0 is what the file said before the first edit; nobody wrote it here.
    """

    __tablename__ = "plan_edits"
    # Two heads who save at once: the second is told, and nothing is overwritten.
    __table_args__ = (UniqueConstraint("unit", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.key"))
    number: Mapped[int]
    at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)

    member: Mapped[Member | None] = relationship()


class Outdated(Exception):
    """Somebody else saved the unit's hours since they were shown."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The plan that holds now, and the number of the edit that made it."""

    plan: Plan
    number: int


def plan_of(unit: Unit) -> Plan:
    """Return the plan that a unit's file makes."""
    calendar = unit.calendar
    return Plan(
        weeks={
            Hours.OPEN: _whole(calendar.weekly),
            Hours.CALLS: _whole(calendar.calls_weekly),
            Hours.PHONE: _whole({}),
            Hours.VISITS: _whole(unit.visits_weekly),
        },
        red_days=calendar.on_closed_days,
        specials={day: Special(s, "") for day, s in calendar.exceptions.items()},
        no_calls=dict.fromkeys(calendar.no_callbacks_on, ""),
        slot_minutes=calendar.slot_minutes,
        slot_capacity=calendar.slot_capacity,
    )


def under(unit: Unit, plan: Plan) -> Unit:
    """Return a unit as a plan has it; what is said of its hours in words is not here.

    Raises BadData for a plan by which it never opens: no due time could be counted.
    """
    if not any(plan.weeks[Hours.OPEN].values()):
        raise BadData("the unit is never open")
    calls = plan.weeks[Hours.CALLS]
    calendar = replace(
        unit.calendar,
        weekly=plan.weeks[Hours.OPEN],
        calls_weekly=calls if any(calls.values()) else {},
        on_closed_days=plan.red_days,
        exceptions={day: special.spans for day, special in plan.specials.items()},
        no_callbacks_on=frozenset(plan.no_calls),
        slot_minutes=plan.slot_minutes,
        slot_capacity=plan.slot_capacity,
    )
    return replace(unit, calendar=calendar, visits_weekly=plan.weeks[Hours.VISITS])


def standing(session: Session, unit: Unit) -> Standing:
    """Return the plan that holds for a unit: the last edit, else what the file says."""
    last = session.scalars(_edits(unit.key).limit(1)).first()
    return (
        Standing(read(last.plan), last.number) if last else Standing(plan_of(unit), 0)
    )


def save(desk: Desktop, unit: Unit, plan: Plan, seen: int, now: datetime) -> None:
    """Let a plan hold from now on; `seen` is the edit that it was made from.

    Raises Outdated when another was saved since, BadData for a unit that never opens.
    Due times and windows that stand are not touched: they were promised.
    """
    under(unit, plan)
    if standing(desk.session, unit).number != seen:
        raise Outdated
    kept = [PlanEdit(unit=unit.key, number=seen + 1, at=now, plan=written(plan))]
    kept[0].member_id = desk.member.id
    if seen == 0:
        before = written(plan_of(unit))
        kept.append(PlanEdit(unit=unit.key, number=0, at=now, plan=before))
    try:
        with desk.session.begin_nested():
            desk.session.add_all(kept)
    except IntegrityError as error:
        raise Outdated from error


def history(session: Session, unit: Unit, most: int = 30) -> list[PlanEdit]:
    """Return a unit's last edits, the newest first."""
    return list(session.scalars(_edits(unit.key).limit(most)))


def newest(session: Session) -> Mapping[str, Standing]:
    """Return the plan of every unit whose hours were edited, by unit."""
    last = (
        select(PlanEdit.unit, func.max(PlanEdit.number).label("number"))
        .group_by(PlanEdit.unit)
        .subquery()
    )
    here = (PlanEdit.unit == last.c.unit) & (PlanEdit.number == last.c.number)
    rows = session.scalars(select(PlanEdit).join(last, here))
    return {row.unit: Standing(read(row.plan), row.number) for row in rows}


def written(plan: Plan) -> dict[str, Any]:
    """Return a plan as the database keeps it."""
    return {
        "weeks": {
            hours.value: [_texts(week.get(n, ())) for n in range(7)]
            for hours, week in plan.weeks.items()
        },
        "red_days": _texts(plan.red_days),
        "specials": {
            day.isoformat(): {"spans": _texts(one.spans), "reason": one.reason}
            for day, one in plan.specials.items()
        },
        "no_calls": {day.isoformat(): why for day, why in plan.no_calls.items()},
        "slot_minutes": plan.slot_minutes,
        "slot_capacity": plan.slot_capacity,
    }


def read(kept: Mapping[str, Any]) -> Plan:
    """Return a plan that the database kept."""
    return Plan(
        weeks={
            hours: {n: _spans(texts) for n, texts in enumerate(kept["weeks"][hours])}
            for hours in Hours
        },
        red_days=_spans(kept["red_days"]),
        specials={
            date.fromisoformat(day): Special(_spans(one["spans"]), one["reason"])
            for day, one in kept["specials"].items()
        },
        no_calls={date.fromisoformat(d): why for d, why in kept["no_calls"].items()},
        slot_minutes=kept["slot_minutes"],
        slot_capacity=kept["slot_capacity"],
    )


def _edits(unit: str) -> Select[PlanEdit]:
    by_number = PlanEdit.number.desc()
    return select(PlanEdit).where(PlanEdit.unit == unit).order_by(by_number)


def _whole(week: Week) -> dict[int, tuple[Span, ...]]:
    return {n: tuple(week.get(n, ())) for n in range(7)}


def _spans(texts: list[str]) -> tuple[Span, ...]:
    return tuple(Span.parse(text) for text in texts)


def _texts(spans: tuple[Span, ...]) -> list[str]:
    return [f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans]
