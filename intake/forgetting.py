"""Forgetting texts that are over: here the number, at the provider all of it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from intake.alert_tables import OutboundAlert
from intake.bridge_tables import BridgedCall
from intake.deliveries import FINAL, hold
from intake.messages import Delivery, InboundText, OutboundText
from intake.office import Office
from intake.outbox import note
from intake.retrying import again

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
    """Tell staff how a text ended, and shred the number, or let it be tried again."""
    hold(session, text_id)
    row = session.get(OutboundText, text_id, with_for_update=True)
    if row is None or row.worker_box is None:
        return
    if row.state in FINAL:
        note(session, office, row, now)
    if row.state is Delivery.FAILED:
        again(session, row, now)
    # From here on the time is that of the next try to delete it at the carrier.
    row.worker_box, row.next_try_at = None, now
    session.flush()


def given_up(session: Session, text_id: str, now: datetime) -> None:
    """Shred the number of a text in doubt, now that the carrier has none for it."""
    hold(session, text_id)
    row = session.get(OutboundText, text_id, with_for_update=True)
    # The carrier may have told of it meanwhile: then it ends as all others.
    if row is not None and row.state is Delivery.UNKNOWN:
        row.worker_box, row.deleted_at = None, now
        session.flush()


def uncleaned(session: Session, now: datetime) -> list[tuple[str, str, bool]]:
    """Return id and provider's id of the texts that the provider is to forget now.

    And whether it told nothing of how it ended: it is asked first.
    """
    told = OutboundText.state.in_(FINAL)
    rows = session.execute(
        select(OutboundText.id, OutboundText.provider_sid, told.label("told")).where(
            OutboundText.provider_sid.is_not(None),
            # In doubt the number stays, as the carrier is asked about it by that.
            OutboundText.worker_box.is_(None),
            OutboundText.deleted_at.is_(None),
            OutboundText.next_try_at <= now,
            OutboundText.not_after > now - CLEAN_FOR - SETTLED_AFTER,
        )
    )
    return [(row.id, row.provider_sid or "", not row.told) for row in rows]


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


def uncleaned_alerts(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return id and provider's id of the alerts that the provider is to forget now."""
    rows = session.execute(
        select(OutboundAlert.id, OutboundAlert.provider_sid).where(
            OutboundAlert.provider_sid.is_not(None),
            OutboundAlert.state.not_in((Delivery.WAITING, Delivery.SENDING)),
            OutboundAlert.deleted_at.is_(None),
            OutboundAlert.next_try_at <= now,
            OutboundAlert.created_at > now - CLEAN_FOR,
        )
    )
    return [(row.id, row.provider_sid or "") for row in rows]


def cleaned_alert(
    session: Session, alert_id: str, deleted: bool, now: datetime
) -> None:
    """Note that the provider has forgotten an alert, or when it is asked again."""
    row = session.get_one(OutboundAlert, alert_id)
    row.next_try_at = now + CLEAN_AGAIN
    if deleted:
        row.deleted_at = now
    session.flush()


def never_cleaned(session: Session, now: datetime) -> int:
    """Count what the provider keeps still, though it was asked for 14 days."""
    over = now - CLEAN_FOR
    kept = (
        (OutboundText, OutboundText.not_after < over - SETTLED_AFTER),
        (OutboundAlert, OutboundAlert.created_at < over),
        (BridgedCall, BridgedCall.started_at < over),
        (InboundText, InboundText.received_at < over),
    )
    return sum(
        session.scalar(
            select(func.count())
            .select_from(table)
            .where(_is_there(table), table.deleted_at.is_(None), is_over)
        )
        or 0
        for table, is_over in kept
    )


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


def _is_there(
    table: type[OutboundText | OutboundAlert | BridgedCall | InboundText],
) -> ColumnElement[bool]:
    """Say whether the provider has one of ours that it was asked to forget."""
    if issubclass(table, InboundText):
        return InboundText.box.is_(None)
    # What may lie there by a name that we never learnt counts as well.
    unnamed = [OutboundText.state == Delivery.UNKNOWN] if table is OutboundText else []
    return or_(table.provider_sid.is_not(None), *unnamed)


def _is_over(now: datetime) -> ColumnElement[bool]:
    settled = OutboundText.not_after <= now - SETTLED_AFTER
    # In doubt the number is all that the carrier can be asked by.
    asked_enough = OutboundText.not_after <= now - SETTLED_AFTER - CLEAN_FOR
    return or_(
        OutboundText.state.in_(FINAL),
        and_(OutboundText.state == Delivery.SENT, settled),
        and_(OutboundText.state == Delivery.UNKNOWN, asked_enough),
    )
