"""The outbox: a text goes out once or not at all, and only while she said it is safe.

A worker takes a text in one transaction, in which everything is checked again, and
asks the provider outside of any. What may have gone out is never sent again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import together
from intake.deliveries import advance, claim, hold, hold_free
from intake.envelopes import current_number
from intake.errors import SealBroken
from intake.life import EventKind, record
from intake.line_tests import Line, is_tested
from intake.messages import Delivery, OutboundText
from intake.models import Event, Request
from intake.numbers import is_abroad
from intake.office import Office
from intake.own_words import naming_staff
from intake.people import UnitRecord
from intake.retrying import latest, wait
from intake.sms.gateway import Refused, Sent
from intake.stopped_numbers import is_stopped
from intake.tagging import WorkerKeys
from intake.text_caps import Caps
from intake.text_stops import are_stopped
from intake.topics import Contact, Opening, State
from intake.windows import LAST_CALL, next_that_day

LEASE = timedelta(minutes=2)  # longer than the provider may take to answer
_NEXT_ROUND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text that may be sent now. Only `id` may be told to anybody else."""

    id: str
    to: str = field(repr=False)
    template: str
    opening: Opening
    language: str
    next_call: datetime | None  # her next window's start, where words may tell it
    valid_for: timedelta


def take(
    session: Session,
    office: Office,
    keys: WorkerKeys,
    name: str,
    now: datetime,
    caps: Caps | None = None,
) -> Outgoing | None:
    """Claim the next due text that may be sent; those that may not are ended.

    While all texts are stopped, or as many went as may, none is claimed: they wait.
    The caller commits before it asks the provider, so that a text is never unclaimed.
    """
    if are_stopped(session) or (caps and not caps.leave_one(session, now)):
        return None
    while (row := _claim(session, name, now)) is not None:
        try:
            to = keys.number(row.worker_box or b"")
        except SealBroken:
            _end(session, office, row, (Delivery.FAILED, "seal"), now)
            continue
        tag = keys.tag(to)
        forbidden = _forbidden(session, office, row, tag, now)
        if caps and not forbidden:
            if not caps.may_count(session, tag, now):
                # Another worker texts that number now, or reads a text from it.
                row.attempts -= 1
                _put_back(session, row, now + _NEXT_ROUND)
                continue
            if caps.is_reached_by(session, tag, now):
                forbidden = Delivery.CANCELLED, "cap"
        if forbidden is None:
            return _outgoing(row, to, now)
        _end(session, office, row, forbidden, now)
    return None


def accepted(
    session: Session, office: Office, text_id: str, sent: Sent, now: datetime
) -> None:
    """Note that the provider has taken a text, unless a callback said so before."""
    if advance(session, text_id, sent.sid, sent.status, sent.error):
        note(session, office, session.get_one(OutboundText, text_id), now)


def refused(
    session: Session,
    office: Office,
    text_id: str,
    name: str,
    refusal: Refused,
    now: datetime,
) -> None:
    """Put a refused text back while its window lasts, or end it."""
    row = _mine(session, text_id, name)
    if row is None:
        return
    row.error = refusal.code[:16]
    later = now + wait(row)
    if refusal.permanent:
        _end(session, office, row, (Delivery.FAILED, row.error), now)
    elif later >= latest(row):
        _end(session, office, row, (Delivery.EXPIRED, row.error), now)
    else:
        _put_back(session, row, later)


def unsure(
    session: Session, office: Office, text_id: str, name: str, now: datetime
) -> None:
    """Note that nobody knows whether a text went out; it is not sent again."""
    row = _mine(session, text_id, name)
    if row is not None:
        _doubt(session, office, row, now)


def lapse(session: Session, office: Office, now: datetime) -> None:
    """Doubt every text whose worker ended after it may have asked the provider."""
    lapsed = OutboundText.state == Delivery.SENDING, OutboundText.lease_until <= now
    for row in hold_free(session, *lapsed):
        _doubt(session, office, row, now)


def expire(session: Session, office: Office, now: datetime) -> None:
    """End every text that waits and comes too late, though nothing was ever sent.

    Texts may be stopped, capped or without a carrier: staff are told all the same.
    """
    late = (
        OutboundText.state == Delivery.WAITING,
        OutboundText.not_after <= now + LAST_CALL,
    )
    reason = "stopped" if are_stopped(session) else "late"
    for row in hold_free(session, *late):
        _end(session, office, row, (Delivery.EXPIRED, row.error or reason), now)


def rehearsed(
    session: Session, office: Office, text_id: str, name: str, now: datetime
) -> None:
    """End a text that only seemed to go: a dry run sends nothing."""
    row = _mine(session, text_id, name)
    if row is not None:
        _end(session, office, row, (Delivery.CANCELLED, "dry-run"), now)


