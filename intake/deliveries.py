"""What the carrier says of a text: words that only ever lead forward.

Its callbacks come late, twice and out of order, so which step may follow which stands
in the UPDATE's WHERE; what does not fit changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, case, null, or_, select, update
from sqlalchemy.orm import Session

from intake.alert_tables import OutboundAlert
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.sms.gateway import TextStatus

FINAL = frozenset(
    {Delivery.DELIVERED, Delivery.FAILED, Delivery.EXPIRED, Delivery.CANCELLED}
)
# A text that waits again because the carrier seemed to refuse it: if the carrier tells
# of it after all it went out, and must not go out twice.
_MAY_MOVE = (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN, Delivery.SENT)
_ENDS = {
    TextStatus.PARTIALLY_DELIVERED: Delivery.DELIVERED,
    TextStatus.DELIVERED: Delivery.DELIVERED,
    TextStatus.READ: Delivery.DELIVERED,
    TextStatus.UNDELIVERED: Delivery.FAILED,
    TextStatus.FAILED: Delivery.FAILED,
    TextStatus.CANCELED: Delivery.CANCELLED,
}

_Row = TypeVar("_Row", OutboundText, OutboundAlert)


def claim(
    session: Session,
    table: type[_Row],
    free: Select[str],
    name: str,
    until: datetime,
) -> _Row | None:
    """Take the row that waits and that `free` selects, if any; two never get one.

    The caller commits before anybody is asked to carry it, so that it is never
    unclaimed while it may be on its way.
    """
    # Another may have taken it since it was found: that is no sign that none is left.
    while (found := session.scalar(free)) is not None:
        taken = (
            update(table)
            .where(table.id == found, table.state == Delivery.WAITING)
            .values(
                state=Delivery.SENDING,
                leased_by=name,
                lease_until=until,
                attempts=table.attempts + 1,
            )
            .returning(table)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        claimed = session.scalar(taken)
        if claimed is not None:
            return claimed
    return None


def hold(session: Session, text_id: str) -> None:
    """Hold a text's request until the transaction ends; then the text may be read."""
    # A request is held before its texts, always: else two wait for each other.
    found = select(Request.id).join(OutboundText).where(OutboundText.id == text_id)
    session.execute(found.with_for_update(of=Request))


def hold_free(
    session: Session, *which: ColumnElement[bool], most: int = 500
) -> Sequence[OutboundText]:
    """Hold the requests of texts, but none that somebody holds; return the texts.

    They are read after that, so that no other step can come between.
    """
    found = select(OutboundText.id).where(*which).join(Request).limit(most)
    free = session.scalars(found.with_for_update(of=Request, skip_locked=True)).all()
    anew = select(OutboundText).where(OutboundText.id.in_(free), *which)
    return session.scalars(anew.execution_options(populate_existing=True)).all()


def call_off(session: Session, request_id: int, why: str = "contact") -> None:
    """Cancel every text of a request that waits; the caller holds the request's row.

    One that a worker has taken may be on its way, and its end is still to be told.
    `why` is what staff are told.
    """
    session.execute(
        update(OutboundText)
        .where(
            OutboundText.request_id == request_id,
            OutboundText.state == Delivery.WAITING,
        )
        .values(state=Delivery.CANCELLED, error=why, worker_box=None)
        .execution_options(synchronize_session="fetch")
    )


def advance(
    session: Session, text_id: str, sid: str, status: TextStatus, error: str = ""
) -> bool:
    """Take a text to where the carrier says it stands; False where it stays.

    A text binds the first `sid` that comes with its own id; another one is not its.
    """
    own = OutboundText.provider_sid
    values = {
        "state": _ENDS.get(status, Delivery.SENT),
        "provider_sid": sid,
        "provider_status": status.value,
        # Forgotten was what the carrier had, before it told of this one.
        "deleted_at": case((own.is_(None), null()), else_=OutboundText.deleted_at),
        **({"error": error[:16]} if error else {}),
    }
    hold(session, text_id)
    said = OutboundText.provider_status
    moved = session.scalar(
        update(OutboundText)
        .where(
            OutboundText.id == text_id,
            OutboundText.state.in_(_MAY_MOVE),
            or_(own.is_(None), own == sid),
            or_(said.is_(None), said.in_([s.value for s in status.allowed_before])),
        )
        .values(values)
        .returning(OutboundText.id)
        .execution_options(synchronize_session=False)
    )
    # The UPDATE went past the session, and what that holds in memory is older.
    session.expire_all()
    return moved is not None
