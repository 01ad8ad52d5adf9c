"""Texts that come in: sealed to the worker at once, read into a request later.

The web process stores a message's id and a box that it can't open (S22). The worker
opens it, and a text becomes a request, or joins the one that its number has open.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake.arrivals import accept, is_told
from intake.deliveries import call_off
from intake.envelopes import put, put_number
from intake.heard import Heard, Meaning, hear
from intake.heeding import heed, is_stopped, narrows, stop
from intake.hours import SHORTEST_TEXT_WINDOW, Slot
from intake.joining import join, lies_unread
from intake.languages import guess
from intake.life import EventKind, record
from intake.messages import InboundText
from intake.models import Number, Request, Window
from intake.numbers import BadNumber, CallableNumber, read_number
from intake.office import Office
from intake.sms.gateway import TextIn
from intake.stop_words import kept_words, stop_words
from intake.store import one_at_a_time
from intake.submissions import Submission
from intake.tagging import WorkerKeys
from intake.topics import Channel, Contact, Danger, Kind, Origin, State, Urgency, Wish
from intake.two_person import is_protected
from intake.vault import seal_text, unseal_text
from intake.windows import add_series, is_waiting

# Texts of one number in an hour; nobody in need sends more, and a jammed phone does.
FLOOD, FLOOD_HOUR = 20, timedelta(hours=1)


def receive(
    session: Session, worker_public: bytes, text: TextIn, now: datetime
) -> bool:
    """Keep a text, sealed to the worker; False when it was delivered before."""
    plain = ("sid", "arrived_at")
    content = {name: v for name, v in asdict(text).items() if name not in plain}
    # One that comes late was written when the carrier got it: "now" meant then (S21).
    arrived = min(text.arrived_at or now, now)
    # Sender and text lie in one box: in plain there is the message's id alone.
    box = seal_text(json.dumps(content), worker_public)
    try:
        with session.begin_nested():
            # Inserted before anything is asked: two deliveries at once meet here.
            session.add(InboundText(message_sid=text.sid, received_at=arrived, box=box))
    except IntegrityError:
        return False
    return True


def unread(session: Session) -> list[str]:
    """Return the ids of the texts that wait to be read in, the oldest first."""
    waiting = select(InboundText.message_sid).where(InboundText.box.is_not(None))
    return list(session.scalars(waiting.order_by(InboundText.received_at)))


def read_in(
    session: Session, office: Office, keys: WorkerKeys, sid: str, now: datetime
) -> None:
    """Make a text a request, or part of one, and shred its box. Raises SealBroken."""
    # Two workers may have found it; the second one sees its box shredded.
    row = session.get(InboundText, sid, with_for_update=True)
    if row is None or row.box is None:
        return
    text = TextIn(sid=sid, **json.loads(unseal_text(row.box, keys.pair)))
    number = _sender(text)
    tag = keys.tag(number.e164) if number else None
    if tag is not None:
        # Two workers must not open two requests for one number. The lock comes from a
        # keyed tag, and tells nothing.
        one_at_a_time(session, tag)
    came = _Came(text, number, hear(text.text, row.received_at), row.received_at)
    before = _open_request(session, tag)
    told = before is None or is_told(office, before, _submission(came), now)
    # Danger goes its own way, with the number, where on-call could not open it (S25).
    request = before if told else None
    flood = request is not None and _is_flood(session, request, came)
    if request is None:
        # Counted from its arrival: that a worker was down must not cost her time.
        request = _begin(session, office, came, before)
        _put_tag(request, tag)
    elif flood:
        # Kept, and no more: no event, no mail and no ring for each of them (S36).
        for kind, words in _submission(came).sealed_texts().items():
            put(session, request, kind, words, Origin.SMS, now)
        call_off(session, request.id, "newer-words")
    else:
        join(session, office, request, _submission(came), Origin.SMS, now)
    standing = _standing_requests(session, tag, request)
    _act_on(session, office, request, standing, came, flood, now)
    row.request_id, row.box = request.id, None
    session.flush()


@dataclass(frozen=True, slots=True, repr=False)
class _Came:
    """A text as it was opened and heard."""

    text: TextIn
    number: CallableNumber | None
    heard: Heard
    arrived: datetime


def _act_on(
    session: Session,
    office: Office,
    request: Request,
    standing: list[Request],
    came: _Came,
    flood: bool,
    now: datetime,
) -> None:
    """Do what a text asks for; of a flood only what is not done already."""
    # A text may ask for a call and for none; what it stops is what holds (S15).
    if stop_words().stand_in(came.text.text):
        for stopped in standing:
            if not (flood and is_stopped(stopped)):
                stop(session, office, stopped, now)
        return
    if flood and not narrows(standing, came.heard, now):
        return
    series = ""
    if came.number is not None and not flood:
        series = _let_call(session, office, request, came.text.sid, came.arrived)
    # By these staff see the very words, and may ring at the time they name (S21).
    words = max(e.id for e in request.envelopes if e.kind is Kind.TEXT)
    heed(
        *(session, office, request, standing, came.heard, now),
        words=words,
        series=series,
    )


def _sender(text: TextIn) -> CallableNumber | None:
    """Return who may be rung back; names and short numbers can't be."""
    try:
        return read_number(text.sender)
    except BadNumber:
        return None


