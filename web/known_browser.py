"""The cookie by which a browser of the staff site is known again at the next sign-in.

It outlives the session, since it is there for the morning on which somebody else keeps
failing at her account. It lets nobody in: docs/adr/0015 says what it is good for.
"""

import secrets
from datetime import datetime

from flask import Response, after_this_request, request
from sqlalchemy.orm import Session

from intake import known_browsers
from web.limits import Limited
from web.wiring import wired


def name() -> str:
    """Return the cookie's name; by a __Host- name only this very host can set it."""
    return "__Host-browser" if _https() else "browser"


def is_known(session: Session, login: str, now: datetime) -> bool:
    """Say whether a login was used in this browser before, and did not fail too often.

    Counted here, for each browser apart; one that fails too often is a strange one.
    """
    token = _token()
    if not known_browsers.is_known(session, token, login, now):
        return False
    about = known_browsers.hashed(token).hex() + login
    return not wired().limits.over(Limited.KNOWN_BROWSER, None, now, about)


def remember(
    session: Session, login: str, member_id: int | None, now: datetime
) -> None:
    """Know this browser again when the same member comes next."""
    if member_id is None:
        return
    token = _token() or secrets.token_urlsafe(32)
    known_browsers.remember(session, token, member_id, now)
    about = known_browsers.hashed(token).hex() + login
    wired().limits.give_back(Limited.KNOWN_BROWSER, None, now, about)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            name(),
            token,
            max_age=known_browsers.KNOWN_FOR,
            secure=_https(),
            httponly=True,
            samesite="Strict",
        )
        return response


def _token() -> str:
    return request.cookies.get(name(), "")


def _https() -> bool:
    return wired().settings.staff_url.startswith("https://")
