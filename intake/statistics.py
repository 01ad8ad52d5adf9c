"""Yearly figures: counts only, with every small cell left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from intake.hours import HOME_ZONE
from intake.models import Request
from intake.tallies import tallies
from intake.topics import Side

FEWEST_SHOWN = 5  # below it a person could be told from a count
COUNTED = ("unit", "audience", "channel", "language", "state")


@dataclass(frozen=True, slots=True)
class Figure:
    """One count; None where it is too small to be shown."""

    by: str
    value: str
    count: int | None


def yearly(
    session: Session, year: int, desks: Iterable[tuple[str, Side]]
) -> list[Figure]:
    """Count a calendar year's requests at some desks, in Swedish time, one by one.

    Nothing is crossed with anything else: two small tables could give a person away
    that neither shows alone.
    """
    # In UTC the first hour of New Year's night would count for the year before.
    begins = datetime(year, 1, 1, tzinfo=HOME_ZONE)
    ends = datetime(year + 1, 1, 1, tzinfo=HOME_ZONE)
    arrived = select(Request).where(
        Request.arrived_at >= begins,
        Request.arrived_at < ends,
        tuple_(Request.unit, Request.side).in_(tuple(desks)),
    )
    requests = session.scalars(arrived).all()
    counts = {
        by: Counter(str(getattr(request, by)) for request in requests) for by in COUNTED
    }
    return [
        Figure(by, value, _shown(count))
        for by, counted in (counts | tallies(session, requests)).items()
        for value, count in sorted(counted.items())
    ]


def _shown(count: int) -> int | None:
    """Round to the nearest five, so that tables can't be subtracted from each other."""
    if count < FEWEST_SHOWN:
        return None
    return (count + FEWEST_SHOWN // 2) // FEWEST_SHOWN * FEWEST_SHOWN
