"""What texts and bridged calls go out from, as a head saw and heard it (S17)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.tables import Base, key


class Line(StrEnum):
    """What goes out from a number, or a name, that is the whole house's."""

    CALLS = "calls"  # those of the bridge
    TEXTS = "texts"


class LineTest(Base):
    """What a head of a unit saw and heard, and of which number or name it was."""

    __tablename__ = "line_tests"

    unit: Mapped[str] = mapped_column(ForeignKey("units.key"), primary_key=True)
    line: Mapped[Line] = mapped_column(key(Line), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))  # another one is not tested yet
    tested_at: Mapped[datetime]
    tested_by: Mapped[int] = mapped_column(ForeignKey("members.id"))


def is_tested(session: Session, unit: str, line: Line, number: str) -> bool:
    """Say whether a head recorded what this very number shows and sounds like."""
    test = session.get(LineTest, (unit, line))
    return test is not None and test.number == number


def record_test(
    session: Session, unit: str, line: Line, number: str, by: int, now: datetime
) -> None:
    """Record what a member saw and heard, in the place of any earlier test."""
    withdraw_test(session, unit, line)
    session.add(
        LineTest(unit=unit, line=line, number=number, tested_at=now, tested_by=by)
    )
    session.flush()


def withdraw_test(session: Session, unit: str, line: Line) -> None:
    """Lock what goes out from a unit until it is tested again."""
    test = session.get(LineTest, (unit, line))
    if test is not None:
        session.delete(test)
        session.flush()
