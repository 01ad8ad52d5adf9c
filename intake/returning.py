"""Coming back with the receipt: what it opens, and what it may change (S1 to S8)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intake.deliveries import call_off
from intake.envelopes import withdraw_numbers
from intake.errors import UnknownReceipt
from intake.hours import HOME_ZONE
from intake.joining import change_call, join, mark_unread, tell
from intake.life import EventKind, record
from intake.models import Door, Event, Request
from intake.office import Office
from intake.receipts import Peppers
from intake.submissions import Submission
from intake.topics import Contact, Kind, Origin, State
from intake.vault import KeyPair, unseal, unseal_text
from intake.windows import withdraw

HOLD = timedelta(days=7)  # S5: nothing taken back is deleted before


@dataclass(frozen=True, slots=True)
class Return:
    """An opened door: the request, and the pair that opens the answers."""

    door_id: int
    request: Request
    answers: KeyPair


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as she reads it: the day and the text."""

    at: datetime
    text: str


class Step(StrEnum):
    """What her thread tells of a request: that something happened, never what (S1)."""

    UNREAD = "unread"  # until the time that comes with it, a person reads it
    LATE = "late"  # that time has passed
    READ = "read"
    ANSWERED = "answered"
    MISSED = "missed"  # by us (S37)
    MOVED = "moved"  # another unit answers (S33)
    CLOSED = "closed"
    CALL = "call"  # one is planned
    NO_CALL = "no-call"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of her thread: what, and the moment of which she reads the day."""

    step: Step
    at: datetime


_TOLD = {
    EventKind.READ: Step.READ,
    EventKind.ANSWERED: Step.ANSWERED,
    EventKind.MISSED: Step.MISSED,
    EventKind.HANDED_OVER: Step.MOVED,
    EventKind.SIDE: Step.MOVED,
    EventKind.MARK: Step.MOVED,
    EventKind.CLOSED: Step.CLOSED,
}


def enter(
    session: Session, peppers: Peppers, digits: str, word: str, now: datetime
) -> Return:
    """Open the door that a receipt fits. Raises UnknownReceipt, or on a wrong word."""
    for key in peppers.candidates(digits, word):
        door = session.scalars(
            select(Door).where(
                Door.tag == key.tag,
                Door.closed_at.is_(None),
                or_(Door.ends_at.is_(None), Door.ends_at > now),
            )
        ).first()
        if door is not None:
            secret = unseal(door.answer_box, key.pair)
            return _let_in(session, door, secret, now)
    raise UnknownReceipt("no open door fits")


def re_enter(session: Session, door_id: int, secret: bytes, now: datetime) -> Return:
    """Open a door again by what a sealed handle kept. Raises UnknownReceipt."""
    door = session.get(Door, door_id)
    if door is None:
        raise UnknownReceipt("there is no such door")
    return _let_in(session, door, secret, now)


def answers(
    session: Session, office: Office, visit: Return, now: datetime
) -> list[Answer]:
    """Return the answers, and note by date that they were opened (S7)."""
    found = [
        Answer(envelope.at, unseal_text(envelope.box, visit.answers))
        for envelope in visit.request.envelopes
        if envelope.kind is Kind.ANSWER
    ]
    if found:
        _note_opened(session, office, visit.request, now)
    return found


def story(request: Request, now: datetime) -> list[Told]:
    """Return where a request stands, as its receipt may know it (S1, S33, S37)."""
    happened = ((_step(event), event.at) for event in request.events)
    steps = [Told(step, at) for step, at in happened if step]
    if request.unread_since is not None:
        late = request.reading_due_at < now
        steps.append(Told(Step.LATE if late else Step.UNREAD, request.reading_due_at))
    planned = request.contact is Contact.ALLOWED and request.callable_until is not None
    steps.append(Told(Step.CALL if planned else Step.NO_CALL, now))
    return steps


def write_more(
    session: Session,
    office: Office,
    visit: Return,
    submission: Submission,
    now: datetime,
) -> None:
    """Add words by receipt; a closed request wakes up again."""
    join(session, office, visit.request, submission, Origin.RECEIPT, now)


def change_callback(
    session: Session,
    office: Office,
    visit: Return,
    submission: Submission,
    now: datetime,
) -> None:
    """Replace number, windows or both, marked as perhaps another's act (S4).

    Raises SlotFull, and NotAllowed when no number stands and none is given.
    """
    mark_unread(visit.request, office, now)
    change_call(session, office, visit.request, submission, Origin.RECEIPT, now)
    tell(session, visit.request, (), now)


def cancel_callback(
    session: Session, office: Office, visit: Return, now: datetime
) -> None:
    """End all calls and texts; the request itself stays open (S15)."""
    stop_contact(session, visit.request, now)
    mark_unread(visit.request, office, now)
    record(
        session,
        visit.request,
        EventKind.CANCELLED,
        office.signer,
        now,
        origin=Origin.RECEIPT.value,
        state=State.UNREAD.value,
        contact=Contact.CANCELLED.value,
    )
    tell(session, visit.request, (), now)


def take_back(session: Session, office: Office, visit: Return, now: datetime) -> None:
    """End all contact at once and close every door; nothing is deleted yet (S5)."""
    request = visit.request
    stop_contact(session, request, now)
    withdraw_numbers(request, now)
    close_doors(session, request, now)
    request.hold_until = now + HOLD
    # It was perhaps not she who pressed: somebody has to look (S5).
    request.unread_since = request.unread_since or now
    record(session, request, EventKind.TAKEN_BACK, office.signer, now)
    tell(session, request, (), now)


def make_useless(
    session: Session, office: Office, visit: Return, now: datetime
) -> None:
    """Close this door; it deletes nothing and stops nothing else (S2)."""
    door = session.get_one(Door, visit.door_id)
    door.closed_at = now
    record(session, visit.request, EventKind.DOOR, office.signer, now, closed=True)


def stop_contact(session: Session, request: Request, now: datetime) -> None:
    """Withdraw coming windows and every text that has not gone out."""
    session.refresh(request, with_for_update=True)
    withdraw(session, request, now)
    call_off(session, request.id)


def close_doors(session: Session, request: Request, now: datetime) -> None:
    """Make every receipt of a request useless."""
    for door in request.doors:
        door.closed_at = door.closed_at or now
    session.flush()


def _step(event: Event) -> Step | None:
    kind = EventKind(event.kind)
    crossed = kind in (EventKind.SIDE, EventKind.MARK)
    # Across the wall within a unit: on which side it lies is nothing for her thread.
    if crossed and event.data["left"] == event.data["unit"]:
        return None
    return _TOLD.get(kind)


def _let_in(session: Session, door: Door, secret: bytes, now: datetime) -> Return:
    """Hold the request for who comes in, then look whether the door is open still.

    All that is done by receipt waits here for its turn, and then sees what the one
    before has done: taking back holds against whatever was begun earlier (S5).
    """
    request = door.request
    session.refresh(request, with_for_update=True)
    session.refresh(door)
    if door.closed_at or (door.ends_at and door.ends_at <= now):
        raise UnknownReceipt("the door is closed")
    return Return(door.id, request, KeyPair.from_secret(secret))


def _note_opened(
    session: Session, office: Office, request: Request, now: datetime
) -> None:
    # S7: the chain tells the day only; the minute would tell a pattern of life. In UTC,
    # as the database gives it back: the event's code is over these very words.
    begun = datetime.combine(_day(now), time(), HOME_ZONE).astimezone(UTC)
    noted = any(
        event.kind == EventKind.ANSWER_OPENED and _day(event.at) == _day(now)
        for event in request.events
    )
    if not noted:
        record(session, request, EventKind.ANSWER_OPENED, office.signer, begun)


def _day(at: datetime) -> date:
    return at.astimezone(HOME_ZONE).date()
