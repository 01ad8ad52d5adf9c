"""Requests with protected personal data are opened by two; the glass can be broken.

The server holds this, not the keys: each member of the desk could open the seal alone
(docs/threat-model.md). A member asks, a colleague of the same desk approves from her
own session. Who can't wait breaks the glass with a reason; the heads are told at once,
and one reviews it the next day (S32).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.alerts import alert_heads
from intake.envelopes import put
from intake.errors import IntakeError, NotAllowed
from intake.heads import answers_for
from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.models import Envelope, Request
from intake.people import Member
from intake.queue import Desktop, held_by, note, visible
from intake.tables import Base
from intake.topics import Kind, Mark, Origin, Protection, Side, State

APPROVED_WITHIN = timedelta(minutes=15)
OPEN_FOR = timedelta(hours=4)  # then it takes two again
_PROTECTED = Mark.PROTECTED_DATA.value


class TwoNeeded(IntakeError):
    """A protected request that the member has not been let into. `request` is it."""

    def __init__(self, request: Request) -> None:
        super().__init__("two members open it together")
        self.request = request


class Opening(Base):
    """One member's way into a protected request: asked for, approved or broken."""

    __tablename__ = "openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    asked_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    ends_at: Mapped[datetime | None]  # until when she may see it; none: she waits
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("envelopes.id"))
    review_due_at: Mapped[datetime | None]  # the glass was broken; late from then on
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

    request: Mapped[Request] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    reason: Mapped[Envelope | None] = relationship()


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for a member: asks that she can approve, breaks that she reviews."""

    asks: list[Opening]
    breaks: list[Opening]

    def on(self, side: Side) -> "Waits":
        """Return what of it lies on one side; the two are never listed together."""
        asks, breaks = (
            [one for one in every if one.request.side is side]
            for every in (self.asks, self.breaks)
        )
        return Waits(asks, breaks)

    def is_late(self, now: datetime) -> bool:
        """Say whether a review is late."""
        dues = [one.review_due_at for one in self.breaks]
        return any(due is not None and due <= now for due in dues)


def is_protected(request: Request) -> bool:
    """Say whether it takes two: by the mark, or by a level, a child's too."""
    levels = request.protection, request.child_protection
    return _PROTECTED in request.marks or any(levels)


def is_open(desk: Desktop, request: Request, now: datetime) -> bool:
    """Say whether the member may see a request now; one without the mark always."""
    if not is_protected(request):
        return True
    # S13: the outcome of a call is never kept waiting for a second person.
    if request.state is State.CALLING and held_by(request, now) is desk.member:
        return True
    mine = select(Opening.id).where(
        Opening.request_id == request.id,
        Opening.member_id == desk.member.id,
        Opening.ends_at > now,
    )
    return desk.session.scalar(mine.limit(1)) is not None


def asked(desk: Desktop, request: Request, now: datetime) -> Opening | None:
    """Return the member's own ask that can still be approved."""
    found = _unanswered(now).where(
        Opening.request_id == request.id, Opening.member_id == desk.member.id
    )
    return desk.session.scalars(found).first()


def ask(desk: Desktop, request: Request, now: datetime) -> None:
    """Ask a colleague of the same desk to open a request together."""
    if is_open(desk, request, now) or asked(desk, request, now):
        return
    _add(desk, request, now)
    note(desk, request, EventKind.TWO_PERSON, now, step="asked")


def approve(desk: Desktop, opening: Opening, now: datetime) -> None:
    """Let a colleague in, within 15 minutes of her asking. Raises NotAllowed."""
    desk.session.refresh(opening, with_for_update=True)
    if opening not in waits(desk, now).asks:
        raise NotAllowed("two-person-late")
    opening.approved_by, opening.ends_at = desk.member.id, now + OPEN_FOR
    note(desk, opening.request, EventKind.TWO_PERSON, now, step="approved")


def break_glass(desk: Desktop, request: Request, reason: str, now: datetime) -> None:
    """Open alone, with a sealed reason; the heads are told. Raises NotAllowed."""
    if not reason.strip():
        raise NotAllowed("reason-missing")
    opening = _add(desk, request, now)
    me = desk.member.id
    opening.reason = put(
        desk.session, request, Kind.NOTE, reason, Origin.STAFF, now, me
    )
    opening.ends_at, opening.review_due_at = now + OPEN_FOR, _end_of_tomorrow(now)
    note(desk, request, EventKind.TWO_PERSON, now, step="broken")
    alert_heads(desk.session, desk.office, request, now)


def review(desk: Desktop, opening: Opening, now: datetime) -> None:
    """Sign that a broken glass was reviewed. Raises NotAllowed."""
    desk.session.refresh(opening, with_for_update=True)
    if opening not in waits(desk, now).breaks:
        raise NotAllowed("two-person-reviewed")
    opening.reviewed_by = desk.member.id
    note(desk, opening.request, EventKind.TWO_PERSON, now, step="reviewed")


def record_levels(
    desk: Desktop,
    request: Request,
    own: Protection | None,
    child: Protection | None,
    now: datetime,
) -> None:
    """Record how the person's and the children's data is protected; none is not known.

    A level sets the mark, and who records it goes on with what she was reading.
    """
    request.protection, request.child_protection = own, child
    if own or child:
        request.marks = sorted({*request.marks, _PROTECTED})
    keep_open(desk, request, now)
    desk.session.flush()


def keep_open(desk: Desktop, request: Request, now: datetime) -> None:
    """Let who has just set the mark go on with what she was reading already."""
    if not is_open(desk, request, now):
        _add(desk, request, now).ends_at = now + OPEN_FOR
        desk.session.flush()


def waits(desk: Desktop, now: datetime) -> Waits:
    """Return what waits for the member; never her own, nor what she can't open."""
    seen = visible(desk.member.id).with_only_columns(Request.id)
    others = Opening.member_id != desk.member.id, Opening.request_id.in_(seen)
    asks = desk.session.scalars(_unanswered(now).where(*others))
    broken = select(Opening).where(
        *others,
        Opening.review_due_at.is_not(None),
        Opening.reviewed_by.is_(None),
        answers_for(desk, Opening.request_id, besides=Opening.member_id),
    )
    return Waits(
        asks=[one for one in asks if _same_desk(desk, one)],
        breaks=list(desk.session.scalars(broken)),
    )


def reasons(desk: Desktop, rows: list[int]) -> dict[int, str]:
    """Return the reasons of broken glasses that the member can open, by row."""
    mine = visible(desk.member.id).with_only_columns(Request.id)
    found = select(Opening).where(Opening.id.in_(rows), Opening.request_id.in_(mine))
    return {
        row.id: desk.keyring.text(row.reason)
        for row in desk.session.scalars(found)
        if row.reason
    }


def _unanswered(now: datetime) -> Select[Opening]:
    return select(Opening).where(
        Opening.ends_at.is_(None), Opening.asked_at > now - APPROVED_WITHIN
    )


def _same_desk(desk: Desktop, opening: Opening) -> bool:
    sealed_to = {key.desk_id for key in opening.request.keys}
    mine, hers = (
        {place.desk_id for place in member.memberships if place.box}
        for member in (desk.member, opening.member)
    )
    return bool(sealed_to & mine & hers)


def _add(desk: Desktop, request: Request, now: datetime) -> Opening:
    opening = Opening(request=request, member=desk.member, asked_at=now)
    desk.session.add(opening)
    desk.session.flush()
    return opening


def _end_of_tomorrow(now: datetime) -> datetime:
    day = now.astimezone(HOME_ZONE).date() + timedelta(days=2)
    return datetime.combine(day, time(), HOME_ZONE)
