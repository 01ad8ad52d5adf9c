"""The alerts' outbox: each goes out once or not at all; in doubt, the next name's turn.

Apart from visitors' texts: those wait for her windows (S12), these for nothing.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.alert_tables import AlertRound, OutboundAlert
from intake.alerts import NEXT_AFTER, mail_unit
from intake.deliveries import claim
from intake.duty import Worker, look, turn
from intake.errors import SealBroken
from intake.forgetting import CLEAN_FOR
from intake.mail import MailFailed
from intake.messages import Delivery
from intake.people import Desk
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    OutgoingText,
    Refused,
    SmsGateway,
)
from intake.text_stops import are_stopped
from intake.vault import KeyPair, seal, unseal

LEASE = timedelta(minutes=2)
_TRIES = 3  # at one person, half a minute apart
_AGAIN = timedelta(seconds=30)
_MOST = 20  # alerts a round, so that the other steps have their turn
_COUNTED = 99
WORDS = "Att läsa nu: {count:02}. Logga in som vanligt."


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody on call is reached: a number in E.164, an address, or both."""

    number: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)

    def sealed(self, public: bytes) -> bytes:
        """Seal it to the worker, who alone tells anybody."""
        return seal(json.dumps([self.number, self.mail]).encode(), public)

    @classmethod
    def opened(cls, box: bytes, pair: KeyPair) -> "Ways":
        """Open what was sealed to the worker. Raises SealBroken."""
        number, mail = json.loads(unseal(box, pair))
        return cls(number, mail)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is to go out now."""

    id: str
    ways: Ways
    words: str
    valid_for: timedelta


def words(count: int) -> str:
    """Return the one text of all alerts; its length is always the same."""
    return WORDS.format(count=min(count, _COUNTED))


def send(worker: Worker) -> int:
    """Send the alerts that are due; returns how many were tried."""
    if not look(worker, _any_left):
        return 0  # most rounds, so that nobody waits in SQLite's line for nothing
    for tried in range(_MOST):
        with turn(worker) as session:
            lapse(session, worker.clock())
            # Where texts are stopped, or only rehearsed, staff are told by mail.
            stopped = worker.dry_run or are_stopped(session)
            alert = take(session, worker)
        if alert is None:
            return tried
        state, sid, error = _carry(worker, alert, None if stopped else worker.gateway)
        with turn(worker) as session:
            _settle(session, worker, alert.id, state, sid, error)
    return _MOST


def lapse(session: Session, now: datetime) -> None:
    """Doubt alerts whose worker ended over them, and end those that come too late."""
    lapsed = select(OutboundAlert).where(
        OutboundAlert.state == Delivery.SENDING, OutboundAlert.lease_until <= now
    )
    for row in session.scalars(lapsed.with_for_update(skip_locked=True)):
        _end(session, row, Delivery.UNKNOWN, now)
    late = select(OutboundAlert).where(
        OutboundAlert.state == Delivery.WAITING, OutboundAlert.not_after <= now
    )
    for row in session.scalars(late.with_for_update(skip_locked=True)):
        _end(session, row, Delivery.EXPIRED, now)


def take(session: Session, worker: Worker) -> Alert | None:
    """Claim the next alert; the caller commits before anybody is asked to carry it."""
    now = worker.clock()
    free = (
        select(OutboundAlert.id)
        .where(
            OutboundAlert.state == Delivery.WAITING, OutboundAlert.next_try_at <= now
        )
        .order_by(OutboundAlert.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = claim(session, OutboundAlert, free, worker.name, now + LEASE)
    if row is None:
        return None
    try:
        ways = Ways.opened(row.worker_box or b"", worker.pair)
    except SealBroken:
        _end(session, row, Delivery.FAILED, now, "seal")
        return take(session, worker)
    return Alert(row.id, ways, words(row.count), row.not_after - now)


def _any_left(session: Session) -> bool:
    left = OutboundAlert.state.in_((Delivery.WAITING, Delivery.SENDING))
    return session.scalar(select(OutboundAlert.id).where(left).limit(1)) is not None


def _carry(
    worker: Worker, alert: Alert, gateway: SmsGateway | None
) -> tuple[Delivery, str | None, str | None]:
    """Hand one alert over; returns what became of it, the carrier's id and its fault.

    `WAITING` means that nothing went out, and that it may be tried again.
    """
    fault = "no-way"
    if gateway is not None and alert.ways.number:
        asked_at = worker.clock()
        try:
            return Delivery.SENT, _text(gateway, alert), None
        except Ambiguous:
            # Its name is needed all the same, for the carrier to forget it by.
            to = alert.ways.number
            return Delivery.UNKNOWN, find(worker, gateway, alert.id, to, asked_at), None
        except (Refused, Misconfigured) as error:
            fault = error.code
    if alert.ways.mail:
        try:
            worker.mailer.send(alert.ways.mail, worker.clock(), f"{alert.words}\n")
        except MailFailed:
            return Delivery.WAITING, None, "mail"
        return Delivery.SENT, None, None
    again = Delivery.FAILED if fault == "no-way" else Delivery.WAITING
    return again, None, fault


def _text(gateway: SmsGateway, alert: Alert) -> str:
    text = OutgoingText(alert.id, alert.ways.number, alert.words, alert.valid_for, "")
    return gateway.send(text).sid


def find(
    worker: Worker, gateway: SmsGateway, alert_id: str, number: str, since: datetime
) -> str | None:
    """Return the carrier's name of an alert that it took since then, if any."""
    sids = select(OutboundAlert.provider_sid).where(
        OutboundAlert.created_at > since - CLEAN_FOR
    )
    known = look(worker, lambda session: session.scalars(sids).all())
    try:
        found = gateway.find(number, since, alert_id, [sid for sid in known if sid])
    except (Refused, Misconfigured):
        return None
    return found.sid if found else None


