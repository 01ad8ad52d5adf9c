"""How what was sent becomes one sealed request, once (S3, S22, S29)."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake.envelopes import open_door, put, put_number
from intake.keyring import desk_of, give_keys
from intake.life import EventKind, record
from intake.messages import OutboundMail
from intake.models import Door, Request, Sending
from intake.office import Office
from intake.receipts import ReceiptKey
from intake.routing import Facts, Route, at
from intake.submissions import Submission
from intake.topics import Half, Kind, Mark, Origin, Side, State, Urgency
from intake.vault import KeyPair
from intake.windows import reserve, withdraw

CLOSED_CIRCLE = "closed-circle"  # the head and one named deputy (S29)
REPEATS = timedelta(hours=24)  # S3: how long sending again gives the same number
LATER_READING = 240  # open minutes until words that came later are read
WORDS = frozenset({Kind.WORD, Kind.NOT_NOW_WORD})
_ALPHABET = "ACDEFHJKMNPRTUVWXY34679"  # without look-alikes
_REFERENCE_LENGTH = 8


class Result(StrEnum):
    """What sending a form came to."""

    NEW = "new"
    AGAIN = "again"  # the same content: the same number, nothing new
    JOINED = "joined"  # other content under the same token joined the first
    SPENT = "spent"  # the number was saved or left: only "already sent"


@dataclass(frozen=True, slots=True)
class Token:
    """A form token as the database may know it: keyed hashes only (S3)."""

    token_hash: bytes
    content_hash: bytes


def send(
    session: Session,
    office: Office,
    submission: Submission,
    token: Token,
    receipt: ReceiptKey | None,
    now: datetime,
) -> tuple[Result, Sending]:
    """Make one request of a sent form, however often it is sent. Raises SlotFull."""
    spent = session.get(Sending, token.token_hash)
    if spent is not None:
        return _again(session, office, submission, token, spent, now)
    try:
        with session.begin_nested():
            request, door = accept(session, office, submission, now, receipt)
            spent = _spend(session, token, request, door, now)
    except IntegrityError:
        # The same form came twice at once, and the other one made the request.
        spent = session.get(Sending, token.token_hash)
        if spent is None:
            raise
        return _again(session, office, submission, token, spent, now)
    return Result.NEW, spent


def accept(
    session: Session,
    office: Office,
    submission: Submission,
    now: datetime,
    receipt: ReceiptKey | None = None,
) -> tuple[Request, Door | None]:
    """Route a submission, seal it and put it into its queue. Raises SlotFull."""
    route = route_of(office, submission, now)
    pairs = {half: KeyPair.generate() for half in Half}
    request = _row(office, submission, route, pairs, now)
    session.add(request)
    session.flush()
    for unit in (route.unit, *route.also):
        give_keys(session, request, desk_of(session, unit, request.side), pairs)
    _put_all(session, office, request, submission, now)
    record(
        session,
        request,
        EventKind.ARRIVED,
        office.signer,
        now,
        contact=submission.contact().value,
        rule=route.rule,
    )
    tell(session, request, route.also, now)
    if receipt is None:
        return request, None
    return request, open_door(session, request, receipt, pairs[Half.ANSWER].secret)


def route_of(office: Office, submission: Submission, now: datetime) -> Route:
    """Return where a submission goes; what must not be seen there goes round (S29)."""
    facts = Facts(
        audience=submission.audience,
        under_18=submission.under_18,
        urgency=Urgency.of(submission.danger),
        closed=False,
        language=submission.language,
    )
    route = office.rules.route(at(office.rules, office.units, facts, now))
    if submission.avoid:
        return replace(route, unit=CLOSED_CIRCLE, also=())
    return route


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


def burn(session: Session, token_hash: bytes, now: datetime) -> None:
    """Let a form's number never be shown again (S3): it was saved, or she left."""
    spent = session.get(Sending, token_hash)
    if spent is not None and spent.burned_at is None:
        spent.burned_at = now
        session.flush()


