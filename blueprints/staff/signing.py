"""Signing in and out."""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from blueprints.staff.blueprint import bp
from blueprints.staff.letting_in import let_in
from blueprints.staff.passkeys import site
from blueprints.staff.sign_in_forms import SignInForm
from intake import access, passkeys, recovery_codes
from intake.proofs import Second
from web.desk import KEY
from web.wiring import db, wired

_REFUSED = (
    "Det gick inte att logga in. Kontrollera namn, lösenord och kod, och vänta på en "
    "ny kod. Efter fem fel från samma nät får du vänta tio minuter."
)


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    """Say that the process answers; nothing more."""
    return "ok", {"Content-Type": "text/plain"}


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Take login, password and code or passkey in one; a refusal tells not which."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        return let_in(*form.credentials(), lambda own: _second(own, form))
    except access.SignInRefused:
        form.forget_code()
        return _page(form, _REFUSED), 422


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session; its copy of the key can never be opened again."""
    access.sign_out(db(), session.get(KEY, ""))
    db().commit()
    session.clear()
    return redirect(url_for("staff.sign_in"), 303)


def _page(form: SignInForm, refused: str = "") -> str:
    outside = wired().provider is not None
    return render_template(
        "staff/sign_in.html", form=form, refused=refused, outside=outside
    )


def _second(own: Session, form: SignInForm) -> Second:
    code, passkey = form.code.data or "", form.passkey.data or ""
    if passkey:
        return passkeys.ShownPasskey(site(), passkey)
    if recovery_codes.is_recovery_code(code):
        return recovery_codes.check(own, form.login.data or "", code)
    return access.PhoneCode(wired().settings.account_key, code)
