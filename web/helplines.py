"""The help lines that each audience sees, as helplines.toml tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from intake.datafile import Table, read
from intake.hours import HOME_ZONE, Calendar, Span
from intake.topics import Audience
from intake.units import HOME_LOCALE

CHILD = "child"  # an audience of its own here: everybody under 18, whatever the door
_KEYS = (
    *("key", "number", "audiences", "order", "hours", "languages", "cost", "source"),
    *("status", "verified_on", "review_by", "professional_only"),
    *("name", "for", "hours_text"),
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALWAYS = {day: (Span(time(), time()),) for day in range(7)}


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
    order: int
    calendar: Calendar | None
    review_by: date
    names: Mapping[str, str]
    for_whom: Mapping[str, str]
    hours_texts: Mapping[str, str]

    def shown(self, locale: str, now: datetime) -> Line:
        """Return it in a locale, each text in Swedish where it lacks one."""
        return Line(
            name=_said(self.names, locale),
            for_whom=_said(self.for_whom, locale),
            number=self.number,
            tel="".join(filter(str.isdigit, self.number)),
            hours_text=_said(self.hours_texts, locale),
            open_now=self.calendar.is_open(now) if self.calendar else None,
        )


def load_help_lines(path: Path) -> tuple[HelpLine, ...]:
    """Read helplines.toml, sorted by `order`. Raises BadData."""
    file = read(path)
    file.only("line")
    lines = [_line(table) for table in file.rows("line", named_by="key")]
    return tuple(sorted(lines, key=lambda line: line.order))


def shown_to(
    lines: Iterable[HelpLine], audience: str, locale: str, now: datetime
) -> list[Line]:
    """Return an audience's lines. What nobody has read again in time is left out."""
    today = now.astimezone(HOME_ZONE).date()
    return [
        line.shown(locale, now)
        for line in lines
        if audience in line.audiences and today <= line.review_by
    ]


def _line(table: Table) -> HelpLine:
    table.only(*_KEYS)
    audiences = frozenset(table.texts("audiences"))
    if not audiences or audiences - {*Audience, CHILD}:
        raise table.wrong(f"knows {', '.join(Audience)}, {CHILD}", "audiences")
    return HelpLine(
        key=table.text("key"),
        number=table.text("number"),
        audiences=audiences,
        order=table.number("order", 0, 10_000),
        calendar=_calendar(table),
        review_by=_day(table),
        names=table.translations("name"),
        for_whom=table.translations("for"),
        hours_texts=table.translations("hours_text"),
    )


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


def _day(table: Table) -> date:
    day = table.values.get("review_by")
    if not isinstance(day, date):
        raise table.wrong("must be a day such as 2027-05-21", "review_by")
    return day


def _said(texts: Mapping[str, str], locale: str) -> str:
    return texts.get(locale, texts[HOME_LOCALE])
