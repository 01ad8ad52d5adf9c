"""Texts in doubt: what the carrier finds of them, never taken for another one's.

A doubt that nothing settled stays one. But the carrier is asked once more when all is
over, and forgets what it has: its words must not lie there for want of a name.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.alert_tables import OutboundAlert
from intake.errors import SealBroken
from intake.forgetting import CLEAN_AGAIN, SETTLED_AFTER
from intake.messages import Delivery, OutboundText
from intake.office import Office
from intake.outbox import accepted, went_at
from intake.sms.gateway import Sent, TextStatus
from intake.tagging import WorkerKeys

ASK_AGAIN = timedelta(minutes=1)
_NEAR = timedelta(minutes=1)  # more than the carrier's clock and ours may differ


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text that may have gone out. Only `id` may be told to anybody else."""

    id: str
    to: str = field(repr=False)
    since: datetime  # when it was claimed: before that it can't have gone out
    is_over: bool  # nothing more is delivered; the carrier is to forget it


def doubted(session: Session, keys: WorkerKeys, now: datetime) -> list[Doubt]:
    """Return the texts that the provider is to be asked about now."""
    rows = session.scalars(
        select(OutboundText)
        .where(
            OutboundText.state == Delivery.UNKNOWN,
            OutboundText.worker_box.is_not(None),
            OutboundText.next_try_at <= now,
        )
        .with_for_update(skip_locked=True)
    ).all()
    doubts = [_doubt(row, keys, now) for row in rows]
    for row, doubt in zip(rows, doubts, strict=True):
        # Before the asking: a carrier that hangs is not asked in every round.
        row.next_try_at = now + (CLEAN_AGAIN if doubt.is_over else ASK_AGAIN)
    session.flush()
    return [doubt for doubt in doubts if doubt.to]


def known_sids(session: Session, since: datetime) -> frozenset[str]:
    """Return the provider's names of our other texts, which a search must skip."""
    texts = select(OutboundText.provider_sid).where(OutboundText.not_after >= since)
    alerts = select(OutboundAlert.provider_sid).where(OutboundAlert.not_after >= since)
    found = [*session.scalars(texts), *session.scalars(alerts)]
    return frozenset(sid for sid in found if sid)


def found(
    session: Session,
    office: Office,
    keys: WorkerKeys,
    text: Doubt,
    sent: Sent,
    now: datetime,
) -> bool:
    """Note which text the carrier found; False where that may be another one of ours.

    It can't be asked for our own id. What goes to one number at the same time stays in
    doubt, until the carrier calls back with that id, or a person asks it.
    """
    if _is_anothers(session, text, sent.sid) or _has_rival(session, keys, text, None):
        return False
    accepted(session, office, text.id, sent, now)
    return True


def may_go(
    session: Session, keys: WorkerKeys, text: Doubt, sent: Sent, now: datetime
) -> bool:
    """Say whether the carrier may forget what it found for a text that is over.

    Whose it was no longer matters, unless another one to that number is not over.
    """
    # What has not left the carrier yet would be refused.
    on_its_way = sent.status.rank < TextStatus.SENT.rank
    return not on_its_way and not _has_rival(session, keys, text, now)


def _doubt(row: OutboundText, keys: WorkerKeys, now: datetime) -> Doubt:
    to, since = _number(keys, row.worker_box), went_at(row) or row.created_at
    return Doubt(row.id, to, since, is_over=row.not_after <= now - SETTLED_AFTER)


def _number(keys: WorkerKeys, box: bytes | None) -> str:
    """Return a number, or "" where its box does not open: the others must not wait."""
    try:
        return keys.number(box or b"")
    except SealBroken:
        return ""


def _is_anothers(session: Session, text: Doubt, sid: str) -> bool:
    # It may have been noted since the carrier was asked.
    bound = select(OutboundText.id).where(
        OutboundText.provider_sid == sid, OutboundText.id != text.id
    )
    return session.scalar(bound.limit(1)) is not None


def _has_rival(
    session: Session, keys: WorkerKeys, text: Doubt, over_at: datetime | None
) -> bool:
    """Say whether another one to its number, not named yet, may be what was found.

    With `over_at` those count no more that are over by then.
    """
    rivals = select(OutboundText.worker_box).where(
        OutboundText.id != text.id,
        OutboundText.state.in_((Delivery.SENDING, Delivery.UNKNOWN)),
        OutboundText.provider_sid.is_(None),
        OutboundText.worker_box.is_not(None),
        OutboundText.lease_until > text.since - _NEAR,
    )
    if over_at is not None:
        rivals = rivals.where(OutboundText.not_after > over_at - SETTLED_AFTER)
    may_be = ("", text.to)  # one that does not open may be any number's
    return any(_number(keys, box) in may_be for box in session.scalars(rivals))
