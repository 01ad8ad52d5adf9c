"""Opening hours: what is open when, counted in open minutes and cut into windows."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from intake.errors import BadData

HOME_ZONE = ZoneInfo("Europe/Stockholm")
LONGEST_AHEAD = timedelta(days=7)  # S9, S21: after that a time to be called means no
TEXT_HOUR = timedelta(minutes=60)  # S21
NIGHT_ENDS, NIGHT_BEGINS = time(7), time(21)  # S21: at night a person decides
# No call starts in a window's last 15 minutes (S12); with less than as much again
# before that, nobody would manage to call and the window would only be missed.
SHORTEST_TEXT_WINDOW = timedelta(minutes=30)
# S35: a due time to the minute would tell the minute of arrival. Where the half hour
# has begun already, five minutes are as coarse as a time still to come can be.
_COARSE = (timedelta(minutes=30), timedelta(minutes=5))
_ONE_DAY = timedelta(days=1)
_FAR = 3660  # days; a calendar that opens so seldom is a mistake
_HOURS = re.compile(r"(\d\d:\d\d) ?[-–] ?(\d\d:\d\d)")


class Slot(NamedTuple):
    """A dated stretch of time in UTC. The end is no longer part of it."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        """Return how long it lasts."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Span:
    """Local clock times. A closing that is not after the opening is the next day's."""

    opens: time
    closes: time

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read hours such as "08:00-16:30" or "17:00-24:00". Raises ValueError."""
        found = _HOURS.fullmatch(text.strip())
        if found is None:
            raise ValueError("hours are written as 08:00-16:30")
        opens, closes = found.groups()
        midnight = closes == "24:00"
        return cls(
            time.fromisoformat(opens),
            time() if midnight else time.fromisoformat(closes),
        )


class _SwedishRedDays:
    """Red days, and the three eves on which Swedish authorities are closed.

    Source: lagen (1989:253) om allmänna helgdagar, and the eves that the package
    `holidays` calls de facto. Plain Sundays are not among them.
    """

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _red_days(day.year)


@cache
def _red_days(year: int) -> frozenset[date]:
    # The package fills its mapping while it is being read, which threads may not share.
    days = holidays.country_holidays(
        "SE", years=year, expand=False, categories=("public", "de_facto")
    )
    return frozenset(days)


RED_DAYS: Container[date] = _SwedishRedDays()


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a unit is open. Takes and returns aware UTC times; days are local ones."""

    zone: ZoneInfo = HOME_ZONE
    weekly: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)  # 0 is Monday
    closed_days: Container[date] = RED_DAYS
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    no_callbacks_on: frozenset[date] = frozenset()
    slot_minutes: int = 30
    slot_capacity: int = 2
    on_closed_days: tuple[Span, ...] = ()  # the hours of those who work then
    # When calls are promised on ordinary days; empty where it is whenever it is open.
    calls_weekly: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)

    def is_open(self, now: datetime) -> bool:
        """Say whether the unit is open now."""
        return any(span.starts_at <= now < span.ends_at for span in self._today(now))

    def spans(self, day: date) -> list[Slot]:
        """Return what is open of a local day, midnight to midnight, in order."""
        return self._laid_out(day, self.weekly)

    def call_spans(self, day: date) -> list[Slot]:
        """Return what of a local day's open hours calls are promised in, in order."""
        if day in self.no_callbacks_on:
            return []
        calls = self._laid_out(day, self.calls_weekly or self.weekly)
        return [part for span in self.spans(day) for part in _clipped(calls, span)]

    def windows(self, day: date) -> list[Slot]:
        """Return the windows that a local day is cut into, past ones too.

        They are cut from each opening on, never from now, so that everybody chooses
        among the same ones and their places can be counted.
        """
        size = timedelta(minutes=self.slot_minutes)
        cut = [slot for span in self.call_spans(day) for slot in _cut(span, size)]
        return [slot for slot in cut if not any(map(self._is_shown_twice, slot))]

    def bounds(self, day: date) -> Slot:
        """Return a local day from midnight to midnight."""
        return Slot(self._moment(day, time()), self._moment(day + _ONE_DAY, time()))

    def covers(self, slot: Slot) -> bool:
        """Say whether calls are promised in all of it."""
        days = {moment.astimezone(self.zone).date() for moment in slot}
        spans = _merged(span for day in days for span in self.call_spans(day))
        return list(_clipped(spans, slot)) == [slot]

    def next_opening(self, now: datetime) -> datetime:
        """Return now if the unit is open, else when it opens. Raises BadData."""
        return self.open_minutes_after(now, 0)

    def open_minutes_after(self, start: datetime, minutes: int) -> datetime:
        """Return when so many open minutes have passed; due times are frozen by it.

        Outside hours it counts from the next opening. A count that is full exactly
        at closing time ends there. Raises BadData where it is never full.
        """
        left = timedelta(minutes=minutes)
        for stretch in self._stretches(start.astimezone(UTC)):
            if left <= stretch.length:
                return stretch.starts_at + left
            left -= stretch.length
        raise BadData("a calendar has no open hours to count")

    def due_after(self, now: datetime, minutes: int) -> datetime:
        """Return when so many open minutes have passed, rounded down; never before now.

        The promise only gets sooner by it. Raises BadData as `open_minutes_after`.
        """
        due = self.open_minutes_after(now, minutes)
        rounded = [due - (due - due.min.replace(tzinfo=UTC)) % step for step in _COARSE]
        return next((coarse for coarse in rounded if coarse > now), now)

    def slots(
        self, now: datetime, days: int = 7, lead: timedelta = timedelta(minutes=60)
    ) -> list[Slot]:
        """Return the windows she can choose among, at most 7 days ahead (S9)."""
        last = now + min(timedelta(days=days), LONGEST_AHEAD)
        return [
            slot
            for day in self._callback_days(now, last)
            for slot in self.windows(day)
            if now + lead <= slot.starts_at and slot.ends_at <= last
        ]

    def text_windows(self, arrived: datetime) -> list[Slot]:
        """Return when the sender of a text may be called, one ring in all (S21).

        First within 60 open minutes of arrival, then at the same local hour on open
        days, for at most 7 days; never at night, never outside hours. Empty where
        hours leave no time for a call.
        """
        bounds = Slot(arrived.astimezone(UTC), arrived.astimezone(UTC) + LONGEST_AHEAD)
        days, hours = self._callback_days(*bounds), self.by_day(bounds)
        first = _usable(_head(hours, TEXT_HOUR))
        if not first:
            return []
        local = first[0].starts_at.astimezone(self.zone)
        later = [self._moment(day, local.time()) for day in days if day > local.date()]
        for start in later:
            first += _clipped(hours, Slot(start, start + TEXT_HOUR))
        return _usable(_merged(first))

    def by_day(self, slot: Slot) -> list[Slot]:
        """Return what of a time the unit is open in by day, as texts are called."""
        days = self._callback_days(*slot)
        hours = (part for day in days for part in self._daytime(day))
        return list(_clipped(hours, slot))

    def _laid_out(
        self, day: date, weekly: Mapping[int, tuple[Span, ...]]
    ) -> list[Slot]:
        # Yesterday's hours may reach over midnight into this day.
        stretches = [
            Slot(self._moment(start, span.opens), self._end(start, span))
            for start in (day - _ONE_DAY, day)
            for span in self._hours(start, weekly)
        ]
        return _merged(_clipped(stretches, self.bounds(day)))

    def _hours(
        self, day: date, weekly: Mapping[int, tuple[Span, ...]]
    ) -> tuple[Span, ...]:
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.closed_days:
            return self.on_closed_days
        return weekly.get(day.weekday(), ())

    def _today(self, now: datetime) -> list[Slot]:
        return self.spans(now.astimezone(self.zone).date())

    def _stretches(self, start: datetime) -> Iterator[Slot]:
        first = start.astimezone(self.zone).date()
        rest = Slot(start, datetime.max.replace(tzinfo=UTC))
        for ahead in range(_FAR):
            yield from _clipped(self.spans(first + timedelta(days=ahead)), rest)

    def _callback_days(self, start: datetime, end: datetime) -> list[date]:
        first = start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [day for day in days if day not in self.no_callbacks_on]

    def _daytime(self, day: date) -> Iterable[Slot]:
        light = Slot(self._moment(day, NIGHT_ENDS), self._moment(day, NIGHT_BEGINS))
        return _clipped(self.spans(day), light)

    def _is_shown_twice(self, moment: datetime) -> bool:
        # In autumn nobody could say which of two is meant, so neither is promised.
        local = moment.astimezone(self.zone)
        return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()

    def _end(self, day: date, span: Span) -> datetime:
        over_midnight = span.closes <= span.opens
        return self._moment(day + _ONE_DAY if over_midnight else day, span.closes)

    def _moment(self, day: date, clock: time) -> datetime:
        # Of an hour that the clock shows twice the first one is meant.
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)


