"""Pages that show for some minutes, sealed under a handle that only she holds (S39).

What a page shows lies in the database locked under a random 128-bit handle, of which
the database knows a hash; it ends when it is burned or its minutes are over.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
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
_MOST_OTHERS = 40  # handles; more than her five minutes hold


@dataclass(frozen=True, slots=True)
class Shown:
    """What a handle opened: a view's name and what it is to show."""

    view: str
    content: dict[str, Any]
    others: tuple[str, ...] = ()  # handles that end with it: hidden in it, or before it


def keep(
    session: Session,
    shown: Shown,
    now: datetime,
    lasts: timedelta = SHOWN_FOR,
    sending_hash: bytes | None = None,
) -> str:
    """Seal a page and return its handle, which is stored nowhere."""
    # 128 bits: nobody guesses it in the minutes that it lasts.
    handle = secrets.token_urlsafe(16)
    until = (now + lasts).isoformat()
    content = json.dumps({**asdict(shown), "until": until}).encode()
    session.add(
        OnePage(
            handle_hash=_hash(handle),
            box=lock(content, _key(handle)),
            # No longer shown, it still knows what is to end with it.
            ends_at=now + (FORM_FOR if shown.others else lasts),
            sending_hash=sending_hash,
        )
    )
    session.flush()
    return handle


def show(session: Session, handle: str, now: datetime) -> Shown | None:
    """Return what a handle opens, or None when it is spent or was never given."""
    opened = _open(session, handle)
    if opened is None or datetime.fromisoformat(opened["until"]) <= now:
        return None
    return _shown(opened)


def trail(session: Session, handle: str) -> tuple[str, ...]:
    """Return a page's handle after all that end with it; () when it is unknown."""
    opened = _open(session, handle)
    return (*_shown(opened).others, handle)[-_MOST_OTHERS:] if opened else ()


def burn_page(session: Session, handle: str, now: datetime) -> None:
    """End a page for good, with the number that it showed and all that ends with it."""
    for one in trail(session, handle):
        for other in trail(session, one):
            end_page(session, other, now)
    end_page(session, handle, now)


def end_page(session: Session, handle: str, now: datetime) -> None:
    """End this page alone, and with it the number that it showed."""
    page = session.get(OnePage, _hash(handle))
    if page is None:
        return
    # Else sending the form again would show the number once more (S3).
    if page.sending_hash is not None:
        burn(session, page.sending_hash, now)
    session.delete(page)
    session.flush()


def sweep(session: Session, now: datetime) -> int:
    """Delete the pages whose minutes are over; returns how many."""
    done = session.execute(delete(OnePage).where(OnePage.ends_at <= now))
    return int(getattr(done, "rowcount", 0))


def _open(session: Session, handle: str) -> dict[str, Any] | None:
    page = session.get(OnePage, _hash(handle))
    if page is None:
        return None
    try:
        opened: dict[str, Any] = json.loads(unlock(page.box, _key(handle)))
    except SealBroken:
        return None
    return opened


def _shown(opened: dict[str, Any]) -> Shown:
    return Shown(opened["view"], opened["content"], tuple(opened["others"]))


# Two hashes of one handle: what finds the row must not open it.
def _hash(handle: str) -> bytes:
    return hashlib.sha256(b"page" + handle.encode()).digest()


def _key(handle: str) -> bytes:
    return hashlib.sha256(b"seal" + handle.encode()).digest()
