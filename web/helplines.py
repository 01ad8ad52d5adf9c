"""The help lines that each audience sees, as helplines.toml tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path

from intake.datafile import Table, read
from intake.hours import HOME_ZONE, Calendar, Span
from intake.topics import Audience
from intake.units import HOME_LOCALE
from web.names import NO_NAMES, Names

# Audiences of their own here: those under 18, and of them who hurts others.
CHILD, CHILD_HURTS = "child", "child-hurts"
_READERS = dict.fromkeys((*Audience, CHILD, CHILD_HURTS))
_PROFESSIONALS = frozenset({Audience.PROFESSIONAL})
_KEYS = (
    *("key", "number", "audiences", "topics", "order", "hours", "languages", "cost"),
    *("source", "status", "verified_on", "review_by", "professional_only"),
    *("name", "for", "hours_text"),
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALWAYS = {day: (Span(time(), time()),) for day in range(7)}


class Status(StrEnum):
    """How far the facts of a line can be trusted."""

    VERIFIED = "verified"  # a source of today was read
    OLD = "old"  # the source is years old
    UNVERIFIED = "unverified"  # nobody has found a source


@dataclass(frozen=True, slots=True)
class Line:
    """A help line as a page shows it."""

    name: str
    for_whom: str
    number: str  # as people write it
    tel: str  # as a telephone dials it
    hours_text: str
    open_now: bool | None  # None where nobody could confirm the hours


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A help line in every language."""

    key: str
    number: str
    audiences: frozenset[str]
    topics: frozenset[str]  # keys of further pages that it stands on
    order: int
    calendar: Calendar | None
    languages: tuple[str, ...]  # tags, "interpreter", or "many" without a list
    cost: str
    source: str
    status: Status
    verified_on: date
    review_by: date
    names: Mapping[str, str]
    for_whom: Mapping[str, str]
    hours_texts: Mapping[str, str]

    def is_current(self, today: date) -> bool:
        """Say whether it may be shown at all; otherwise it waits to be checked."""
        return self.status is Status.VERIFIED and today <= self.review_by

    def speaks(self, locale: str) -> bool:
        """Say whether it has all its words in a locale; its name may stay Swedish."""
        return locale in self.for_whom and locale in self.hours_texts

    def shown(self, locale: str, now: datetime) -> Line:
        """Return it in a locale. Raises KeyError where it does not speak it."""
        return Line(
            name=self.names.get(locale, self.names[HOME_LOCALE]),
            for_whom=self.for_whom[locale],
            number=self.number,
            tel="".join(filter(str.isdigit, self.number)),
            hours_text=self.hours_texts[locale],
            open_now=self.calendar.is_open(now) if self.calendar else None,
        )


def load_help_lines(
    path: Path, own: Path | None = None, names: Names = NO_NAMES
) -> tuple[HelpLine, ...]:
    """Read helplines.toml, sorted by `order`. Raises BadData.

    Lines in the municipality's `own` file replace those with the same key.
    """
    files = [path, own] if own is not None and own.exists() else [path]
    lines = {
        table.text("key"): _line(table, names)
        for file in files
        for table in _rows(file)
    }
    return tuple(sorted(lines.values(), key=lambda line: line.order))


def shown_to(
    lines: Iterable[HelpLine], audience: str, locale: str, now: datetime
) -> list[Line]:
    """Return an audience's lines, in a locale that has their words.

    What nobody has checked in time is left out.
    """
    wanted = (line for line in lines if audience in line.audiences)
    return _current(wanted, locale, now)


def about(
    lines: Iterable[HelpLine], topic: str, locale: str, now: datetime
) -> list[Line]:
    """Return the lines of a topic's page, which everybody reads."""
    wanted = (
        line
        for line in lines
        if topic in line.topics and line.audiences != _PROFESSIONALS
    )
    return _current(wanted, locale, now)


def _current(lines: Iterable[HelpLine], locale: str, now: datetime) -> list[Line]:
    today = now.astimezone(HOME_ZONE).date()
    return [
        line.shown(locale, now)
        for line in lines
        if line.is_current(today) and line.speaks(locale)
    ]


def _rows(path: Path) -> Iterable[Table]:
    file = read(path)
    file.only("line")
    return file.rows("line", named_by="key")


def _line(table: Table, names: Names) -> HelpLine:
    table.only(*_KEYS)
    key, place = table.text("key"), ("line", table.text("key"))
    return HelpLine(
        key=key,
        number=table.text("number"),
        audiences=_audiences(table),
        topics=frozenset(table.texts("topics")),
        order=table.number("order", 0, 10_000),
        calendar=_calendar(table),
        languages=table.texts("languages"),
        cost=table.text("cost"),
        source=table.text("source"),
        status=table.known("status", table.text("status"), Status),
        verified_on=table.day("verified_on"),
        review_by=table.day("review_by"),
        names=names.merged(table.translations("name"), *place, "name"),
        for_whom=names.merged(table.translations("for"), *place, "for"),
        hours_texts=names.merged(
            table.translations("hours_text"), *place, "hours_text"
        ),
    )


def _audiences(table: Table) -> frozenset[str]:
    audiences = frozenset(table.texts("audiences"))
    if not audiences or audiences - _READERS.keys():
        raise table.wrong(f"knows {', '.join(_READERS)}", "audiences")
    if table.flag("professional_only") and audiences != _PROFESSIONALS:
        # They answer professionals: whoever else rings is turned away, after daring.
        raise table.wrong(
            "a line for professionals is shown to nobody else", "audiences"
        )
    return audiences


def _calendar(table: Table) -> Calendar | None:
    if "hours" not in table.values:
        return None
    hours = table.table("hours")
    hours.only("always", *_WEEKDAYS)
    weekly = _ALWAYS if hours.flag("always") else _weekly(hours)
    # A line's hours on red days are not known: the days of the week count.
    return Calendar(weekly=weekly, closed_days=())


def _weekly(hours: Table) -> dict[int, tuple[Span, ...]]:
    return {
        number: (_span(hours.table(day)),)
        for number, day in enumerate(_WEEKDAYS)
        if day in hours.values
    }


def _span(table: Table) -> Span:
    table.only("opens", "closes")
    try:
        return Span.parse(f"{table.text('opens')}-{table.text('closes')}")
    except ValueError as error:
        raise table.wrong(str(error)) from error
