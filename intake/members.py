"""People as administrators and heads of unit look after them: roles, places, links.

Nothing here opens a request or seals a key: whoever gets a place waits at it until a
colleague who holds the desk's key lets her in (DESIGN.md §4).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from intake import founding, links, staff_log
from intake.errors import IntakeError, NotAllowed
from intake.people import Desk, Member, Membership, UnitRecord
from intake.queue import Desktop
from intake.staff_log import StaffAct, StaffLine
from intake.tables import LOCKED
from intake.topics import Role
from intake.units import UnitKind

CARERS = (Role.ADMINISTRATOR, Role.HEAD)  # who look after access
IN_CIRCLE = 2  # S29: the head and one named deputy


class LoginTaken(IntakeError):
    """There is a member with that login already."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to be invited. `real_name` is for the access log only (S35)."""

    login: str
    working_name: str
    real_name: str
    role: Role
    desk_ids: tuple[int, ...]
    takes_children: bool = False


def desks_to_fill(desk: Desktop) -> list[Desk]:
    """Return the desks at which the acting member may give places.

    An administrator's are all, a head's those that she holds a key to: the other side
    of her unit is another head's, or the administrator's. None is given at a unit
    that units.toml no longer has.
    """
    _check_carer(desk)
    every = select(Desk).order_by(Desk.unit, Desk.side)
    every = every.where(Desk.unit.in_(list(desk.office.units)))
    if desk.member.role is Role.HEAD:
        every = every.where(Desk.id.in_(_own(desk)))
    return list(desk.session.scalars(every))


def desks_with_room(desk: Desktop) -> list[Desk]:
    """Return those of them at which there is room for somebody."""
    return [at for at in desks_to_fill(desk) if not _is_full(desk, at)]


def members(desk: Desktop) -> list[Member]:
    """Return the active members whom the acting member looks after, by name."""
    _check_carer(desk)
    every = select(Member).where(Member.active).order_by(Member.working_name, Member.id)
    if desk.member.role is Role.HEAD:
        at_hers = exists().where(
            Membership.member_id == Member.id, Membership.desk_id.in_(_own(desk))
        )
        every = every.where(at_hers)
    return list(desk.session.scalars(every))


def member_to_care_for(desk: Desktop, member_id: int) -> Member | None:
    """Return a member whom the acting one looks after; None for another."""
    return next((one for one in members(desk) if one.id == member_id), None)


def units_to_care_for(desk: Desktop) -> list[UnitRecord]:
    """Return the units of the desks at which the acting member may give places."""
    keys = {one.unit for one in desks_to_fill(desk)}
    found = select(UnitRecord).where(UnitRecord.key.in_(keys)).order_by(UnitRecord.key)
    return list(desk.session.scalars(found))


def roles_to_give(desk: Desktop) -> list[Role]:
    """Return the roles that the acting member may give to somebody new."""
    _check_carer(desk)
    return list(Role) if desk.member.role is Role.ADMINISTRATOR else [Role.STAFF]


def invite(desk: Desktop, newcomer: Newcomer, now: datetime) -> str:
    """Add a member who waits at her desks; return the token of her one-time link.

    Raises NotAllowed, LoginTaken and UnfitName; then nothing has changed.
    """
    if newcomer.role not in roles_to_give(desk):
        raise NotAllowed("role-not-yours")
    if newcomer.role.sits is not bool(newcomer.desk_ids):
        raise NotAllowed("no-place" if newcomer.role.sits else "role-without-place")
    at = [_desk_to_fill(desk, desk_id) for desk_id in newcomer.desk_ids]
    names = (newcomer.login, newcomer.working_name, newcomer.real_name)
    places = [(one.unit, one.side) for one in at]
    try:
        with desk.session.begin_nested():
            member = founding.add_member(
                desk.session, *names, newcomer.role, places, now
            )
    except IntegrityError:
        raise LoginTaken("there is a member with that login already") from None
    member.takes_children = newcomer.takes_children and newcomer.role.sits
    _log(desk, StaffAct.INVITED, member, now)
    _log(desk, _role_act(newcomer.role), member, now)
    for one in at:
        _log(desk, StaffAct.PLACE_GIVEN, member, now, one.id)
    if member.takes_children:
        log_at_places(desk, _children_act(True), member, member.memberships, now)
    return links.invite(desk.session, member, now)


def invite_again(desk: Desktop, member: Member, now: datetime) -> str:
    """Return a new link for a member who has not used hers; the old one ends.

    Raises NotAllowed for one who has: her link anew would be a way into her account.
    """
    if member.password_hash is not None:
        raise NotAllowed("link-used")
    return links.invite(desk.session, member, now)


