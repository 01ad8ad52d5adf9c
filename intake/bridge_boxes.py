"""The numbers of a bridged call, each sealed to the worker for one use alone.

Who can write to the database could move a box to where another number is expected. None
opens there: the worker takes no number on file for a phone of staff's, and rings it.
"""

from enum import StrEnum

from intake.errors import SealBroken
from intake.tagging import WorkerKeys
from intake.vault import seal


class Leg(StrEnum):
    """What a number in a box may be rung as."""

    STAFF = "staff"
    HERS = "hers"  # against the tag of the request only
    TRIAL = "trial"  # a head's other phone


def shut(leg: Leg, e164: str, worker_public: bytes) -> bytes:
    """Close a number so that the worker opens it for this leg only."""
    return seal(f"{leg} {e164}".encode(), worker_public)


def number_of(leg: Leg, box: bytes | None, keys: WorkerKeys) -> str:
    """Return the number of a leg. Raises SealBroken, for another's box, too."""
    made_for, _, e164 = keys.number(box or b"").partition(" ")
    if made_for != leg:
        raise SealBroken("the box was made for another use")
    return e164
