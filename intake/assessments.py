"""That an assessment was made: of whom, when, by what method; never what it found.

Keys and days in plain, for the yearly figures. What was found stays in the case file.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, exists, select, tuple_
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from intake.asked import check_day
from intake.errors import NotAllowed
from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.models import Request
from intake.queue import Desktop, hold, note
from intake.tables import Base, key


class Method(StrEnum):
    """How it was assessed."""

    PROTECTION = "protection"  # of a child, at once (S27)
    FREDA_SHORT = "freda-short"
    FREDA_DANGER = "freda-danger"
    OTHER_STANDARD = "other-standard"
    NOT_STANDARD = "not-standard"


class Police(StrEnum):
    """Whether the person consents to an exchange with the police."""

    NOT_ASKED = "not-asked"
    YES = "yes"
    NO = "no"


class AssessmentRow(Base):
    """One assessment that was made."""

    __tablename__ = "assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    child: Mapped[int]  # 0 is the person; 1, 2 … is a child, unnamed
    method: Mapped[Method] = mapped_column(key(Method))
    police: Mapped[Police] = mapped_column(key(Police))
    made_on: Mapped[date]
    next_on: Mapped[date | None]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is recorded of an assessment; days in Swedish time."""

    child: int
    on: date
    method: Method
    police: Police = Police.NOT_ASKED
    next_on: date | None = None


def write_assessment(
    desk: Desktop, request: Request, made: Assessment, now: datetime
) -> None:
    """Record that it was made.

    Raises NotHeld, and NotAllowed for a day to come, or a next one that is not after.
    """
    hold(desk, request, now)
    check_day(made.on, now)
    if made.next_on and made.next_on <= made.on:
        raise NotAllowed("next-not-after")
    row = AssessmentRow(
        request_id=request.id,
        child=made.child,
        method=made.method,
        police=made.police,
        made_on=made.on,
        next_on=made.next_on,
        member_id=desk.member.id,
    )
    desk.session.add(row)
    note(desk, request, EventKind.ASSESSED, now)


def assessments(session: Session, request: Request) -> list[AssessmentRow]:
    """Return every assessment, the person's first, each one's oldest first."""
    found = select(AssessmentRow).where(AssessmentRow.request_id == request.id)
    order = AssessmentRow.child, AssessmentRow.made_on, AssessmentRow.id
    return list(session.scalars(found.order_by(*order)))


def overdue(now: datetime) -> ColumnElement[bool]:
    """Say in SQL that the next assessment of anybody in a request is late."""
    later = aliased(AssessmentRow)
    made_since = exists().where(
        later.request_id == AssessmentRow.request_id,
        later.child == AssessmentRow.child,
        tuple_(later.made_on, later.id)
        > tuple_(AssessmentRow.made_on, AssessmentRow.id),
    )
    return exists().where(
        AssessmentRow.request_id == Request.id,
        AssessmentRow.next_on < now.astimezone(HOME_ZONE).date(),
        ~made_since,
    )
