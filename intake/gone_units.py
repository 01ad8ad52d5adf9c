"""Units that units.toml no longer has, though somebody or something is left there."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import Session

from intake.models import Door, Request, RequestKey
from intake.people import Desk, Membership
from intake.topics import State


def gone_units(session: Session, units: Collection[str], now: datetime) -> list[str]:
    """Return the units besides these with a member's place, or a request that lives."""
    at_desk = select(Desk.unit).where(Desk.unit.not_in(units))
    lives, unit = _lives(now), Request.unit
    left = union(
        at_desk.join(Membership, Membership.desk_id == Desk.id),
        # On-call may have had its key, and is not where it lies.
        at_desk.join(RequestKey, RequestKey.desk_id == Desk.id)
        .join(Request, Request.id == RequestKey.request_id)
        .where(lives),
        select(unit).where(unit.not_in(units), lives),
    )
    return sorted(session.scalars(left))


def _lives(now: datetime) -> ColumnElement[bool]:
    """Say in SQL that a request is open, or that she can write in it by receipt."""
    door_stands = Request.doors.any(
        Door.closed_at.is_(None) & or_(Door.ends_at.is_(None), Door.ends_at > now)
    )
    return or_(Request.state != State.CLOSED, door_stands)
