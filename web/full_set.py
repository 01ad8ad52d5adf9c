"""The longer pages: where each is linked, at which address, and whose it is.

The municipality adds pages of its own under new keys; their fronts say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.datafile import Table

# Keys of the sections for people who use violence. They link pages of their own only:
# no advice on leaving, shelter or traces reaches the one somebody fled (the walls).
HURTING = frozenset({"uses-violence", "child-hurts"})
# What sections there are to be linked in, as web/document.py puts them together.
SECTIONS = frozenset(
    {
        *("exposed", "child", "relative", *HURTING),
        *("everyone", "counts", "honour", "trafficking", "help", "rights"),
        *("contact", "traces", "privacy-short", "accessibility"),
    }
)
READERS = frozenset({"exposed", "child", "relative", "professionals", *HURTING})
OWN_NUMBERS = range(60, 100)  # for the municipality's own pages
KEYS = ("number", "under", "readers", "topic")  # how their fronts say it


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands beside the first document."""

    number: int  # its address, /sv/38, tells nothing
    under: tuple[str, ...] = ()  # keys of the sections that end with a row to it
    readers: str = ""  # the way in whose forms and help lines it has; "" is everybody's
    topic: str = ""  # further help lines
    also: tuple[str, ...] = ()  # locales, beside the full set's, that must have it


PLACES: Mapping[str, Place] = {
    "privacy": Place(10),
    "violence": Place(20, ("counts",)),
    "child-home": Place(21, ("child",), "child"),
    "young-couples": Place(22, ("child",), "child"),
    "child-family": Place(23, ("child",), "child"),
    "honour-more": Place(24, ("honour",), "exposed", "honour"),
    "abroad": Place(25, ("honour",), "exposed", "honour"),
    "stalking": Place(26, ("exposed",), "exposed"),
    "leaving": Place(27, ("exposed",), "exposed"),
    "phones": Place(28, ("exposed",), "exposed"),
    "older": Place(29, ("everyone",), "exposed", "older"),
    "disability": Place(30, ("everyone",), "exposed", "disability"),
    "hbtqi": Place(31, ("everyone",), "exposed", "hbtqi"),
    "minorities": Place(32, ("everyone",), "exposed", also=("fi", "se")),
    "foreign": Place(33, ("everyone",), "exposed", also=("*",)),
    "substances": Place(34, ("everyone",), "exposed"),
    "trafficking-more": Place(35, ("trafficking",), "exposed", "trafficking"),
    "relative-uses": Place(36, ("relative",), "relative"),
    "talks": Place(37, ("help",)),
    "shelter": Place(38, ("help",), "exposed"),
    "stay-home": Place(39, ("help",), "exposed"),
    "money": Place(40, ("help",), "exposed"),
    "change": Place(41, ("help", "uses-violence"), "uses-violence"),
    "secrecy": Place(42, ("rights",)),
    "police": Place(43, ("rights",), "exposed", "rights"),
    "protected-data": Place(44, ("rights",), "exposed"),
    "elsewhere": Place(45, ("rights",), "exposed"),
    "professionals": Place(46, (), "professionals"),
    "about": Place(47),
}
# These tell about the site itself: no help lines.
ABOUT_THE_SITE = frozenset({"privacy", "about"})


def place_of(key: str, front: Table) -> Place | None:
    """Return where a page stands, None for one of the core. Raises BadData."""
    own = [name for name in KEYS if name in front.values]
    if key in PLACES:
        if own:
            raise front.wrong("is settled for this page", own[0])
        return PLACES[key]
    return _own_place(front) if own else None


def _own_place(front: Table) -> Place:
    under, readers = front.texts("under"), front.text("readers", "")
    if not under or set(under) - SECTIONS:
        raise front.wrong(f"knows {', '.join(sorted(SECTIONS))}", "under")
    if readers and readers not in READERS:
        raise front.wrong(f"knows {', '.join(sorted(READERS))}", "readers")
    if HURTING & set(under) and readers not in HURTING:
        raise front.wrong("must be who hurts somebody, as that section is", "readers")
    number = front.number("number", OWN_NUMBERS.start, OWN_NUMBERS.stop - 1)
    return Place(number, under, readers, front.text("topic", ""), front.texts("also"))
