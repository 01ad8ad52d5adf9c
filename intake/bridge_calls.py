"""A bridged call on its way: what the worker may do next, and what the carrier tells.

Each step is committed before the carrier is asked for it and never taken twice, so a
worker that is killed in between leaves a call that did not happen, or a doubt.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intake import calls, together
from intake.bridge import fail
from intake.bridge_boxes import Leg, number_of
from intake.bridge_tables import BridgedCall, BridgeState
from intake.errors import SealBroken
from intake.forgetting import CLEAN_FOR
from intake.life import EventKind
from intake.line_tests import Line, is_tested
from intake.models import Event, Request
from intake.people import UnitRecord
from intake.stopped_numbers import is_stopped
from intake.tagging import WorkerKeys
from intake.topics import Contact, State

LATEST = timedelta(minutes=3)  # from the press on the page to the digits on the phone
HOLD = timedelta(seconds=30)  # from the digits to her ring, or none; in our TwiML too
AGAIN = timedelta(minutes=10)
# After any of these a person reads first: somebody said no, or another has it now.
_NEWS = (
    EventKind.JOINED,
    EventKind.WINDOWS,
    EventKind.NUMBER,
    EventKind.SAFE_CONTACT,
    EventKind.CANCELLED,
    EventKind.STOP,
    EventKind.HEARD,
    EventKind.TAKEN_BACK,
    EventKind.CLAIMED,
    EventKind.HANDED_OVER,
    EventKind.SIDE,
)
_ENDED = {"completed", "answered", "busy", "no-answer", "failed", "canceled"}


@dataclass(frozen=True, slots=True)
class Next:
    """What the carrier is to be asked now. Without a number the call is let go."""

    id: str
    sid: str = ""  # the carrier's name of the member's leg
    number: str = field(default="", repr=False)


def lapse(session: Session, now: datetime) -> None:
    """End what waited too long: no phone rings out of the blue, and nobody hangs on."""
    slow = BridgedCall.state.in_((BridgeState.WAITING, BridgeState.RINGING))
    held = BridgedCall.state == BridgeState.PRESSED
    late = {"state": BridgeState.FAILED, "error": "late", "next_try_at": now}
    for too_late in (
        slow & (BridgedCall.started_at <= now - LATEST),
        held & (BridgedCall.pressed_at <= now - HOLD),
    ):
        session.execute(
            update(BridgedCall)
            .where(too_late)
            .values(**late, staff_box=None, her_box=None)
            .execution_options(synchronize_session=False)
        )


def next_to_ring(session: Session, keys: WorkerKeys, now: datetime) -> Next | None:
    """Take the next member's phone to ring. The caller commits, and then rings it."""
    for row, request in _standing(session, BridgeState.WAITING):
        if not _goes_on(session, row, request):
            fail(row, "over", now)
            continue
        try:
            phone = number_of(Leg.STAFF, row.staff_box, keys)
        except SealBroken:
            fail(row, "seal", now)
            continue
        row.state, row.staff_box = BridgeState.RINGING, None
        session.flush()
        return Next(row.id, number=phone)
    return None


def next_to_dial(
    session: Session, keys: WorkerKeys, line: str, now: datetime
) -> Next | None:
    """Take the next call in which hers is to ring, every lock checked again (S12).

    The caller commits, and then asks the carrier. One that may not go on is let go.
    """
    for row, request in _standing(session, BridgeState.PRESSED):
        sid, leg = row.provider_sid or "", Leg.HERS if request else Leg.TRIAL
        try:
            number = number_of(leg, row.her_box, keys)
        except SealBroken:
            fail(row, "seal", now)
            return Next(row.id, sid)
        tag = keys.tag(number)
        error = (
            _forbidden(session, row, request, tag, line, now)
            if request is not None
            else _untried(row, line)
        )
        if error:
            fail(row, error, now)
            return Next(row.id, sid)
        row.state, row.her_box = BridgeState.DIALLING, None
        session.flush()
        return Next(row.id, sid, number)
    return None


def refused(session: Session, call_id: str, code: str, now: datetime) -> None:
    """Note that the carrier took nothing, so that her phone did not ring."""
    row = session.get(BridgedCall, call_id, with_for_update=True)
    if row is not None and row.heard is None:
        fail(row, code, now)


def bind(session: Session, call_id: str, sid: str) -> BridgedCall | None:
    """Return a call if the carrier's name fits; it binds the first that comes."""
    row = session.get(BridgedCall, call_id, with_for_update=True)
    if row is None or not sid or row.provider_sid not in (None, sid):
        return None
    row.provider_sid = sid
    session.flush()
    return row


