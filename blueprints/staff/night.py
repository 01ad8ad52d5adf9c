"""Giving a request to on-call for the night, and back to the day in the morning."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.night_forms import ToDayForm, ToOnCallForm
from intake import night
from intake.topics import HandOverGround
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/to-on-call")
def to_on_call(reference: str) -> ResponseReturnValue:
    """Let on-call open it as well; the unit keeps it, and its due times."""
    desk, request = at_desk(reference)
    form = ToOnCallForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, to_on_call=form)
    ground, text = HandOverGround(form.ground.data), form.text.data or ""
    night.to_on_call(desk, request, ground, text, now())
    desk.session.commit()
    return redirect(url_for("staff.start", side=request.side), 303)


@bp.post("/r/<reference>/to-day")
def to_day(reference: str) -> ResponseReturnValue:
    """Give it back to the day; who had it on call can't open it any more."""
    desk, request = at_desk(reference)
    form, side = ToDayForm(), request.side
    if not form.validate_on_submit():
        return page.show(desk, request, 422, to_day=form)
    night.to_day(desk, request, form.text.data or "", now())
    desk.session.commit()
    return redirect(url_for("staff.start", side=side), 303)
