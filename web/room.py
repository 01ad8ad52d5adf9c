"""Whether there is room for what comes in: the disk's reserve, and one sender's share.

A message that keeps its rules is only ever refused for the reserve (S36). A form that
is given back is no message yet, and its page takes room all the same.
"""

from flask import request

from web.limits import Limited, disk_reserve_left
from web.wiring import now, wired


def has_room() -> bool:
    """Say whether the disk's reserve is untouched."""
    return disk_reserve_left(wired().settings.data_dir)


def over(kind: Limited) -> bool:
    """Count one try of the sender's network and say whether it is over the limit."""
    return wired().limits.over(kind, request.remote_addr, now())


def refuses_to_keep() -> int:
    """Count a form that is given back; return the status to tell in its place, or 0."""
    if not has_room():
        return 503
    return 429 if over(Limited.SEND) else 0
