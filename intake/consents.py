"""Co-ordination with others, only by recorded consent: of whom, when, to what.

What it covers is sealed. Without a consent that stands no plan begins; one that is
taken back ends the plan that it let begin.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.asked import check_day
from intake.envelopes import put
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Envelope, Request
from intake.people import Member
from intake.queue import Desktop, hold, note
from intake.tables import Base, key
from intake.topics import Kind, Origin


class Plan(StrEnum):
    """What is co-ordinated, and with whom."""

    INTERNAL = "internal"  # between the municipality's own units
    SIP = "sip"  # the individual plan, with the region's health care


class Giver(StrEnum):
    """Who consented."""

    PERSON = "person"
    CUSTODIAN = "custodian"
    TRUSTEE = "trustee"


class ConsentRow(Base):
    """One consent; a later one to the same plan takes its place."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    plan: Mapped[Plan] = mapped_column(key(Plan))
    giver: Mapped[Giver] = mapped_column(key(Giver))
    given_on: Mapped[date]
    begun_on: Mapped[date | None]  # since when the plan is on
    ended_on: Mapped[date | None]
    envelope_id: Mapped[int] = mapped_column(ForeignKey("envelopes.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))

    envelope: Mapped[Envelope] = relationship()
    member: Mapped[Member] = relationship()


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it was given: `covers` says with whom, and what they may know."""

    plan: Plan
    giver: Giver
    on: date
    covers: str


def write_consent(
    desk: Desktop, request: Request, given: Consent, now: datetime
) -> None:
    """Record a consent. A plan that is on goes on by it.

    Raises NotHeld, and NotAllowed for one that covers nothing, or of a day to come.
    """
    hold(desk, request, now)
    if not given.covers.strip():
        raise NotAllowed("covers-nothing")
    check_day(given.on, now)
    before = standing(desk.session, request, given.plan)
    paper = given.covers, Origin.STAFF, now, desk.member.id
    row = ConsentRow(
        request_id=request.id,
        plan=given.plan,
        giver=given.giver,
        given_on=given.on,
        begun_on=before.begun_on if before else None,
        envelope_id=put(desk.session, request, Kind.CONSENT, *paper).id,
        member_id=desk.member.id,
    )
    if before:
        before.ended_on = given.on
    desk.session.add(row)
    facts = {"plan": given.plan.value, "giver": given.giver.value}
    note(desk, request, EventKind.CONSENT, now, given=True, **facts)


def take_back(
    desk: Desktop, request: Request, plan: Plan, on: date, now: datetime
) -> None:
    """Record that a consent was taken back, which ends its plan.

    Raises NotHeld, and NotAllowed where none stands, or for a day to come.
    """
    hold(desk, request, now)
    check_day(on, now)
    row = _check_standing(desk.session, request, plan)
    row.ended_on = on
    note(desk, request, EventKind.CONSENT, now, given=False, plan=plan.value)


def begin_plan(
    desk: Desktop, request: Request, plan: Plan, on: date, now: datetime
) -> None:
    """Record that a plan began, which only a standing consent lets.

    Raises NotHeld, and NotAllowed without one, or where the plan is on already.
    """
    hold(desk, request, now)
    check_day(on, now)
    row = _check_standing(desk.session, request, plan)
    if row.begun_on:
        raise NotAllowed("plan-begun")
    if on < row.given_on:
        raise NotAllowed("before-consent")
    row.begun_on = on
    note(desk, request, EventKind.PLAN, now, plan=plan.value)


def standing(session: Session, request: Request, plan: Plan) -> ConsentRow | None:
    """Return the consent to a plan that holds now."""
    rows = consents(session, request, plan)
    return next((row for row in rows if not row.ended_on), None)


def consents(session: Session, request: Request, *plans: Plan) -> list[ConsentRow]:
    """Return every consent to some plans, else to all, the latest first."""
    found = (
        select(ConsentRow)
        .where(
            ConsentRow.request_id == request.id, ConsentRow.plan.in_(plans or [*Plan])
        )
        .order_by(ConsentRow.id.desc())
    )
    return list(session.scalars(found))


def _check_standing(session: Session, request: Request, plan: Plan) -> ConsentRow:
    row = standing(session, request, plan)
    if row is None:
        raise NotAllowed("consent-missing")
    return row
