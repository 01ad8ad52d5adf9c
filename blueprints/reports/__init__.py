"""Figures for heads of unit and analysts: what the year held, in counts."""

from collections.abc import Iterable

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from intake.hours import HOME_ZONE
from intake.queue import Desktop
from intake.statistics import COUNTED, Figure, yearly
from intake.topics import Audience, Channel, Role, State
from intake.units import UnitKind
from web.desk import language_name, require, unit_name
from web.labels import label
from web.wiring import db, now

bp = Blueprint("reports", __name__)
FIRST_YEAR = 2026
_HEADINGS = {
    "unit": "Enhet",
    "audience": "Den som hörde av sig",
    "channel": "Väg in",
    "language": "Språk",
    "state": "Läge",
}
_KEYS = {"audience": Audience, "channel": Channel, "state": State}
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


def _groups(counted: Iterable[Figure]) -> list[tuple[str, list[Row]]]:
    rows: dict[str, list[Row]] = {by: [] for by in COUNTED}
    for figure in counted:
        rows[figure.by].append((_name(figure), figure.count))
    return [(_HEADINGS[by], some) for by, some in rows.items() if some]


def _name(figure: Figure) -> str:
    if figure.by == "unit":
        return unit_name(figure.value)
    if figure.by == "language":
        return language_name(figure.value)
    return label(_KEYS[figure.by](figure.value))
