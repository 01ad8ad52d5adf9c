"""Trying a text again: inside her window only, and never what may have got there."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake.messages import Delivery, OutboundText
from intake.windows import LAST_CALL

_BACK_OFF = (30, 60, 120, 300)  # seconds before the next try
# What was taken and certainly reached no phone: its queue was full, it was off, or cut
# off. An unknown error (30008) may have come after it did, and is not among them.
UNREACHED = frozenset({"30001", "30003", "30500"})


def wait(row: OutboundText) -> timedelta:
    """Return how long to wait after so many tries."""
    return timedelta(seconds=_BACK_OFF[min(row.attempts, len(_BACK_OFF)) - 1])


def latest(row: OutboundText) -> datetime:
    """Return when it is too late to send: she needs time to read it alone, too."""
    return min(row.not_after, row.window.ends_at) - LAST_CALL


def again(session: Session, row: OutboundText, now: datetime) -> bool:
    """Queue a text anew that the carrier says reached no phone, in its window only.

    It is another text to the carrier, and passes every check again; the number goes
    over to it. False where nothing is queued: in doubt none goes twice.
    """
    later = now + wait(row)
    tried_enough = row.attempts >= len(_BACK_OFF)
    if row.error not in UNREACHED or tried_enough or later >= latest(row):
        return False
    kept = ("request_id", "window_id", "member_id", "template", "opening", "language")
    session.add(
        OutboundText(
            **{name: getattr(row, name) for name in (*kept, "worker_box", "attempts")},
            id=secrets.token_hex(16),
            state=Delivery.WAITING,
            not_after=row.not_after,
            next_try_at=later,
            created_at=now,
        )
    )
    row.settled_at = now
    return True
