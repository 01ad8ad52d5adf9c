"""The bridge: staff's phone rings first, and then hers, with no number on the screen.

It only adds locks to those of a call. What a call came to is a person's to say (S13);
the carrier's word says at most that her phone has certainly not rung.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from intake import calls, line_tests
from intake.bridge_boxes import Leg, shut
from intake.bridge_tables import BridgedCall, BridgeState
from intake.envelopes import current_number
from intake.errors import NotAllowed
from intake.line_tests import Line
from intake.models import Request
from intake.numbers import CallableNumber
from intake.outcomes import Outcome
from intake.queue import Desktop, hold
from intake.safe_contact import safe_contact
from intake.topics import ShownNumber, State
from intake.windows import refresh

CODE_DIGITS = 2
FRESH = timedelta(hours=12)  # after a trial what was seen and heard is still known


def locks(desk: Desktop, request: Request, line: str, now: datetime) -> list[str]:
    """Return why no call may go through the bridge now, as keys; empty: one may.

    `line` is the number that it calls from, or empty where there is none. Raises
    SealBroken.
    """
    safe = safe_contact(desk, request)
    # Her phone shows `line`. Who has the receipt may not choose that for her (S4).
    shown = safe.shown is ShownNumber.SHOWN and not safe.by_receipt
    checks = {
        "bridge-off": not line,
        "bridge-untested": not line_tests.is_tested(
            desk.session, request.unit, Line.CALLS, line
        ),
        "bridge-hidden": not shown,
    }
    own = [reason for reason, locked in checks.items() if locked]
    return [*calls.locks(desk, request, now), *own]


def start(
    desk: Desktop,
    request: Request,
    phone: CallableNumber,
    line: str,
    now: datetime,
    seen: int | None = None,
) -> BridgedCall:
    """Start a call that rings the member's phone first; the number stays unseen.

    `seen` is as for `calls.start`. Raises as that does, and SealBroken.
    """
    hold(desk, request, now)
    desk.session.refresh(request, with_for_update=True)
    locked = locks(desk, request, line, now)
    number = current_number(request)
    if locked or number is None:
        raise NotAllowed(locked[0] if locked else "number-not-ready")
    hers = desk.keyring.text(number.envelope)
    if hers == phone.e164:
        raise NotAllowed("bridge-same-phone")
    row = _ask(desk, phone, shut(Leg.HERS, hers, desk.office.worker_public), now)
    row.request_id = request.id
    desk.session.flush()
    calls.start(desk, request, now, bridge=row.id, seen=seen)
    return row


def finish(
    desk: Desktop,
    request: Request,
    outcome: Outcome,
    now: datetime,
    never_again: bool = False,
) -> None:
    """Record what any call came to; a bridge that never rang gives her time back.

    Raises as `calls.finish`, and NotAllowed for an outcome of a ring that never was.
    """
    hold(desk, request, now)
    # The worker takes the request's row before it dials: it has, or it never will.
    desk.session.refresh(request, with_for_update=True)
    row = of(desk.session, request)
    if row is None or not row.state.never_rang:
        calls.finish(desk, request, outcome, now, never_again)
        return
    if outcome is not Outcome.LINE_FAULT:
        raise NotAllowed("never-rung")
    _, window = calls.rung(desk.session, request)
    calls.finish(desk, request, outcome, now, never_again)
    fail(row, "outcome", now)
    window.rung_at = None  # so that it is rung yet, or told as missed by us (S37)
    refresh(desk.session, request)


def of(session: Session, request: Request) -> BridgedCall | None:
    """Return the bridge of the call that is on, as it stands now; None without one."""
    if request.state is not State.CALLING:
        return None
    found = calls.started(session, request).data.get("bridge")
    if found is None:
        return None
    return session.get(BridgedCall, found, with_for_update=True, populate_existing=True)


def fail(row: BridgedCall, error: str, now: datetime) -> None:
    """End a bridge before her phone could ring, and shred both numbers."""
    row.state, row.error = BridgeState.FAILED, error[:16]
    row.staff_box = row.her_box = None
    row.next_try_at = now


def try_out(
    desk: Desktop,
    unit: str,
    phone: CallableNumber,
    other: CallableNumber,
    line: str,
    now: datetime,
) -> BridgedCall:
    """Start a trial between two phones that a head has before her; it rings nobody's.

    No number is compared with those on file: the answer would tell who is (S22).
    """
    box = shut(Leg.TRIAL, other.e164, desk.office.worker_public)
    row = _ask(desk, phone, box, now)
    row.unit, row.line = unit, line
    desk.session.flush()
    return row


def last_trial(
    session: Session, unit: str, line: str, now: datetime
) -> BridgedCall | None:
    """Return a unit's newest trial of a line, while it is fresh."""
    return session.scalars(_trials(unit, line, now).limit(1)).first()


def is_tried(session: Session, unit: str, line: str, now: datetime) -> bool:
    """Say whether a fresh trial has rung both phones and is over."""
    rang = _trials(unit, line, now).where(BridgedCall.state == BridgeState.OVER)
    return session.scalars(rang.limit(1)).first() is not None


def record_test(desk: Desktop, unit: str, line: str, now: datetime) -> None:
    """Record that a head has seen and heard what her phone would, in a trial of it.

    Raises NotAllowed before one has rung.
    """
    if not is_tried(desk.session, unit, line, now):
        raise NotAllowed("bridge-untried")
    by = desk.member.id
    line_tests.record_test(desk.session, unit, Line.CALLS, line, by, now)


def _ask(
    desk: Desktop, phone: CallableNumber, box: bytes, now: datetime
) -> BridgedCall:
    row = BridgedCall(
        id=secrets.token_hex(16),
        code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
        staff_box=shut(Leg.STAFF, phone.e164, desk.office.worker_public),
        her_box=box,
        state=BridgeState.WAITING,
        started_at=now,
    )
    desk.session.add(row)
    return row


def _trials(unit: str, line: str, now: datetime) -> Select[BridgedCall]:
    return (
        select(BridgedCall)
        .where(
            BridgedCall.unit == unit,
            BridgedCall.line == line,
            BridgedCall.started_at > now - FRESH,
        )
        .order_by(BridgedCall.started_at.desc())
    )
