"""What one process is made of, built once in app.py and found from any view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.office import Office
from intake.receipts import Peppers
from intake.store import reading, writing
from intake.units import Municipality
from web.helplines import HelpLine
from web.limits import Limits
from web.oidc import Provider
from web.settings import Settings
from web.tokens import FormTokens

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def system_clock() -> datetime:
    """Return the time now, in UTC; the only place where the product asks for it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts that views work with. What a face has no key for is None."""

    settings: Settings
    engine: Engine
    office: Office
    municipality: Municipality
    limits: Limits
    lines: tuple[HelpLine, ...] = ()
    peppers: Peppers | None = None
    tokens: FormTokens | None = None
    provider: Provider | None = None  # the municipality's sign-in, for staff
    clock: Callable[[], datetime] = system_clock


def wired() -> Wiring:
    """Return the parts of the running application."""
    wiring: Wiring = current_app.extensions["stilla"]
    return wiring


def now() -> datetime:
    """Return the time that this request is worked at: one time for all it writes."""
    if "now" not in g:
        g.now = wired().clock()
    moment: datetime = g.now
    return moment


def db() -> Session:
    """Return this request's session; a GET that writes asks for `writing_db` first."""
    if "session" not in g:
        # Who only reads must not stand in SQLite's line of writers.
        reads = request.method in _SAFE_METHODS and not g.get("writes")
        g.session = (reading if reads else writing)(wired().engine)
    session: Session = g.session
    return session


def writing_db() -> Session:
    """Return a session that takes its turn at writing, also in a GET."""
    g.writes = True
    return db()


def close_session(_: BaseException | None = None) -> None:
    """End this request's session; what was not committed is gone."""
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()
