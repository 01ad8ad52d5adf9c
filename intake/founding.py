"""Setting up: units and desks with their keys, members, and the first approvals."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.access import enrol, give_place, invited
from intake.errors import NoDesk
from intake.messages import OutboundMail
from intake.people import Desk, Installation, Member, Membership, UnitRecord
from intake.topics import Role, Side
from intake.units import Unit
from intake.vault import KeyPair, seal, unseal

HOLDERS = 2  # of every desk: one alone may fall ill, or be the one to be feared


def found(session: Session, mode: str, now: datetime) -> None:
    """Say once what a database is for. Raises ValueError when it is for another."""
    existing = session.scalars(select(Installation)).first()
    if existing is None:
        session.add(Installation(mode=mode, created_at=now))
        session.flush()
    # Real people must never come to lie among the demonstration's open keys.
    elif existing.mode != mode:
        raise ValueError(f"this database was set up for {existing.mode}, not {mode}")


def add_unit(session: Session, unit: Unit) -> bytes | None:
    """Give a unit its desks and keys; returns the recovery key, to be printed once.

    Returns None when the unit is there already.
    """
    if session.get(UnitRecord, unit.key) is not None:
        return None
    # Its secret half is stored nowhere: with it the database alone would open all.
    recovery = KeyPair.generate()
    session.add(UnitRecord(key=unit.key, recovery_public=recovery.public))
    session.flush()
    for side in unit.sides:
        # One pair for both sides would be a hole in the wall.
        pair = KeyPair.generate()
        session.add(
            Desk(
                unit=unit.key,
                side=side,
                public_key=pair.public,
                recovery_box=seal(pair.secret, recovery.public),
            )
        )
    session.flush()
    return recovery.secret


def add_member(
    session: Session,
    login: str,
    working_name: str,
    real_name: str,
    role: Role,
    places: Iterable[tuple[str, Side]],
    now: datetime,
) -> Member:
    """Add a member who waits for her invitation and for approval at each desk."""
    member = Member(
        login=login.strip().lower(),  # phones begin with a capital; sign-in folds alike
        working_name=working_name,
        real_name=real_name,
        role=role,
        created_at=now,
    )
    session.add(member)
    session.flush()
    for unit, side in places:
        ask(session, member, unit, side, now)
    return member


def ask(
    session: Session, member: Member, unit: str, side: Side, now: datetime
) -> Membership:
    """Let a member wait for a place at a desk. Raises NoDesk."""
    desk = session.scalars(
        select(Desk).where(Desk.unit == unit, Desk.side == side)
    ).first()
    if desk is None:
        raise NoDesk(f"unit {unit} has no desk for the side {side}")
    place = Membership(member_id=member.id, desk_id=desk.id, asked_at=now)
    session.add(place)
    session.flush()
    session.expire(member, ["memberships"])
    return place


def approve_first(place: Membership, recovery: bytes, now: datetime) -> None:
    """Approve one of a desk's first two members with the unit's recovery key.

    Raises SealBroken when the key is not this unit's.
    """
    secret = unseal(place.desk.recovery_box, KeyPair.from_secret(recovery))
    give_place(place, secret, now)


def holders(session: Session, desk: Desk) -> list[Member]:
    """Return the active members who hold a desk's key."""
    return list(
        session.scalars(
            select(Member)
            .join(Membership, Membership.member_id == Member.id)
            # S33: who waits can open nothing yet, and who left must not be counted.
            .where(
                Membership.desk_id == desk.id,
                Membership.box.is_not(None),
                Member.active,
            )
        )
    )


def members_by_desk(session: Session) -> dict[tuple[str, Side], int]:
    """Return how many active members can open each desk, for the routing check."""
    return {
        (desk.unit, desk.side): len(holders(session, desk))
        for desk in session.scalars(select(Desk))
    }


def use_link(
    session: Session,
    account_key: bytes,
    token: str,
    password: str,
    code: str,
    now: datetime,
) -> None:
    """Enrol a member; a desk that she held and too few can open now is told (S33).

    Raises LinkSpent, WeakPassword, WrongCode; then nothing has changed.
    """
    places = invited(session, token, now).memberships
    held = [place.desk for place in places if place.box]
    enrol(session, account_key, token, password, code, now)
    thin = {desk.unit for desk in held if len(holders(session, desk)) < HOLDERS}
    for unit in sorted(thin):
        session.add(OutboundMail(unit=unit, urgent=True, next_try_at=now))
    session.flush()
