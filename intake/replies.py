"""Answers to the receipt, and texts that staff write into the outbox."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import together
from intake.calls import number_stopped, tested
from intake.envelopes import current_number, put
from intake.errors import NotAllowed
from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.line_tests import Line, is_tested
from intake.messages import Delivery, OutboundText
from intake.models import Number, Request, Window
from intake.numbers import is_abroad
from intake.own_words import naming_staff
from intake.people import Member
from intake.queue import Desktop, check_seen, hold, note
from intake.safe_contact import may_ring, safe_contact
from intake.sms.faults import Fault, fault_of
from intake.sms.texts import HOME_LOCALE, TEMPLATES, NoText
from intake.text_stops import are_stopped
from intake.topics import Contact, JoinGround, Kind, Opening, Origin, State
from intake.vault import seal
from intake.windows import LAST_CALL, next_that_day


def answer(desk: Desktop, request: Request, text: str, now: datetime) -> None:
    """Seal an answer that her receipt opens. Raises NotHeld.

    Where she said in calls that what was joined is hers, too, either number shows it.
    """
    hold(desk, request, now)
    for one in (request, *_said_to_be_hers(request)):
        put(desk.session, one, Kind.ANSWER, text, Origin.STAFF, now, desk.member.id)
        note(desk, one, EventKind.ANSWERED, now)


def has_door(request: Request, now: datetime) -> bool:
    """Say whether she has a number that an answer can be read with."""
    return any(
        door.closed_at is None and (door.ends_at is None or door.ends_at > now)
        for one in (request, *_said_to_be_hers(request))
        for door in one.doors
    )


def _said_to_be_hers(request: Request) -> list[Request]:
    # By what we read, he may have written it in her name: his number shows nothing.
    # What was taken back has no number any more, and takes nothing in (S5).
    return [
        one
        for one in request.later
        if one.joined_because is JoinGround.SAID
        and one.contact is not Contact.TAKEN_BACK
    ]


def text_locks(
    desk: Desktop, request: Request, agreed: bool, now: datetime
) -> list[str]:
    """Return why no text may be written now. `agreed` is her tick, opened by staff.

    S11: before the number is confirmed her tick is an upper limit and stays off.
    """
    number = current_number(request)
    tag = number.tag if number else None
    checks = {
        "texts-not-agreed": not agreed,
        "number-not-confirmed": number is None
        or number.confirmed_at is None
        or together.is_unconfirmed_beside(desk.session, request),
        "number-not-ready": tag is None,
        "texts-impossible": number is not None and _unreachable(desk, number),
        "texts-stopped": are_stopped(desk.session),
        "number-stopped": number_stopped(desk, request),
        "contact": request.contact is not Contact.ALLOWED,
        "not-her-phone": not may_ring(desk, request),
        "call-without-outcome": request.state is State.CALLING,
        "awaiting-decision": request.state is State.DECISION,
        "calls-untested": not tested(desk, request),  # S17 holds for texts too
        "texts-untested": not is_tested(
            desk.session, request.unit, Line.TEXTS, desk.office.sender
        ),
        "closed": request.state in (State.CLOSED, State.TAKEN_BACK),
        "set-aside": request.set_aside,
        "no-window": text_window(request, now) is None,
    }
    own = [reason for reason, locked in checks.items() if locked]
    return own + together.locks(desk.session, request)


def _unreachable(desk: Desktop, number: Number) -> bool:
    """Say whether the carrier has told that no text of ours can reach a number."""
    told = select(OutboundText.error).where(
        OutboundText.request_id == number.request_id,
        OutboundText.state == Delivery.FAILED,
        # Of an earlier number it says nothing.
        OutboundText.created_at >= number.envelope.at,
    )
    lasting = (Fault.BAD_NUMBER, Fault.BLOCKED)
    return any(fault_of(error) in lasting for error in desk.session.scalars(told))


def text_window(request: Request, now: datetime) -> Window | None:
    """Return the dated window that a text may still arrive in: open now, or coming."""
    # S12's last quarter of an hour holds here too: she has to read it alone.
    coming = [
        window
        for window in request.windows
        if window.withdrawn_at is None and window.ends_at - LAST_CALL > now
    ]
    return min(coming, key=lambda window: window.starts_at, default=None)


@dataclass(frozen=True, slots=True)
class Preview:
    """A text exactly as it would go out, and the same in Swedish."""

    text: str
    in_swedish: str


def previews(
    desk: Desktop, request: Request, opening: Opening, now: datetime
) -> dict[str, Preview]:
    """Return each text as it would go out, by its template. Raises SealBroken."""
    window = text_window(request, now)
    if window is None:
        return {}
    # A time that it names must come after it does.
    start = _time_to_tell(desk, request, max(now, window.starts_at))
    clocks = {"time": start.astimezone(HOME_ZONE).time()} if start else {}
    texts, found = desk.office.texts, {}
    named = naming_staff(desk.session, texts, opening)
    for key in TEMPLATES:
        if key in named:
            continue
        with suppress(NoText):  # it tells a time, and none is coming
            found[key] = Preview(
                *(
                    texts.text(key, opening, language, **clocks)
                    for language in (request.language, HOME_LOCALE)
                )
            )
    return found


def _time_to_tell(
    desk: Desktop, request: Request, goes_at: datetime
) -> datetime | None:
    """Return the time that a text may name: it tells no day, and no country (S9)."""
    start, number = next_that_day(request, goes_at), current_number(request)
    # Opened only where a text could go.
    if start is None or number is None or number.confirmed_at is None:
        return None
    abroad = is_abroad(desk.keyring.text(number.envelope))
    return None if abroad or safe_contact(desk, request).country else start


def wordings(desk: Desktop, request: Request) -> dict[Opening, Preview]:
    """Return what each kind of text sounds like, for her to pick among (S18)."""
    texts, languages = desk.office.texts, (request.language, HOME_LOCALE)
    return {
        kind: Preview(*(texts.wording("later", kind, at) for at in languages))
        for kind in Opening
    }


def write_text(
    desk: Desktop,
    request: Request,
    template: str,
    opening: Opening,
    agreed: bool,
    now: datetime,
    seen: int | None = None,
) -> OutboundText:
    """Put a text into the outbox, for her window only. Raises NotHeld, NotAllowed.

    `seen` is what `newest` told when the page was shown; None is whatever stands now.
    """
    hold(desk, request, now)
    check_seen(desk.session, request, seen)
    locked = text_locks(desk, request, agreed, now)
    if locked:
        raise NotAllowed(locked[0])
    # Nothing goes out that could not be read word for word beforehand.
    if template not in previews(desk, request, opening, now):
        raise NotAllowed("no-text")
    number, window = current_number(request), text_window(request, now)
    if number is None or window is None:
        raise NotAllowed("no-window")
    e164 = desk.keyring.text(number.envelope)
    row = OutboundText(
        id=secrets.token_hex(16),
        request_id=request.id,
        window_id=window.id,
        member_id=desk.member.id,
        template=template,
        opening=opening,
        language=request.language,
        worker_box=seal(e164.encode(), desk.office.worker_public),
        state=Delivery.WAITING,
        not_after=window.ends_at,
        next_try_at=max(now, window.starts_at),
        created_at=now,
    )
    desk.session.add(row)
    note(desk, request, EventKind.TEXTED, now, template=template)
    return row


def written_texts(
    session: Session, request: Request
) -> Sequence[tuple[OutboundText, str]]:
    """Return the texts that staff wrote, the oldest first, and who wrote each."""
    found = (
        select(OutboundText, Member.working_name)
        .join(Member, Member.id == OutboundText.member_id)
        .where(OutboundText.request_id == request.id)
        .order_by(OutboundText.created_at, OutboundText.id)
    )
    return [(row, author) for row, author in session.execute(found)]
