"""What every way in shares: tries are counted, the password opens the key, she sits."""

from collections.abc import Callable

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intake import access
from intake.proofs import Second, prove
from intake.store import reading
from intake.ways_in import AccountEvent
from web import done, known_browser
from web.desk import KEY
from web.limits import Limited
from web.wiring import db, now, wired


def let_in(
    login: str, password: str, show: Callable[[Session], Second]
) -> ResponseReturnValue:
    """Let a member in and lead to her desk; a refusal that counts is committed.

    `show` returns what she has beside her password. Raises SignInRefused.
    """
    try:
        token, way = _checked(login.strip().lower(), password, show)
    except access.SignInRefused:
        db().commit()
        raise
    db().commit()
    session.clear()
    session[KEY] = token  # cleared first, so that no planted session lives on
    if way is AccountEvent.RECOVERY_CODE:
        done.say("staff.came_in_by_recovery_code")
    return redirect(url_for("staff.start"), 303)


def _checked(
    name: str, password: str, show: Callable[[Session], Second]
) -> tuple[str, AccountEvent]:
    wiring = wired()
    # Hashed before the session that writes begins: SQLite would let nobody send.
    with reading(wiring.engine) as own:
        known = known_browser.is_known(own, name, now())
        if not known:
            _count_try(name)
        proof, second = prove(own, name, password), show(own)
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
