"""Figures for heads of unit and analysts: what the year held, in counts."""

from collections.abc import Iterable

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.reports.headings import HEADINGS, Heading, name
from intake.hours import HOME_ZONE
from intake.queue import Desktop
from intake.statistics import Figure, yearly
from intake.topics import Role, Side
from intake.units import UnitKind
from web.desk import require
from web.wiring import db, now

bp = Blueprint("reports", __name__)
FIRST_YEAR = 2026
Row = tuple[str, int | None]


@bp.get("/figures")
def figures() -> ResponseReturnValue:
    """Show a year's figures: a head those of her desks, an analyst all that count."""
    desk = require(Role.HEAD, Role.ANALYST)
    this_year = now().astimezone(HOME_ZONE).year
    year = request.args.get("year", this_year, type=int)
    if not FIRST_YEAR - 1 <= year <= this_year:
        abort(404)
    return render_template(
        "reports/figures.html",
        year=year,
        this_year=this_year,
        groups=_groups(yearly(db(), year, _desks(desk))),
    )


def _desks(desk: Desktop) -> set[tuple[str, Side]]:
    """Return whose requests she may count, by unit and side of the wall."""
    # That somebody wrote round those who work there is told to those two (S29); figures
    # are printed and handed on, so that theirs leave it out as well.
    open_ones = {
        key
        for key, unit in desk.office.units.items()
        if unit.kind is not UnitKind.CLOSED_CIRCLE
    }
    if desk.member.role is Role.ANALYST:
        return {(key, side) for key in open_ones for side in Side}
    # A head's counts are no way round the wall: they follow her keys, as requests do.
    held = {p.desk for p in desk.member.memberships if p.box}
    return {(one.unit, one.side) for one in held if one.unit in open_ones}


def _groups(counted: Iterable[Figure]) -> list[tuple[Heading, list[Row]]]:
    rows: dict[str, list[Row]] = {by: [] for by in HEADINGS}
    for figure in counted:
        rows[figure.by].append((name(figure), figure.count))
    return [(HEADINGS[by], some) for by, some in rows.items() if some]