def uncovered(day: date, calendars: Sequence[Calendar]) -> list[Slot]:
    """Return when on a local day none of some calendars is open, in order."""
    start, end = calendars[0].bounds(day)
    gaps = []
    for span in _merged(span for one in calendars for span in one.spans(day)):
        gaps.append(Slot(start, span.starts_at))
        start = span.ends_at
    return [gap for gap in (*gaps, Slot(start, end)) if gap.length]


def _clipped(stretches: Iterable[Slot], bounds: Slot) -> Iterator[Slot]:
    for stretch in stretches:
        start = max(stretch.starts_at, bounds.starts_at)
        end = min(stretch.ends_at, bounds.ends_at)
        if start < end:
            yield Slot(start, end)


def _merged(stretches: Iterable[Slot]) -> list[Slot]:
    merged: list[Slot] = []
    for stretch in sorted(stretches):
        if merged and stretch.starts_at <= merged[-1].ends_at:
            before = merged.pop()
            stretch = Slot(before.starts_at, max(before.ends_at, stretch.ends_at))
        merged.append(stretch)
    return merged


def _cut(stretch: Slot, size: timedelta) -> Iterator[Slot]:
    start = stretch.starts_at
    while start + size <= stretch.ends_at:
        yield Slot(start, start + size)
        start += size


def _head(stretches: Iterable[Slot], length: timedelta) -> Iterator[Slot]:
    left = length
    for stretch in stretches:
        if not left:
            return
        taken = min(left, stretch.length)
        yield Slot(stretch.starts_at, stretch.starts_at + taken)
        left -= taken


def _usable(stretches: Iterable[Slot]) -> list[Slot]:
    return [stretch for stretch in stretches if stretch.length >= SHORTEST_TEXT_WINDOW]
