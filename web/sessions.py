"""Sessions: the visitors' site has none and can't get one, the staff site has one."""

from collections.abc import Iterator
from typing import NoReturn

from flask import Flask, Request, Response
from flask.sessions import (
    SecureCookieSessionInterface,
    SessionInterface,
    SessionMixin,
)

from web.environment import Face
from web.settings import Settings


class SessionRefused(RuntimeError):
    """Something asked the visitors' site to remember a visitor."""


class RefusedSession(SessionMixin):
    """A session that can be neither read nor written.

    Reading is refused as well: Flask answers a read with `Vary: Cookie`, and what
    reads today writes tomorrow.
    """

    def _refuse(self) -> NoReturn:
        raise SessionRefused("the visitors' site keeps no session")

    def __getitem__(self, key: str) -> NoReturn:
        self._refuse()

    def __setitem__(self, key: str, value: object) -> NoReturn:
        self._refuse()

    def __delitem__(self, key: str) -> NoReturn:
        self._refuse()

    def __contains__(self, key: object) -> NoReturn:
        self._refuse()

    def __iter__(self) -> Iterator[str]:
        self._refuse()

    def __len__(self) -> NoReturn:
        self._refuse()


class RefusingSessions(SessionInterface):
    """Opens a session that refuses everything; where others save, drops cookies."""

    def open_session(self, app: Flask, request: Request) -> RefusedSession:
        """Return the refusing session, whatever the browser sent."""
        return RefusedSession()

    def is_null_session(self, obj: object) -> bool:
        """Say no, so that Flask calls `save_session` last of all for every answer."""
        return False

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        """Take off any cookie, whatever set it. Raises SessionRefused in tests."""
        if response.headers.getlist("Set-Cookie"):
            del response.headers["Set-Cookie"]
            if app.testing:
                raise SessionRefused("an answer of the visitors' site set a cookie")


def configure_sessions(app: Flask, settings: Settings) -> None:
    """Give the staff site its signed cookie, and the visitors' site none."""
    if settings.face is not Face.STAFF:
        app.session_interface = RefusingSessions()
        return
    # By its name a browser takes a __Host- cookie from this host over https only, so
    # that no neighbour under the same domain can plant one.
    https = settings.staff_url.startswith("https://")
    app.secret_key = settings.session_key
    app.session_interface = SecureCookieSessionInterface()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-desk" if https else "desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",  # no link from elsewhere arrives signed in
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,  # the server counts how long it lasts
    )
