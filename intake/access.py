"""Who a member is, and how her passphrase unlocks her key (DESIGN.md §4).

Password and one-time code, or what takes its place, prove *who*; only the passphrase,
which is the password here, unlocks the *key*. A session keeps the unlocked key locked
under a secret that lives in the cookie alone.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, object_session

from intake.codes import next_code, step_of
from intake.errors import IntakeError, SealBroken
from intake.people import Member, Membership, SignIn
from intake.proofs import Proof, Second
from intake.tables import LOCKED
from intake.vault import (
    SALT_BYTES,
    KeyPair,
    hash_password,
    key_from_passphrase,
    lock,
    random_bytes,
    seal,
    unlock,
    unseal,
)
from intake.ways_in import AccountEvent, note

IDLE = timedelta(minutes=30)  # a desk left open is open to anybody
LONGEST = timedelta(hours=10)  # a working day
LONGEST_EVER = timedelta(hours=24)  # whatever a setting says
RENEWED_AFTER = timedelta(minutes=1)  # so that reading pages seldom writes
# From all networks together, strange browsers only: five would let anybody lock anybody
# out (web/limits.py stops one network, or one known browser, after five).
_FAILURES, _LOCKED_FOR = 50, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session may last: unused, and at the longest."""

    idle: timedelta = IDLE
    longest: timedelta = LONGEST


USUAL = Lasting()


class SignInRefused(IntakeError):
    """Login, password or code do not fit, or the account waits; never which of them."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member who is signed in, with her key unlocked."""

    member: Member
    pair: KeyPair


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """A one-time code from her phone, as typed."""

    account_key: bytes = field(repr=False)
    code: str = field(repr=False)
    event = AccountEvent.CODE

    def fits(self, session: Session, member: Member, now: datetime) -> bool:
        """Check the code; each counts once (RFC 6238 §5.2)."""
        if member.totp_box is None:
            return False
        secret = unlock(member.totp_box, self.account_key).decode()
        step = step_of(secret, self.code, now, member.totp_step)
        member.totp_step = step or member.totp_step
        return step is not None


def sign_in(
    session: Session, account_key: bytes, proof: Proof, code: str, now: datetime
) -> str:
    """Let in with a code from her phone; all else is as in `let_in`."""
    return let_in(session, proof, PhoneCode(account_key, code), now)


def let_in(
    session: Session,
    proof: Proof,
    second: Second,
    now: datetime,
    known: bool = False,
) -> str:
    """Start a session and return the cookie's token. Raises SignInRefused.

    A refusal counts towards the account's lock, so the caller commits it too. A browser
    that is known is not kept out by that lock, nor does it count: it is counted alone.
    """
    member = _locked_row(session, proof)
    if member is None or (not known and _rests(member, now)):
        raise SignInRefused("refused")
    # The code comes last: a wrong password must not use it up.
    if proof.pair is None or not second.fits(session, member, now):
        if not known:
            _count_failure(member, now)
        raise SignInRefused("refused")
    if not known:
        member.failures, member.locked_until = 0, None
    note(session, member, second.event, now)
    return _start(session, member, proof.pair, now)


def signed_in(
    session: Session, token: str, now: datetime, lasting: Lasting = USUAL
) -> SignedIn | None:
    """Return who a cookie's token belongs to; None when the session is over."""
    row = session.get(SignIn, token_hash(token))
    if row is None or is_over(row, now, lasting):
        return None
    return SignedIn(row.member, KeyPair.from_secret(unlock(row.box, _key(token))))


def wants_renewal(
    session: Session, token: str, now: datetime, lasting: Lasting = USUAL
) -> bool:
    """Say whether a session is to be renewed, or ended; at most once a minute."""
    row = session.get(SignIn, token_hash(token))
    if row is None:
        return False
    return is_over(row, now, lasting) or now - row.seen_at > RENEWED_AFTER


def renew(
    session: Session, token: str, now: datetime, lasting: Lasting = USUAL
) -> bool:
    """Note that a session is in use, or end it for good and return False."""
    row = session.get(SignIn, token_hash(token))
    if row is None:
        return False
    over = is_over(row, now, lasting)
    if over:
        session.delete(row)
    else:
        row.seen_at = now
    session.flush()
    return not over


