"""A text's one call: at the time that it names, or tonight, as a person decides."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.text_calls_forms import NightCallForm, TextTimeForm
from intake import text_calls
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/text-time")
def text_time(reference: str) -> ResponseReturnValue:
    """Let a text be called at the time that it names, where that is clear (S21)."""
    desk, request = at_desk(reference)
    form = TextTimeForm()
    # A press that does not say what it saw has seen nothing.
    seen = form.seen.data if form.validate_on_submit() else 0
    text_calls.follow(desk, request, now(), seen)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/night-call")
def night_call(reference: str) -> ResponseReturnValue:
    """Open a call for a text that came at night, with a sealed reason (S21)."""
    desk, request = at_desk(reference)
    form = NightCallForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, night_call=form)
    reason, seen = form.reason.data or "", form.seen.data
    text_calls.call_tonight(desk, request, reason, now(), seen)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
