"""The keys of desks as their holders see them: how old, and whose it is to turn."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from intake import rotation
from intake.founding import HOLDERS, holders
from intake.people import Desk
from intake.queue import Desktop
from intake.rotation import Progress
from intake.topics import Role


@dataclass(frozen=True, slots=True)
class DeskKey:
    """One desk's key; `progress` while it is being turned."""

    desk: Desk
    turners: tuple[str, ...]  # by their working names (S35)
    mine: bool
    has_paper_to_renew: bool  # by the member herself, as a head
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class Thin:
    """A desk that fewer than two can open (S33)."""

    desk: Desk
    holders: int


def own_keys(desk: Desktop) -> list[DeskKey]:
    """Return the keys that the member holds, by unit and side."""
    held = (place.desk for place in desk.member.memberships if place.box)
    return [_shown(desk, at) for at in _in_order(held)]


def own_key(desk: Desktop, desk_id: int) -> DeskKey | None:
    """Return one of the keys that the member holds; None for any other."""
    places = (p for p in desk.member.memberships if p.box and p.desk_id == desk_id)
    return next((_shown(desk, place.desk) for place in places), None)


def thin_desks(desk: Desktop) -> list[Thin]:
    """Return the desks of a head's units that too few can open, on both sides.

    Who sits across the wall stays untold. An administrator sees all on her own page.
    """
    if desk.member.role is not Role.HEAD:
        return []
    own = {place.desk.unit for place in desk.member.memberships if place.box}
    every = desk.session.scalars(select(Desk).where(Desk.unit.in_(own)))
    counted = (Thin(at, len(holders(desk.session, at))) for at in _in_order(every))
    return [one for one in counted if one.holders < HOLDERS]


def _shown(desk: Desktop, at: Desk) -> DeskKey:
    turners = rotation.whose(desk.session, at)
    on = rotation.is_on(desk.session, at)
    return DeskKey(
        at,
        tuple(one.working_name for one in turners),
        desk.member in turners,
        desk.member in turners and desk.member.role is Role.HEAD,
        rotation.progress(desk.session, at) if on else None,
    )


def _in_order(desks: Iterable[Desk]) -> list[Desk]:
    return sorted(desks, key=lambda one: (one.unit, one.side))
