"""When the site was last examined under the Swedish act, as its statement says."""

from collections.abc import Iterator
from datetime import date, timedelta

from intake.datafile import read
from intake.errors import BadData
from web.shelves import Shelves

FILE = "accessibility.toml"
GOOD_FOR = timedelta(days=365)


def assessed_on(shelves: Shelves) -> date:
    """Return the day of the last assessment. Raises BadData."""
    path = shelves.file(FILE)
    if path is None:
        raise BadData(f"{FILE} is missing")
    table = read(path)
    table.only("assessed_on")
    return table.day("assessed_on")


def faults(shelves: Shelves, today: date) -> Iterator[str]:
    """Say whether it is time to examine the site again. Raises BadData."""
    due = assessed_on(shelves) + GOOD_FOR
    if due < today:
        yield f"{FILE}: the site should have been examined again by {due}"
