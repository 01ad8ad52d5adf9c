"""The made-up people's windows: those that are over, and those to come."""

from datetime import timedelta

from intake.errors import BadData
from intake.hours import Slot
from web.demo import Stage

_FARTHEST = 60  # days; who promises no call in all of them promises none at all


def coming(stage: Stage) -> tuple[Slot, ...]:
    """Return some windows of the days to come."""
    return tuple(stage.office.units["adult"].calendar.slots(stage.now)[2:5])


def past(stage: Stage, days_ago: int, many: int) -> tuple[int, tuple[Slot, ...]]:
    """Return so many windows that are over, and how many days ago they were chosen.

    Over long holidays it was longer ago. Raises BadData where no calls are promised.
    """
    calendar = stage.office.units["adult"].calendar
    for ago in range(days_ago, _FARTHEST):
        slots = calendar.slots(stage.now - timedelta(days=ago))
        over = tuple(slot for slot in slots if slot.ends_at < stage.now)
        if len(over) >= many:
            return ago, over[:many]
    raise BadData("unit 'adult' has no windows to make up calls in")
