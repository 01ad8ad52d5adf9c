"""Figures for heads of unit and analysts: what the year held, in counts."""

from collections.abc import Iterable

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.reports.headings import HEADINGS, Heading, name
from intake.hours import HOME_ZONE
from intake.queue import Desktop
from intake.statistics import Figure, yearly
from intake.topics import Role
from intake.units import UnitKind
from web.desk import require
from web.wiring import db, now

bp = Blueprint("reports", __name__)
FIRST_YEAR = 2026
Row = tuple[str, int | None]


@bp.get("/figures")
def figures() -> ResponseReturnValue:
    """Show a year's figures: a head those of her units, an analyst all that count."""
    desk = require(Role.HEAD, Role.ANALYST)
    this_year = now().astimezone(HOME_ZONE).year
    year = request.args.get("year", this_year, type=int)
    if not FIRST_YEAR - 1 <= year <= this_year:
        abort(404)
    return render_template(
        "reports/figures.html",
        year=year,
        this_year=this_year,
        groups=_groups(yearly(db(), year, _units(desk))),
    )


def _units(desk: Desktop) -> set[str]:
    if desk.member.role is Role.ANALYST:
        # That somebody wrote round those who work there is told to those two (S29).
        every = desk.office.units.items()
        return {key for key, unit in every if unit.kind is not UnitKind.CLOSED_CIRCLE}
    # A head's counts are no way round the wall: they follow her keys, as requests do.
    return {place.desk.unit for place in desk.member.memberships if place.box}


def _groups(counted: Iterable[Figure]) -> list[tuple[Heading, list[Row]]]:
    rows: dict[str, list[Row]] = {by: [] for by in HEADINGS}
    for figure in counted:
        rows[figure.by].append((name(figure), figure.count))
    return [(HEADINGS[by], some) for by, some in rows.items() if some]
