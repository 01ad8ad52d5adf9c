"""Setting up: units and desks with their keys, members, and the first approvals."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import links
from intake.access import await_turn, give_place
from intake.errors import IntakeError, NoDesk, SealBroken
from intake.life import Signer
from intake.messages import OutboundMail
from intake.people import Desk, Installation, Member, Membership, UnitRecord
from intake.staff_log import StaffAct, record
from intake.topics import Role, Side
from intake.units import Unit
from intake.vault import KeyPair, seal, unseal

LOGIN = re.compile(r"[a-z0-9][a-z0-9.-]{1,39}")
HOLDERS = 2  # of every desk: one alone may fall ill, or be the one to be feared


class UnfitName(IntakeError):
    """A member's login or name can't be used; the message says what it must be."""


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
    session.add(UnitRecord(key=unit.key))
    session.flush()
    for side in unit.sides:
        # One pair for both sides would be a hole in the wall.
        pair = KeyPair.generate()
        session.add(
            Desk(
                unit=unit.key,
                side=side,
                public_key=pair.public,
                recovery_public=recovery.public,
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
    """Add a member who waits for her invitation and for approval at each desk.

    Raises UnfitName, and NoDesk for a place that is not there.
    """
    member = Member(
        login=_fit_login(login),
        working_name=_fit_name(working_name, "working name", 64),
        real_name=_fit_name(real_name, "real name", 128),
        role=role,
        created_at=now,
    )
    session.add(member)
    session.flush()
    for unit, side in dict.fromkeys(places):
        ask(session, member, unit, side, now)
    return member


def ask(
    session: Session, member: Member, unit: str, side: Side, now: datetime
) -> Membership:
    """Let a member wait for a place at a desk. Raises NoDesk."""
    if not member.role.sits:
        raise NoDesk(f"who is {member.role} has no place at a desk")
    desk = session.scalars(
        select(Desk).where(Desk.unit == unit, Desk.side == side)
    ).first()
    if desk is None:
        known = ", ".join(
            sorted(f"{d.unit}:{d.side}" for d in session.scalars(select(Desk)))
        )
        raise NoDesk(f"there is no desk {unit}:{side}; there are {known}")
    place = Membership(member_id=member.id, desk_id=desk.id, asked_at=now)
    session.add(place)
    session.flush()
    session.expire(member, ["memberships"])
    return place


def approve_first(place: Membership, recovery: bytes, now: datetime) -> None:
    """Approve one of a desk's first two members with its recovery key.

    Raises SealBroken when the key is not this desk's.
    """
    await_turn(place)
    secret = unseal(place.desk.recovery_box, KeyPair.from_secret(recovery))
    give_place(place, secret, now)


def recover(
    session: Session,
    signer: Signer,
    places: Sequence[Membership],
    recovery: bytes,
    now: datetime,
) -> list[Membership]:
    """Let a member in with the paper key where too few hold the desk's; it is logged.

    Once the site has opened the units are told, too: that paper opens everything there.
    Returns the places at desks that the key opens; raises SealBroken where it is none.
    """
    opened = [place for place in places if _opens(place, recovery)]
    if not opened:
        raise SealBroken("the key is none of these desks'")
    for place in opened:
        approve_first(place, recovery, now)
    # After the last desk is locked: a turn takes its desk first, and the log then.
    for place in opened:
        ids = {"member_id": place.member_id, "desk_id": place.desk_id}
        record(session, signer, StaffAct.RECOVERED, now, **ids)
    if session.scalar(select(Installation.opened_at)) is not None:
        for unit in sorted({place.desk.unit for place in opened}):
            session.add(OutboundMail(unit=unit, urgent=True, next_try_at=now))
        session.flush()
    return opened


def holders(session: Session, desk: Desk) -> list[Member]:
    """Return the active members who hold a desk's key and work there."""
    return list(
        session.scalars(
            select(Member)
            .join(Membership, Membership.member_id == Member.id)
            # S33: who waits can open nothing yet, and who left must not be counted;
            # nor she who only consults (S31).
            .where(
                Membership.desk_id == desk.id,
                Membership.box.is_not(None),
                Member.active,
                Member.role != Role.COORDINATOR,
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
    proof: str,
    now: datetime,
) -> None:
    """Enrol a member; a desk that she held and too few can open now is told (S33).

    Raises LinkSpent, WeakPassword, WrongCode; then nothing has changed.
    """
    held = links.enrol(session, account_key, token, password, proof, now)
    tell_thin(session, held, now)


def reset(session: Session, member: Member, now: datetime) -> tuple[str, list[Desk]]:
    """End all that a member comes in with; return a new link's token.

    Returned too, and told (S33), are the desks that she held and too few can open now.
    """
    token, held = links.reset(session, member, now)
    return token, tell_thin(session, held, now)


def tell_thin(session: Session, held: list[Desk], now: datetime) -> list[Desk]:
    """Tell the units of the desks that too few can open now; returns those (S33)."""
    session.flush()
    _await_others(session, held)
    thin = [desk for desk in held if len(holders(session, desk)) < HOLDERS]
    for unit in sorted({desk.unit for desk in thin}):
        session.add(OutboundMail(unit=unit, urgent=True, next_try_at=now))
    session.flush()
    return thin


def _opens(place: Membership, recovery: bytes) -> bool:
    """Say whether a recovery key is that of a place's desk, which may have its own."""
    await_turn(place)
    try:
        unseal(place.desk.recovery_box, KeyPair.from_secret(recovery))
    except SealBroken:
        return False
    return True


def _fit_login(typed: str) -> str:
    # Phones begin with a capital; signing in folds alike.
    login = typed.strip().lower()
    if not LOGIN.fullmatch(login):
        raise UnfitName(
            "a login is 2 to 40 of a to z, digits, dot and hyphen, without a space"
        )
    return login


def _fit_name(typed: str, which: str, longest: int) -> str:
    name = typed.strip()
    if not name or len(name) > longest or not name.isprintable():
        raise UnfitName(f"the {which} must be 1 to {longest} characters on one line")
    return name


def _await_others(session: Session, desks: Iterable[Desk]) -> None:
    """Let nobody count a desk's holders while another ends a place there.

    Two who reset two of three at once would each still see two.
    """
    ids = [desk.id for desk in desks]
    # In one order, so that two who hold several desks never wait for each other.
    rows = select(Desk.id).where(Desk.id.in_(ids)).order_by(Desk.id)
    session.execute(rows.with_for_update(key_share=True))
