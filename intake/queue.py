"""The queue: what a member may see, claim, read, decide and close."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from intake.danger_stage import needs_disclosure
from intake.envelopes import put
from intake.errors import AlreadyHeld, NotAllowed, NotHeld
from intake.joining import tell
from intake.keyring import Keyring
from intake.life import EventKind, record
from intake.models import Envelope, Event, Request, RequestKey
from intake.office import Office
from intake.people import Member, Membership
from intake.takers import may_take
from intake.together import free_beside, holder_beside, others, wait_in_line
from intake.topics import Kind, Origin, Role, State, Urgency
from intake.watch import Taken, claimed, leave_on_call

LEASE = timedelta(minutes=30)  # renewed by whatever the holder does
CHILD_CLOCK = timedelta(hours=24)  # S26: from the first opening; see docs/safety.md
ENDED = (State.CLOSED,)
_TO_BE_READ = (
    EventKind.ARRIVED,
    EventKind.JOINED,
    EventKind.URGENCY,
    EventKind.DANGER,
    EventKind.WINDOWS,
    EventKind.NUMBER,
    EventKind.CANCELLED,
    EventKind.STOP,
    EventKind.HEARD,
    EventKind.TAKEN_BACK,
    EventKind.HANDED_OVER,
    EventKind.SIDE,
    EventKind.MARK,
    EventKind.TO_ON_CALL,
    EventKind.FROM_ON_CALL,
)


@dataclass(frozen=True, slots=True)
class Desktop:
    """Who acts: the member, her keys, and the office she acts in."""

    session: Session
    office: Office
    member: Member
    keyring: Keyring


def visible(member_id: int) -> Select[Request]:
    """Select the requests that a member works with; the wall is this query.

    A safety co-ordinator works with none, though she holds keys (S31).
    """
    consults = exists().where(
        Member.id == member_id, Member.role == Role.COORDINATOR.value
    )
    return keyed(member_id).where(~consults)


def keyed(member_id: int) -> Select[Request]:
    """Select the requests that a member holds a key to, whatever her role."""
    holds_key = exists().where(
        RequestKey.request_id == Request.id,
        RequestKey.desk_id == Membership.desk_id,
        Membership.member_id == member_id,
        Membership.box.is_not(None),
    )
    return select(Request).where(holds_key)


def find(session: Session, member_id: int, reference: str) -> Request | None:
    """Return a request by its reference, if the member may know that it is there.

    It may be typed as it was heard: in small letters, with a hyphen, spaces or neither.
    """
    mine = visible(member_id).where(Request.reference == clean(reference))
    return session.scalars(mine).first()


def clean(reference: str) -> str:
    """Return a reference as it is written, however it was typed."""
    letters = "".join(filter(str.isalnum, reference)).upper()
    return f"{letters[:4]}-{letters[4:]}"


def waiting(session: Session, member_id: int, aside: bool = False) -> list[Request]:
    """Return open requests: soonest end of window first, then the nearest due (S37)."""
    soonest = func.coalesce(Request.callable_until, Request.due_at)
    query = (
        visible(member_id)
        .where(Request.state.not_in(ENDED), Request.set_aside.is_(aside))
        .order_by(soonest, Request.due_at, Request.id)
    )
    return list(session.scalars(query))


def held_by(request: Request, now: datetime) -> Member | None:
    """Return who holds a request; a call that is on has no time-out (S13)."""
    calling = request.state is State.CALLING
    alive = request.lease_until is not None and request.lease_until > now
    return request.holder if calling or alive else None


def claim(desk: Desktop, request: Request, now: datetime) -> None:
    """Take a request with a lease, in one conditional UPDATE.

    Raises AlreadyHeld, and NotAllowed when it is closed, or a child's own and the
    member takes none.
    """
    if not may_take(desk.session, desk.member, request):
        raise NotAllowed("children-not-hers")
    wait_in_line(desk.session, request)
    free = _free(desk.member.id, now), free_beside(desk.member.id, now)
    won = desk.session.execute(
        update(Request)
        .where(Request.id == request.id, *free)
        .values(holder_id=desk.member.id, lease_until=now + LEASE)
        .returning(Request.id)
        .execution_options(synchronize_session=False)
    ).first()
    desk.session.refresh(request)
    if request.state in ENDED:
        raise NotAllowed("closed")
    if won is None:
        beside = holder_beside(others(desk.session, request), desk.member, now)
        holder = beside or request.holder
        raise AlreadyHeld(holder.working_name if holder else "")
    taken = Taken(desk.member, now, now + LEASE)
    claimed(desk.session, desk.office, request, taken)
    record(
        desk.session,
        request,
        EventKind.CLAIMED,
        desk.office.signer,
        now,
        member_id=desk.member.id,
    )


def release(desk: Desktop, request: Request, now: datetime) -> None:
    """Give a request back. Raises NotHeld, and NotAllowed while a call is on."""
    hold(desk, request, now)
    if request.state is State.CALLING:
        raise NotAllowed("call-without-outcome")
    request.holder_id = request.lease_until = None
    note(desk, request, EventKind.RELEASED, now)


def hold(desk: Desktop, request: Request, now: datetime) -> None:
    """Renew the lease of the member who acts. Raises NotHeld when it is not hers."""
    desk.session.flush()
    wait_in_line(desk.session, request)
    alive = or_(Request.lease_until > now, Request.state == State.CALLING)
    kept = desk.session.execute(
        update(Request)
        .where(Request.id == request.id, Request.holder_id == desk.member.id, alive)
        .values(lease_until=now + LEASE)
        .returning(Request.id)
        .execution_options(synchronize_session=False)
    ).first()
    # What was read before this row was locked may be older than what stands there now.
    desk.session.refresh(request)
    if kept is None:
        raise NotHeld("the request is not held by this member")
    taken = Taken(desk.member, now, now + LEASE)
    leave_on_call(desk.session, desk.office, request, taken)


def note(
    desk: Desktop,
    request: Request,
    kind: EventKind,
    now: datetime,
    **data: str | int | bool | None,
) -> None:
    """Record an event by the acting member."""
    record(
        desk.session,
        request,
        kind,
        desk.office.signer,
        now,
        member_id=desk.member.id,
        **data,
    )


def newest(session: Session, request: Request) -> int:
    """Return a number that grows with whatever is to be read (S38).

    Texts count by themselves: those of a flood leave no event of their own.
    """
    news = select(func.max(Event.seq)).where(
        Event.request_id == request.id, Event.kind.in_(_TO_BE_READ)
    )
    texts = select(func.count(Envelope.id)).where(
        Envelope.request_id == request.id, Envelope.kind == Kind.TEXT
    )
    return (session.scalar(news) or 0) + (session.scalar(texts) or 0)


def check_seen(session: Session, request: Request, seen: int | None) -> None:
    """Check that nothing came after what was seen; the caller has locked the row.

    A colleague may have read it, but whoever presses now has not. `seen` is what
    `newest` told when the page was shown; None is whatever stands now. Raises
    NotAllowed.
    """
    if seen is not None and seen < newest(session, request):
        raise NotAllowed("newer-words")


def first_reading(
    desk: Desktop,
    request: Request,
    urgency: Urgency,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Note that it was read and how urgent it is, without claiming it (S38).

    `seen` is what `newest` told when the page was shown; None is whatever stands now.
    Raises NotAllowed when more came than was seen, and when the urgency is too low.
    """
    desk.session.refresh(request, with_for_update=True)
    # The row is locked: what comes from here on waits, and is unread again after it.
    check_seen(desk.session, request, seen)
    _check_urgency(desk.session, request, urgency)
    raised = urgency is Urgency.ACUTE and request.urgency is not Urgency.ACUTE
    request.urgency, request.unread_since = urgency, None
    if request.under_18 and request.child_due_at is None:
        request.child_due_at = now + CHILD_CLOCK  # S27: it begins at first reading
    note(desk, request, EventKind.READ, now, urgency=urgency.value)
    if raised:
        note(desk, request, EventKind.URGENCY, now, urgency=urgency.value)  # S25
        tell(desk.session, request, (), now)


