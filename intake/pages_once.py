"""Pages that show for some minutes, sealed under a handle that only she holds (S39).

What a page shows lies in the database locked under a random 128-bit handle, of which
the database knows a hash; it ends when it is burned or its minutes are over.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from intake.arrivals import burn
from intake.errors import SealBroken
from intake.models import OnePage
from intake.vault import lock, unlock

SHOWN_FOR = timedelta(minutes=5)
FORM_FOR = timedelta(minutes=30)  # a handle hidden in a form of the return page


@dataclass(frozen=True, slots=True)
class Shown:
    """What a handle opened: a view's name and what it is to show."""

    view: str
    content: dict[str, Any]


def keep(
    session: Session,
    shown: Shown,
    now: datetime,
    lasts: timedelta = SHOWN_FOR,
    sending_hash: bytes | None = None,
) -> str:
    """Seal a page and return its handle, which is stored nowhere."""
    handle = secrets.token_urlsafe(16)
    content = json.dumps({"view": shown.view, "content": shown.content}).encode()
    session.add(
        OnePage(
            handle_hash=_hash(handle),
            box=lock(content, _key(handle)),
            ends_at=now + lasts,
            sending_hash=sending_hash,
        )
    )
    session.flush()
    return handle


def show(session: Session, handle: str, now: datetime) -> Shown | None:
    """Return what a handle opens, or None when it is spent or was never given."""
    page = session.get(OnePage, _hash(handle))
    if page is None or page.ends_at <= now:
        return None
    try:
        opened = json.loads(unlock(page.box, _key(handle)))
    except SealBroken:
        return None
    return Shown(opened["view"], opened["content"])


def burn_page(session: Session, handle: str, now: datetime) -> None:
    """End a page for good, and with it the number that it showed."""
    page = session.get(OnePage, _hash(handle))
    if page is None:
        return
    if page.sending_hash is not None:
        burn(session, page.sending_hash, now)
    session.delete(page)
    session.flush()


def sweep(session: Session, now: datetime) -> int:
    """Delete the pages whose minutes are over; returns how many."""
    done = session.execute(delete(OnePage).where(OnePage.ends_at <= now))
    return int(getattr(done, "rowcount", 0))


def _hash(handle: str) -> bytes:
    return hashlib.sha256(b"page" + handle.encode()).digest()


def _key(handle: str) -> bytes:
    return hashlib.sha256(b"seal" + handle.encode()).digest()
