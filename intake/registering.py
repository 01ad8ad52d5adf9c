"""What staff register for others: what came by phone, visit or on-call hand-over.

It is sealed and routed as a form is. Who registers it may be on the other side of the
wall, and then can't open it afterwards.
"""

from dataclasses import replace
from datetime import datetime

from intake.arrivals import Result, Token, send
from intake.errors import NoDesk, NotAllowed
from intake.founding import HOLDERS, holders
from intake.models import Sending
from intake.queue import Desktop
from intake.receipts import ReceiptKey
from intake.submissions import Submission
from intake.topics import Channel, Side
from intake.units import UnitKind
from intake.voice_receipts import give_by_voice

# The one is for what must not be seen (S29), the other is reached by hand-over only.
_NEVER_KEPT = (UnitKind.CLOSED_CIRCLE, UnitKind.EXTERNAL)


def register(
    desk: Desktop,
    submission: Submission,
    token: Token,
    receipt: ReceiptKey | None,
    now: datetime,
) -> tuple[Result, Sending]:
    """Make one request of what was told to a member, however often it is pressed.

    Other content under a spent token changes nothing: Result.SPENT. A receipt is one
    given by voice (S6). Raises NotAllowed, NoDesk and SlotFull.
    """
    spent = desk.session.get(Sending, token.token_hash)
    if spent is not None and spent.content_hash != token.content_hash:
        return Result.SPENT, spent
    _check_concern(submission, receipt)
    _check_kept(desk, submission)
    told = replace(submission, author_id=desk.member.id)
    result, sending = send(desk.session, desk.office, told, token, receipt, now)
    if result is Result.NEW and sending.door is not None:
        give_by_voice(desk, sending.request, sending.door, now)
    return result, sending


def own_units(desk: Desktop, side: Side) -> list[str]:
    """Return the units at which a request of a side may be kept by the member."""
    return [
        place.desk.unit
        for place in desk.member.memberships
        if place.box
        and place.desk.side is side
        and desk.office.units[place.desk.unit].kind not in _NEVER_KEPT
    ]


def _check_concern(submission: Submission, receipt: ReceiptKey | None) -> None:
    # S28: who reports may want to find her, or to know what becomes of it.
    named = submission.call is not None or receipt is not None
    if submission.channel is Channel.CONCERN and named:
        raise NotAllowed("concern-no-number")


def _check_kept(desk: Desktop, submission: Submission) -> None:
    kept, side = submission.kept_at, Side.of(submission.audience)
    if not kept:
        return
    # S26: a child's own goes to the children's unit, whoever hears it first.
    if kept not in own_units(desk, side) or submission.under_18:
        raise NotAllowed("not-kept-here")
    own = next(
        place.desk
        for place in desk.member.memberships
        if (place.desk.unit, place.desk.side) == (kept, side)
    )
    if len(holders(desk.session, own)) < HOLDERS:
        raise NoDesk(f"unit {kept} has too few members who can open it")