def _settle(
    session: Session,
    worker: Worker,
    alert_id: str,
    state: Delivery,
    sid: str | None,
    error: str | None,
) -> None:
    row = session.get_one(OutboundAlert, alert_id, with_for_update=True)
    if row.state is not Delivery.SENDING or row.leased_by != worker.name:
        return  # it took too long, and counts as unknown by now
    row.provider_sid, now = sid, worker.clock()
    if state is not Delivery.WAITING:
        _end(session, row, state, now, error)
    elif row.attempts >= _TRIES:
        _end(session, row, Delivery.FAILED, now, error)
    else:
        row.state, row.next_try_at = Delivery.WAITING, now + _AGAIN
        row.leased_by = row.lease_until = None


def _end(
    session: Session,
    row: OutboundAlert,
    state: Delivery,
    now: datetime,
    error: str | None = None,
) -> None:
    row.state, row.error = state, error and error[:16]
    row.leased_by = row.lease_until = None
    if state is Delivery.UNKNOWN and row.provider_sid is None:
        row.next_try_at = now  # the number stays, as the carrier is asked by that
    else:
        row.worker_box = None
    if row.to_head:
        _mail_beside(session, row, now)
        return
    if state is Delivery.SENT:
        return
    # Perhaps nobody was told: the next name's turn comes at once, not in 15 minutes.
    going_on = session.get(AlertRound, row.desk_id, with_for_update=True)
    if going_on is not None and going_on.last_at == row.created_at:
        going_on.turned_at = now - NEXT_AFTER
    session.flush()


def _mail_beside(session: Session, row: OutboundAlert, now: datetime) -> None:
    """Tell the unit by mail, too, unless that is how its head was told."""
    # A text that was taken may never come: nobody is asked, and no list goes on to a
    # next head.
    if row.state is not Delivery.SENT or row.provider_sid is not None:
        desk = session.get_one(Desk, row.desk_id)
        mail_unit(session, desk, row.count, now)
