"""What may join a request that is there, and what must go its own way (S23, S29)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from intake.founding import members_by_desk
from intake.models import Request
from intake.office import Office
from intake.routing import another_unit
from intake.submissions import Submission
from intake.topics import Danger, Kind, Side, State

CLOSED_CIRCLE = "closed-circle"  # the head and one named deputy (S29)


class GoesApart(Exception):
    """What was sent must not join; the caller sends it again as one of its own."""


def may_join(request: Request, submission: Submission) -> bool:
    """Say whether those who can open a request are those who may read what came later.

    Its keys are sealed already, and to join re-seals nothing: whom she wants kept out
    would read it, and who must be told now, or because of her age, could not.
    """
    must_not_be_seen = submission.avoid and request.unit != CLOSED_CIRCLE
    is_worse = submission.danger is Danger.NOW and request.danger is not Danger.NOW
    is_a_child = submission.under_18 and not request.under_18
    # A corrected side is no new person: who said it the first time may say it again.
    known = (request.side, Side.of(request.audience))
    other_side = Side.of(submission.audience) not in known
    return not (must_not_be_seen or is_worse or is_a_child or other_side)


def reaches(
    request: Request, submission: Submission, readers: Iterable[str], now: datetime
) -> bool:
    """Say whether all who must be told now can open what joins a request (S23, S25).

    `readers` are the units that would get it beside the request's own. Whoever has the
    request sees what comes; and what was moved, or must not be seen, is never sealed
    anew to others because somebody writes again (S29).
    """
    is_held = request.lease_until is not None and request.lease_until > now
    is_guarded = request.unit == CLOSED_CIRCLE or any(
        envelope.kind is Kind.AVOID for envelope in request.envelopes
    )
    was_moved = request.side is not Side.of(submission.audience)
    if is_held or request.state is State.CALLING or is_guarded or was_moved:
        return True
    return set(readers) <= {key.desk.unit for key in request.keys}


def in_place_of(
    office: Office, unit: str, submission: Submission, session: Session | None
) -> str:
    """Return the unit that reads what must not be seen where it would have come to.

    Only with a session is it asked who can open the desk of another unit (S33).
    """
    if not submission.elsewhere:
        return CLOSED_CIRCLE
    members = members_by_desk(session) if session else None
    side = Side.of(submission.audience)
    return another_unit(office.units, unit, side, members) or CLOSED_CIRCLE
