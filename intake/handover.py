"""Handing a request to another unit, and what a child's situation asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from intake.apart import CLOSED_CIRCLE
from intake.arrivals import accept
from intake.danger_stage import needs_disclosure
from intake.decisions import needs_child_decision
from intake.envelopes import put
from intake.errors import NoDesk, NotAllowed
from intake.founding import holders
from intake.joining import mark_unread, tell
from intake.keyring import desk_of, give_keys
from intake.life import EventKind
from intake.models import Request
from intake.people import Desk
from intake.queue import Desktop, hold, note, seal_note
from intake.submissions import Submission
from intake.topics import (
    Channel,
    Danger,
    Half,
    HandOverGround,
    Kind,
    Origin,
    State,
    Urgency,
)
from intake.uniting import part_all
from intake.units import UnitKind

REPORTED = "report"
FEWEST = 2  # members who can open a desk before anything may be sent there (S33)

# A child in it is in no less danger than the adult who wrote (S26).
_AS_URGENT = {
    Urgency.NORMAL: Danger.UNSAID,
    Urgency.HIGH: Danger.SOON,
    Urgency.ACUTE: Danger.NOW,
}


@dataclass(frozen=True, slots=True)
class ChildDecision:
    """What was decided for a child: a concern report, or the reason for none."""

    reported: bool
    text: str


def hand_over(
    desk: Desktop,
    request: Request,
    unit: str,
    ground: HandOverGround,
    reason: str,
    now: datetime,
    avoid_read: bool = False,
) -> None:
    """Re-seal a request to another unit, on the same side of the wall (S33).

    The first due time stays. `avoid_read` confirms, where someone who works there must
    not see it, that nobody such can where it goes; to leave the closed circle asks for
    a reason too (S29). Raises NotHeld, NoDesk, NotAllowed.
    """
    hold(desk, request, now)
    if in_circle(request) and not (avoid_read and reason.strip()):
        raise NotAllowed("leaves-circle")
    if has_avoid(request) and not avoid_read:
        raise NotAllowed("avoid-unread")
    target, left = desk_of(desk.session, unit, request.side), request.unit
    check_may_go(desk, request, target, now)
    if is_external(desk, unit) and ground is not HandOverGround.CONSENT:
        raise NotAllowed("external-consent")
    reseal(desk, request, (target,), now)
    if desk.office.units[left].kind is UnitKind.ON_CALL:
        request.night_at = now
    seal_note(desk, request, reason, now)
    note(
        desk,
        request,
        EventKind.HANDED_OVER,
        now,
        ground=ground.value,
        left=left,
        unit=unit,
    )
    tell(desk.session, request, (), now)


def reseal(
    desk: Desktop, request: Request, targets: Sequence[Desk], now: datetime
) -> None:
    """Seal a request to some desks and to no other; it lies at the first, unread.

    The first due time stays. Raises SealBroken when the member can't open it.
    """
    part_all(desk, request, now)
    # Opened before the old seals go: afterwards nobody here could.
    pairs = {half: desk.keyring.content_pair(request, half) for half in Half}
    # Every other seal, on-call's too: who keeps a key could still call her.
    for key in list(request.keys):
        desk.session.delete(key)
    desk.session.flush()
    desk.session.expire(request, ["keys"])
    give_keys(desk.session, request, targets, pairs)
    home, *also = targets
    request.unit, request.side = home.unit, home.side
    request.holder_id = request.lease_until = None
    # Who takes over knows nothing of it yet: a first reading comes first (S38).
    mark_unread(request, desk.office, now, [more.unit for more in also])


def is_external(desk: Desktop, unit: str) -> bool:
    """Say whether a unit is another organisation's, which only her consent lets in."""
    return desk.office.units[unit].kind is UnitKind.EXTERNAL


def in_circle(request: Request) -> bool:
    """Say whether only the head and one deputy may see it (S29)."""
    return request.unit == CLOSED_CIRCLE


def has_avoid(request: Request) -> bool:
    """Say whether it must be read first who may not see it, before it goes on (S29).

    In the closed circle it stays with the same two people, and nothing is asked.
    """
    told = any(envelope.kind is Kind.AVOID for envelope in request.envelopes)
    return told and not in_circle(request)


def avoids(request: Request) -> bool:
    """Say whether someone who works here must not see it (S29)."""
    return in_circle(request) or has_avoid(request)


def targets(desk: Desktop, request: Request, now: datetime) -> list[str]:
    """Return the units that a request may go to now."""
    desks = desk.session.scalars(select(Desk).where(Desk.side == request.side))
    return [target.unit for target in desks if _can_go(desk, request, target, now)]


def decide_child(
    desk: Desktop,
    request: Request,
    decision: ChildDecision,
    now: datetime,
    avoid_read: bool = False,
) -> Request | None:
    """Record the concern report, or the reason for none, and end the clock (S26).

    A report opens a second item at the children's unit, which is returned; nothing
    links the two but what the member wrote. `avoid_read` confirms, where someone who
    works there must not see it, that nobody such can read the report (S29). Raises
    NotHeld, NotAllowed.
    """
    hold(desk, request, now)
    if not decision.text.strip():
        raise NotAllowed("reason-missing")
    if request.child_decision == REPORTED:
        raise NotAllowed("child-reported")  # a second press makes no second item
    is_sent = decision.reported and not request.under_18
    if is_sent and avoids(request) and not avoid_read:
        raise NotAllowed("avoid-unread")
    put(
        desk.session,
        request,
        Kind.NOTE,
        decision.text,
        Origin.STAFF,
        now,
        desk.member.id,
    )
    request.child_decision = REPORTED if decision.reported else "none"
    note(desk, request, EventKind.CHILD, now, decision=request.child_decision)
    if not is_sent:
        return None
    report = Submission(
        language="sv",
        channel=Channel.CONCERN,
        text=decision.text,
        under_18=True,
        danger=_AS_URGENT[request.urgency],
    )
    return accept(desk.session, desk.office, report, now)[0]


def _can_go(desk: Desktop, request: Request, target: Desk, now: datetime) -> bool:
    try:
        check_may_go(desk, request, target, now)
    except (NoDesk, NotAllowed):
        return False
    return True


def check_may_go(desk: Desktop, request: Request, target: Desk, now: datetime) -> None:
    """Check that a desk may be given it now (S33). Raises NoDesk, NotAllowed."""
    if target.unit == request.unit:
        raise NotAllowed("same-unit")
    if request.state is State.CALLING:
        raise NotAllowed("call-without-outcome")
    if len(holders(desk.session, target)) < FEWEST:
        raise NoDesk(f"unit {target.unit} has too few members who can open it")
    closed = not desk.office.units[target.unit].calendar.is_open(now)
    if request.urgency is Urgency.ACUTE and closed:
        raise NotAllowed("urgent-to-closed")
    if needs_disclosure(desk.session, request):
        raise NotAllowed("danger-undecided")  # S24: nobody else inherits it
    # A child's own request may go there undecided: deciding is that unit's own work.
    to_its_own = request.under_18 and target.unit == "children"
    if needs_child_decision(request) and not to_its_own:
        raise NotAllowed("child-undecided")
