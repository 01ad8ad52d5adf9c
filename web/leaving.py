"""Leaving: what pages showed ends, and nobody waits for the database to end it."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime

from flask import request
from sqlalchemy import Engine

from intake.pages_once import burn_page
from intake.store import writing
from web.fetches import is_fetch
from web.once import handle_of
from web.wiring import now, wired

PATIENCE = 0.1  # seconds; nearly always it is done by then
_MOST = 20  # handles; no visit has so many pages that still show
_log = logging.getLogger(__name__)
# A locked database must not hold back the way out: these threads go on waiting for it.
_burners = ThreadPoolExecutor(2, thread_name_prefix="leave")


def end_what_was_shown() -> None:
    """End the pages that the script names, or the one that a link led away from."""
    with _whatever_breaks():
        _burn_soon(request.form.get("handles", "") or handle_of(request.referrer))


def end_page_left() -> None:
    """End the one-time page that she went on from by a link, without script."""
    with _whatever_breaks():
        _burn_soon("" if is_fetch(request) else handle_of(request.referrer))


def _burn_soon(named: str) -> None:
    handles = list(dict.fromkeys(named.split()))[-_MOST:]
    if handles:
        job = _burners.submit(_burn, wired().engine, handles, now())
        wait([job], PATIENCE)


def _burn(engine: Engine, handles: list[str], moment: datetime) -> None:
    with _whatever_breaks(), writing(engine) as session:
        for handle in handles:
            burn_page(session, handle, moment)
        session.commit()


@contextmanager
def _whatever_breaks() -> Iterator[None]:
    """Let nothing come between her and the next page."""
    try:
        yield
    except Exception as error:  # its message may hold what the page showed
        _log.error("leaving: %s", type(error).__name__)
