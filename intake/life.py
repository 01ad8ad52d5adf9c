"""A request's life: events are appended, and where it stands follows from them.

Events hold keys, never content. Each carries an HMAC over itself and the one before,
made with a key outside the database, so that a changed or missing event shows.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.chains import misfit
from intake.models import Event, Request
from intake.outcomes import CONSEQUENCES, Outcome
from intake.topics import Contact, State

ATTEMPTS = 3  # then a person decides
# What only a person ends: later words make it unread, and wait in their own column.
_STAYS = (State.CALLING, State.DECISION)
_NO_TIME = datetime.min.replace(tzinfo=UTC)

Fact = str | int | bool | None  # what an event may say: keys, numbers, never text


class EventKind(StrEnum):
    """Everything that can happen to a request."""

    ARRIVED = "arrived"
    JOINED = "joined"  # more words, by form, receipt or text
    UNITED = "united"  # staff joined it with another; which, no event says (S8)
    PARTED = "parted"
    READ = "read"  # first reading, without claiming (S38)
    OPENED = "opened"  # a member saw it: the access log
    CLAIMED = "claimed"
    RELEASED = "released"
    URGENCY = "urgency"
    DANGER = "danger"  # danger to life; the heads were alerted (S24)
    DISCLOSURE = "disclosure"  # what was told to 112, police or health care, or not
    POSITION = "position"
    MARK = "mark"  # may be the one who hurts: it moved to another group (S30)
    SIDE = "side"  # the side of the wall was corrected
    WORDS = "words"  # new words were agreed in a call (S10)
    SAFE_CONTACT = "safe-contact"  # what she said in a call of the next one (S9)
    CALL_STARTED = "call-started"
    OUTCOME = "outcome"
    ANSWERED = "answered"
    ANSWER_OPENED = "answer-opened"  # a date, never "she" (S7)
    TEXTED = "texted"
    TEXT_STATUS = "text-status"
    TEXT_SETTLED = "text-settled"  # somebody dealt with what did not get there
    WINDOWS = "windows"
    NUMBER = "number"
    MISSED = "missed"  # a window ended uncalled: not an attempt (S37)
    MISSED_SEEN = "missed-seen"  # a head took note of it in person
    CANCELLED = "cancelled"  # the callback, by receipt or word (S15)
    STOP = "stop"  # someone said stop (S15)
    HEARD = "heard"  # what a text seems to mean, by its words; perhaps not hers (S20)
    TIME_CLEAR = "time-clear"  # a text is to be called at the time it names (S21)
    NIGHT_CALL = "night-call"  # one was opened at night, for a reason (S21)
    TAKEN_BACK = "taken-back"
    DOOR = "door"
    ASKED = "asked"  # about violence; the answers stand in their own table
    VOICE_RECEIPT = "voice-receipt"  # a receipt was given by voice (S6)
    GUIDE = "guide"  # something of the call guide was put down
    ASSESSED = "assessed"  # that it was made; what it found is nowhere here
    GUIDED = "guided"  # where she was guided on to
    CONSENT = "consent"  # to co-ordination: given, or taken back
    PLAN = "plan"  # a co-ordination plan began
    CHILD = "child"  # the concern report was made, or the reason for none
    HANDED_OVER = "handed-over"
    TO_ON_CALL = "to-on-call"  # to look after it too, while the day is closed
    FROM_ON_CALL = "from-on-call"  # given back to the day
    DECIDED = "decided"  # a person decided what follows, with a reason
    CLOSED = "closed"
    TWO_PERSON = "two-person"  # a protected request: asked, approved, broken, reviewed
    CONSULTED = "consulted"  # read by the safety co-ordinator, with a reason (S31)
    CHECKED = "checked"  # a head of unit checked an opening in the access log
    ASIDE = "aside"  # taken out of, or put into, the pile set aside (S36)


@dataclass(frozen=True, slots=True)
class Signer:
    """A process that records events, with the key of its own that signs them."""

    name: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, as its events tell it."""

    state: State
    contact: Contact
    attempts: int = 0


def _arrived(now: Standing, data: Mapping[str, Any]) -> Standing:
    return Standing(State.UNREAD, Contact(data["contact"]))


def _joined(now: Standing, data: Mapping[str, Any]) -> Standing:
    if now.state in _STAYS:
        return now
    contact = Contact(data["contact"]) if "contact" in data else now.contact
    return replace(now, state=State.UNREAD, contact=contact)


def _read(now: Standing, data: Mapping[str, Any]) -> Standing:
    return replace(now, state=State.OPEN) if now.state is State.UNREAD else now


def _call_started(now: Standing, data: Mapping[str, Any]) -> Standing:
    return replace(now, state=State.CALLING)


def _outcome(now: Standing, data: Mapping[str, Any]) -> Standing:
    attempts = now.attempts + int(data["attempt"])
    if now.contact is Contact.TAKEN_BACK:  # she took it back while it rang
        return Standing(State.TAKEN_BACK, Contact.TAKEN_BACK, attempts)
    state = State.DECISION if attempts >= ATTEMPTS else State(data["state"])
    told = Contact(data.get("contact", now.contact))
    return Standing(state, now.contact.or_stricter(told), attempts)


