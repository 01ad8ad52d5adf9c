"""Recovery codes: ten on paper, each good once in place of the phone's code."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from intake.people import Member
from intake.tables import LOCKED
from intake.vault import hash_password, password_fits
from intake.ways_in import AccountEvent, RecoveryCode, note

HOW_MANY = 10
_SIGNS = "acdefhjkmnprtuvwxy34679"  # without look-alikes; typed as people like
# The first sign says which of the ten; eleven more make 49 bits, beside a password.
_LENGTH, _GROUP = 12, 4


@dataclass(frozen=True, slots=True)
class ShownRecoveryCode:
    """What was typed in place of a phone's code, checked against one unused code."""

    mark: str
    hashed: str = field(repr=False)  # what it was checked against: whose follows
    right: bool
    event = AccountEvent.RECOVERY_CODE

    def fits(self, session: Session, member: Member, now: datetime) -> bool:
        """Use the code up and say whether it was there to be used."""
        if not self.right:
            return False
        row = session.get(RecoveryCode, (member.id, self.mark), with_for_update=True)
        if row is None or row.hashed != self.hashed:
            return False
        session.delete(row)
        session.flush()
        return True


def is_recovery_code(typed: str) -> bool:
    """Say whether something typed is long enough to be one; a phone's has six signs."""
    return len(_bare(typed)) > _LENGTH // 2


def check(session: Session, login: str, typed: str) -> ShownRecoveryCode:
    """Check what was typed, for a session that only reads: hashing must lock nobody.

    It hashes as much where the login or the code is unknown.
    """
    code = _bare(typed)
    hashed = session.scalars(
        select(RecoveryCode.hashed)
        .join(Member, Member.id == RecoveryCode.member_id)
        .where(Member.login == login.strip().lower(), RecoveryCode.mark == code[:1])
    ).first()
    hashed = hashed or _decoy()
    return ShownRecoveryCode(code[:1], hashed, password_fits(hashed, code))


def fresh() -> list[str]:
    """Return a new set as it is written on paper: "k3mw-pn7x-9rtd"."""
    marks = secrets.SystemRandom().sample(_SIGNS, HOW_MANY)
    return [_grouped(mark + _random(_LENGTH - 1)) for mark in marks]


def hashes(codes: list[str]) -> dict[str, str]:
    """Return each code's hash by its first sign; slow, and writing nothing."""
    bare = [_bare(code) for code in codes]
    return {code[0]: hash_password(code) for code in bare}


def keep(
    session: Session, member: Member, hashed: dict[str, str], now: datetime
) -> None:
    """Let a new set take the place of what was left of the old one."""
    # Two new sets at once: the one that is kept last is the one that holds.
    session.get(Member, member.id, with_for_update=LOCKED)
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))
    session.add_all(
        RecoveryCode(member_id=member.id, mark=mark, hashed=one)
        for mark, one in hashed.items()
    )
    note(session, member, AccountEvent.RECOVERY_CODES_MADE, now)


def left(session: Session, member: Member) -> int:
    """Return how many of a member's codes are unused."""
    count = select(func.count()).where(RecoveryCode.member_id == member.id)
    return session.scalars(count).one()


def _random(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(length))


def _grouped(code: str) -> str:
    parts = (code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
    return "-".join(parts)


def _bare(typed: str) -> str:
    return "".join(sign for sign in typed.lower() if sign.isalnum())


@cache
def _decoy() -> str:
    return hash_password(secrets.token_hex())
