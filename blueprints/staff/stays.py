"""A member's own sessions: where she is signed in, and ending what is not hers."""

from flask import abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from intake import stays
from web.desk import KEY, lasting, who_acts
from web.wiring import now


@bp.get("/account/sessions")
def sessions() -> ResponseReturnValue:
    """Show when each of the member's sessions began and was used last."""
    desk, token = who_acts(), session[KEY]
    shown = stays.own(desk.session, desk.member, token, now(), lasting())
    return render_template("staff/sessions.html", stays=shown, lasting=lasting())


@bp.post("/account/sessions/<handle>/end")
def end_session(handle: str) -> ResponseReturnValue:
    """End one of the member's own sessions."""
    desk = who_acts()
    if not stays.end(desk.session, desk.member, handle):
        abort(404)
    desk.session.commit()
    return redirect(url_for("staff.sessions"), 303)


@bp.post("/account/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """End all of the member's sessions but this one."""
    desk = who_acts()
    stays.end_others(desk.session, desk.member, session[KEY])
    desk.session.commit()
    return redirect(url_for("staff.sessions"), 303)
