"""A unit's key person: whom colleagues of other units turn to; it opens nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.errors import NotAllowed
from intake.members import log_at_places, members, units_to_care_for
from intake.people import Member, UnitRecord
from intake.queue import Desktop
from intake.staff_log import StaffAct
from intake.tables import LOCKED


def names(session: Session) -> dict[str, str]:
    """Return the working names of the units' key persons, by unit."""
    named = select(UnitRecord.key, Member.working_name).join(UnitRecord.key_person)
    # Who leaves in the moment that she is chosen could stand there still.
    return dict(session.execute(named.where(Member.active)).all())


def eligible(desk: Desktop, record: UnitRecord) -> list[Member]:
    """Return who can be a unit's key person, by name; who is it now is among them.

    To a head these are those she looks after, with a place there.
    """
    there = [
        one
        for one in members(desk)
        if any(place.desk.unit == record.key for place in one.memberships)
    ]
    now = record.key_person
    return there if now is None or now in there else [*there, now]


def choose(
    desk: Desktop, record: UnitRecord, member_id: int | None, now: datetime
) -> None:
    """Say who is a unit's key person, or nobody. Raises NotAllowed."""
    if record not in units_to_care_for(desk):
        raise NotAllowed("unit-not-yours")
    # Locked: two who choose at once would each log what the other had changed.
    desk.session.refresh(record, with_for_update=LOCKED)
    by_id: dict[int | None, Member] = {one.id: one for one in eligible(desk, record)}
    if member_id is not None and member_id not in by_id:
        raise NotAllowed("unit-not-hers")
    before, record.key_person = record.key_person, by_id.get(member_id)
    for act, who in (
        (StaffAct.KEY_PERSON_NOT, before),
        (StaffAct.KEY_PERSON, record.key_person),
    ):
        if who is not None and before is not record.key_person:
            at = [one for one in who.memberships if one.desk.unit == record.key]
            log_at_places(desk, act, who, at, now)
