"""The municipality's routines, which professionals are led to: named slots to fill.

`routines.toml` in its own folder gives each a link, an owner and a day of review.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from markupsafe import Markup

from intake.datafile import Table, read
from intake.units import HOME_LOCALE

FILE = "routines.toml"
_LINK = "https://"


class Slot(StrEnum):
    """A routine that every municipality needs."""

    ASKING = "asking"
    ON_CALL = "on-call"
    REFERRAL = "referral"
    CHILD_INFORMATION = "child-information"
    CONCERN_REPORT = "concern-report"
    PARENT_KILLED = "parent-killed"
    PROTECTED_DATA = "protected-data"


# Until the municipality names them itself; its routines are in Swedish too.
_NAMES: Mapping[Slot, str] = {
    Slot.ASKING: "Att fråga om våld",
    Slot.ON_CALL: "När socialjouren har varit i kontakt",
    Slot.REFERRAL: "Hänvisa vidare",
    Slot.CHILD_INFORMATION: "Föra uppgifter om barn vidare",
    Slot.CONCERN_REPORT: "Orosanmälan",
    Slot.PARENT_KILLED: "Barn vars förälder har dödats",
    Slot.PROTECTED_DATA: "Skyddade personuppgifter",
}


@dataclass(frozen=True, slots=True)
class Routine:
    """A slot as it is filled; "" and None where nobody has filled it."""

    slot: Slot
    name: str
    link: str
    owner: str
    review_by: date | None

    def faults(self, today: date) -> Iterator[str]:
        """Return what it lacks, or that its review is past."""
        if not self.link:
            yield "has no link"
        if not self.owner:
            yield "has no owner"
        if self.review_by is None:
            yield "has no day of review"
        elif self.review_by < today:
            yield f"should have been reviewed by {self.review_by}"


def load_routines(folder: Path | None) -> tuple[Routine, ...]:
    """Read the routines, every slot filled or not. Raises BadData."""
    path = folder / FILE if folder else None
    file = read(path) if path and path.exists() else Table(FILE, "", {})
    file.only(*Slot)
    return tuple(_routine(slot, file.table(slot)) for slot in Slot)


def as_links(routines: tuple[Routine, ...]) -> Markup:
    """Return the routines that have a link, a line each, for a page's text."""
    link = Markup('<a rel="noreferrer" lang="{}" href="{}">{}</a>')
    filled = [r for r in routines if r.link]
    return Markup("<br>").join(link.format(HOME_LOCALE, r.link, r.name) for r in filled)


def _routine(slot: Slot, table: Table) -> Routine:
    table.only("name", "link", "owner", "review_by")
    link = table.text("link", "")
    if link and not link.startswith(_LINK):
        raise table.wrong(f"must begin with {_LINK}", "link")
    return Routine(
        slot=slot,
        name=table.text("name", _NAMES[slot]),
        link=link,
        owner=table.text("owner", ""),
        review_by=table.day("review_by") if "review_by" in table.values else None,
    )
