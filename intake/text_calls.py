"""What a person decides of a text's one call: the time that it names, or one tonight.

A text changes nothing that was agreed in another way (S20). Its own ring, which S21
gives it, may be moved to the time that it names, or be used at night for a reason; once
it was rung, or anything came after it, none of this is offered any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from intake.errors import NotAllowed
from intake.hours import HOME_ZONE, SHORTEST_TEXT_WINDOW, TEXT_HOUR, Slot
from intake.life import EventKind
from intake.messages import InboundText
from intake.models import Envelope, Event, Request
from intake.queue import Desktop, check_seen, hold, note, seal_note
from intake.topics import Channel, Contact, State
from intake.windows import LAST_CALL, add_series, coming, end_series, is_waiting

# What comes after a text, and makes what it said of a time a thing of the past.
_OUTDATES = frozenset(
    {
        EventKind.CALL_STARTED,
        EventKind.WINDOWS,
        EventKind.NUMBER,
        EventKind.CANCELLED,
        EventKind.STOP,
        EventKind.TAKEN_BACK,
        EventKind.TIME_CLEAR,
        EventKind.CLOSED,
    }
)
_OF_TIME = {"time", "later"}


@dataclass(frozen=True, slots=True)
class Named:
    """A time that a text names: its very words, and as which time they were read."""

    words: str
    read: Slot | None  # None where it could be two, or is none
    slot: Slot | None  # what of it lies ahead, in open hours by day
    series: str


def named(desk: Desktop, request: Request, now: datetime) -> Named | None:
    """Return what the last text said of a time, while that may still be followed.

    Raises SealBroken.
    """
    event = _last_of_time(request.events)
    if event is None or not _may_be_called(request):
        return None
    series = str(event.data.get("series") or "")
    words = desk.session.get(Envelope, event.data.get("words") or 0)
    if not series or words is None:
        return None
    read = _read(event)
    return Named(
        desk.keyring.text(words), read, _ahead(desk, request, read, now), series
    )


def follow(
    desk: Desktop, request: Request, now: datetime, seen: int | None = None
) -> Slot:
    """Let a text be called at the time that it names, in place of S21's own times.

    Returns that time. Raises NotHeld, NotAllowed.
    """
    hold(desk, request, now)
    desk.session.refresh(request, with_for_update=True)
    check_seen(desk.session, request, seen)
    told = named(desk, request, now)
    if told is None or told.slot is None:
        raise NotAllowed("no-clear-time")
    end_series(desk.session, request, told.series, now)
    add_series(desk.session, request, [told.slot], told.series)
    times = {"starts": told.slot.starts_at, "ends": told.slot.ends_at}
    facts = {name: moment.isoformat() for name, moment in times.items()}
    note(desk, request, EventKind.TIME_CLEAR, now, **facts)
    return told.slot


def waits_for_tonight(desk: Desktop, request: Request, now: datetime) -> str | None:
    """Return the text's ring that waits for the day; None where none may be used now.

    Only who is on duty at this hour may use it, and only before the day has begun.
    """
    if not _may_be_called(request) or not _on_duty(desk, request, now):
        return None
    if any(window.starts_at <= now for window in coming(request, now)):
        return None  # it may be called now as it is
    if _asks_to_wait(request.events, now) or _was_used(request.events):
        return None
    night_ones = (s for s in _waiting_series(request) if _waits(desk, request, s, now))
    return next(night_ones, None)


def call_tonight(
    desk: Desktop, request: Request, reason: str, now: datetime, seen: int | None = None
) -> None:
    """Open a call for an hour, for a text that came at night, with a sealed reason.

    The text's one ring is used by it; if nobody rings, S21's own times stand. Raises
    NotHeld, NotAllowed.
    """
    hold(desk, request, now)
    desk.session.refresh(request, with_for_update=True)
    check_seen(desk.session, request, seen)
    if not reason.strip():
        raise NotAllowed("reason-missing")
    series = waits_for_tonight(desk, request, now)
    if series is None:
        raise NotAllowed("not-a-night-text")
    add_series(desk.session, request, [Slot(now, now + TEXT_HOUR)], series)
    seal_note(desk, request, reason, now)
    note(desk, request, EventKind.NIGHT_CALL, now)


def _may_be_called(request: Request) -> bool:
    """Say whether it is a text's own request, and nothing stands against a call."""
    return (
        request.channel is Channel.SMS
        and request.contact is Contact.ALLOWED
        and request.state in (State.UNREAD, State.OPEN)
        and not request.set_aside
    )


