"""A member's own sessions, as she sees them: when, and neither from where nor in what.

Nothing of a browser or an address is kept, so there is nothing else to be shown.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.access import Lasting, is_over, token_hash
from intake.people import Member, SignIn

_HANDLE = 16  # hex digits of what finds a session: enough among one member's own


@dataclass(frozen=True, slots=True)
class Stay:
    """One session that has not ended. Its handle opens nothing."""

    handle: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def own(
    session: Session, member: Member, token: str, now: datetime, lasting: Lasting
) -> list[Stay]:
    """Return a member's sessions, the newest first; `token` is the one she asks in."""
    here = token_hash(token)
    return [
        Stay(_handle(row), row.started_at, row.seen_at, row.token_hash == here)
        for row in _rows(session, member)
        if not is_over(row, now, lasting)
    ]


def end(session: Session, member: Member, handle: str) -> bool:
    """End one of a member's own sessions; say whether there was one."""
    ended = [row for row in _rows(session, member) if _handle(row) == handle]
    for row in ended:
        session.delete(row)
    session.flush()
    return bool(ended)


def end_others(session: Session, member: Member, token: str) -> None:
    """End all of a member's sessions but the one that she asks in."""
    for row in _rows(session, member):
        if row.token_hash != token_hash(token):
            session.delete(row)
    session.flush()


def _rows(session: Session, member: Member) -> list[SignIn]:
    found = select(SignIn).where(SignIn.member_id == member.id)
    return list(session.scalars(found.order_by(SignIn.started_at.desc())))


def _handle(row: SignIn) -> str:
    return row.token_hash.hex()[:_HANDLE]
