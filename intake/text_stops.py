"""The switch that stops every outgoing text at once, and who pressed it.

It is asked in the transaction that takes a text to send it, so it holds from the next
text on, in every worker. What waits goes on when it is lifted, inside her window only.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.people import Member
from intake.tables import Base


class TextStop(Base):
    """One time in which no text went out. Without a member it was a command."""

    __tablename__ = "text_stops"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

    member: Mapped[Member | None] = relationship(foreign_keys=[member_id])


def stop_that_holds(session: Session) -> TextStop | None:
    """Return the stop that holds now, if texts are stopped."""
    found = select(TextStop).where(TextStop.ended_at.is_(None)).order_by(TextStop.id)
    return session.scalars(found.limit(1)).first()


def are_stopped(session: Session) -> bool:
    """Say whether no text may go out now."""
    return stop_that_holds(session) is not None


def stop_texts(session: Session, member: Member | None, now: datetime) -> None:
    """Let no text go out from now on; a stop that holds already stays as it is."""
    if not are_stopped(session):
        session.add(TextStop(since=now, member_id=member.id if member else None))
        session.flush()


def let_texts_go(session: Session, member: Member | None, now: datetime) -> None:
    """Let texts go out again; where nothing holds them it changes nothing."""
    ended = {"ended_at": now, "ended_by": member.id if member else None}
    # Two may have pressed at the same moment: both stops end.
    session.execute(update(TextStop).where(TextStop.ended_at.is_(None)).values(ended))
