"""Who sits where, as a member of a desk sees it; and a unit's recorded call test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from intake import access
from intake.founding import holders
from intake.people import Desk, Member, Membership, UnitRecord
from intake.queue import Desktop
from intake.staff_log import StaffAct, record
from intake.tables import LOCKED
from intake.topics import Side


def waiting_at(desk: Desktop) -> list[Membership]:
    """Return who has chosen a password and waits at a desk that the member holds."""
    # Without a key of her own there is nothing to seal the desk's to.
    places = _places(desk).where(
        Membership.box.is_(None), Member.public_key.is_not(None)
    )
    return list(desk.session.scalars(places))


def place_to_give(desk: Desktop, member_id: int, desk_id: int) -> Membership | None:
    """Return a place that waits at one of the member's desks, locked; None for others.

    Whose place it is is locked too: the key that she has now is the one to seal to.
    """
    place = desk.session.get(Membership, (member_id, desk_id))
    if place is None:
        return None
    desk.session.refresh(place.member, with_for_update=LOCKED)
    desk.session.refresh(place, with_for_update=True)
    return place if place in waiting_at(desk) else None


def let_in(desk: Desktop, place: Membership, now: datetime) -> None:
    """Seal a desk's key to a colleague who waits there; it stands in the log.

    Raises SealBroken.
    """
    access.approve(place, access.SignedIn(desk.member, desk.keyring.pair), now)
    signer, whom, at = desk.office.signer, place.member_id, place.desk_id
    record(desk.session, signer, StaffAct.LET_IN, now, desk.member.id, whom, at)


@dataclass(frozen=True, slots=True)
class Wait:
    """A desk that a member waits at, and who can let her in: their working names."""

    unit: str
    side: Side
    holders: tuple[str, ...]


def own_waits(desk: Desktop) -> list[Wait]:
    """Return where a member waits herself, and who could let her in there."""
    places = [place.desk for place in desk.member.memberships if not place.box]
    waits = [
        Wait(one.unit, one.side, tuple(sorted(m.working_name for m in by)))
        for one in places
        for by in [holders(desk.session, one)]
    ]
    return sorted(waits, key=lambda wait: (wait.unit, wait.side))


def colleagues(desk: Desktop) -> list[Membership]:
    """Return who holds a key to one of the member's desks, by desk."""
    return list(desk.session.scalars(_places(desk).where(Membership.box.is_not(None))))


def own_units(desk: Desktop) -> Mapping[str, UnitRecord]:
    """Return the units of the member's desks, by key."""
    held = {place.desk.unit for place in desk.member.memberships if place.box}
    found = desk.session.scalars(
        select(UnitRecord).where(UnitRecord.key.in_(held)).order_by(UnitRecord.key)
    )
    return {record.key: record for record in found}


def record_call_test(desk: Desktop, unit: UnitRecord, now: datetime) -> None:
    """Note that what is shown and heard when the unit calls was tested (S17)."""
    unit.call_tested_at, unit.call_tested_by = now, desk.member.id
    desk.session.flush()


def withdraw_call_test(desk: Desktop, unit: UnitRecord) -> None:
    """Turn calls and texts off until they are tested again (S17)."""
    unit.call_tested_at = unit.call_tested_by = None
    desk.session.flush()


def _places(desk: Desktop) -> Select[Membership]:
    held = [place.desk_id for place in desk.member.memberships if place.box]
    return (
        select(Membership)
        .join(Member, Member.id == Membership.member_id)
        .join(Desk, Desk.id == Membership.desk_id)
        .where(Membership.desk_id.in_(held), Member.active)
        .order_by(Desk.unit, Desk.side, Member.working_name)
    )
