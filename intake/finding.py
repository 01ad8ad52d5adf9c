"""What the carrier finds of a text in doubt: never taken for another one's."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.messages import Delivery, OutboundText
from intake.office import Office
from intake.outbox import Outgoing, accepted
from intake.sms.gateway import Sent
from intake.tagging import WorkerKeys

_NEAR = timedelta(minutes=1)  # more than the carrier's clock and ours may differ


def found(
    session: Session,
    office: Office,
    keys: WorkerKeys,
    text: Outgoing,
    sent: Sent,
    now: datetime,
) -> bool:
    """Note which text the carrier found; False where that may be another one of ours.

    It can't be asked for our own id. What goes to one number at the same time stays in
    doubt, until the carrier calls back with that id, or a person asks it.
    """
    if _is_anothers(session, text, sent.sid) or _has_rival(session, keys, text):
        return False
    accepted(session, office, text.id, sent, now)
    return True


def _is_anothers(session: Session, text: Outgoing, sid: str) -> bool:
    # It may have been noted since the carrier was asked.
    bound = select(OutboundText.id).where(
        OutboundText.provider_sid == sid, OutboundText.id != text.id
    )
    return session.scalar(bound.limit(1)) is not None


def _has_rival(session: Session, keys: WorkerKeys, text: Outgoing) -> bool:
    """Say whether another one to its number, not named yet, may be what was found."""
    rivals = select(OutboundText.worker_box).where(
        OutboundText.id != text.id,
        OutboundText.state.in_((Delivery.SENDING, Delivery.UNKNOWN)),
        OutboundText.provider_sid.is_(None),
        OutboundText.worker_box.is_not(None),
        OutboundText.lease_until > text.since - _NEAR,
    )
    return any(keys.number(box or b"") == text.to for box in session.scalars(rivals))