def sign_out(session: Session, token: str) -> None:
    """End a session; its copy of the key can never be opened again."""
    row = session.get(SignIn, token_hash(token))
    if row is not None:
        session.delete(row)
        session.flush()


def end_sessions(session: Session, member: Member) -> None:
    """End every session of a member, wherever it is open."""
    # Signing in locks this row too: none can begin unseen while these end.
    session.get(Member, member.id, with_for_update=LOCKED)
    for row in session.scalars(select(SignIn).where(SignIn.member_id == member.id)):
        session.delete(row)
    session.flush()


def set_password(member: Member, password: str, pair: KeyPair) -> None:
    """Wrap a member's key pair with her password."""
    member.password_hash = hash_password(password)
    # A salt apart from the hash's own: what is stored to prove her tells no key.
    member.wrap_salt = random_bytes(SALT_BYTES)
    member.wrapped_secret = lock(
        pair.secret, key_from_passphrase(password, member.wrap_salt)
    )
    member.public_key = pair.public


def approve(place: Membership, approver: SignedIn, now: datetime) -> None:
    """Let a member who holds a desk's key seal it to a colleague. Raises SealBroken."""
    session = await_turn(place)
    at = (approver.member.id, place.desk_id)
    own = session.get(Membership, at, populate_existing=True)
    if own is None or own.box is None:
        raise SealBroken("the approver holds no key to this desk")
    give_place(place, unseal(own.box, approver.pair), now)
    place.approved_by = approver.member.id


def await_turn(place: Membership) -> Session:
    """Let nobody turn the key of a place's desk until this is committed.

    A place given beside it would hold the key that was turned away.
    """
    session = object_session(place)
    if session is None:
        raise ValueError("the place belongs to no session")
    session.refresh(place.desk, with_for_update={"read": True})
    return session


def give_place(place: Membership, desk_secret: bytes, now: datetime) -> None:
    """Seal a desk's secret key to a member who has set her password."""
    if place.member.public_key is None:
        raise SealBroken("the member has no key yet")
    place.box = seal(desk_secret, place.member.public_key)
    place.approved_at = now


def current_code(member: Member, account_key: bytes, now: datetime) -> str:
    """Return a code that still counts, or ""; for the demonstration's sign-ins.

    Who has just signed in gets the next one, which drift lets through.
    """
    if member.totp_box is None:
        return ""
    secret = unlock(member.totp_box, account_key).decode()
    return next_code(secret, now, member.totp_step)


def is_over(row: SignIn, now: datetime, lasting: Lasting) -> bool:
    """Say whether a session has ended by its own time, or its member has left."""
    unused, whole = now - row.seen_at, now - row.started_at
    over = unused > lasting.idle or whole > lasting.longest
    return over or not row.member.active


def _locked_row(session: Session, proof: Proof) -> Member | None:
    """Return the member, whom no other try can count or use a code of meanwhile."""
    if proof.member_id is None:
        return None
    member = session.get(Member, proof.member_id, with_for_update=LOCKED)
    if member is None or not member.active:
        return None
    return member if member.password_hash == proof.password_hash else None


def _start(session: Session, member: Member, pair: KeyPair, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    # What ended by its time unseen goes, with its copy of the key.
    old = SignIn.member_id == member.id, SignIn.started_at < now - LONGEST_EVER
    session.execute(delete(SignIn).where(*old))
    session.add(
        SignIn(
            token_hash=token_hash(token),
            member_id=member.id,
            box=lock(pair.secret, _key(token)),
            started_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def _rests(member: Member, now: datetime) -> bool:
    return member.locked_until is not None and member.locked_until > now


def _count_failure(member: Member, now: datetime) -> None:
    member.failures += 1
    if member.failures >= _FAILURES:
        member.failures, member.locked_until = 0, now + _LOCKED_FOR


# Two hashes of one token: what finds the row in the database must not open its box.
def token_hash(token: str) -> bytes:
    """Return what a cookie's or a link's token is found by in the database."""
    return hashlib.sha256(b"find" + token.encode()).digest()


def _key(token: str) -> bytes:
    return hashlib.sha256(b"open" + token.encode()).digest()
