"""Figures for a head of unit: what the year held, in counts."""

from collections.abc import Iterable

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from intake.hours import HOME_ZONE
from intake.statistics import COUNTED, Figure, yearly
from intake.topics import Audience, Channel, Role, State
from web.desk import current_desk, language_name, unit_name
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
    """Show a year's figures of the units that the head holds keys to."""
    member = current_desk().member
    # 404 and not 403: who is no head need not know what heads can see.
    if member.role is not Role.HEAD:
        abort(404)
    this_year = now().astimezone(HOME_ZONE).year
    year = request.args.get("year", this_year, type=int)
    if not FIRST_YEAR - 1 <= year <= this_year:
        abort(404)
    # Counts are no way round the wall: they follow the keys, as requests do.
    units = {place.desk.unit for place in member.memberships if place.box}
    return render_template(
        "reports/figures.html",
        year=year,
        this_year=this_year,
        groups=_groups(yearly(db(), year, units)),
    )


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
