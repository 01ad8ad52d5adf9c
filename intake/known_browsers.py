"""Browsers that a member has signed in with before (docs/adr/0015).

Such a browser is counted for itself, so that whoever fails at her account from
elsewhere, however often, can't keep her out. It proves nothing: password and code are
asked as always. What is kept is a hash, whose it is and when it was used last.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.people import Member
from intake.tables import Base

KNOWN_FOR = timedelta(days=90)  # from its last sign-in


class KnownBrowser(Base):
    """One browser and one member who signed in there; a desk is shared by several."""

    __tablename__ = "known_browsers"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    used_at: Mapped[datetime]


def is_known(session: Session, token: str, login: str, now: datetime) -> bool:
    """Say whether a login was signed in with this browser before."""
    found = exists().where(
        KnownBrowser.token_hash == hashed(token),
        KnownBrowser.used_at > now - KNOWN_FOR,
        KnownBrowser.member_id == Member.id,
        Member.login == login.strip().lower(),
        Member.active,
    )
    return bool(token) and bool(session.scalar(select(found)))


def remember(session: Session, token: str, member_id: int, now: datetime) -> None:
    """Note that a member signed in with a browser; what is too old is forgotten."""
    session.execute(delete(KnownBrowser).where(KnownBrowser.used_at <= now - KNOWN_FOR))
    row = session.get(KnownBrowser, (hashed(token), member_id))
    if row is None:
        row = KnownBrowser(token_hash=hashed(token), member_id=member_id)
        session.add(row)
    row.used_at = now
    session.flush()


def forget(session: Session, member: Member) -> None:
    """Know none of a member's browsers any more: one may be in other hands."""
    session.execute(delete(KnownBrowser).where(KnownBrowser.member_id == member.id))


def hashed(token: str) -> bytes:
    """Return what a browser's token is found by."""
    return hashlib.sha256(b"browser" + token.encode()).digest()
