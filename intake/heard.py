"""What a text that came in seems to mean: later, a time, a call, help, danger.

It is read by machine, in all languages of the site at once, and can be wrong. So it may
only pause or narrow contact, and raise urgency (S20); the rest is for staff to see. A
long text tells a story, in which "later" and "tomorrow" are about something else: only
short ones narrow anything. Each language's words stand in its heard.toml.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from intake.datafile import Table, read
from intake.hours import HOME_ZONE, LONGEST_AHEAD, TEXT_HOUR, Slot
from intake.languages import guess
from intake.stop_words import TRANSLATIONS, fold, says

FILE = "heard.toml"
WEEK = (
    *("monday", "tuesday", "wednesday", "thursday", "friday"),
    *("saturday", "sunday"),
)
_AHEAD = {"today": 0, "tomorrow": 1, "after": 2}
SHORT = 40  # letters; what is longer narrows nothing
# Their clocks begin at dawn: "two" is eight o'clock (Ethiopic, Somali, Thai).
_DAWN = {"ti", "so", "th", "am"}
_HOUR = r"(\d{1,2})(?:h(\d\d))?(am|pm)?"
_TIME = re.compile(rf"{_HOUR}(?:t{_HOUR})?")
_LONG = re.compile(r"(?:\d{1,2}[-/. ])?\d{3,}[\d\s./-]*")
_MINUTES = re.compile(r"(?<![\d:./-])(\d{1,2})[:.](\d\d)(?![\d:./])")
_NOON = re.compile(r"(?<=\d)\s*([ap])\.?m\b\.?")
_DASH = re.compile(r"(?<![\d./-])(\d[\dh]*(?:am|pm)?)\s*[-\u2013\u2014]\s*(?=\d)")
_FIRST_CLEAR = 7  # an earlier hour is as well one of the evening, if nothing tells


class Meaning(StrEnum):
    """What a text may mean. Stop has words and consequences of its own."""

    LATER = "later"
    TIME = "time"
    CALL = "call"
    HELP = "help"
    DANGER = "danger"


_HEARD = (*(meaning for meaning in Meaning if meaning is not Meaning.TIME), "at")
_DAYS = (*_AHEAD, *WEEK)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: from which day on, and at which time if that could be read."""

    meanings: frozenset[Meaning] = frozenset()
    not_before: date | None = None
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of all languages together: phones are shared, languages mixed."""

    said: dict[Meaning, frozenset[str]]
    at: frozenset[str]  # stand before an hour
    ahead: dict[str, int]  # a day by how many days ahead it is
    week: dict[str, int]  # a weekday by its number, Monday 0


def hear(text: str, arrived: datetime) -> Heard:
    """Return what a text seems to mean, as of when it arrived."""
    words, folded = heard_words(), fold(_digits(text))
    meanings = {meaning for meaning, said in words.said.items() if says(folded, said)}
    local = arrived.astimezone(HOME_ZONE)
    day = _day(folded, words, local.date())
    times = list(_times(fold(_plain(text)).split(), words))
    if len(folded) > SHORT:
        # What a story tells of days and times is for a person to read.
        meanings.discard(Meaning.LATER)
        day = None
    if times or day:
        meanings.add(Meaning.TIME)
    later = local.date() + timedelta(days=1) if Meaning.LATER in meanings else None
    return Heard(
        frozenset(meanings),
        max(filter(None, (later, day)), default=None),
        _slot(times, day or later, local, guess(text)) if len(times) == 1 else None,
    )


@cache
def heard_words(root: Path = TRANSLATIONS) -> Words:
    """Read the words of every language. Raises BadData."""
    files = [_file(path) for path in sorted(root.glob(f"*/{FILE}"))]
    heard = [file.table("heard") for file in files]
    days = [file.table("days") for file in files]
    return Words(
        said={m: _folded(heard, m) for m in Meaning if m is not Meaning.TIME},
        at=_folded(heard, "at"),
        ahead={w: ahead for key, ahead in _AHEAD.items() for w in _folded(days, key)},
        week={w: n for n, key in enumerate(WEEK) for w in _folded(days, key)},
    )


def lacking(path: Path) -> list[str]:
    """Return what a language's file has no word for. Raises BadData."""
    file = _file(path)
    wanted = [("heard", key) for key in _HEARD] + [("days", key) for key in _DAYS]
    return [f"{part} {key}" for part, key in wanted if not file.table(part).texts(key)]


def written_by(path: Path) -> str:
    """Return who put a language's words there: original, machine or reviewed."""
    return _file(path).text("translation")


def _file(path: Path) -> Table:
    file = read(path, f"{path.parent.name}/{FILE}")
    file.only("translation", "heard", "days")
    file.table("heard").only(*_HEARD)
    file.table("days").only(*_DAYS)
    return file


def _folded(tables: list[Table], key: str) -> frozenset[str]:
    return frozenset(fold(word) for table in tables for word in table.texts(key))


def _digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    every = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return "".join(every)


def _plain(text: str) -> str:
    """Return a text with each time as one word, and without dates and long numbers."""
    plain = _LONG.sub(" ", _digits(text))
    plain = _MINUTES.sub(r"\1h\2", plain)
    return _DASH.sub(r"\1t", _NOON.sub(r"\1m", plain))


def _day(folded: str, words: Words, today: date) -> date | None:
    """Return the latest day that a text names; a weekday is the next one."""
    ahead = words.ahead | {w: (n - today.weekday()) % 7 for w, n in words.week.items()}
    found = []
    # The longest first: Persian's Tuesday is "three" and Saturday.
    for word in sorted(ahead, key=len, reverse=True):
        if says(folded, {word}):
            found.append(today + timedelta(ahead[word]))
            folded = folded.replace(word, " ")
    return max(found, default=None)


_Hour = tuple[int, int]


def _times(tokens: list[str], words: Words) -> Iterator[tuple[_Hour, _Hour | None]]:
    """Yield the times of a text: when they begin, and end if that is told."""
    for place, token in enumerate(tokens):
        found = _TIME.fullmatch(token)
        before = " ".join(tokens[max(place - 2, 0) : place])
        # A bare number counts people as often as hours.
        told = not token.isdecimal() or len(tokens) <= 3
        if found and (told or says(before, words.at)):
            start, end = _hour(found.groups()[:3]), _hour(found.groups()[3:])
            if start is not None:
                yield start, end


def _hour(parts: tuple[str | None, ...]) -> _Hour | None:
    hour, minute, half = parts
    if hour is None:
        return None
    ahead = 12 if half == "pm" and int(hour) < 12 else 0
    clock = int(hour) + ahead, int(minute or 0)
    return clock if clock[0] < 24 and clock[1] < 60 else None


def _slot(
    times: list[tuple[_Hour, _Hour | None]],
    day: date | None,
    local: datetime,
    language: str,
) -> Slot | None:
    """Return the one time that is named, or None where it could be two."""
    start, end = times[0]
    if start[0] < (13 if language in _DAWN else _FIRST_CLEAR):
        return None
    for on in [day] if day else [local.date(), local.date() + timedelta(days=1)]:
        begins = datetime.combine(on, time(*start), HOME_ZONE)
        ends = datetime.combine(on, time(*end), HOME_ZONE) if end else None
        ends = ends or begins + TEXT_HOUR
        if begins < ends and local < ends and begins <= local + LONGEST_AHEAD:
            return Slot(begins, ends)
    return None
