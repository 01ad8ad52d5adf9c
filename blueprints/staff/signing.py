"""Signing in and out."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from blueprints.staff.blueprint import bp
from blueprints.staff.passkeys import site
from blueprints.staff.sign_in_forms import SignInForm
from intake import access, passkeys, recovery_codes
from intake.proofs import Second, prove
from intake.store import reading
from intake.ways_in import AccountEvent
from web import done, known_browser
from web.desk import KEY
from web.limits import Limited
from web.wiring import db, now, wired

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
        page = render_template("staff/sign_in.html", form=form, refused="")
        return page, 422 if form.errors else 200
    try:
        token, way = _let_in(form)
    except access.SignInRefused:
        db().commit()  # a refusal counts
        form.forget_code()
        return render_template("staff/sign_in.html", form=form, refused=_REFUSED), 422
    db().commit()
    session.clear()
    session[KEY] = token  # cleared first, so that no planted session lives on
    if way is AccountEvent.RECOVERY_CODE:
        done.say("staff.came_in_by_recovery_code")
    return redirect(url_for("staff.start"), 303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session; its copy of the key can never be opened again."""
    access.sign_out(db(), session.get(KEY, ""))
    db().commit()
    session.clear()
    return redirect(url_for("staff.sign_in"), 303)


def _let_in(form: SignInForm) -> tuple[str, AccountEvent]:
    """Return a session's token and how she came in. Raises SignInRefused."""
    login, password = form.credentials()
    wiring, name = wired(), login.strip().lower()
    # Hashed before the session that writes begins: SQLite would let nobody send.
    with reading(wiring.engine) as own:
        known = known_browser.is_known(own, name, now())
        if not known:
            _count_try(name)
        proof, second = prove(own, login, password), _second(own, form)
    token = access.let_in(db(), proof, second, now(), known)
    if not known:
        wiring.limits.give_back(Limited.ACCOUNT, request.remote_addr, now(), name)
    known_browser.remember(db(), name, proof.member_id, now())
    return token, second.event


def _count_try(login: str) -> None:
    """Count a try from a strange browser, before any work. Raises SignInRefused."""
    # Each hash is slow, and all at once can't get past it.
    limits, address = wired().limits, request.remote_addr
    if limits.over(Limited.SIGN_IN, address, now()):
        raise access.SignInRefused("too many tries")
    if limits.over(Limited.ACCOUNT, address, now(), login):
        raise access.SignInRefused("too many failures")


def _second(own: Session, form: SignInForm) -> Second:
    code, passkey = form.code.data or "", form.passkey.data or ""
    if passkey:
        return passkeys.ShownPasskey(site(), passkey)
    if recovery_codes.is_recovery_code(code):
        return recovery_codes.check(own, form.login.data or "", code)
    return access.PhoneCode(wired().settings.account_key, code)