def _last_of_time(events: Iterable[Event]) -> Event | None:
    """Return what was last heard of a time, unless something has come after it."""
    since = takewhile(lambda e: e.kind not in _OUTDATES, reversed(list(events)))
    heard = (e for e in since if e.kind == EventKind.HEARD and _meanings(e) & _OF_TIME)
    last = next(heard, None)
    return last if last is not None and "time" in _meanings(last) else None


def _asks_to_wait(events: Iterable[Event], now: datetime) -> bool:
    """Say whether what was last heard of a time asks for another one than tonight."""
    heard = [e for e in events if e.kind == EventKind.HEARD and _meanings(e) & _OF_TIME]
    if not heard:
        return False
    last, read = heard[-1], _read(heard[-1])
    came_on = last.at.astimezone(HOME_ZONE).date()
    another_day = str(last.data.get("not_before") or "") > came_on.isoformat()
    another_hour = read is not None and read.starts_at > now + TEXT_HOUR
    return "later" in _meanings(last) or another_day or another_hour


def _was_used(events: Iterable[Event]) -> bool:
    """Say whether a night's call was opened already since the last text came."""
    came = (EventKind.ARRIVED, EventKind.JOINED)
    since = takewhile(lambda e: e.kind not in came, reversed(list(events)))
    return any(e.kind == EventKind.NIGHT_CALL for e in since)


def _meanings(event: Event) -> set[str]:
    return set(str(event.data["heard"]).split(","))


def _read(event: Event) -> Slot | None:
    times = [event.data.get(name) for name in ("starts", "ends")]
    return (
        Slot(*(datetime.fromisoformat(str(t)) for t in times)) if all(times) else None
    )


def _ahead(
    desk: Desktop, request: Request, read: Slot | None, now: datetime
) -> Slot | None:
    """Return what is left of a time in which a call may be made, if enough is."""
    if read is None or read.ends_at - LAST_CALL <= now:
        return None
    left = Slot(max(read.starts_at, now), read.ends_at)
    parts = desk.office.units[request.unit].calendar.by_day(left)
    long_enough = (part for part in parts if part.length >= SHORTEST_TEXT_WINDOW)
    return next(long_enough, None)


def _waiting_series(request: Request) -> list[str]:
    every = request.windows
    waiting = [w.series for w in every if w.series and is_waiting(w, every)]
    return list(dict.fromkeys(filter(None, waiting)))


def _waits(desk: Desktop, request: Request, series: str, now: datetime) -> bool:
    """Say whether a text came when nobody could be called, and it is so still."""
    text = desk.session.get(InboundText, series)
    if text is None:
        return False
    own = desk.office.units[request.unit].calendar.text_windows(text.received_at)
    # Of a text that came by day, the night changes nothing.
    return bool(own) and max(text.received_at, now) < own[0].starts_at


def _on_duty(desk: Desktop, request: Request, now: datetime) -> bool:
    """Say whether a desk that opens it is open now, and has a place for who asks."""
    held = {key.desk_id for key in request.keys}
    return any(
        place.box and place.desk_id in held and _is_open(desk, place.desk.unit, now)
        for place in desk.member.memberships
    )


def _is_open(desk: Desktop, unit: str, now: datetime) -> bool:
    return desk.office.units[unit].calendar.is_open(now)
