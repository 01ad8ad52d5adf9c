"""Passkeys: what a browser is asked, and a member's own: added, listed, removed."""

from urllib.parse import urlsplit

from flask import Response, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.account import account_page
from blueprints.staff.account_forms import PasskeyForm
from blueprints.staff.blueprint import bp
from intake import passkeys
from web.desk import who_acts
from web.wiring import now, wired


def site() -> passkeys.Site:
    """Return where passkeys are good: at this staff site alone."""
    settings = wired().settings
    host = urlsplit(settings.staff_url).hostname or ""
    return passkeys.Site(host, settings.staff_url, settings.account_key)


@bp.get("/sign-in/passkey")
def passkey_to_sign_in() -> ResponseReturnValue:
    """Return a fresh challenge; it is the same for every account, and names none."""
    return _json(passkeys.to_sign_in(site(), now()))


@bp.get("/account/passkeys/new")
def passkey_to_add() -> ResponseReturnValue:
    """Return what the browser needs to make a passkey."""
    desk = who_acts()
    return _json(passkeys.to_add(site(), desk.session, desk.member, now()))


@bp.post("/account/passkeys")
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    form, desk = PasskeyForm(), who_acts()
    if not form.validate_on_submit():
        return account_page(form)
    try:
        passkeys.add(site(), desk.session, desk.member, *form.made(), now())
    except passkeys.PasskeyRefused:
        desk.session.rollback()
        form.refuse()
        return account_page(form)
    desk.session.commit()
    return redirect(url_for("staff.account"), 303)


@bp.post("/account/passkeys/<int:passkey_id>/remove")
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Remove one of the member's own passkeys; others' are not there."""
    desk = who_acts()
    if not passkeys.remove(desk.session, desk.member, passkey_id, now()):
        abort(404)
    desk.session.commit()
    return redirect(url_for("staff.account"), 303)


def _json(text: str) -> Response:
    return current_app.response_class(text, mimetype="application/json")
