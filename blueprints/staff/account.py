"""A member's own way in: what she can sign in with, and what was done with it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from intake import recovery_codes as codes
from intake import ways_in
from web.desk import who_acts


@bp.get("/account")
def account() -> ResponseReturnValue:
    """Show a member what she can sign in with, and her own log of it."""
    desk = who_acts()
    return render_template(
        "staff/account.html",
        left=codes.left(desk.session, desk.member),
        log=ways_in.own_log(desk.session, desk.member),
    )