def reset(desk: Desktop, member: Member, now: datetime) -> tuple[str, list[Desk]]:
    """End all that a member comes in with; return a new link's token.

    Returned too are the desks that too few can open now; their units are told. Raises
    NotAllowed for who is no administrator, and for the acting member herself.
    """
    _check_administrator(desk)
    _begin(desk, member)
    _log(desk, StaffAct.RESET, member, now)
    return founding.reset(desk.session, member, now)


def change_role(desk: Desktop, member: Member, role: Role, now: datetime) -> None:
    """Give a member another role. Raises NotAllowed.

    Nobody gives herself one: it takes two to make an administrator a head, and one is
    always left who can give roles.
    """
    _check_administrator(desk)
    _begin(desk, member)
    # A desk that she no longer works at may be left with too few: ending a place tells.
    stays = role.sits and role.acts is member.role.acts
    if member.memberships and not stays:
        raise NotAllowed("places-first")
    member.role = role
    _log(desk, _role_act(role), member, now)


def add_place(desk: Desktop, member: Member, desk_id: int, now: datetime) -> Membership:
    """Let a member wait at one desk more. Raises NotAllowed."""
    _begin(desk, member)
    if not member.role.sits:
        raise NotAllowed("role-without-place")
    at = _desk_to_fill(desk, desk_id)
    if any(place.desk_id == at.id for place in member.memberships):
        raise NotAllowed("has-place")
    _log(desk, StaffAct.PLACE_GIVEN, member, now, at.id)
    return founding.ask(desk.session, member, at.unit, at.side, now)


def say_takes_children(
    desk: Desktop, member: Member, takes: bool, now: datetime
) -> None:
    """Note whether a member may take children's requests. Raises NotAllowed."""
    _check_carer(desk)
    _begin(desk, member)
    if takes and not member.role.sits:
        raise NotAllowed("role-without-place")
    if takes is not member.takes_children:
        member.takes_children = takes
        log_at_places(desk, _children_act(takes), member, member.memberships, now)


def history(desk: Desktop, most: int) -> list[StaffLine]:
    """Return the latest changes of access: an administrator's are all, a head's hers.

    Hers are those at the desks that she fills.
    """
    _check_carer(desk)
    if desk.member.role is Role.ADMINISTRATOR:
        return staff_log.latest(desk.session, most)
    return staff_log.newest(desk.session, _own(desk), most)


def log_at_places(
    desk: Desktop,
    act: StaffAct,
    member: Member,
    places: Iterable[Membership],
    now: datetime,
) -> None:
    """Log an act at some places of a member, or without one where she has none."""
    for at in [place.desk_id for place in places] or (None,):
        _log(desk, act, member, now, at)


def _children_act(takes: bool) -> StaffAct:
    return StaffAct.CHILDREN if takes else StaffAct.CHILDREN_NOT


def _role_act(role: Role) -> StaffAct:
    return StaffAct(f"role-{role}")


def _log(
    desk: Desktop, act: StaffAct, member: Member, now: datetime, at: int | None = None
) -> None:
    signer, actor = desk.office.signer, desk.member.id
    staff_log.record(desk.session, signer, act, now, actor, member.id, at)


def _desk_to_fill(desk: Desktop, desk_id: int) -> Desk:
    """Return a desk with room, locked. Raises NotAllowed."""
    if desk_id not in {one.id for one in desks_to_fill(desk)}:
        raise NotAllowed("desk-not-yours")
    at = desk.session.get_one(Desk, desk_id, with_for_update=LOCKED)
    if _is_full(desk, at):
        raise NotAllowed("circle-full")
    return at


def _is_full(desk: Desktop, at: Desk) -> bool:
    if desk.office.units[at.unit].kind is not UnitKind.CLOSED_CIRCLE:
        return False
    places = select(Membership).join(Member, Member.id == Membership.member_id)
    there = places.where(Membership.desk_id == at.id, Member.active)
    return len(desk.session.scalars(there).all()) >= IN_CIRCLE


def _own(desk: Desktop) -> Collection[int]:
    return {place.desk_id for place in desk.member.memberships if place.box}


def _check_carer(desk: Desktop) -> None:
    if desk.member.role not in CARERS:
        raise NotAllowed("access-not-yours")


def _check_administrator(desk: Desktop) -> None:
    if desk.member.role is not Role.ADMINISTRATOR:
        raise NotAllowed("administrator-only")


def _begin(desk: Desktop, member: Member) -> None:
    """Begin to change another member: her row is locked. Raises NotAllowed."""
    # What one person can't give herself alone takes a second one to misuse.
    if member.id == desk.member.id:
        raise NotAllowed("not-your-own")
    desk.session.refresh(member, with_for_update=LOCKED)
