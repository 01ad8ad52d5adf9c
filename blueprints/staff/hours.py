"""Opening hours: a head of unit changes her own units', and sees first what changes."""

from collections.abc import Callable
from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.hours_forms import PlanForm
from blueprints.staff.hours_page import shown, today
from intake import schedule, staffing
from intake.live_units import LiveUnits
from intake.queue import Desktop
from intake.schedule import Outdated, Plan
from intake.topics import Role
from intake.units import Unit
from web.desk import require
from web.wiring import now, wired


@bp.get("/hours")
def hours() -> ResponseReturnValue:
    """Lead a head to the hours of her units."""
    units = staffing.own_units(require(Role.HEAD))
    return render_template("staff/hours.html", units=list(units))


@bp.get("/hours/<unit>")
def unit_hours(unit: str) -> ResponseReturnValue:
    """Show a unit's hours, what the next 14 days hold, and who changed what."""
    desk, own = _own(unit)
    standing = schedule.standing(desk.session, own)
    return shown(desk, own, standing, PlanForm.of(own, standing), None)


@bp.post("/hours/<unit>")
def save_hours(unit: str) -> ResponseReturnValue:
    """Show what an edit would change, or save it."""
    desk, own = _own(unit)
    standing = schedule.standing(desk.session, own)
    form = PlanForm().offer(own, standing.plan)
    if not form.validate_on_submit():
        return shown(desk, own, standing, form, None)
    draft, seen = form.planned(), form.seen.data or 0
    if "save" not in request.form:
        form.base_on(standing.number)
        return shown(desk, own, standing, form, draft)
    try:
        schedule.save(desk, own, draft, seen, now())
    except Outdated:
        form.base_on(standing.number)
        return shown(desk, own, standing, form, draft, outdated=True)
    desk.session.commit()
    return _met(unit)


@bp.post("/hours/<unit>/no-calls")
def no_calls(unit: str) -> ResponseReturnValue:
    """Promise no more calls today: one press."""
    desk, own = _own(unit)
    _change(desk, own, _no_calls)
    desk.session.commit()
    return _met(unit)


@bp.post("/hours/<unit>/calls-again")
def calls_again(unit: str) -> ResponseReturnValue:
    """Promise calls today after all."""
    desk, own = _own(unit)
    _change(desk, own, _calls_again)
    desk.session.commit()
    return _met(unit)


def _own(key: str) -> tuple[Desktop, Unit]:
    """Return a head and one of her own units; another's is as if it were not there."""
    desk = require(Role.HEAD)
    if key not in staffing.own_units(desk) or key not in desk.office.units:
        abort(404)
    return desk, desk.office.units[key]


def _change(desk: Desktop, unit: Unit, edit: Callable[[Plan], Plan]) -> None:
    """Save one small change of the plan that holds, unless it holds already."""
    standing = schedule.standing(desk.session, unit)
    plan = edit(standing.plan)
    if plan != standing.plan:
        schedule.save(desk, unit, plan, standing.number, now())


def _no_calls(plan: Plan) -> Plan:
    return replace(plan, no_calls={**plan.no_calls, today(): "Stängt av för dagen"})


def _calls_again(plan: Plan) -> Plan:
    days = {day: why for day, why in plan.no_calls.items() if day != today()}
    return replace(plan, no_calls=days)


def _met(unit: str) -> ResponseReturnValue:
    """Lead on to the page, which this process shows as it is from now on."""
    units = wired().office.units
    if isinstance(units, LiveUnits):
        units.refresh()
    return redirect(url_for("staff.unit_hours", unit=unit), 303)
