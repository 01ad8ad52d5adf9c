"""What may join a request that is there, and what must go its own way (S23, S29)."""

from intake.models import Request
from intake.submissions import Submission
from intake.topics import Danger, Side

CLOSED_CIRCLE = "closed-circle"  # the head and one named deputy (S29)


class GoesApart(Exception):
    """What was sent must not join; the caller sends it again as one of its own."""


def may_join(request: Request, submission: Submission) -> bool:
    """Say whether those who can open a request are those who may read what came later.

    Its keys are sealed already, and to join re-seals nothing: whom she wants kept out
    would read it, and who must be told now, or because of her age, could not.
    """
    must_not_be_seen = submission.avoid and request.unit != CLOSED_CIRCLE
    is_worse = submission.danger is Danger.NOW and request.danger is not Danger.NOW
    is_a_child = submission.under_18 and not request.under_18
    # A corrected side is no new person: who said it the first time may say it again.
    known = (request.side, Side.of(request.audience))
    other_side = Side.of(submission.audience) not in known
    return not (must_not_be_seen or is_worse or is_a_child or other_side)
