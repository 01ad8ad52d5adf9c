"""One-time links: how a member sets her codes and password, first or anew.

What was forgotten can't be had back by an administrator alone: every place at a desk
waits until a colleague who holds the desk's key seals it anew (DESIGN.md §4).
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from intake.access import end_sessions, set_password, token_hash
from intake.codes import offered_secret, prove_step, proved_step, step_of
from intake.errors import IntakeError
from intake.people import Desk, Invitation, Member
from intake.vault import KeyPair, lock
from intake.ways_in import end_ways

SHORTEST_PASSWORD = 12  # characters
LASTS = timedelta(hours=72)  # sent on a Friday, it still works on Monday


class LinkSpent(IntakeError):
    """An invitation is unknown, used or over."""


class WeakPassword(IntakeError):
    """A new password is shorter than twelve characters."""


class WrongCode(IntakeError):
    """The code does not come from the secret that the link offered."""


def invite(session: Session, member: Member, now: datetime) -> str:
    """Return the token of a one-time link that lasts 72 hours; older ones end."""
    _spend_links(session, member, now)
    token = secrets.token_urlsafe(24)
    session.add(
        Invitation(
            token_hash=token_hash(token), member_id=member.id, ends_at=now + LASTS
        )
    )
    session.flush()
    return token


def invited(session: Session, token: str, now: datetime) -> Member:
    """Return the member whom a link was made for. Raises LinkSpent."""
    row = session.get(Invitation, token_hash(token))
    if row is None or row.used_at or row.ends_at <= now:
        raise LinkSpent("the link is spent")
    return row.member


def reset(session: Session, member: Member, now: datetime) -> tuple[str, list[Desk]]:
    """End all that a member comes in with, at once; return a new link's token.

    Whoever found her phone or her password is out before she has used the link. Her
    key can't be had back, so every place at a desk waits for a colleague. Returned too
    are the desks that she held.
    """
    void(session, member, now)
    held = _wait_again(session, member, now)
    return invite(session, member, now), held


def void(session: Session, member: Member, now: datetime) -> None:
    """End all that a member comes in with, links too; her own key is thrown away."""
    end_sessions(session, member)
    end_ways(session, member)
    member.password_hash = member.totp_box = None
    member.public_key = member.wrap_salt = member.wrapped_secret = None
    _spend_links(session, member, now)


def prove_code(account_key: bytes, token: str, code: str, now: datetime) -> str:
    """Take a first code of the secret that a link offers; return the proof of it.

    With the proof she chooses her password, as long as she likes. Raises WrongCode.
    """
    step = step_of(offered_secret(account_key, token), code, now)
    if step is None:
        raise WrongCode("refused")
    return prove_step(account_key, token, step)


def enrol(
    session: Session,
    account_key: bytes,
    token: str,
    password: str,
    proof: str,
    now: datetime,
) -> list[Desk]:
    """Set a password, a fresh key pair and, once a code was proved, the codes' secret.

    Returns the desks that she held; at each a colleague has to let her in again.
    Raises LinkSpent, WeakPassword, WrongCode; then nothing has changed.
    """
    session.get(Invitation, token_hash(token), with_for_update=True)  # it counts once
    member = invited(session, token, now)
    step = proved_step(account_key, token, proof)
    if step is None:
        raise WrongCode("refused")
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword("too short")
    _spend_links(session, member, now)
    # Whoever has an old session open is out: it would go on with the old key.
    end_sessions(session, member)
    end_ways(session, member)
    set_password(member, password, KeyPair.generate())
    held = _wait_again(session, member, now)
    member.totp_box = lock(offered_secret(account_key, token).encode(), account_key)
    member.totp_step, member.failures, member.locked_until = step, 0, None
    session.flush()
    return held


def _wait_again(session: Session, member: Member, now: datetime) -> list[Desk]:
    held = []
    for place in member.memberships:
        # As it stands now: a colleague may have let her in since it was read.
        session.refresh(place, with_for_update=True)
        if place.box:
            held.append(place.desk)
        place.box = place.approved_at = place.approved_by = None
        place.asked_at = now
    return held


def _spend_links(session: Session, member: Member, now: datetime) -> None:
    """End every link that a member has, so that none outlives what she sets now."""
    session.execute(
        update(Invitation)
        .where(Invitation.member_id == member.id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )
