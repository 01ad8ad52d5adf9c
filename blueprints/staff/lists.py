"""The lists beside every page of the desk: one side of the wall at a time."""

from intake.queue import Desktop
from intake.staffing import own_waits
from intake.today import count_unread, sides_of, today
from intake.topics import Side
from web.wiring import now


def lists(desk: Desktop, side: Side | None) -> dict[str, object]:
    """Return what the lists show; a member of both sides sees the other's count only.

    The two sides are never listed together.
    """
    sides = sides_of(desk.member)
    side = side if side in sides else next(iter(sides), Side.HURT)
    return {
        "side": side,
        "sides": [(s, count_unread(desk.session, desk.member, s)) for s in sides],
        "lists": today(desk.session, desk.member, side, now()),
        "waits": own_waits(desk),
    }
