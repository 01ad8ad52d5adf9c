"""Alerts to on-call: what is urgent and waits, and whose turn it is to be told (S25).

An alert says that something waits, and how much: never what, whose or on which side.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from intake.alert_tables import AlertRound, AlertWhen, OnCallName, OutboundAlert
from intake.calls import UNTIL_LEFT
from intake.life import EventKind
from intake.messages import Delivery, OutboundMail
from intake.models import Event, Request, RequestKey
from intake.office import Office
from intake.outcomes import CONSEQUENCES
from intake.people import Desk
from intake.queue import LEASE
from intake.tables import LOCKED
from intake.topics import Contact, Half, State, Urgency

_T = TypeVar("_T", datetime, int)
NEXT_AFTER = UNTIL_LEFT  # without an act by whoever has it, the next name's turn comes
GATHERED = timedelta(minutes=2)  # several that come together make one alert
# What makes somebody look at it, however often it was dealt with before.
_STARTS = (
    EventKind.ARRIVED,
    EventKind.JOINED,
    EventKind.URGENCY,
    EventKind.DANGER,
    EventKind.HANDED_OVER,
    EventKind.SIDE,
    EventKind.MARK,
    EventKind.TO_ON_CALL,
    EventKind.FROM_ON_CALL,
)
_ENDS = (EventKind.ANSWERED, EventKind.DECIDED, EventKind.CLOSED)
# She was reached, or contact stands still until somebody decides. After all others she
# waits as before.
_ENOUGH = tuple(
    outcome
    for outcome, then in CONSEQUENCES.items()
    if then.stops_clock or then.state is State.DECISION
)


@dataclass(frozen=True, slots=True)
class Need:
    """A request that nobody acts on, at a desk that can open it."""

    desk_id: int
    unit: str
    since: datetime


def needs(session: Session, office: Office, now: datetime) -> list[Need]:
    """Return what is urgent and waits, at the desks that are to be alerted of it.

    Those that are open are; where none is, every desk that holds its key.
    """
    came = func.coalesce(
        _last(Event.at, _of((*_STARTS, EventKind.RELEASED))), Request.arrived_at
    )
    rows = session.execute(
        select(Request.id, Desk.id, Desk.unit, Request.lease_until, came)
        .join(RequestKey, RequestKey.request_id == Request.id)
        .join(Desk, Desk.id == RequestKey.desk_id)
        .where(
            RequestKey.half == Half.ACCOUNT,
            _alarms(),
            _goes_on(),
            # Whatever the holder does renews her lease: this is her last act.
            or_(
                Request.lease_until.is_(None),
                Request.lease_until <= now + LEASE - NEXT_AFTER,
            ),
        )
    ).all()
    awake = {key for key in {row[2] for row in rows} if _is_open(office, key, now)}
    by_request: dict[int, list[Need]] = {}
    for request_id, desk_id, unit, lease_until, at in rows:
        idle = lease_until - LEASE + NEXT_AFTER if lease_until else at
        need = Need(desk_id, unit, max(at, idle))
        by_request.setdefault(request_id, []).append(need)
    return [need for found in by_request.values() for need in _open(found, awake)]


def is_tried(session: Session, request: Request) -> bool:
    """Say whether what alerts was rung in vain, so that it may wait if one decides."""
    tried = _last(Event.seq, _of((EventKind.OUTCOME,)))
    found = select(Request.id).where(
        Request.id == request.id,
        _alarms(),
        _goes_on(),
        tried > _last(Event.seq, _of(_STARTS)),
    )
    return session.scalars(found).first() is not None


def due(session: Session, office: Office, now: datetime) -> list[int]:
    """Return the desks whose alerts are to begin, go on or end now."""
    waits = _by_desk(needs(session, office, now))
    rounds = {row.desk_id: row for row in session.scalars(select(AlertRound))}
    over = rounds.keys() - waits.keys()
    return sorted(
        desk_id
        for desk_id in over | waits.keys()
        if desk_id in over
        or _step(rounds.get(desk_id), waits[desk_id], now) is not None
    )


def advance(session: Session, office: Office, desk_id: int, now: datetime) -> None:
    """Alert whoever's turn it is at a desk, or end its round when nothing waits."""
    # One worker at a time decides for a desk, or two would alert for the same thing.
    desk = session.get_one(Desk, desk_id, with_for_update=LOCKED)
    row = session.get(AlertRound, desk_id, with_for_update=True)
    waits = _by_desk(needs(session, office, now)).get(desk_id, [])
    if not waits:
        if row is not None:
            session.delete(row)
        return
    step = _step(row, waits, now)
    if step is None:
        return
    if row is None:
        row = AlertRound(desk_id=desk_id, turn=0, turned_at=now)
        session.add(row)
    row.turn, row.last_at, row.count = row.turn + step, now, len(waits)
    row.turned_at = now if step else row.turned_at
    _alert(session, office, desk, row.turn, len(waits), now)
    session.flush()


def alert_heads(
    session: Session, office: Office, request: Request, now: datetime
) -> None:
    """Alert the heads of every desk that holds the request's key, at any hour (S24).

    A desk whose list names no head gets the unit's urgent mail. No other desk is told.
    """
    desks = {key.desk_id: key.desk for key in request.keys}
    for desk in desks.values():
        heads = [name for name in names_of(session, desk.id) if name.is_head]
        for head in heads:
            if not _gather(session, head):
                session.add(_outbound(desk.id, head, 1, now, to_head=True))
        if not heads:
            mail_unit(session, desk, 1, now)
    session.flush()


