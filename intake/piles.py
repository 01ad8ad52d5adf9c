"""Where each open request lies, worked out in SQL: thousands never leave the database.

Each lies in exactly one pile, and the soonest first. One query tells of all piles.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
)

from intake.assessments import overdue
from intake.models import Request, Window
from intake.protection import lacks
from intake.queue import ENDED, visible
from intake.together import UNBOUND
from intake.topics import Contact, Side, State, Urgency
from intake.windows import LAST_CALL, waits

# Named one by one, so that the index on the state finds them among all that ended.
_OPEN = tuple(state for state in State if state not in ENDED)
RINGABLE = (State.UNREAD, State.OPEN)


_BESIDE = ("night_at", "assess_at")


class Pile(StrEnum):
    """The piles of the desk, in the order in which they are shown (S38 puts one first).

    A request lies in the first of them that fits, so that no one is counted twice.
    """

    UNREAD = "unread"
    MINE = "mine"
    CALLABLE = "callable"  # may be called now, the end of its window soonest first
    LATE = "late"  # past its due time, or a window ended uncalled (S37)
    DECISION = "decision"
    COMING = "coming"
    ONGOING = "ongoing"  # read, and nothing is due yet
    TAKEN_BACK = "taken-back"
    ASIDE = "aside"  # over a limit (S36)


class Beside(StrEnum):
    """The lists beside the piles: what stands there lies in a pile as well."""

    CHILDREN = "children"  # of whom nothing is decided yet (S26)
    NIGHT = "night"  # what on-call had, until the day takes it
    ASSESSMENTS = "assessments"  # the day of the next one has passed


@dataclass(frozen=True, slots=True)
class View:
    """Who looks, at which side, and when."""

    member_id: int
    side: Side
    now: datetime


def lying(view: View) -> CTE:
    """Tell of each open request on a side: its pile, its due time, and its place."""
    facts = _together(_facts(view))
    due, until = facts.c.due, facts.c.until
    is_late = and_(due.is_not(None), due <= view.now)
    is_open = (facts.c.ringable == 1) & (facts.c.since <= view.now)
    pile = case(
        (Request.set_aside, literal(Pile.ASIDE.value)),
        (facts.c.unread == 1, literal(Pile.UNREAD.value)),
        (facts.c.mine == 1, literal(Pile.MINE.value)),
        (Request.contact == Contact.TAKEN_BACK, literal(Pile.TAKEN_BACK.value)),
        (facts.c.undecided == 1, literal(Pile.DECISION.value)),
        (is_open, literal(Pile.CALLABLE.value)),
        (or_(is_late, facts.c.is_missed == 1), literal(Pile.LATE.value)),
        (until.is_not(None), literal(Pile.COMING.value)),
        else_=literal(Pile.ONGOING.value),
    )
    return (
        select(
            Request.id,
            Request.unit,
            pile.label("pile"),
            due.label("due"),
            _flag(is_late).label("is_late"),
            *(facts.c[name] for name in ("is_missed", "calm")),
            _soonest(due, until).label("soonest"),
            *(facts.c[name] for name in ("child_due", "lease_until", "touched_at")),
            *(facts.c[name] for name in ("night_at", "assess_at")),
        )
        .join(facts, facts.c.id == Request.id)
        .cte("lying")
        .prefix_with("MATERIALIZED")  # or each column would be worked out many times
    )


def _facts(view: View) -> CTE:
    """Tell of each open request when it is due, and when she may be called."""
    last = view.now + LAST_CALL  # no call starts in a window that ends before
    unread = Request.unread_since.is_not(None)
    due = case((unread, Request.reading_due_at), else_=Request.answer_due_at)
    ahead = and_(waits(), Window.ends_at > last)
    # The worker marks what was missed; what it has not marked yet is missed as well.
    over = or_(Window.missed_at.is_not(None), and_(waits(), Window.ends_at <= last))
    counts = and_(
        Window.request_id == Request.id,
        Request.contact == Contact.ALLOWED,
        Window.withdrawn_at.is_(None),
        Window.rung_at.is_(None),
    )
    last_over = func.max(case((over, Window.ends_at)))
    missed = last_over > func.coalesce(Request.touched_at, Request.arrived_at)
    return (
        _seen(view)
        .with_only_columns(
            _shown_at(view).label("id"),
            due.label("due"),
            func.min(case((ahead, Window.ends_at))).label("until"),
            func.min(case((ahead, Window.starts_at))).label("since"),
            _flag(missed).label("is_missed"),
            _flag(unread).label("unread"),
            _flag(_is_held_by(view)).label("mine"),
            _flag(Request.state == State.DECISION).label("undecided"),
            _flag(_binds()).label("binds"),
            _flag(Request.state.in_(RINGABLE)).label("ringable"),
            _calm().label("calm"),
            _child_waits().label("child_due"),
            *(Request.lease_until, Request.touched_at, Request.night_at),
            case((overdue(view.now), Request.arrived_at)).label("assess_at"),
        )
        .outerjoin(Window, counts)
        .group_by(Request.id)
        .cte("facts")
        .prefix_with("MATERIALIZED")
    )


def _together(facts: CTE) -> CTE:
    """Tell of what staff joined as of one: the most urgent of each counts (S8).

    What was said against contact in one holds for all; nobody may be called then.
    """
    each, least, most = facts.c, func.min, func.max
    free = or_(most(each.binds) == 0, func.count() == 1)
    return (
        select(
            each.id,
            least(each.due).label("due"),
            case((free, least(each.until))).label("until"),
            case((free, least(each.since))).label("since"),
            case((free, most(each.is_missed)), else_=0).label("is_missed"),
            *(most(each[n]).label(n) for n in ("unread", "mine", "undecided")),
            least(each.ringable).label("ringable"),
            *(least(each[n]).label(n) for n in ("calm", "child_due", *_BESIDE)),
            *(most(each[n]).label(n) for n in ("lease_until", "touched_at")),
        )
        .group_by(each.id)
        .cte("together")
        .prefix_with("MATERIALIZED")
    )


def _seen(view: View) -> Select[Request]:
    return visible(view.member_id).where(
        Request.state.in_(_OPEN), Request.side == view.side
    )


def _shown_at(view: View) -> ColumnElement[int]:
    """Return the first of what was joined, where the member finds that one open.

    Else it lies in the piles by itself: nobody loses it with what she can't see.
    """
    firsts = _seen(view).with_only_columns(Request.id).subquery("firsts")
    is_there = select(firsts.c.id).where(firsts.c.id == Request.joined_to_id).exists()
    # Asked of the few that are joined: the many are not looked up anywhere.
    joined = and_(Request.joined_to_id.is_not(None), is_there)
    return case((joined, Request.joined_to_id), else_=Request.id)


def _binds() -> ColumnElement[bool]:
    """Say what stands against contact with whoever it is joined with."""
    free = Request.contact.in_(UNBOUND)
    return or_(~free, Request.state.in_((State.CALLING, State.DECISION)))


def _is_held_by(view: View) -> ColumnElement[bool]:
    alive = or_(Request.state == State.CALLING, Request.lease_until > view.now)
    return and_(Request.holder_id == view.member_id, alive)


def _calm() -> ColumnElement[int]:
    """Return 0 for what is acute and unread, which comes before everything, else 1."""
    burns = and_(Request.unread_since.is_not(None), Request.urgency == Urgency.ACUTE)
    return case((burns, 0), else_=1)


def _soonest(
    due: ColumnElement[datetime], until: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    """Return the end of the next window or the due time, the sooner of them (S37)."""
    return case(
        (due.is_(None), func.coalesce(until, Request.due_at)),
        (until.is_not(None) & (until < due), until),
        else_=due,
    )


def _child_waits() -> ColumnElement[datetime]:
    """Return until when a child needs what nobody has done: a decision (S26), or the
    protection assessment (S27).
    """
    marked = or_(Request.child_mark, Request.under_18)
    undecided = and_(marked, Request.child_decision.is_(None))
    return case((or_(undecided, lacks()), Request.child_due_at), else_=null())


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