def write_note(desk: Desktop, request: Request, text: str, now: datetime) -> None:
    """Seal an internal note. Raises NotHeld."""
    hold(desk, request, now)
    seal_note(desk, request, text, now)


def _free(member_id: int, now: datetime) -> ColumnElement[bool]:
    # S13: a lease that ran out frees nothing while a call is on.
    lapsed = and_(
        Request.state != State.CALLING,
        or_(Request.lease_until.is_(None), Request.lease_until <= now),
    )
    free = or_(Request.holder_id.is_(None), Request.holder_id == member_id, lapsed)
    return and_(Request.state.not_in(ENDED), free)


def _check_urgency(session: Session, request: Request, urgency: Urgency) -> None:
    """Refuse less than she said, a danger to life asks for, or a colleague judged."""
    order = list(Urgency).index
    if order(urgency) < order(Urgency.of(request.danger)):
        raise NotAllowed("urgency-below-her-own")  # S23
    if urgency is not Urgency.ACUTE and needs_disclosure(session, request):
        raise NotAllowed("urgency-below-danger")  # S24
    # S25: who read it from an older page would end the alerts of who judged it since.
    if request.unread_since is None and order(urgency) < order(request.urgency):
        raise NotAllowed("urgency-below-read")


def seal_note(desk: Desktop, request: Request, text: str, now: datetime) -> None:
    """Seal an internal note, if there is one; the caller has checked who writes."""
    if text:
        put(desk.session, request, Kind.NOTE, text, Origin.STAFF, now, desk.member.id)
