"""Checking a password and opening a member's key with it: slow, and writing nothing.

Beside the password stands a second proof, of one of several kinds.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.people import Member
from intake.vault import (
    SALT_BYTES,
    KeyPair,
    hash_password,
    key_from_passphrase,
    password_fits,
    unlock,
)
from intake.ways_in import AccountEvent


class Second(Protocol):
    """What a member shows beside her password: a code, or what takes its place."""

    @property
    def event(self) -> AccountEvent:
        """How her own log calls it."""

    def fits(self, session: Session, member: Member, now: datetime) -> bool:
        """Say whether it is this member's, and use it up. Her row is locked."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a password came to: whose account it is for, and her key where it fits."""

    member_id: int | None
    password_hash: str | None = field(repr=False)  # what it was checked against
    pair: KeyPair | None = field(default=None, repr=False)


def prove(session: Session, login: str, password: str) -> Proof:
    """Check a password, for a session that only reads: hashing must lock nobody out.

    It hashes as much for an unknown login as for a known one, for a wrong password as
    for the right one, so the time that it takes tells nothing.
    """
    standing = select(
        Member.id, Member.password_hash, Member.wrap_salt, Member.wrapped_secret
    ).where(
        Member.login == login.strip().lower(),
        Member.active,
        Member.password_hash.is_not(None),
        Member.wrapped_secret.is_not(None),
    )
    found = session.execute(standing).first()
    member_id, hashed, salt, wrapped = found or _decoy()
    fits = password_fits(hashed or "", password)
    key = key_from_passphrase(password, salt or b"")
    if not fits or not wrapped:
        return Proof(member_id, hashed)
    return Proof(member_id, hashed, KeyPair.from_secret(unlock(wrapped, key)))


@cache
def _decoy() -> tuple[None, str, bytes, bytes]:
    return None, hash_password(secrets.token_hex()), bytes(SALT_BYTES), b""
