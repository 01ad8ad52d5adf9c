"""The bridge at the desk: a press that rings the member first, and its test (S17)."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.bridge_forms import BridgeForm, BridgeTestForm, BridgeTrialForm
from blueprints.staff.people import head_of, show_people
from intake import bridge
from intake.line_tests import Line, withdraw_test
from intake.queue import Desktop
from web.desk import at_desk
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
    bridge.start(desk, request, form.called(), line, now(), form.seen.data)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/people/bridge-trial/<unit>")
def bridge_trial(unit: str) -> ResponseReturnValue:
    """Let a head ring two telephones of her own through the bridge (S17)."""
    desk, line = _head_of(unit)
    form = BridgeTrialForm()
    if not form.validate_on_submit():
        return show_people(unit, trial_form=form)
    bridge.try_out(desk, unit, *form.called(), line, now())
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/bridge-test/<unit>")
def bridge_test(unit: str) -> ResponseReturnValue:
    """Let a head record what was seen and heard of the bridge (S17)."""
    desk, line = _head_of(unit)
    form = BridgeTestForm()
    if not form.validate_on_submit():
        return show_people(unit, bridge_form=form)
    bridge.record_test(desk, unit, line, now())
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/bridge-test/<unit>/off")
def bridge_test_off(unit: str) -> ResponseReturnValue:
    """Let a head lock the bridge until it is tested again."""
    desk, _ = head_of(unit)
    withdraw_test(desk.session, unit, Line.CALLS)
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


def _head_of(unit: str) -> tuple[Desktop, str]:
    """Return the head who acts, and the bridge's line; else nothing is here."""
    line = wired().settings.voice_number
    if not line:
        abort(404)
    return head_of(unit)[0], line