def _gather(session: Session, head: OnCallName) -> bool:
    """Count one more in a head's alert that has not gone out yet; False without one."""
    waiting = update(OutboundAlert).where(
        OutboundAlert.desk_id == head.desk_id,
        OutboundAlert.name == head.name,
        OutboundAlert.to_head.is_(True),
        OutboundAlert.state == Delivery.WAITING,
    )
    more = waiting.values(count=OutboundAlert.count + 1)
    return bool(session.execute(more.returning(OutboundAlert.id)).all())


def names_of(session: Session, desk_id: int) -> list[OnCallName]:
    """Return a desk's on-call list in its order."""
    listed = select(OnCallName).where(OnCallName.desk_id == desk_id)
    return list(session.scalars(listed.order_by(OnCallName.place, OnCallName.id)))


def on_duty(
    session: Session, office: Office, desk: Desk, now: datetime
) -> list[OnCallName]:
    """Return the names of a desk's list that are alerted at this hour."""
    is_open = _is_open(office, desk.unit, now)
    fits = {AlertWhen.ALWAYS, AlertWhen.OPEN if is_open else AlertWhen.CLOSED}
    return [name for name in names_of(session, desk.id) if name.when in fits]


def _alarms() -> ColumnElement[bool]:
    """Say in SQL which requests raise alerts, also among those set aside (S36)."""
    return (
        Request.state.not_in((State.CLOSED, State.TAKEN_BACK))
        & (Request.contact != Contact.TAKEN_BACK)
        & or_(Request.urgency == Urgency.ACUTE, Request.alerts.is_(True))
    )


def _goes_on() -> ColumnElement[bool]:
    """Say in SQL that nothing has ended a request's alerts since they began."""
    ended = _last(Event.seq, or_(_of(_ENDS), _is_enough()))
    return or_(ended.is_(None), ended < _last(Event.seq, _of(_STARTS)))


def _is_enough() -> ColumnElement[bool]:
    told = Event.data["outcome"].as_string().in_([one.value for one in _ENOUGH])
    # The third attempt waits for a decision too, whatever it came to.
    waits = Request.state == State.DECISION
    return and_(_of((EventKind.OUTCOME,)), or_(told, waits))


def _of(kinds: Iterable[EventKind]) -> ColumnElement[bool]:
    return Event.kind.in_([kind.value for kind in kinds])


def _last(
    column: InstrumentedAttribute[_T], which: ColumnElement[bool]
) -> ScalarSelect[_T]:
    of_it = select(func.max(column)).where(Event.request_id == Request.id, which)
    return of_it.correlate(Request).scalar_subquery()


def _open(found: list[Need], awake: set[str]) -> list[Need]:
    return [need for need in found if need.unit in awake] or found


def _is_open(office: Office, key: str, now: datetime) -> bool:
    unit = office.units.get(key)
    return unit is not None and unit.calendar.is_open(now)


def _by_desk(found: Iterable[Need]) -> dict[int, list[Need]]:
    by_desk: dict[int, list[Need]] = {}
    for need in found:
        by_desk.setdefault(need.desk_id, []).append(need)
    return by_desk


def _step(row: AlertRound | None, waits: list[Need], now: datetime) -> int | None:
    """Return by how many names to go on now; 0 tells the same one again, None waits."""
    if row is None:
        return 0
    if now >= row.turned_at + NEXT_AFTER:
        return 1
    # Counted too: what came at that very moment may have been committed after it.
    is_new = len(waits) > row.count or any(n.since > row.last_at for n in waits)
    return 0 if is_new and now >= row.last_at + GATHERED else None


def _alert(
    session: Session, office: Office, desk: Desk, turn: int, count: int, now: datetime
) -> None:
    names = on_duty(session, office, desk, now)
    # Last of all comes the unit's own mail: a list without names must not be silent.
    place = turn % (len(names) + 1)
    if place < len(names):
        session.add(_outbound(desk.id, names[place], count, now))
    else:
        mail_unit(session, desk, count, now)


def mail_unit(session: Session, desk: Desk, count: int, now: datetime) -> None:
    """Tell a unit by its urgent mail, and log that as an alert to nobody by name."""
    session.add(OutboundMail(unit=desk.unit, urgent=True, next_try_at=now))
    told = _row(desk.id, "", count, now)
    told.state = Delivery.SENT  # from here on the outbox of mails has it
    session.add(told)


def _outbound(
    desk_id: int,
    name: OnCallName,
    count: int,
    now: datetime,
    to_head: bool = False,
) -> OutboundAlert:
    row = _row(desk_id, name.name, count, now)
    # A copy, so that who is taken off the list meanwhile breaks nothing.
    row.worker_box, row.to_head = name.worker_box, to_head
    return row


def _row(desk_id: int, name: str, count: int, now: datetime) -> OutboundAlert:
    return OutboundAlert(
        id=secrets.token_hex(16),
        desk_id=desk_id,
        name=name,
        count=count,
        state=Delivery.WAITING,
        not_after=now + NEXT_AFTER,
        next_try_at=now,
        created_at=now,
    )