def went_at(row: OutboundText) -> datetime | None:
    """Return when a text may have gone out at the earliest; None if it never did."""
    # Its last lease began as the carrier was asked, and ends only with a refusal.
    return row.lease_until - LEASE if row.lease_until else None


def _claim(session: Session, name: str, now: datetime) -> OutboundText | None:
    due = (
        select(OutboundText.id)
        .where(OutboundText.state == Delivery.WAITING, OutboundText.next_try_at <= now)
        .join(Request)
        .order_by(OutboundText.next_try_at)
        .limit(1)
        # The request before its texts, as everywhere. One that is held is left for the
        # next round: perhaps she stops it now. SQLite has one writer, and ignores it.
        .with_for_update(of=Request, skip_locked=True)
    )
    return claim(session, OutboundText, due, name, now + LEASE)


def _mine(session: Session, text_id: str, name: str) -> OutboundText | None:
    """Return a text that this worker still holds; a lapsed one is doubted already."""
    hold(session, text_id)
    row = session.get(OutboundText, text_id, with_for_update=True)
    mine = row and row.state is Delivery.SENDING and row.leased_by == name
    return row if mine else None


def _forbidden(
    session: Session, office: Office, row: OutboundText, tag: bytes, now: datetime
) -> tuple[Delivery, str] | None:
    """Return what S12 has against a text at this moment, and how it ends then."""
    request, window = _locked(session, row), row.window
    number, unit = current_number(request), session.get(UnitRecord, request.unit)
    checks = {
        "closed": request.state in (State.CLOSED, State.TAKEN_BACK),
        "calling": request.state is State.CALLING,
        "decision": request.state is State.DECISION,
        "set-aside": request.set_aside,
        "contact": request.contact is not Contact.ALLOWED,
        "newer-words": _came_since(session, request, row.created_at),
        "window": window.withdrawn_at is not None or now < window.starts_at,
        # She may have another number since the text was written.
        "number": number is None or number.confirmed_at is None or number.tag != tag,
        "number-stopped": is_stopped(session, tag, request),
        "calls-untested": unit is None or unit.call_tested_at is None,  # S17
        "texts-untested": not is_tested(
            session, request.unit, Line.TEXTS, office.sender
        ),
        # A colleague may have come since it was offered.
        "names-us": row.template in naming_staff(session, office.texts, row.opening),
        "joined": bool(together.locks(session, request))
        or together.is_unconfirmed_beside(session, request),
    }
    for reason, is_so in checks.items():
        if is_so:
            return Delivery.CANCELLED, reason
    return (Delivery.EXPIRED, "late") if now >= latest(row) else None


def _came_since(session: Session, request: Request, since: datetime) -> bool:
    """Say whether words came, here or in what is joined, after a text was written."""
    # They call off what waits; what was at the carrier just then comes back to here.
    hers = [request.id, *(one.id for one in together.others(session, request))]
    came = select(Event.id).where(
        Event.request_id.in_(hers),
        Event.kind.in_((EventKind.JOINED, EventKind.HEARD)),
        Event.at > since,
    )
    return session.scalar(came.limit(1)) is not None


def _outgoing(row: OutboundText, to: str, now: datetime) -> Outgoing:
    return Outgoing(
        id=row.id,
        to=to,
        template=row.template,
        opening=row.opening,
        language=row.language,
        # Where she is, a Swedish clock time may be another one.
        next_call=None if is_abroad(to) else next_that_day(row.request, now),
        valid_for=min(row.not_after, row.window.ends_at) - now,
    )


def _put_back(session: Session, row: OutboundText, until: datetime) -> None:
    row.state, row.next_try_at = Delivery.WAITING, until
    row.leased_by = row.lease_until = None
    session.flush()


def _end(
    session: Session,
    office: Office,
    row: OutboundText,
    why: tuple[Delivery, str],
    now: datetime,
) -> None:
    row.state, row.error = why
    row.leased_by = row.lease_until = row.worker_box = None
    note(session, office, row, now)


def _doubt(session: Session, office: Office, row: OutboundText, now: datetime) -> None:
    # The end of its lease stays: it tells since when it may have gone out.
    row.state, row.next_try_at, row.leased_by = Delivery.UNKNOWN, now, None
    note(session, office, row, now)


def note(session: Session, office: Office, row: OutboundText, now: datetime) -> None:
    """Record where a text stands, for staff to see."""
    record(
        session,
        _locked(session, row),
        EventKind.TEXT_STATUS,
        office.signer,
        now,
        status=row.state.value,
        error=row.error,
    )


def _locked(session: Session, row: OutboundText) -> Request:
    """Return the text's request, held until the transaction ends, and fresh."""
    session.flush()
    return session.get_one(
        Request, row.request_id, with_for_update=True, populate_existing=True
    )
