"""A member's sign-in with the municipality, which she binds to herself when signed in.

What the municipality calls her is not kept: a keyed tag of it is enough to know her by.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.errors import IntakeError
from intake.people import Member
from intake.ways_in import AccountEvent, OutsideAccount, note, spend


class TakenOutside(IntakeError):
    """Another member has bound that sign-in to herself."""


def tag_of(account_key: bytes, issuer: str, subject: str) -> bytes:
    """Return what a sign-in elsewhere is known by here."""
    said = f"outside\n{issuer}\n{subject}".encode()
    return hmac.digest(account_key, said, "sha256")


def bind(session: Session, member: Member, tag: bytes, now: datetime) -> None:
    """Bind a sign-in elsewhere to a member, in place of an older. Raises TakenOutside.

    Two who bind the same at once meet the table's own rule.
    """
    found = select(OutsideAccount).where(OutsideAccount.tag == tag)
    other = session.scalars(found).first()
    if other is not None and other.member_id != member.id:
        raise TakenOutside("bound to another")
    session.merge(OutsideAccount(member_id=member.id, tag=tag, bound_at=now))
    note(session, member, AccountEvent.OUTSIDE_BOUND, now)


def unbind(session: Session, member: Member, now: datetime) -> bool:
    """End a member's sign-in elsewhere; False when she has none."""
    row = session.get(OutsideAccount, member.id)
    if row is None:
        return False
    session.delete(row)
    note(session, member, AccountEvent.OUTSIDE_UNBOUND, now)
    return True


def bound_at(session: Session, member: Member) -> datetime | None:
    """Return since when a member has one; None when she has none."""
    row = session.get(OutsideAccount, member.id)
    return row.bound_at if row else None


def member_of(session: Session, tag: bytes) -> Member | None:
    """Return whom a sign-in elsewhere is bound to, if she may come in at all."""
    whose = select(Member).join(OutsideAccount).where(OutsideAccount.tag == tag)
    member = session.scalars(whose).first()
    return member if member and member.active else None


@dataclass(frozen=True, slots=True)
class ShownOutside:
    """A sign-in elsewhere, in place of login and code."""

    tag: bytes = field(repr=False)
    word: str = field(repr=False)  # of this one sign-in
    ends_at: datetime
    event = AccountEvent.OUTSIDE

    def fits(self, session: Session, member: Member, now: datetime) -> bool:
        """Say whether it is bound to this member; each one counts once."""
        row = session.get(OutsideAccount, member.id, with_for_update=True)
        if row is None or not hmac.compare_digest(row.tag, self.tag):
            return False
        return spend(session, self.word.encode(), self.ends_at, now)
