"""Who leaves, or leaves a desk: sessions, keys and held requests end with her (S33)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from intake import links, log_checks, queue
from intake.errors import NotAllowed
from intake.founding import tell_thin
from intake.life import EventKind, Signer
from intake.life import record as record_event
from intake.models import Request, RequestKey
from intake.people import Desk, Member, Membership, UnitRecord
from intake.queue import Desktop
from intake.staff_log import StaffAct, record
from intake.topics import Role


def leave(
    session: Session,
    signer: Signer,
    member: Member,
    now: datetime,
    actor_id: int | None = None,
) -> list[Desk]:
    """Let a member go: nothing that she had lets her in or opens anything any more.

    What she holds goes back to its queue, for a person. Returns the desks that too few
    can open now; their units are told. Raises NotAllowed when she has left already.
    """
    # Requests before people and desks: every act at a request locks in this order.
    _release(session, signer, held_by(session, member), now, actor_id)
    links.void(session, member, now)
    if not member.active:
        raise NotAllowed("left-already")
    member.active = False
    desks = _drop(session, member, member.memberships, now)
    _end_key_person(session, member)
    thin = tell_thin(session, desks, now)
    # The log last of all: it is one for everybody, and a turn locks its desk before it.
    # Without a key at any desk she is in the log all the same.
    for desk in desks or (None,):
        at = desk.id if desk else None
        record(session, signer, StaffAct.LEFT, now, actor_id, member.id, at)
    return thin


def end_place(
    session: Session,
    signer: Signer,
    place: Membership,
    now: datetime,
    actor_id: int | None = None,
) -> list[Desk]:
    """End a member's place at one desk, as when she goes to other work in the house.

    What she holds and can't open without it goes back to its queue. Returns the desk
    where too few can open it now; its unit is told.
    """
    member, at = place.member, place.desk_id
    without = queue.visible(member.id).where(_opens_elsewhere(member.id, at))
    elsewhere = set(session.scalars(without))
    losing = [one for one in held_by(session, member) if one not in elsewhere]
    _release(session, signer, losing, now, actor_id)
    thin = tell_thin(session, _drop(session, member, [place], now), now)
    _end_key_person(session, member)
    record(session, signer, StaffAct.PLACE_ENDED, now, actor_id, member.id, at)
    return thin


def can_end(desk: Desktop, member: Member) -> list[Membership]:
    """Return the places that the acting member may end, of somebody who is there.

    An administrator may end everybody's, and a head those at desks that she holds a
    key to. Nobody ends her own: who is pressed to must not be able to.
    """
    if member.id == desk.member.id or not member.active:
        return []
    if desk.member.role is Role.ADMINISTRATOR:
        return list(member.memberships)
    if desk.member.role is not Role.HEAD:
        return []
    own = {place.desk_id for place in desk.member.memberships if place.box}
    return [place for place in member.memberships if place.desk_id in own]


def can_let_go(desk: Desktop, member: Member) -> bool:
    """Say whether the acting member may let somebody go from all her desks at once."""
    if desk.member.role is Role.ADMINISTRATOR:
        return member.active and member.id != desk.member.id
    return bool(can_end(desk, member))


def held_by(session: Session, member: Member) -> list[Request]:
    """Return what a member holds, in the order in which it is locked."""
    held = select(Request).where(Request.holder_id == member.id).order_by(Request.id)
    return list(session.scalars(held))


def _opens_elsewhere(member_id: int, desk_id: int) -> ColumnElement[bool]:
    """Say in SQL which requests a member can open without her place at one desk."""
    return exists().where(
        RequestKey.request_id == Request.id,
        RequestKey.desk_id == Membership.desk_id,
        Membership.member_id == member_id,
        Membership.desk_id != desk_id,
        Membership.box.is_not(None),
    )


def _release(
    session: Session,
    signer: Signer,
    requests: Iterable[Request],
    now: datetime,
    actor_id: int | None,
) -> None:
    for request in requests:
        holder = request.holder_id
        session.refresh(request, with_for_update=True)
        if request.holder_id != holder:
            continue  # somebody took it, or she gave it back, while this waited
        # S13: a call without an outcome stays one; who takes it next records it.
        request.holder_id = request.lease_until = None
        session.expire(request, ["holder"])
        kind = EventKind.RELEASED
        record_event(session, request, kind, signer, now, actor_id, held_by=holder)


def _end_key_person(session: Session, member: Member) -> None:
    """Let her be no unit's key person where she has no place any more."""
    there = select(Desk.unit).join(Membership, Membership.desk_id == Desk.id)
    ended = update(UnitRecord).where(
        UnitRecord.key_person_id == member.id,
        UnitRecord.key.not_in(there.where(Membership.member_id == member.id)),
    )
    session.execute(ended.values(key_person_id=None))


def _drop(
    session: Session, member: Member, places: Iterable[Membership], now: datetime
) -> list[Desk]:
    """Delete places with their keys; return the desks whose keys were held."""
    held = []
    for place in sorted(places, key=lambda one: one.desk_id):
        # As it stands now: a colleague may have let her in since it was read.
        session.refresh(place, with_for_update=True)
        if place.box:
            held.append(place.desk)
        session.delete(place)
    session.flush()
    for desk in held:
        desk.owed_since = desk.owed_since or now
    log_checks.drop_unsigned(session, member, held)  # nobody else could sign it
    return held
