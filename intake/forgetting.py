"""Forgetting texts that are over: here the number, at the provider all of it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from intake.deliveries import FINAL
from intake.messages import Delivery, InboundText, OutboundText
from intake.office import Office
from intake.outbox import note

SETTLED_AFTER = timedelta(hours=1)  # past the window nothing more is delivered
CLEAN_FOR = timedelta(days=14)  # Twilio may refuse a deletion so long (20009)
CLEAN_AGAIN = timedelta(hours=1)


def unfinished(session: Session, now: datetime) -> list[str]:
    """Return the texts that are over, and whose number is still kept."""
    over = select(OutboundText.id).where(
        OutboundText.worker_box.is_not(None), _is_over(now)
    )
    return list(session.scalars(over))


def finish(session: Session, office: Office, text_id: str, now: datetime) -> None:
    """Tell staff how a text ended, and shred the number."""
    row = session.get(OutboundText, text_id, with_for_update=True)
    if row is None or row.worker_box is None:
        return
    if row.state in FINAL:
        note(session, office, row, now)
    # From here on the time is that of the next try to delete it at the carrier.
    row.worker_box, row.next_try_at = None, now
    session.flush()


def uncleaned(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return id and provider's id of the texts that the provider is to forget now."""
    rows = session.execute(
        select(OutboundText.id, OutboundText.provider_sid).where(
            OutboundText.provider_sid.is_not(None),
            # In doubt the number stays, as the carrier is asked about it by that.
            OutboundText.worker_box.is_(None),
            OutboundText.deleted_at.is_(None),
            OutboundText.next_try_at <= now,
            OutboundText.not_after > now - CLEAN_FOR - SETTLED_AFTER,
        )
    )
    return [(row.id, row.provider_sid or "") for row in rows]


def cleaned(
    session: Session, text_id: str, redacted: bool, deleted: bool, now: datetime
) -> None:
    """Note what the provider has forgotten, or when it is to be asked again."""
    row = session.get_one(OutboundText, text_id)
    if redacted:
        row.redacted_at = row.redacted_at or now
    if deleted:
        row.deleted_at = now
    row.next_try_at = now + CLEAN_AGAIN
    session.flush()


def uncleaned_inbound(session: Session, now: datetime) -> list[str]:
    """Return the provider's ids of the texts that came in and that it keeps still.

    Before a text has been read in, the provider's copy may be the only one that opens.
    """
    tried = InboundText.next_try_at
    due = and_(tried <= now, InboundText.received_at > now - CLEAN_FOR)
    rows = select(InboundText.message_sid).where(
        InboundText.box.is_(None),
        InboundText.deleted_at.is_(None),
        or_(tried.is_(None), due),
    )
    return list(session.scalars(rows.order_by(InboundText.received_at)))


def cleaned_inbound(session: Session, sid: str, deleted: bool, now: datetime) -> None:
    """Note that the provider has forgotten a text, or when it is to be asked again."""
    row = session.get_one(InboundText, sid)
    row.next_try_at = now + CLEAN_AGAIN
    if deleted:
        row.deleted_at = now
    session.flush()


def _is_over(now: datetime) -> ColumnElement[bool]:
    settled = OutboundText.not_after <= now - SETTLED_AFTER
    last = OutboundText.state.in_((Delivery.SENT, Delivery.UNKNOWN))
    return or_(OutboundText.state.in_(FINAL), and_(last, settled))
