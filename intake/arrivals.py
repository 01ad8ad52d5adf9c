"""How what was sent becomes one sealed request, once (S3, S22, S29)."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake.apart import GoesApart, in_place_of, may_join, reaches
from intake.envelopes import open_door, put, put_number
from intake.joining import join, tell
from intake.keyring import desk_of, give_keys
from intake.life import EventKind, record
from intake.models import Door, Request, Sending
from intake.office import Office
from intake.receipts import ReceiptKey
from intake.routing import Facts, Route, at
from intake.submissions import Submission
from intake.topics import Channel, Contact, Danger, Half, Origin, Side, State, Urgency
from intake.vault import KeyPair
from intake.windows import reserve

REPEATS = timedelta(hours=24)  # S3: how long sending again gives the same number
REFERENCE_SIGNS = "ACDEFHJKMNPRTUVWXY34679"  # without look-alikes
_REFERENCE_LENGTH = 8


class Result(StrEnum):
    """What sending a form came to."""

    NEW = "new"
    AGAIN = "again"  # the same content: the same number, nothing new
    JOINED = "joined"  # other content under the same token joined the first
    SPENT = "spent"  # the number was saved, left or closed: only "already sent"


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
    onto: Request | None = None,
) -> tuple[Result, Sending]:
    """Make one request of a sent form, however often it is sent. Raises SlotFull.

    `onto` is the request that an earlier receipt opened: the form joins it (S8).
    Raises GoesApart, with nothing done, where the form must not join.
    """
    spent = session.get(Sending, token.token_hash)
    if spent is not None:
        return _again(session, office, submission, token, spent, now)
    if onto is not None:
        _check_joins(office, onto, submission, now)
    try:
        with session.begin_nested():
            if onto is None:
                request, door = accept(session, office, submission, now, receipt)
            else:
                request, door = onto, None
                join(session, office, onto, submission, Origin.RECEIPT, now)
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
    route = route_of(office, submission, now, session)
    pairs = {half: KeyPair.generate() for half in Half}
    request = _row(office, submission, route, pairs, now)
    session.add(request)
    session.flush()
    # On-call gets keys as well, until a member of the unit itself claims it.
    units = (route.unit, *route.also)
    desks = [desk_of(session, unit, request.side) for unit in units]
    give_keys(session, request, desks, pairs)
    _put_all(session, office, request, submission, now)
    record(
        session,
        request,
        EventKind.ARRIVED,
        office.signer,
        now,
        member_id=submission.author_id,
        contact=submission.contact().value,
        rule=route.rule,
    )
    tell(session, request, route.also, now)
    if receipt is None:
        return request, None
    return request, open_door(session, request, receipt, pairs[Half.ANSWER].secret)


def route_of(
    office: Office,
    submission: Submission,
    now: datetime,
    session: Session | None = None,
) -> Route:
    """Return where a submission goes; what must not be seen there goes round (S29).

    Only with a session is it asked who can open the desk of another unit (S33).
    """
    facts = Facts(
        audience=submission.audience,
        under_18=submission.under_18,
        urgency=Urgency.of(submission.danger),
        closed=False,
        language=submission.language,
    )
    route = office.rules.route(at(office.rules, office.units, facts, now))
    # Not on-call either: whoever must not see it may be on duty tonight (S29).
    if submission.avoid:
        unit = in_place_of(office, route.unit, submission, session)
        return replace(route, unit=unit, also=(), alerts=False)
    kept = submission.kept_at
    if kept:
        also = tuple(unit for unit in route.also if unit != kept)
        return replace(route, unit=kept, also=also)
    return route


def is_told(
    office: Office, request: Request, submission: Submission, now: datetime
) -> bool:
    """Say whether danger may join: all who are to be told of it can open it then."""
    if submission.danger is not Danger.NOW:
        return True
    kept = replace(submission, kept_at=request.unit)
    return reaches(request, submission, route_of(office, kept, now).also, now)


def _check_joins(
    office: Office, request: Request, submission: Submission, now: datetime
) -> None:
    joins = may_join(request, submission) and is_told(office, request, submission, now)
    if not joins:
        raise GoesApart


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
    closed = spent.door is not None and spent.door.closed_at is not None
    if spent.burned_at or closed or now - spent.sent_at > REPEATS:
        return Result.SPENT, spent
    if spent.content_hash == token.content_hash:
        return Result.AGAIN, spent
    _check_joins(office, spent.request, submission, now)
    spent.content_hash = token.content_hash
    join(session, office, spent.request, submission, _origin(spent), now)
    return Result.JOINED, spent


def _origin(spent: Sending) -> Origin:
    # Only the form that made the request speaks as its writer; one that joined it by
    # receipt may be another person's, however often it is sent again (S4).
    made_it = spent.sent_at == spent.request.arrived_at
    return Origin.AGAIN if made_it else Origin.RECEIPT


def _put_all(
    session: Session,
    office: Office,
    request: Request,
    submission: Submission,
    now: datetime,
) -> None:
    author = submission.author_id
    origin = Origin.STAFF if author else Origin.FORM
    for kind, text in submission.sealed_texts().items():
        put(session, request, kind, text, origin, now, author)
    call = submission.call
    if call and call.number:
        put_number(session, office, request, call.number, origin, now)
        # A place that nobody may use is left to somebody else (S37).
        slots = call.slots if request.contact is Contact.ALLOWED else ()
        reserve(session, office.units, request, slots, origin)


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
    due = office.units[route.unit].calendar.due_after(now, route.due_minutes)
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
        marks=submission.all_marks(),
        interpreter=submission.interpreter,
        under_18=submission.under_18,
        for_other=submission.for_other,
        set_aside=submission.set_aside,
        night_at=now if submission.channel is Channel.ON_CALL else None,
        alerts=route.alerts,
        # The mark is for an adult's request; a child's own is a child's anyway (S26).
        child_mark=submission.children and not submission.under_18,
        arrived_at=now,
        unread_since=now,
        reading_due_at=_reading_due(office, submission, route, now),
        due_at=due,
        answer_due_at=due,
        account_public=pairs[Half.ACCOUNT].public,
        answer_public=pairs[Half.ANSWER].public,
        attempts=0,
    )


def _reading_due(
    office: Office, submission: Submission, route: Route, now: datetime
) -> datetime:
    """Return until when it is read: what is acute by whoever is open first (S23)."""
    acute = Urgency.of(submission.danger) is Urgency.ACUTE
    readers = (route.unit, *route.also) if acute else (route.unit,)
    minutes = route.first_reading_minutes
    return min(office.units[u].calendar.due_after(now, minutes) for u in readers)


def new_reference() -> str:
    """Return a random reference that is easy to say and hard to misread."""
    letters = [secrets.choice(REFERENCE_SIGNS) for _ in range(_REFERENCE_LENGTH)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