def pressed(row: BridgedCall, digits: str, now: datetime) -> bool:
    """Say whether the call is held for her: the digits are those on the screen.

    A voicemail presses nothing, and a stranger gets one guess.
    """
    right = hmac.compare_digest(digits.encode(), row.code.encode())
    if row.state is BridgeState.PRESSED:
        return right  # told again
    if row.state is not BridgeState.RINGING or now >= row.started_at + LATEST:
        return False
    if right:
        row.state, row.pressed_at = BridgeState.PRESSED, now
    else:
        fail(row, "wrong-code", now)
    return right


def rung(row: BridgedCall, status: str, now: datetime) -> None:
    """Note how the carrier says that ringing her ended; the outcome is a person's."""
    # Whatever was thought before: her phone did ring.
    row.state, row.next_try_at = BridgeState.OVER, now
    row.heard = status if status in _ENDED else "unknown"


def over(row: BridgedCall, status: str, now: datetime) -> None:
    """Note that the member's leg has ended."""
    row.next_try_at = now
    if row.state is BridgeState.DIALLING:
        row.state = BridgeState.OVER
    elif row.state is BridgeState.PRESSED:
        fail(row, "hung-up", now)
    elif row.state in (BridgeState.WAITING, BridgeState.RINGING):
        # Answered and without the digits: her own voicemail, or a stranger.
        answered = status not in _ENDED or status == "completed"
        fail(row, "no-code" if answered else status, now)


def to_forget(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return the calls that are over and that the carrier still knows of (S22)."""
    ended = select(BridgedCall.id, BridgedCall.provider_sid).where(
        BridgedCall.state.in_((BridgeState.OVER, BridgeState.FAILED)),
        BridgedCall.provider_sid.is_not(None),
        BridgedCall.deleted_at.is_(None),
        BridgedCall.next_try_at <= now,
        BridgedCall.started_at > now - CLEAN_FOR,
    )
    return [(row.id, row.provider_sid or "") for row in session.execute(ended)]


def forgotten(session: Session, call_id: str, gone: bool, now: datetime) -> None:
    """Note whether the carrier has forgotten a call, or is asked again."""
    row = session.get_one(BridgedCall, call_id, with_for_update=True)
    row.deleted_at = now if gone else None
    row.next_try_at = now + AGAIN


def _standing(
    session: Session, state: BridgeState
) -> Iterator[tuple[BridgedCall, Request | None]]:
    """Yield the calls in a state, with their requests, each held when it comes."""
    found = session.execute(
        select(BridgedCall.id, BridgedCall.request_id)
        .where(BridgedCall.state == state)
        .order_by(BridgedCall.started_at)
    ).all()
    for call_id, request_id in found:
        # The request first, as everywhere: who cancels now is either seen, or waits.
        request = None
        if request_id is not None:
            request = session.get_one(
                Request, request_id, with_for_update=True, populate_existing=True
            )
        row = session.get_one(
            BridgedCall, call_id, with_for_update=True, populate_existing=True
        )
        if row.state is state:
            yield row, request


def _goes_on(session: Session, row: BridgedCall, request: Request | None) -> bool:
    """Say whether this is the call that is on, and nothing came since it began."""
    if request is None:
        return True  # a trial: nobody's news could end it
    if request.state is not State.CALLING:
        return False
    started = calls.started(session, request)
    news = select(Event.id).where(
        Event.request_id == request.id,
        Event.seq > started.seq,
        Event.kind.in_(_NEWS),
    )
    mine = started.data.get("bridge") == row.id
    return mine and session.scalar(news.limit(1)) is None


def _untried(row: BridgedCall, line: str) -> str:
    """Return why a head's trial rings no second phone: it would try another line."""
    return "" if row.line == line else "line"


def _forbidden(
    session: Session,
    row: BridgedCall,
    request: Request,
    tag: bytes,
    line: str,
    now: datetime,
) -> str:
    """Return what S12 has against ringing her at this moment, or nothing."""
    if request.state is not State.CALLING:
        return "over"
    (number, window), unit = (
        calls.rung(session, request),
        session.get(UnitRecord, request.unit),
    )
    in_time = window.starts_at <= now < calls.last_moment(window)
    checks = {
        "contact": request.contact is not Contact.ALLOWED,
        "set-aside": request.set_aside,
        "joined": bool(together.locks(session, request))
        or together.was_rung_beside(session, request, now),
        "window": window.withdrawn_at is not None or not in_time,
        "number": number.withdrawn_at is not None or number.tag != tag,
        "number-stopped": is_stopped(session, tag, request),
        "calls-untested": unit is None or unit.call_tested_at is None,
        "bridge-untested": not is_tested(session, request.unit, Line.CALLS, line),
        "over": not _goes_on(session, row, request),
    }
    return next((reason for reason, is_so in checks.items() if is_so), "")
