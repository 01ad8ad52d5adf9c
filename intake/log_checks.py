"""The recurring check of who has opened what: a random sample a desk and a month.

A head of unit marks each line of it, and signs; what she found stands in the chain of
the request that the line is of, so that it can't be changed unseen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    delete,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.errors import NotAllowed
from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.models import Event, RequestKey
from intake.people import Desk, Member
from intake.queue import Desktop, note
from intake.tables import Base, key

_OPENINGS = (EventKind.OPENED.value, EventKind.CONSULTED.value)
Draw = Callable[[Sequence[Event], int], Sequence[Event]]


class LineFinding(StrEnum):
    """What a head finds of one opening."""

    FINE = "fine"
    ASK = "ask"  # she will ask the member why
    REPORTED = "reported"  # taken further, as the municipality's routine says


class LogCheck(Base):
    """One desk's check of one month; signed or not yet."""

    __tablename__ = "log_checks"
    __table_args__ = (UniqueConstraint("desk_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    drawn_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
    lines: Mapped[list["LogCheckLine"]] = relationship(
        back_populates="check", order_by="LogCheckLine.event_id"
    )


class LogCheckLine(Base):
    """One opening of the sample, and what was found of it."""

    __tablename__ = "log_check_lines"

    check_id: Mapped[int] = mapped_column(ForeignKey("log_checks.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    finding: Mapped[LineFinding | None] = mapped_column(key(LineFinding))

    check: Mapped[LogCheck] = relationship(back_populates="lines")
    event: Mapped[Event] = relationship()


def openings(desk_id: int) -> Select[Event]:
    """Select every opening of a request that a desk holds the key to."""
    at_desk = exists().where(
        RequestKey.request_id == Event.request_id, RequestKey.desk_id == desk_id
    )
    return select(Event).where(Event.kind.in_(_OPENINGS), at_desk)


def last_month(now: datetime) -> str:
    """Return the last whole month, as 2026-10."""
    first = now.astimezone(HOME_ZONE).date().replace(day=1)
    return (first - timedelta(days=1)).strftime("%Y-%m")


def current(session: Session, place: Desk, now: datetime) -> LogCheck | None:
    """Return the check that is to be signed: an older one that waits, or last month's.

    None when last month's is not drawn yet.
    """
    of_desk = select(LogCheck).where(LogCheck.desk_id == place.id)
    unsigned = of_desk.where(LogCheck.signed_at.is_(None)).order_by(LogCheck.month)
    newest = of_desk.where(LogCheck.month == last_month(now))
    return session.scalars(unsigned).first() or session.scalars(newest).first()


def draw(desk: Desktop, place: Desk, size: int, choose: Draw, now: datetime) -> None:
    """Draw last month's sample, of others' openings only. Raises NotAllowed."""
    month = last_month(now)
    # Two heads who press at once draw one sample.
    at = select(Desk.id).where(Desk.id == place.id)
    desk.session.execute(at.with_for_update(key_share=True))
    waits = current(desk.session, place, now)
    if waits is not None:
        raise NotAllowed("check-drawn")
    begins, ends = _bounds(month)
    every = openings(place.id).where(Event.at >= begins, Event.at < ends)
    # Nobody signs for herself.
    others = every.where(Event.member_id != desk.member.id).order_by(Event.id)
    found = desk.session.scalars(others).all()
    check = LogCheck(
        desk_id=place.id, month=month, member_id=desk.member.id, drawn_at=now
    )
    desk.session.add(check)
    for event in choose(found, min(size, len(found))):
        check.lines.append(LogCheckLine(event_id=event.id))
    desk.session.flush()


def sign(
    desk: Desktop,
    check: LogCheck,
    findings: Mapping[int, LineFinding],
    now: datetime,
) -> None:
    """Sign a check once every line is marked; each goes into its request's chain.

    `findings` are by the event's row. Raises NotAllowed.
    """
    desk.session.refresh(check, with_for_update=True)
    if check.signed_at is not None:
        raise NotAllowed("check-signed")
    if check.member_id != desk.member.id:
        raise NotAllowed("check-anothers")
    if any(line.event_id not in findings for line in check.lines):
        raise NotAllowed("check-unmarked")
    check.signed_at = now
    # In the order of their requests, whose rows are locked one after the other.
    for line in sorted(check.lines, key=lambda one: one.event.request_id):
        line.finding = findings[line.event_id]
        facts = {"line": line.event.seq, "finding": line.finding.value}
        note(desk, line.event.request, EventKind.CHECKED, now, **facts)
    desk.session.flush()


def drop_unsigned(session: Session, member: Member, desks: Iterable[Desk]) -> None:
    """Give back what a head drew at some desks and has not signed: it is drawn anew."""
    ids = [desk.id for desk in desks]
    hers = select(LogCheck.id).where(
        LogCheck.member_id == member.id,
        LogCheck.desk_id.in_(ids),
        LogCheck.signed_at.is_(None),
    )
    lines = LogCheckLine.check_id.in_(hers)
    session.execute(delete(LogCheckLine).where(lines))
    session.execute(delete(LogCheck).where(LogCheck.id.in_(hers)))


def _bounds(month: str) -> tuple[datetime, datetime]:
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    begins, ends = (datetime.combine(day, time(), HOME_ZONE) for day in (first, after))
    return begins, ends
