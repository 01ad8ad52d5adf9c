"""A member's own way in: what she can sign in with, and what was done with it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.staff.account_forms import PasskeyForm
from blueprints.staff.blueprint import bp
from intake import outside, passkeys, ways_in
from intake import recovery_codes as codes
from web.desk import who_acts
from web.wiring import wired


@bp.get("/account")
def account() -> ResponseReturnValue:
    """Show a member what she can sign in with, and her own log of it."""
    return account_page()


def account_page(form: PasskeyForm | None = None) -> ResponseReturnValue:
    """Return the page; with a form that could not be taken, as 422."""
    desk = who_acts()
    page = render_template(
        "staff/account.html",
        left=codes.left(desk.session, desk.member),
        passkeys=passkeys.own(desk.session, desk.member),
        form=form or PasskeyForm.fresh(),
        outside=wired().provider is not None,
        bound_at=outside.bound_at(desk.session, desk.member),
        log=ways_in.own_log(desk.session, desk.member),
    )
    return page, 422 if form else 200
