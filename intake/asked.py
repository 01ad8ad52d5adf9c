"""Asked about violence: on every request, of the person and of each child (S26).

The answers are keys and days in plain, for the yearly figures; a child has no name.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.errors import NotAllowed
from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.models import Request
from intake.queue import CHILD_CLOCK, Desktop, hold, note
from intake.tables import Base, key

THE_PERSON = 0  # whose request it is; the children are numbered from 1
MOST_CHILDREN = 9
_NO_REPORT = "none"


class About(StrEnum):
    """What was asked about: what is done to somebody, or what she does."""

    EXPOSED = "exposed"
    USING = "using"


class Reply(StrEnum):
    """What came of asking."""

    YES = "yes"
    NO = "no"
    NOT_SAFE = "not-safe"  # not asked, as it was not safe now


class AskedRow(Base):
    """One question, put once; a later row of the same question takes its place."""

    __tablename__ = "asked"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    child: Mapped[int]  # 0 is the person; 1, 2 … is a child, unnamed
    about: Mapped[About] = mapped_column(key(About))
    reply: Mapped[Reply] = mapped_column(key(Reply))
    asked_on: Mapped[date]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One person's answers on a day in Swedish time; None was not asked then."""

    child: int
    on: date
    exposed: Reply | None = None
    using: Reply | None = None

    def replies(self) -> dict[About, Reply]:
        """Return what was asked about, and what came of it."""
        both = {About.EXPOSED: self.exposed, About.USING: self.using}
        return {about: reply for about, reply in both.items() if reply}


def write_asked(desk: Desktop, request: Request, asked: Asked, now: datetime) -> None:
    """Record what was asked and answered; a child's yes asks for a decision (S26).

    Raises NotHeld, and NotAllowed for nothing asked or a day that has not been.
    """
    hold(desk, request, now)
    if not asked.replies():
        raise NotAllowed("nothing-said")
    check_day(asked.on, now)
    is_news = _is_news(desk.session, request, asked)
    for about, reply in asked.replies().items():
        row = AskedRow(
            request_id=request.id,
            child=asked.child,
            about=about,
            reply=reply,
            asked_on=asked.on,
            member_id=desk.member.id,
        )
        desk.session.add(row)
    is_child = request.under_18 or asked.child != THE_PERSON
    if is_child and Reply.YES in asked.replies().values():
        _start_task(request, now, is_news)
    note(desk, request, EventKind.ASKED, now)


def latest(session: Session, request: Request) -> list[AskedRow]:
    """Return the answer that holds now to each question, the person's first."""
    found = select(AskedRow).where(AskedRow.request_id == request.id)
    rows = session.scalars(found.order_by(AskedRow.id))
    holds = {(row.child, row.about): row for row in rows}
    return [holds[question] for question in sorted(holds)]


def check_day(day: date, now: datetime) -> None:
    """Check that a day has begun, in Swedish time. Raises NotAllowed."""
    if day > now.astimezone(HOME_ZONE).date():
        raise NotAllowed("day-to-come")


def _is_news(session: Session, request: Request, asked: Asked) -> bool:
    """Say whether a yes is the first one to its question about that person."""
    found = select(AskedRow.about).where(
        AskedRow.request_id == request.id,
        AskedRow.child == asked.child,
        AskedRow.reply == Reply.YES,
    )
    known = set(session.scalars(found))
    yes = {about for about, reply in asked.replies().items() if reply is Reply.YES}
    return not yes <= known


def _start_task(request: Request, now: datetime, is_news: bool) -> None:
    """Ask for a report, or the reason for none: no older one knew this.

    What was reported is asked for again only by news, of another child or of what a
    child does: each is asked in its own right (S26).
    """
    request.child_mark = request.child_mark or not request.under_18
    if request.child_decision == _NO_REPORT or (is_news and request.child_decision):
        request.child_decision = request.child_due_at = None
    request.child_due_at = request.child_due_at or now + CHILD_CLOCK