def _again(
    session: Session,
    office: Office,
    submission: Submission,
    token: Token,
    spent: Sending,
    now: datetime,
) -> tuple[Result, Sending]:
    if spent.burned_at or now - spent.sent_at > REPEATS:
        return Result.SPENT, spent
    if spent.content_hash == token.content_hash:
        return Result.AGAIN, spent
    spent.content_hash = token.content_hash
    join(session, office, spent.request, submission, Origin.AGAIN, now)
    return Result.JOINED, spent


def join(
    session: Session,
    office: Office,
    request: Request,
    submission: Submission,
    origin: Origin,
    now: datetime,
) -> None:
    """Add what was sent later to a request; urgency can only rise (S8, S23)."""
    for kind, text in submission.sealed_texts().items():
        if origin is Origin.RECEIPT and kind in WORDS:
            continue  # S4: the agreed words are never changed by receipt
        kept = Kind.MORE if kind is Kind.ACCOUNT else kind
        put(session, request, kept, text, origin, now)
    request.urgency = max(
        request.urgency, Urgency.of(submission.danger), key=list(Urgency).index
    )
    request.child_mark = request.child_mark or submission.children
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
    """Replace number and windows; by receipt it is marked so (S4). Raises SlotFull."""
    call = submission.call
    if call is None or call.number is None:
        return
    put_number(session, office, request, call.number, origin, now)
    withdraw(session, request, now)
    reserve(session, office.units, request, call.slots, origin)
    record(
        session,
        request,
        EventKind.NUMBER,
        office.signer,
        now,
        origin=origin.value,
        state=State.UNREAD.value,
        contact=submission.contact().value,
    )


def mark_unread(request: Request, office: Office, now: datetime) -> None:
    """Start the clock of first reading anew for words that came later (S38)."""
    calendar = office.units[request.unit].calendar
    request.unread_since = request.unread_since or now
    request.reading_due_at = calendar.open_minutes_after(now, LATER_READING)


def _put_all(
    session: Session,
    office: Office,
    request: Request,
    submission: Submission,
    now: datetime,
) -> None:
    for kind, text in submission.sealed_texts().items():
        put(session, request, kind, text, Origin.FORM, now)
    call = submission.call
    if call and call.number:
        put_number(session, office, request, call.number, Origin.FORM, now)
        reserve(session, office.units, request, call.slots, Origin.FORM)


def _spend(
    session: Session,
    token: Token,
    request: Request,
    door: Door | None,
    now: datetime,
) -> Sending:
    spent = Sending(
        token_hash=token.token_hash,
        content_hash=token.content_hash,
        request_id=request.id,
        door_id=door.id if door else None,
        sent_at=now,
    )
    session.add(spent)
    session.flush()
    return spent


def _row(
    office: Office,
    submission: Submission,
    route: Route,
    pairs: dict[Half, KeyPair],
    now: datetime,
) -> Request:
    calendar = office.units[route.unit].calendar
    return Request(
        reference=new_reference(),
        channel=submission.channel,
        audience=submission.audience,
        side=Side.of(submission.audience),
        unit=route.unit,
        rule=route.rule,
        language=submission.language,
        wish=submission.wish,
        danger=submission.danger,
        urgency=Urgency.of(submission.danger),
        state=State.UNREAD,
        contact=submission.contact(),
        marks=[Mark.PROTECTED_DATA.value] if submission.protected else [],
        interpreter=submission.interpreter,
        under_18=submission.under_18,
        for_other=submission.for_other,
        set_aside=submission.set_aside,
        child_mark=submission.children and not submission.under_18,
        arrived_at=now,
        unread_since=now,
        reading_due_at=calendar.open_minutes_after(now, route.first_reading_minutes),
        due_at=calendar.open_minutes_after(now, route.due_minutes),
        account_public=pairs[Half.ACCOUNT].public,
        answer_public=pairs[Half.ANSWER].public,
        attempts=0,
    )


def new_reference() -> str:
    """Return a random reference that is easy to say and hard to misread."""
    letters = [secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LENGTH)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
