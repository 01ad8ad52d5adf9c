"""People: colleagues who wait to be let in, and the recorded test of calls."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from blueprints.staff.blueprint import bp
from blueprints.staff.bridge_forms import BridgeTestForm, BridgeTrialForm
from blueprints.staff.call_forms import CallTestForm, TextTestForm
from intake import bridge, desk_keys, line_tests, staffing
from intake.line_tests import Line, is_tested
from intake.people import UnitRecord
from intake.queue import Desktop
from intake.topics import Role
from web.desk import current_desk, require
from web.environment import SmsCarrier
from web.wiring import now, wired


@bp.get("/people")
def people() -> ResponseReturnValue:
    """Show who waits at the desks that the member holds, and each unit's call test."""
    return show_people()


@bp.post("/people/<int:member_id>/<int:desk_id>")
def approve(member_id: int, desk_id: int) -> ResponseReturnValue:
    """Seal a desk's key to a colleague who waits there."""
    desk = current_desk()
    place = staffing.place_to_give(desk, member_id, desk_id)
    # A guessed id must not tell who waits at a desk that is not hers.
    if place is None:
        abort(404)
    staffing.let_in(desk, place, now())
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/call-test/<unit>")
def call_test(unit: str) -> ResponseReturnValue:
    """Let a head record what was seen and heard when the unit called her (S17)."""
    desk, record = head_of(unit)
    form = CallTestForm()
    if not form.validate_on_submit():
        return show_people(unit, form)
    staffing.record_call_test(desk, record, now())
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/call-test/<unit>/off")
def call_test_off(unit: str) -> ResponseReturnValue:
    """Let a head turn calls and texts off until they are tested again."""
    desk, record = head_of(unit)
    staffing.withdraw_call_test(desk, record)
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/text-test/<unit>")
def text_test(unit: str) -> ResponseReturnValue:
    """Let a head record what was seen and heard of a text, from this sender (S17)."""
    desk, _ = head_of(unit)
    form = TextTestForm()
    if not form.validate_on_submit():
        return show_people(unit, text_form=form)
    line = (unit, Line.TEXTS, desk.office.sender)
    line_tests.record_test(desk.session, *line, desk.member.id, now())
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/text-test/<unit>/off")
def text_test_off(unit: str) -> ResponseReturnValue:
    """Let a head turn texts off until they are tested again."""
    desk, _ = head_of(unit)
    line_tests.withdraw_test(desk.session, unit, Line.TEXTS)
    desk.session.commit()
    return redirect(url_for("staff.people"), 303)


def head_of(unit: str) -> tuple[Desktop, UnitRecord]:
    """Return the head who acts, and one of her own units; else nothing is here."""
    desk = require(Role.HEAD)
    record = staffing.own_units(desk).get(unit)
    if record is None:
        abort(404)
    return desk, record


def show_people(
    unit: str = "",
    form: CallTestForm | None = None,
    bridge_form: BridgeTestForm | None = None,
    trial_form: BridgeTrialForm | None = None,
    text_form: TextTestForm | None = None,
) -> ResponseReturnValue:
    """Return the page; a form that was sent, of one unit, says what it lacks."""
    desk, line, at = current_desk(), wired().settings.voice_number, now()
    units, session = staffing.own_units(desk), desk.session
    sender = desk.office.sender
    page = render_template(
        "staff/people.html",
        waiting=staffing.waiting_at(desk),
        colleagues=staffing.colleagues(desk),
        units=units,
        keys=desk_keys.own_keys(desk),
        thin=desk_keys.thin_desks(desk),
        failed_unit=unit,
        form=form or CallTestForm(),
        fresh=CallTestForm(MultiDict()),
        line=line,
        bridged={key for key in units if is_tested(session, key, Line.CALLS, line)},
        trials={key: bridge.last_trial(session, key, line, at) for key in units},
        tried={key for key in units if bridge.is_tried(session, key, line, at)},
        bridge_form=bridge_form or BridgeTestForm(MultiDict()),
        bridge_fresh=BridgeTestForm(MultiDict()),
        trial_form=trial_form or BridgeTrialForm(MultiDict()),
        trial_fresh=BridgeTrialForm(MultiDict()),
        sender=sender,
        has_texts=wired().settings.sms_gateway is not SmsCarrier.OFF,
        texting={one for one in units if is_tested(session, one, Line.TEXTS, sender)},
        text_form=text_form or TextTestForm(MultiDict()),
        text_fresh=TextTestForm(MultiDict()),
    )
    sent = (form, bridge_form, trial_form, text_form)
    return page, 422 if any(sent) else 200
