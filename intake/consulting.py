"""The safety co-ordinator consults both sides' files: one at a time, with a reason.

She holds desk keys like a member, but works with no request: she sees no list, finds
nothing, and acts on nothing (S31). Each opening stands in the access log of the desk,
with its reason, and nowhere else: in the file itself it would tell one side of the
other.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import two_person
from intake.envelopes import put
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Envelope, Request
from intake.queue import Desktop, clean, keyed, note
from intake.sides import named
from intake.tables import LOCKED, Base
from intake.topics import Kind, Origin

READS_FOR = timedelta(minutes=30)  # then the file is opened anew, with a reason


class Consultation(Base):
    """One file, opened by the co-ordinator for a while."""

    __tablename__ = "consultations"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    reason_id: Mapped[int] = mapped_column(ForeignKey("envelopes.id"))
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    request: Mapped[Request] = relationship()
    reason: Mapped[Envelope] = relationship()


def within_reach(desk: Desktop, reference: str) -> Request | None:
    """Return a request by its reference, if the co-ordinator holds a key to it."""
    mine = keyed(desk.member.id).where(Request.reference == clean(reference))
    return desk.session.scalars(mine).first()


def begin(desk: Desktop, request: Request, reason: str, now: datetime) -> Consultation:
    """Open a file, and close the one that was open. Raises NotAllowed.

    A protected one waits for a member of its desk to approve (S32).
    """
    if not reason.strip():
        raise NotAllowed("reason-missing")
    # A reference in it would link what must never be linked.
    if named(reason) - {request.reference}:
        raise NotAllowed("names-another")
    # Who presses twice at once has one file open, not two.
    desk.session.refresh(desk.member, with_for_update=LOCKED)
    end(desk, now)
    me = desk.member.id
    why = put(desk.session, request, Kind.CONSULTED, reason, Origin.STAFF, now, me)
    row = Consultation(
        request=request,
        member_id=me,
        reason=why,
        began_at=now,
        ends_at=now + READS_FOR,
    )
    desk.session.add(row)
    desk.session.flush()
    note(desk, request, EventKind.CONSULTED, now, consultation=row.id)
    if not two_person.is_open(desk, request, now):
        two_person.ask(desk, request, now)
    return row


def running(desk: Desktop, now: datetime) -> Consultation | None:
    """Return the file that is open now, while she still holds a key to it."""
    found = desk.session.scalars(_running(desk, now)).first()
    if found is None or within_reach(desk, found.request.reference) is None:
        return None
    return found


def end(desk: Desktop, now: datetime) -> None:
    """Close the file that is open, if any."""
    for row in desk.session.scalars(_running(desk, now)):
        row.ends_at = now
    desk.session.flush()


def _running(desk: Desktop, now: datetime) -> Select[Consultation]:
    return select(Consultation).where(
        Consultation.member_id == desk.member.id, Consultation.ends_at > now
    )


def reasons(desk: Desktop, rows: list[int]) -> dict[int, str]:
    """Return the reasons of consultations that the member can open, by row."""
    mine = keyed(desk.member.id).with_only_columns(Request.id)
    found = select(Consultation).where(
        Consultation.id.in_(rows), Consultation.request_id.in_(mine)
    )
    return {
        row.id: desk.keyring.text(row.reason) for row in desk.session.scalars(found)
    }
