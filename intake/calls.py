"""Calling her: every lock that stands between a member and the number (S12 to S17)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import together
from intake.bridge_tables import BridgedCall
from intake.envelopes import current_number
from intake.errors import NotAllowed
from intake.life import EventKind, Fact
from intake.models import Event, Number, Request, Window
from intake.outcomes import CONSEQUENCES, LIFTABLE, Consequence, Outcome
from intake.people import UnitRecord
from intake.queue import Desktop, check_seen, held_by, hold, note
from intake.returning import stop_contact
from intake.safe_contact import may_ring
from intake.stopped_numbers import is_stopped, pause_number, stop_number
from intake.together import was_rung_beside
from intake.topics import Contact, Kind, State
from intake.windows import LAST_CALL, open_window, refresh

RING_FOR = timedelta(seconds=20)  # ends before voicemail would answer (S12)
# S25's clock, when others are alerted. No call starts in a window's last 15 minutes,
# so the window never ends before it.
UNTIL_LEFT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was started: the number that was shown, and the window's end."""

    number: str
    window_ends_at: datetime
    stands: bool = True  # False once the number was changed or taken back meanwhile
    bridge: BridgedCall | None = None  # then the number stays unseen


def locks(desk: Desktop, request: Request, now: datetime) -> list[str]:
    """Return why no call may start now, as keys; empty means that one may."""
    number = current_number(request)
    checks = {
        "not-held": held_by(request, now) is not desk.member,
        "call-without-outcome": request.state is State.CALLING,
        "awaiting-decision": request.state is State.DECISION,
        "contact": request.contact is not Contact.ALLOWED,
        "not-her-phone": not may_ring(desk, request),
        "no-window": open_window(request, now) is None,
        # Until the tag stands, nobody can know of a stop on the number (S22).
        "number-not-ready": number is None or number.tag is None,
        "number-stopped": number_stopped(desk, request),
        "calls-untested": not tested(desk, request),
        "closed": request.state in (State.CLOSED, State.TAKEN_BACK),
        "set-aside": request.set_aside,
        "joined-rung": was_rung_beside(desk.session, request, now),
    }
    own = [reason for reason, locked in checks.items() if locked]
    return own + together.locks(desk.session, request)


def start(
    desk: Desktop,
    request: Request,
    now: datetime,
    bridge: str | None = None,
    seen: int | None = None,
) -> Call:
    """Start a call and show the number, unless a `bridge` rings it.

    `seen` is what `newest` told when the page was shown; None is whatever stands now.
    Raises NotHeld, NotAllowed with the lock.
    """
    hold(desk, request, now)
    # Locked, then read: a cancel that comes now is either seen here, or waits.
    desk.session.refresh(request, with_for_update=True)
    # Her words may say "don't ring" where no lock can: a person reads them first.
    check_seen(desk.session, request, seen)
    locked = locks(desk, request, now)
    if locked:
        raise NotAllowed(locked[0])
    window, number = open_window(request, now), current_number(request)
    if window is None or number is None:
        raise NotAllowed("no-window")
    # Before the number shows: an unanswered ring was this window's one, too (S13).
    window.rung_at = now
    refresh(desk.session, request)
    # Which number is rung is written down: another may come by receipt meanwhile.
    facts: dict[str, Fact] = {"window": window.id, "number": number.id}
    if bridge is not None:
        facts["bridge"] = bridge
    note(desk, request, EventKind.CALL_STARTED, now, **facts)
    return Call(desk.keyring.text(number.envelope), window.ends_at)


def call_on(desk: Desktop, request: Request) -> Call | None:
    """Return the call that is on, with the number that was rung, whatever came since.

    Raises SealBroken.
    """
    if request.state is not State.CALLING:
        return None
    number, window = rung(desk.session, request)
    stands = number.withdrawn_at is None and request.contact is Contact.ALLOWED
    stands = stands and not together.is_stopped_beside(desk.session, request)
    bridge_id = started(desk.session, request).data.get("bridge")
    if bridge_id is None:
        return Call(desk.keyring.text(number.envelope), window.ends_at, stands)
    bridge = desk.session.get_one(BridgedCall, bridge_id)
    return Call("", window.ends_at, stands, bridge)


def allowed_outcomes(request: Request) -> list[Outcome]:
    """Return the outcomes that can be recorded: some need that a word was agreed."""
    has_word = any(envelope.kind is Kind.WORD for envelope in request.envelopes)
    return [
        outcome
        for outcome, then in CONSEQUENCES.items()
        if then.needs_word is None or then.needs_word is has_word
    ]


def finish(
    desk: Desktop,
    request: Request,
    outcome: Outcome,
    now: datetime,
    never_again: bool = False,
) -> None:
    """Record what a call came to. Raises NotHeld, NotAllowed when no call is on.

    What was said holds for the number that was rung, not for one that came meanwhile.
    `never_again` puts a stop on it that holds in all units (S16).
    """
    hold(desk, request, now)
    if request.state is not State.CALLING or outcome not in allowed_outcomes(request):
        raise NotAllowed("no-call")
    then, (number, _) = CONSEQUENCES[outcome], rung(desk.session, request)
    _after_number(desk, number, then, never_again, now)
    if then.contact is not None:
        # Times and texts that still wait fall with the permission behind them.
        stop_contact(desk.session, request, now)
    facts = {"contact": then.contact.value} if then.contact else {}
    note(
        desk,
        request,
        EventKind.OUTCOME,
        now,
        outcome=outcome.value,
        state=then.state.value,
        attempt=then.attempt,
        **facts,
    )


def last_moment(window: Window) -> datetime:
    """Return until when a call may start in a window."""
    return window.ends_at - LAST_CALL


def tested(desk: Desktop, request: Request) -> bool:
    """Say whether the unit has recorded what is shown and heard (S17)."""
    unit = desk.session.get(UnitRecord, request.unit)
    return unit is not None and unit.call_tested_at is not None


def left_from(session: Session, request: Request) -> datetime:
    """Return from when a call that is on counts as left by who has it (S13, S25).

    She started it, or is a head who took it over: before, nobody else ends it.
    """
    turns = (EventKind.CALL_STARTED, EventKind.CLAIMED)
    return _last(session, request, turns).at + UNTIL_LEFT


def _after_number(
    desk: Desktop, number: Number, then: Consequence, never_again: bool, now: datetime
) -> None:
    if then.confirms_number and number.withdrawn_at is None:
        number.confirmed_at = now  # S11: from here on her ticks count
    if number.tag is None:
        return
    if never_again:
        stop_number(desk.session, number.tag, now)
    elif then.contact in LIFTABLE:
        # S14: somebody else has that phone, whichever request it was rung for.
        pause_number(desk.session, number.tag, now)


def number_stopped(desk: Desktop, request: Request) -> bool:
    """Say blindly whether the number that stands must not be rung (S16)."""
    number = current_number(request)
    if number is None or number.tag is None:
        return False
    return is_stopped(desk.session, number.tag, request)


def rung(session: Session, request: Request) -> tuple[Number, Window]:
    """Return the number and the window of the last call, as its event names them."""
    of_it = started(session, request).data
    number = session.get_one(Number, of_it["number"])
    return number, session.get_one(Window, of_it["window"])


def started(session: Session, request: Request) -> Event:
    """Return the event that started the last call."""
    return _last(session, request, (EventKind.CALL_STARTED,))


def _last(session: Session, request: Request, kinds: tuple[EventKind, ...]) -> Event:
    return session.scalars(
        select(Event)
        .where(Event.request_id == request.id, Event.kind.in_(kinds))
        .order_by(Event.seq.desc())
        .limit(1)
    ).one()
