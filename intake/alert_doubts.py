"""Alerts whose answer was lost: the carrier is asked again, so that it can forget them.

Nobody is told a second time. The number is kept sealed for that long, then shredded.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from intake.alert_outbox import Ways, find
from intake.alert_tables import OutboundAlert
from intake.duty import Worker, look, turn
from intake.errors import SealBroken
from intake.finding import ASK_AGAIN
from intake.forgetting import SETTLED_AFTER
from intake.messages import Delivery
from intake.sms.gateway import SmsGateway


@dataclass(frozen=True, slots=True)
class Doubt:
    """An alert that may lie at the carrier by a name that we don't know."""

    id: str
    number: str = field(repr=False)
    since: datetime


def ask(worker: Worker) -> int:
    """Ask the carrier about alerts that may have gone out; returns how many had."""
    waits = select(OutboundAlert.id).where(_is_doubted(worker.clock())).limit(1)
    if look(worker, lambda session: session.scalar(waits)) is None:
        return 0
    with turn(worker) as session:
        doubts = _take(session, worker)
    gateway = worker.gateway
    return sum(_ask(worker, gateway, one) for one in doubts) if gateway else 0


def _is_doubted(now: datetime) -> ColumnElement[bool]:
    return and_(
        OutboundAlert.state == Delivery.UNKNOWN,
        OutboundAlert.worker_box.is_not(None),
        OutboundAlert.next_try_at <= now,
    )


def _take(session: Session, worker: Worker) -> list[Doubt]:
    """Return what is to be asked about now; the numbers of the others are shredded."""
    now, doubts = worker.clock(), list[Doubt]()
    due = select(OutboundAlert).where(_is_doubted(now))
    for row in session.scalars(due.with_for_update(skip_locked=True)).all():
        number = _number(row, worker)
        # Past its end nothing more can turn up there.
        over = row.not_after + SETTLED_AFTER <= now
        if over or not number or worker.gateway is None:
            row.worker_box = None
            continue
        row.next_try_at = now + ASK_AGAIN
        doubts.append(Doubt(row.id, number, row.created_at))
    session.flush()
    return doubts


def _number(row: OutboundAlert, worker: Worker) -> str:
    try:
        return Ways.opened(row.worker_box or b"", worker.pair).number
    except SealBroken:
        return ""


def _ask(worker: Worker, gateway: SmsGateway, doubt: Doubt) -> bool:
    sid = find(worker, gateway, doubt.id, doubt.number, doubt.since)
    if sid is None:
        return False
    with turn(worker) as session:
        row = session.get_one(OutboundAlert, doubt.id, with_for_update=True)
        # From here on the time is that of the next try to delete it at the carrier.
        row.provider_sid, row.worker_box = sid, None
        row.next_try_at = worker.clock()
    return True