def _contact(now: Standing, data: Mapping[str, Any]) -> Standing:
    state = now.state if now.state is State.CALLING else State(data["state"])
    return replace(now, state=state, contact=Contact(data["contact"]))


def _stopped(now: Standing, data: Mapping[str, Any]) -> Standing:
    # S20: who may lift a "stop" may not thereby lift what stood before it.
    told = _contact(now, data)
    return replace(told, contact=now.contact.or_stricter(told.contact))


def _heard(now: Standing, data: Mapping[str, Any]) -> Standing:
    # It only ever waits for a person: contact stays as it was, whatever it says.
    waits = "state" in data and now.state is not State.CALLING
    return replace(now, state=State(data["state"])) if waits else now


def _taken_back(now: Standing, data: Mapping[str, Any]) -> Standing:
    calling = now.state is State.CALLING  # S13: only a person ends that state
    state = State.CALLING if calling else State.TAKEN_BACK
    return replace(now, state=state, contact=Contact.TAKEN_BACK)


def _decided(now: Standing, data: Mapping[str, Any]) -> Standing:
    return Standing(State.OPEN, Contact(data.get("contact", now.contact)))


def _moved(now: Standing, data: Mapping[str, Any]) -> Standing:
    waits = now.state is State.DECISION
    return now if waits else replace(now, state=State.UNREAD)


def _closed(now: Standing, data: Mapping[str, Any]) -> Standing:
    return replace(now, state=State.CLOSED)


_AFTER = {
    EventKind.ARRIVED: _arrived,
    EventKind.JOINED: _joined,
    EventKind.READ: _read,
    EventKind.CALL_STARTED: _call_started,
    EventKind.OUTCOME: _outcome,
    EventKind.WINDOWS: _contact,
    EventKind.NUMBER: _contact,
    EventKind.CANCELLED: _stopped,
    EventKind.STOP: _stopped,
    EventKind.HEARD: _heard,
    EventKind.TAKEN_BACK: _taken_back,
    EventKind.DECIDED: _decided,
    EventKind.HANDED_OVER: _moved,
    EventKind.SIDE: _moved,
    EventKind.MARK: _moved,
    EventKind.TO_ON_CALL: _moved,
    EventKind.FROM_ON_CALL: _moved,
    EventKind.CLOSED: _closed,
}

# S5: all that still happens to what was taken back; the rest comes too late.
_ENDS = (EventKind.OUTCOME, EventKind.CLOSED)


def after(now: Standing, kind: EventKind, data: Mapping[str, Any]) -> Standing:
    """Return where a request stands after one more event. Most events move nothing."""
    step = _AFTER.get(kind)
    over = now.contact is Contact.TAKEN_BACK and kind not in _ENDS
    return now if over or step is None else step(now, data)


def standing(events: Iterable[Event]) -> Standing:
    """Derive where a request stands from its whole chain."""
    now = Standing(State.UNREAD, Contact.NOT_ASKED)
    for event in events:
        now = after(now, EventKind(event.kind), event.data)
    return now


def record(
    session: Session,
    request: Request,
    kind: EventKind,
    signer: Signer,
    now: datetime,
    member_id: int | None = None,
    **data: Fact,
) -> Event:
    """Append an event and bring the request's columns to where it stands after it."""
    session.flush()
    # One event at a time: the row is locked, and what it says now is what counts.
    moving = ["state", "contact", "attempts", "touched_at", "answer_due_at"]
    session.refresh(request, attribute_names=moving, with_for_update=True)
    last = session.scalars(
        select(Event)
        .where(Event.request_id == request.id)
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    event = Event(
        request_id=request.id,
        seq=last.seq + 1 if last else 1,
        at=now,
        kind=kind.value,
        signer=signer.name,
        member_id=member_id,
        data=data,
        mac=b"",
    )
    event.mac = _mac(event, last.mac if last else b"", signer.key)
    session.add(event)
    before = Standing(request.state, request.contact, request.attempts)
    stands = after(before, kind, data)
    request.state, request.contact = stands.state, stands.contact
    request.attempts = stands.attempts
    _touch(request, kind, data, now)
    session.flush()
    return event


def broken_at(events: Iterable[Event], keys: Mapping[str, bytes]) -> int | None:
    """Return the number of the first event that does not fit its chain, if any."""
    return misfit(events, keys, _mac)


def _touch(
    request: Request, kind: EventKind, data: Mapping[str, Fact], now: datetime
) -> None:
    """Note when staff last turned to her, and that nothing is due any more."""
    if kind in (EventKind.ANSWERED, EventKind.OUTCOME, EventKind.DECIDED):
        request.touched_at = max(request.touched_at or _NO_TIME, now)
    outcome = data.get("outcome")
    reached = outcome and CONSEQUENCES[Outcome(str(outcome))].stops_clock
    if reached or kind in (EventKind.ANSWERED, EventKind.CLOSED):
        request.answer_due_at = None


def _mac(event: Event, previous: bytes, key: bytes) -> bytes:
    facts = [
        event.request_id,
        event.seq,
        event.at.isoformat(),
        event.kind,
        event.signer,
        event.member_id,
        event.data,
        previous.hex(),
    ]
    # Sorted: a database may give the keys of its JSON back in another order.
    return hmac.digest(key, json.dumps(facts, sort_keys=True).encode(), "sha256")
