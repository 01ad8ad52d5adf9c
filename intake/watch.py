"""Whose watch it is: when on-call's keys fall, and when they stay beside the unit's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake.models import Request
from intake.office import Office
from intake.people import Member
from intake.topics import Urgency


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has a request, from when on, and until when if she does no more."""

    member: Member
    now: datetime
    until: datetime


def is_of_its_unit(member: Member, request: Request) -> bool:
    """Say whether a member has a place in the unit that a request lies at."""
    own = {(one.desk.unit, one.desk.side) for one in member.memberships if one.box}
    return (request.unit, request.side) in own


def claimed(session: Session, office: Office, request: Request, taken: Taken) -> None:
    """Take on-call's keys away when a member of the request's own unit claims it.

    What another claims, through on-call, stands on the day's list of the morning.
    """
    # Who sees it through on-call would lose it.
    request.night_at = None if is_of_its_unit(taken.member, request) else taken.now
    leave_on_call(session, office, request, taken)


def leave_on_call(
    session: Session, office: Office, request: Request, taken: Taken
) -> None:
    """Let on-call's keys fall once the unit itself is there: at its holder's next act.

    While it is closed, or closes before her lease would end, whoever is awake may have
    to go on with what raises alerts (S25, S33). The morning's list tells of it.
    """
    if not is_of_its_unit(taken.member, request):
        return
    session.expire(request, ["keys"])
    beside = [key for key in request.keys if key.desk.unit != request.unit]
    if not beside:
        return
    calendar = office.units[request.unit].calendar
    alerts = request.urgency is Urgency.ACUTE or request.alerts
    is_open = calendar.is_open(taken.now)
    if alerts and not (is_open and calendar.is_open(taken.until)):
        request.night_at = request.night_at or (None if is_open else taken.now)
        return
    for key in beside:
        session.delete(key)
    request.night_at = None
    session.flush()
    session.expire(request, ["keys"])
