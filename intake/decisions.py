"""What only a person ends: a call left on, a pending decision, a request itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from intake import stopped_numbers
from intake.alerts import is_tried
from intake.calls import left_from
from intake.danger_stage import needs_disclosure
from intake.endings import Ended, end
from intake.envelopes import current_number
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Request
from intake.outcomes import LIFTABLE
from intake.protection import is_missing
from intake.queue import LEASE, Desktop, check_seen, hold, note, seal_note
from intake.returning import stop_contact
from intake.topics import Contact, Role, State
from intake.windows import coming


class ConflictCheck(StrEnum):
    """Whether the conflict check outside the system was done, and by whom (S30)."""

    MINE = "mine"
    COLLEAGUE = "colleague"
    NOT_DONE = "not-done"


@dataclass(frozen=True, slots=True)
class Conflict:
    """S30's answer; `told` names the colleague, or says why it was not done."""

    check: ConflictCheck
    told: str = ""

    def is_whole(self) -> bool:
        """Say whether it tells what it must beside the check itself."""
        return self.check is ConflictCheck.MINE or bool(self.told.strip())


CHECKED = Conflict(ConflictCheck.MINE)


def take_over(desk: Desktop, request: Request, reason: str, now: datetime) -> None:
    """Let a head of unit take a call whose holder can't end it (S13). She ends it then.

    Raises NotAllowed, unless she is a head who gives a reason, and the call was left.
    """
    if desk.member.role is not Role.HEAD:
        raise NotAllowed("head-only")
    # Locked, then read: an outcome that comes now is seen, or waits and is too late.
    desk.session.refresh(request, with_for_update=True)
    if request.state is not State.CALLING:
        raise NotAllowed("no-call")
    if now < left_from(desk.session, request):
        raise NotAllowed("call-may-go-on")
    if not reason.strip():
        raise NotAllowed("reason-missing")
    seal_note(desk, request, reason, now)
    request.holder_id, request.lease_until = desk.member.id, now + LEASE
    note(desk, request, EventKind.CLAIMED, now, taken_over=True)
    # The relation in memory is still the member who had it before.
    desk.session.expire(request, ["holder"])


def decide(
    desk: Desktop,
    request: Request,
    contact: Contact,
    reason: str,
    now: datetime,
    seen: int | None = None,
    lifts: bool = False,
) -> None:
    """End the wait for a decision, with a reason; `contact` is what holds from now on.

    Only a head of unit lifts a stop (S14), and only one that she has seen; that it
    stays, what follows three attempts, or that what is acute can wait after a call that
    reached nobody (S25), any holder decides. `lifts` says that what stands on the
    number is lifted too, for this request. Raises NotHeld, NotAllowed.
    """
    if desk.member.role is Role.HEAD:
        desk.session.refresh(request, with_for_update=True)
    else:
        hold(desk, request, now)
    _may_decide(desk, request, contact, lifts)
    check_seen(desk.session, request, seen)
    if not reason.strip():
        raise NotAllowed("reason-missing")
    seal_note(desk, request, reason, now)
    facts = {"lifts_number": True} if lifts and is_paused(desk, request) else {}
    note(desk, request, EventKind.DECIDED, now, contact=contact.value, **facts)


def put_back(desk: Desktop, request: Request, now: datetime) -> None:
    """Take a request out of the pile that is set aside over a limit (S36)."""
    request.set_aside = False
    note(desk, request, EventKind.ASIDE, now, aside=False)


def close(
    desk: Desktop,
    request: Request,
    conflict: Conflict | None,
    now: datetime,
    drops_times: bool = False,
    seen: int | None = None,
    ended: Ended | None = None,
) -> None:
    """Close a request. Raises NotHeld, and NotAllowed while something is undecided.

    `conflict` answers S30's question: the answer is kept in the log, and what it tells
    is sealed. `drops_times` says that who closes knows of the times that fall away, and
    `ended` how it ended.
    """
    hold(desk, request, now)
    if request.state is State.CALLING:
        raise NotAllowed("call-without-outcome")
    if request.state is State.DECISION:
        raise NotAllowed("awaiting-decision")
    # What came since may change everything: it is read before the end.
    if request.unread_since is not None:
        raise NotAllowed("unread-words")
    check_seen(desk.session, request, seen)
    _check_decided(desk.session, request)
    if conflict is None:
        raise NotAllowed("conflict-unchecked")
    if not conflict.is_whole():
        raise NotAllowed("reason-missing")
    # She waits for a call then: nobody ends that without having seen it.
    if coming(request, now) and not drops_times:
        raise NotAllowed("coming-times")
    facts = {"ending": ended.how.value} if ended else {}
    if ended:
        end(desk, request, ended, now)
    stop_contact(desk.session, request, now)
    shred_tags(desk.session, request)
    request.holder_id = request.lease_until = None
    seal_note(desk, request, conflict.told, now)
    check = conflict.check.value
    note(desk, request, EventKind.CLOSED, now, conflict=check, **facts)


def is_paused(desk: Desktop, request: Request) -> bool:
    """Say whether its number is stopped so that a head may lift that here (S14)."""
    number = current_number(request)
    if number is None or number.tag is None:
        return False
    return stopped_numbers.is_paused(desk.session, number.tag, request)


def needs_child_decision(request: Request) -> bool:
    """Say whether a concern report, or the reason for none, is still to be recorded."""
    marked = request.child_mark or request.under_18
    return marked and request.child_decision is None


def shred_tags(session: Session, request: Request) -> None:
    """Forget the keyed tags of a closed request; stops outlive it (S16, S22)."""
    for number in request.numbers:
        number.tag = number.worker_box = None
    session.flush()


def _check_decided(session: Session, request: Request) -> None:
    """Refuse the end while a child or a danger to life waits (S24, S26, S27)."""
    if needs_child_decision(request):
        raise NotAllowed("child-undecided")
    if is_missing(session, request):
        raise NotAllowed("protection-missing")
    if needs_disclosure(session, request):
        raise NotAllowed("danger-undecided")


def _may_decide(desk: Desktop, request: Request, contact: Contact, lifts: bool) -> None:
    if request.contact is Contact.TAKEN_BACK:
        raise NotAllowed("taken-back")
    if request.state is State.CALLING:
        raise NotAllowed("call-without-outcome")
    waits = request.state is State.DECISION or request.contact in LIFTABLE
    waits = waits or is_paused(desk, request) or is_tried(desk.session, request)
    if request.state is State.CLOSED or not waits:
        raise NotAllowed("nothing-to-decide")
    if lifts and desk.member.role is not Role.HEAD:
        raise NotAllowed("head-only")
    # To leave a stop where it is takes no head, only a reason.
    if contact is request.contact:
        return
    if contact is not Contact.ALLOWED or request.contact not in LIFTABLE:
        raise NotAllowed("not-to-be-lifted")
    if desk.member.role is not Role.HEAD:
        raise NotAllowed("head-only")
