"""What the page of a unit's hours shows, gathered before a template sees any of it."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.staff.hours_forms import PlanForm
from blueprints.staff.hours_words import changes, date_words, slots_words
from intake import promises, schedule, staffing
from intake.promises import DayAhead, Outside
from intake.queue import Desktop
from intake.schedule import Plan, Standing
from intake.topics import Role
from intake.units import Unit
from intake.windows import taken
from web.i18n import local_day
from web.wiring import now


@dataclass(frozen=True, slots=True)
class Row:
    """A day ahead as it will be, and as it was where an edit changes it."""

    ahead: DayAhead
    words: str
    open: str
    uncovered: str  # when nobody is there to read what comes
    before: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A line of the history: when, who, and what was changed."""

    at: datetime
    who: str
    changes: list[str]


@dataclass(frozen=True, slots=True)
class HoursPage:
    """A unit's hours as one head sees them; `draft` is what she has not saved yet."""

    unit: Unit
    rows: list[Row]
    outside: Outside
    changes: list[str]
    history: list[Edit]
    calls_off_today: bool


def shown(
    desk: Desktop,
    unit: Unit,
    standing: Standing,
    form: PlanForm,
    draft: Plan | None,
    *,
    outdated: bool = False,
) -> ResponseReturnValue:
    """Return the page of a unit's hours; with a draft, what saving it would change."""
    page = _page(desk, unit, standing, draft)
    told = render_template(
        "staff/unit_hours.html", page=page, form=form, draft=draft, outdated=outdated
    )
    if outdated:
        return told, 409
    return told, 422 if form.errors else 200


def _page(
    desk: Desktop, unit: Unit, standing: Standing, draft: Plan | None
) -> HoursPage:
    before = schedule.under(unit, standing.plan)
    after = schedule.under(unit, draft) if draft else before
    return HoursPage(
        unit=unit,
        rows=_rows(desk, before, after),
        outside=promises.outside(desk, after, now()),
        changes=changes(standing.plan, draft) if draft else [],
        history=_history(desk, unit),
        calls_off_today=today() in standing.plan.no_calls,
    )


def full_days(desk: Desktop) -> dict[str, int]:
    """Return how many coming days of each unit of a head's have no free place."""
    if desk.member.role is not Role.HEAD:
        return {}
    units = [
        desk.office.units[key]
        for key in staffing.own_units(desk)
        if key in desk.office.units
    ]
    full = {
        one.key: promises.full_days(
            one.calendar, taken(desk.session, one.key, now()), now()
        )
        for one in units
    }
    return {key: len(days) for key, days in full.items() if days}


def today() -> date:
    """Return the Swedish day."""
    return local_day(now())


def _rows(desk: Desktop, before: Unit, after: Unit) -> list[Row]:
    places = taken(desk.session, after.key, now())
    behind = promises.on_call_for(after, desk.office.units.values())
    old_days, new_days = (
        promises.days_ahead(unit.calendar, places, now(), behind)
        for unit in (before, after)
    )
    pairs = zip(old_days, new_days, strict=True)
    return [
        Row(
            new,
            date_words(new.day),
            slots_words(new.open),
            slots_words(new.uncovered) if new.uncovered else "",
            "" if old == new else _as_it_was(old),
        )
        for old, new in pairs
    ]


def _as_it_was(old: DayAhead) -> str:
    places = sum(offer.left for offer in old.offers)
    return f"{slots_words(old.open)}; {len(old.offers)} tider, {places} platser kvar"


def _history(desk: Desktop, unit: Unit) -> list[Edit]:
    edits = schedule.history(desk.session, unit)
    return [
        Edit(
            new.at,
            new.member.working_name if new.member else "",
            changes(schedule.read(old.plan), schedule.read(new.plan)),
        )
        for new, old in pairwise(edits)
    ]
