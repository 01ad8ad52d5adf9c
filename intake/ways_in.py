"""Tables of what proves who a member is beside her password, and of how she came in.

None of it opens her key: only the password does (DESIGN.md §4).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake import known_browsers
from intake.people import Member
from intake.tables import Base, key

LOG_LASTS = timedelta(days=365)
_SHOWN = 20  # rows: some two weeks of one member's work


class AccountEvent(StrEnum):
    """What happened to a member's way in, as she reads it herself."""

    CODE = "code"
    RECOVERY_CODE = "recovery-code"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    PASSKEY = "passkey"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    PASSKEY_COPIED = "passkey-copied"
    OUTSIDE = "outside"
    OUTSIDE_BOUND = "outside-bound"
    OUTSIDE_UNBOUND = "outside-unbound"


class AccountNote(Base):
    """One line of a member's own log: what and when, neither address nor browser."""

    __tablename__ = "account_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    event: Mapped[AccountEvent] = mapped_column(key(AccountEvent))
    at: Mapped[datetime]


class RecoveryCode(Base):
    """One unused recovery code, as an Argon2id hash; using it deletes the row."""

    __tablename__ = "recovery_codes"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    # Its first sign, so that one try costs one slow hash and not ten.
    mark: Mapped[str] = mapped_column(String(1), primary_key=True)
    hashed: Mapped[str] = mapped_column(String(160))


class Passkey(Base):
    """A member's passkey: its public half, and how often the device has used it."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    credential: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    uses: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))  # hers: which device it is
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OutsideAccount(Base):
    """A member's sign-in with the municipality, known by a keyed tag alone."""

    __tablename__ = "outside_accounts"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    tag: Mapped[bytes] = mapped_column(unique=True)
    bound_at: Mapped[datetime]


class SpentChallenge(Base):
    """What is good once and was used, kept until it would be too old by itself."""

    __tablename__ = "spent_challenges"

    hashed: Mapped[bytes] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]


def note(session: Session, member: Member, event: AccountEvent, now: datetime) -> None:
    """Write a line in a member's own log; lines older than a year go."""
    session.execute(
        delete(AccountNote).where(
            AccountNote.member_id == member.id, AccountNote.at < now - LOG_LASTS
        )
    )
    session.add(AccountNote(member_id=member.id, event=event, at=now))
    session.flush()


def own_log(session: Session, member: Member) -> list[AccountNote]:
    """Return the last lines of a member's own log, the newest first."""
    lines = (
        select(AccountNote)
        .where(AccountNote.member_id == member.id)
        .order_by(AccountNote.id.desc())
    )
    return list(session.scalars(lines.limit(_SHOWN)))


def spend(session: Session, once: bytes, ends_at: datetime, now: datetime) -> bool:
    """Use up what is good once; False when it was used before.

    The member's row is locked, so that nobody uses it at the same time.
    """
    session.execute(delete(SpentChallenge).where(SpentChallenge.ends_at < now))
    hashed = sha256(once).digest()
    if session.get(SpentChallenge, hashed) is not None:
        return False
    session.add(SpentChallenge(hashed=hashed, ends_at=ends_at))
    session.flush()
    return True


def end_ways(session: Session, member: Member) -> None:
    """End what proves a member beside password and codes; her log stays."""
    known_browsers.forget(session, member)
    for kind in (RecoveryCode, Passkey, OutsideAccount):
        session.execute(delete(kind).where(kind.member_id == member.id))
