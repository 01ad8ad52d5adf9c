"""What is added later to a request that is there: words, numbers, windows (S3, S8)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.deliveries import call_off
from intake.envelopes import current_number, put, put_number
from intake.errors import NotAllowed
from intake.life import EventKind, record
from intake.messages import OutboundMail
from intake.models import Event, Number, Request
from intake.office import Office
from intake.submissions import CallWish, Submission
from intake.topics import Contact, Danger, Kind, Mark, Origin, State, Urgency
from intake.windows import reserve, withdraw

# Open minutes to first reading, and to an answer, where no rule tells any more.
LATER_READING, LATER_ANSWER = 240, 960
WORDS = frozenset({Kind.WORD, Kind.NOT_NOW_WORD})
# What other windows alone can't lift: the number itself is wrong, or not her phone.
NUMBERS_OWN = frozenset(
    {Contact.WRONG_NUMBER, Contact.NOT_HER_PHONE, Contact.TAKEN_BACK}
)


def tell(
    session: Session, request: Request, also: tuple[str, ...], now: datetime
) -> None:
    """Write the constant mails that something came, in the causing transaction."""
    for unit in (request.unit, *also):
        session.add(
            OutboundMail(
                unit=unit,
                request_id=request.id,
                urgent=request.urgency is Urgency.ACUTE,
                next_try_at=now,
            )
        )
    session.flush()


def join(
    session: Session,
    office: Office,
    request: Request,
    submission: Submission,
    origin: Origin,
    now: datetime,
) -> None:
    """Add what was sent later to a request (S8). Raises SlotFull, NotAllowed."""
    # Held and read anew: who notes a first reading now has not seen these words (S38).
    session.refresh(request, with_for_update=True)
    for kind, text in submission.sealed_texts().items():
        if origin is Origin.RECEIPT and kind in WORDS:
            continue  # S4: the agreed words are never changed by receipt
        # The first account stays apart from what may be another's words (S4).
        kept = Kind.MORE if kind is Kind.ACCOUNT else kind
        put(session, request, kept, text, origin, now)
    # The worker can't open what came: it may say "no texts", or whose phone it is.
    why = "phone" if _tells_another(request, submission) else "newer-words"
    call_off(session, request.id, why)
    _add_facts(request, submission)
    mark_unread(request, office, now)
    record(session, request, EventKind.JOINED, office.signer, now, origin=origin.value)
    if submission.call and submission.call.number:
        change_call(session, office, request, submission, origin, now)
    tell(session, request, (), now)


def change_call(
    session: Session,
    office: Office,
    request: Request,
    submission: Submission,
    origin: Origin,
    now: datetime,
) -> None:
    """Replace windows, and the number if one is given; the event says by whom (S4).

    Raises SlotFull, and NotAllowed when no number stands and none is given.
    """
    call = submission.call or CallWish()
    if call.number:
        # Staff read whose phone it is from here: the older number's answer is not its.
        put(session, request, Kind.SAFETY, call.phone_alone(), origin, now)
        put_number(session, office, request, call.number, origin, now)
    elif standing_number(request) is None:
        raise NotAllowed("no-number")
    # The old places go back first, or she could be refused one that she holds.
    withdraw(session, request, now)
    contact = _contact_after(request, submission, call)
    # A place that nobody may use is left to somebody else (S37).
    slots = call.slots if contact is Contact.ALLOWED else ()
    reserve(session, office.units, request, slots, origin)
    record(
        session,
        request,
        EventKind.NUMBER if call.number else EventKind.WINDOWS,
        office.signer,
        now,
        origin=origin.value,
        state=State.UNREAD.value,
        contact=contact.value,
    )


def standing_number(request: Request) -> Number | None:
    """Return the number that stands and can still be rung; closing shreds its tag."""
    number = current_number(request)
    if number is None or not (number.tag or number.worker_box):
        return None
    return number


def mark_unread(
    request: Request, office: Office, now: datetime, also: Iterable[str] = ()
) -> None:
    """Start the clock of first reading for what came later (S38), and of an answer.

    `also` are units that read it beside its own: whoever is open first. What waits to
    be read already keeps its due time, unless the new one is sooner; what waits for an
    answer keeps its own whatever comes (S33).
    """
    (minutes, to_answer), readers = _minutes(office, request), (request.unit, *also)
    due = min(office.units[unit].calendar.due_after(now, minutes) for unit in readers)
    waits = request.unread_since is not None
    request.reading_due_at = min(request.reading_due_at, due) if waits else due
    request.unread_since = request.unread_since or now
    if request.answer_due_at is None:
        calendar = office.units[request.unit].calendar
        request.answer_due_at = calendar.due_after(now, to_answer)


def lies_unread(session: Session, request: Request) -> bool:
    """Say whether what came last waits to be read, and nobody turned to her since."""
    came = select(func.max(Event.at)).where(
        Event.request_id == request.id,
        Event.kind.in_((EventKind.ARRIVED.value, EventKind.JOINED.value)),
    )
    last, touched = session.scalars(came).one(), request.touched_at
    turned = touched is not None and last is not None and touched >= last
    return request.unread_since is not None and not turned


def _add_facts(request: Request, submission: Submission) -> None:
    """Let later words raise what the queue must know, and lower none of it (S23)."""
    request.danger = max(request.danger, submission.danger, key=list(Danger).index)
    told = Urgency.of(submission.danger)
    request.urgency = max(request.urgency, told, key=list(Urgency).index)
    request.child_mark = request.child_mark or submission.children
    request.under_18 = request.under_18 or submission.under_18
    request.for_other = request.for_other or submission.for_other
    request.interpreter = request.interpreter or submission.interpreter
    if submission.protected:
        marks = {*request.marks, Mark.PROTECTED_DATA.value}
        request.marks = sorted(marks)


def _tells_another(request: Request, submission: Submission) -> bool:
    """Say whether it is new that the phone may not be safe to text (S19, S27)."""
    is_child = submission.under_18 and not request.under_18
    return is_child or (submission.for_other and not request.for_other)


def _contact_after(request: Request, submission: Submission, call: CallWish) -> Contact:
    if call.number:
        # A child or a helper was said once: a receipt can't unsay it (S19, S27).
        told = replace(
            submission,
            under_18=submission.under_18 or request.under_18,
            for_other=submission.for_other or request.for_other,
        )
        return told.contact()
    if request.contact in NUMBERS_OWN:
        return request.contact
    return Contact.ALLOWED if call.slots else Contact.NONE_SAFE


def _minutes(office: Office, request: Request) -> tuple[int, int]:
    """Return the open minutes to a first reading, and to an answer."""
    for rule in office.rules.rules:
        if rule.name == request.rule:
            urgency = request.urgency
            return rule.first_reading_minutes[urgency], rule.due_minutes[urgency]
    return LATER_READING, LATER_ANSWER
