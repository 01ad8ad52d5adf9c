"""Whether there is room for what comes in: the disk's reserve, and one sender's share.

A message that keeps its rules is only ever refused for the reserve (S36). A form that
is given back is no message yet, and its page takes room all the same.
"""

from flask import request

from web.limits import DISK_RESERVE, Limited, disk_reserve_left
from web.wiring import now, wired


def has_room() -> bool:
    """Say whether the disk's reserve is untouched."""
    return disk_reserve_left(wired().settings.data_dir)


def over(kind: Limited) -> bool:
    """Count one try of the sender's network and say whether it is over the limit."""
    return wired().limits.over(kind, request.remote_addr, now())


def has_room_for_form() -> bool:
    """Count a form that is given back, and say whether its page may be kept.

    It is kept over the limit too, or a neighbour in her network could have what she
    typed thrown away. The reserve must then be free twice: what one network is given
    back can't use up the room of everybody's messages.
    """
    times = 2 if over(Limited.SEND) else 1
    return disk_reserve_left(wired().settings.data_dir, times * DISK_RESERVE)
