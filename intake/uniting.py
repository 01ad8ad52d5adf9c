"""Staff join requests of one person at one desk, and part them again (S8).

Nothing moves and nothing is sealed anew: the later request points to the first, and is
shown with it. Whatever takes one of them to another desk parts them before.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import queue, seeing, two_person
from intake.envelopes import current_number
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Event, Request
from intake.outcomes import Outcome
from intake.queue import Desktop, find, hold, note
from intake.together import holder_beside, others, wait_in_line
from intake.topics import Audience, Channel, Contact, JoinGround, State


def unite(
    desk: Desktop,
    request: Request,
    other: Request,
    because: JoinGround,
    now: datetime,
) -> None:
    """Join two requests that the member can open; the later points to the first.

    No event names the other one: a request may cross the wall later, with its history.
    Raises NotHeld, NotAllowed.
    """
    wait_in_line(desk.session, request, other)
    hold(desk, request, now)
    desk.session.refresh(other, with_for_update=True)
    _check(desk, request, other, now)
    if because is JoinGround.SAID and not (
        _word_came(desk.session, request) and _word_came(desk.session, other)
    ):
        raise NotAllowed("joined-unsaid")
    first, later = _in_order(request, other)
    later.joined_to_id, later.joined_because = first.id, because
    for one in (first, later):
        note(desk, one, EventKind.UNITED, now, because=because.value)
    desk.session.expire(first, ["later"])


def part(desk: Desktop, request: Request, now: datetime) -> None:
    """Undo it: a later request stands alone again. Raises NotHeld, NotAllowed.

    Whoever holds either may press, for it only gives back what each was.
    """
    first = request.joined_to
    if first is None:
        raise NotAllowed("not-joined")
    held = queue.held_by(first, now) is desk.member
    hold(desk, first if held else request, now)
    desk.session.refresh(request, with_for_update=True)
    if request.joined_to is not first:
        raise NotAllowed("not-joined")  # somebody else has just parted them
    _part(desk, first, request, now)


def may_part(desk: Desktop, request: Request, now: datetime) -> bool:
    """Say whether the member holds a later request, or the first one."""
    pair = (one for one in (request, request.joined_to) if one)
    return any(queue.held_by(one, now) is desk.member for one in pair)


def part_all(desk: Desktop, request: Request, now: datetime) -> None:
    """Part a request that is about to leave its desk from all that it is joined with.

    Where it goes, nothing leads to what stays (S30, S31).
    """
    if request.joined_to is not None:
        _part(desk, request.joined_to, request, now)
    for later in list(request.later):
        _part(desk, request, later, now)


def shown_with(desk: Desktop, request: Request, now: datetime) -> list[Request]:
    """Return the later ones that the member may read on a first one's page.

    One of protected data is opened by two, on its own page (S32).
    """
    return [one for one in known(desk, request) if two_person.is_open(desk, one, now)]


def known(desk: Desktop, request: Request) -> list[Request]:
    """Return the later ones of a first that the member holds a key to."""
    me = desk.member.id
    return [one for one in request.later if find(desk.session, me, one.reference)]


def first_of(desk: Desktop, request: Request) -> Request | None:
    """Return the first one of a later, if the member holds a key to it."""
    first = request.joined_to
    return first and find(desk.session, desk.member.id, first.reference)


def opened(desk: Desktop, request: Request, now: datetime) -> None:
    """Log that the member saw a request, and all that its page shows with it."""
    for one in (request, *shown_with(desk, request, now)):
        seeing.opened(desk, one, now)


def _check(desk: Desktop, request: Request, other: Request, now: datetime) -> None:
    both = request, other
    first, later = _in_order(*both)
    checks = {
        "same-request": request is other,
        "not-one-desk": (request.unit, request.side) != (other.unit, other.side),
        "joined-two-first": not all(two_person.is_open(desk, o, now) for o in both),
        "joined-already": bool(first.joined_to_id or later.joined_to_id or later.later),
        "closed": any(_is_over(one) for one in both),
        "call-without-outcome": any(one.state is State.CALLING for one in both),
        "unread-words": any(one.unread_since is not None for one in both),
        "set-aside": any(one.set_aside for one in both),
        "joined-held": bool(
            holder_beside([*both, *others(desk.session, first)], desk.member, now)
        ),
        "not-one-person": not _may_be_one_person(*both),
    }
    for reason, is_so in checks.items():
        if is_so:
            raise NotAllowed(reason)


def _is_over(request: Request) -> bool:
    ended = request.state in (State.CLOSED, State.TAKEN_BACK)
    return ended or request.contact is Contact.TAKEN_BACK


def _may_be_one_person(one: Request, other: Request) -> bool:
    """Say whether nothing that was told speaks against it: who writes of whom."""
    said = {one.audience, other.audience} - {Audience.UNSAID}
    return (
        len(said) <= 1
        and one.under_18 == other.under_18
        and one.for_other == other.for_other
        # A third party's report can be a means of control (S28).
        and Channel.CONCERN not in (one.channel, other.channel)
    )


def _word_came(session: Session, request: Request) -> bool:
    """Say whether her word came in the last call, to the number that stands (S6)."""
    number = current_number(request)
    if number is None or number.confirmed_at is None:
        return False
    last = session.scalars(
        select(Event)
        .where(Event.request_id == request.id, Event.kind == EventKind.OUTCOME.value)
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    return last is not None and last.data["outcome"] == Outcome.WORD_CAME


def _in_order(one: Request, other: Request) -> tuple[Request, Request]:
    first, later = sorted((one, other), key=lambda r: (r.arrived_at, r.id))
    return first, later


def _part(desk: Desktop, first: Request, later: Request, now: datetime) -> None:
    later.joined_to_id = later.joined_because = None
    for one in (first, later):
        note(desk, one, EventKind.PARTED, now)
    desk.session.expire(first, ["later"])
    desk.session.expire(later, ["joined_to"])
