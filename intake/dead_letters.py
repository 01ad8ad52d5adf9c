"""Texts that did not get there, or nobody knows: seen until somebody deals with it.

Behind the wall as all else: who can't open a request sees nothing of its texts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from intake.errors import NotAllowed
from intake.forgetting import SETTLED_AFTER
from intake.life import EventKind
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.outbox import LEASE
from intake.queue import Desktop, note, visible
from intake.sms.faults import Fault, fault_of
from intake.topics import Side, State

# What somebody stopped, and what was never to go: there is nothing to deal with.
_MEANT = ("contact", "closed", "dry-run")
_ASKED_FOR = timedelta(minutes=5)  # the carrier, before a doubt is shown


def undelivered(
    session: Session, member_id: int, side: Side, now: datetime
) -> Sequence[OutboundText]:
    """Return one side's texts that somebody must deal with, the oldest first."""
    found = _lying(member_id, now).where(Request.side == side)
    shown = found.options(joinedload(OutboundText.request))
    return session.scalars(shown.order_by(OutboundText.created_at)).all()


def count_undelivered(
    session: Session, member_id: int, side: Side, now: datetime
) -> int:
    """Count one side's texts that somebody must deal with."""
    found = _lying(member_id, now).where(Request.side == side)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def settle(desk: Desktop, request: Request, shown: int, now: datetime) -> None:
    """Record that a request's undelivered texts were dealt with.

    Raises NotAllowed when there are not as many as were `shown`: one came meanwhile.
    """
    found = _lying(desk.member.id, now).where(Request.id == request.id)
    rows = desk.session.scalars(found).all()
    if len(rows) != shown:
        raise NotAllowed("newer-words")
    for row in rows:
        row.settled_at = now
    note(desk, request, EventKind.TEXT_SETTLED, now, count=len(rows))


def our_fault(session: Session, now: datetime) -> OutboundText | None:
    """Return the latest text of a day that our own account or settings held up."""
    lately = (
        select(OutboundText)
        .where(
            OutboundText.error.is_not(None),
            OutboundText.created_at > now - timedelta(days=1),
        )
        .order_by(OutboundText.created_at.desc())
    )
    rows = session.scalars(lately)
    return next((row for row in rows if fault_of(row.error) is Fault.OURS), None)


def _lying(member_id: int, now: datetime) -> Select[OutboundText]:
    state, asked_until = OutboundText.state, now - _ASKED_FOR + LEASE
    over = state.in_((Delivery.FAILED, Delivery.EXPIRED))
    # A carrier that took a text back may give no code, and NULL is in no list.
    why = func.coalesce(OutboundText.error, "")
    stopped = and_(state == Delivery.CANCELLED, why.not_in(_MEANT))
    doubt = and_(state == Delivery.UNKNOWN, OutboundText.lease_until <= asked_until)
    # Its carrier may never tell: a callback was lost, or the network reports none.
    over_at = now - SETTLED_AFTER - _ASKED_FOR
    untold = and_(state == Delivery.SENT, OutboundText.not_after <= over_at)
    return (
        select(OutboundText)
        .join(Request)
        .where(
            Request.id.in_(visible(member_id).with_only_columns(Request.id)),
            Request.state.not_in((State.CLOSED, State.TAKEN_BACK)),
            OutboundText.settled_at.is_(None),
            or_(over, stopped, doubt, untold),
        )
    )