def _open(tag: bytes) -> tuple[ColumnElement[bool], ...]:
    return (
        Number.tag == tag,
        Number.withdrawn_at.is_(None),
        Request.state.not_in((State.CLOSED, State.TAKEN_BACK)),
        Request.contact != Contact.TAKEN_BACK,
    )


def _open_request(session: Session, tag: bytes | None) -> Request | None:
    """Return the number's open request that a text began; no other is joined (S20)."""
    if tag is None:
        return None
    found = (
        select(Request)
        .join(Number, Number.request_id == Request.id)
        .where(*_open(tag), Request.channel == Channel.SMS)
        .order_by(Request.id.desc())
        .limit(1)
        .with_for_update(of=Request)
        .execution_options(populate_existing=True)
    )
    return session.scalars(found).first()


def _standing_requests(
    session: Session, tag: bytes | None, own: Request
) -> list[Request]:
    """Return every request that the number stands in: stop is meant for all of them."""
    if tag is None:
        return [own]
    ids = select(Number.request_id).join(Request).where(*_open(tag))
    found = select(Request).where(Request.id.in_(ids)).order_by(Request.id)
    held = found.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(held))


def _is_flood(session: Session, request: Request, came: _Came) -> bool:
    """Say whether so many texts of one number came that they count as one.

    Once somebody has read them, or turned to her, the next one is told of again.
    """
    if Meaning.DANGER in came.heard.meanings and request.urgency is not Urgency.ACUTE:
        return False
    if not lies_unread(session, request):
        return False
    recent = select(func.count()).where(
        InboundText.request_id == request.id,
        InboundText.received_at > came.arrived - FLOOD_HOUR,
    )
    return session.scalars(recent).one() >= FLOOD


def _submission(came: _Came) -> Submission:
    is_danger = Meaning.DANGER in came.heard.meanings
    return Submission(
        language=guess(came.text.text),
        channel=Channel.SMS,
        wish=Wish.CALL,
        # It can only raise how soon a person reads it (S23).
        danger=Danger.NOW if is_danger else Danger.UNSAID,
        texts={Kind.TEXT: _kept_text(came.text, came.number)},
    )


def _kept_text(text: TextIn, number: CallableNumber | None) -> str:
    kept = kept_words()
    parts = [text.text if text.text.strip() else kept.empty]
    if text.media:
        parts.append(kept.media)
    if number is None:
        # A name or a short number: staff see it, where nobody can ring it.
        parts.append(kept.sender.format(sender=text.sender))
    return "\n".join(parts)


def _begin(
    session: Session, office: Office, came: _Came, before: Request | None
) -> Request:
    arrived, submission = came.arrived, _submission(came)
    if before is not None:
        submission = _as_careful(submission, before)
    request, _ = accept(session, office, submission, arrived)
    if came.number is not None:
        put_number(session, office, request, came.number, Origin.SMS, arrived)
        return request
    record(
        session,
        request,
        EventKind.NUMBER,
        office.signer,
        arrived,
        origin=Origin.SMS.value,
        state=State.UNREAD.value,
        contact=Contact.NOT_ASKED.value,
    )
    return request


def _as_careful(submission: Submission, before: Request) -> Submission:
    """Let what goes apart from a number's request be no less guarded than that is."""
    # One unit and one side has both: who rings reads there what she asked for (S11).
    told = kept_words().before.format(reference=before.reference)
    return replace(
        submission,
        texts={Kind.TEXT: f"{submission.texts[Kind.TEXT]}\n{told}"},
        kept_at=before.unit,
        standing=before.contact,
        under_18=before.under_18,
        for_other=before.for_other,
        protected=is_protected(before),
    )


def _put_tag(request: Request, tag: bytes | None) -> None:
    for number in request.numbers:
        # The worker has just opened it, so no copy has to wait for its tag.
        number.tag, number.worker_box = tag, None


def _let_call(
    session: Session, office: Office, request: Request, sid: str, arrived: datetime
) -> str:
    """Give a text its one ring (S21), unless a ring that still waits answers it too.

    Returns the ring's series; nothing where it was agreed in another way.
    """
    slots = office.units[request.unit].calendar.text_windows(arrived)
    covering = _covering(request, slots[0]) if slots else None
    if covering is not None:
        return covering.series or ""
    add_series(session, request, slots, series=sid)
    return sid


def _covering(request: Request, first: Slot) -> Window | None:
    # A ring that starts no later answers this text too; a second is one more danger.
    for window in request.windows:
        starts_no_later = window.starts_at <= first.starts_at
        lasts = window.ends_at - first.starts_at >= SHORTEST_TEXT_WINDOW
        if starts_no_later and lasts and is_waiting(window, request.windows):
            return window
    return None
