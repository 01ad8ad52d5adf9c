"""The bridge at the desk: a press that rings the member first, and its test (S17)."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.bridge_forms import BridgeForm, BridgeTestForm, BridgeTrialForm
from blueprints.staff.people import show_people
from intake import bridge, staffing
from intake.topics import Role
from web.desk import at_desk, require
from web.wiring import now, wired


@bp.post("/r/<reference>/bridge")
def bridged(reference: str) -> ResponseReturnValue:
    """Start a call that rings the member's phone, and then hers (S12, S13)."""
    desk, request = at_desk(reference)
    line = wired().settings.voice_number
    form = BridgeForm()
    if not form.validate_on_submit():
        offered = form.offer(bridge.locks(desk, request, line, now()))
        return page.show(desk, request, 422, bridge=offered)
    bridge.start(desk, request, form.called(), line, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/people/bridge-trial/<unit>")
def bridge_trial(unit: str) -> ResponseReturnValue:
    """Let a head ring two telephones of her own through the bridge (S17)."""
    desk, line = require(Role.HEAD), wired().settings.voice_number
    if unit not in staffing.own_units(desk) or not line:
        abort(404)
    form = BridgeTrialForm()
    if not form.validate_on_submit():
        return show_people(unit, trial_form=form)
    bridge.try_out(desk, unit, *form.called(), line, now())
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/bridge-test/<unit>")
def bridge_test(unit: str) -> ResponseReturnValue:
    """Let a head record what was seen and heard of the bridge (S17)."""
    desk, line = require(Role.HEAD), wired().settings.voice_number
    if unit not in staffing.own_units(desk) or not line:
        abort(404)
    form = BridgeTestForm()
    if not form.validate_on_submit():
        return show_people(unit, bridge_form=form)
    bridge.record_test(desk, unit, line, now())
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/bridge-test/<unit>/off")
def bridge_test_off(unit: str) -> ResponseReturnValue:
    """Let a head lock the bridge until it is tested again."""
    desk = require(Role.HEAD)
    if unit not in staffing.own_units(desk):
        abort(404)
    bridge.withdraw_test(desk, unit)
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)
