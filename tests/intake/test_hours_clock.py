"""Hours over clock changes, midnights and eves, in zones that change as they like."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.hours import HOME_ZONE, Calendar, Slot, Span, uncovered

ZONES = {
    "Europe/Stockholm": [date(2026, 3, 29), date(2026, 10, 25)],
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/St_Johns": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],  # by half an hour
    "Asia/Beirut": [date(2026, 3, 29), date(2026, 10, 25)],  # changes at midnight
    "UTC": [date(2026, 12, 24), date(2026, 12, 31)],
}
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ONE_DAY = timedelta(days=1)
NIGHT = Span(time(0), time(6))

# Every clock time, also those that a change skips or shows twice.
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
hours = st.lists(st.builds(Span, clocks, clocks), max_size=3).map(tuple)
weeks = st.dictionaries(st.integers(0, 6), hours)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """Draw a calendar of some zone, and a day near one of its clock changes."""
    name = draw(st.sampled_from(sorted(ZONES)))
    change = draw(st.sampled_from(ZONES[name]))
    day = change + timedelta(days=draw(st.integers(-2, 2)))
    near = st.integers(-3, 3).map(lambda n: change + timedelta(days=n))
    calendar = Calendar(
        zone=ZoneInfo(name),
        weekly=draw(weeks),
        calls_weekly=draw(weeks),
        on_closed_days=draw(hours),
        exceptions=draw(st.dictionaries(near, hours, max_size=2)),
        no_callbacks_on=draw(st.frozensets(near, max_size=1)),
        slot_minutes=draw(st.sampled_from([30, 45, 60, 120])),
    )
    return calendar, day


def apart(stretches: list[Slot]) -> bool:
    """Say whether stretches stand in order, none touching or within another."""
    return all(one.ends_at < other.starts_at for one, other in pairwise(stretches))


def inside(part: Slot, stretches: list[Slot]) -> bool:
    return any(
        one.starts_at <= part.starts_at < part.ends_at <= one.ends_at
        for one in stretches
    )


def minutes(stretches: list[Slot]) -> float:
    return sum(one.length / timedelta(minutes=1) for one in stretches)


def shown(stretches: list[Slot]) -> list[str]:
    ends = [(s.astimezone(HOME_ZONE), e.astimezone(HOME_ZONE)) for s, e in stretches]
    return [f"{s:%H:%M}-{e:%H:%M}" for s, e in ends]


@settings(max_examples=80, deadline=None)
@given(calendars())
def test_what_is_open_lies_apart_and_within_its_day(
    drawn: tuple[Calendar, date],
) -> None:
    calendar, day = drawn
    spans = calendar.spans(day)
    assert apart(spans)
    assert all(inside(span, [calendar.bounds(day)]) for span in spans)
    for moment in [one for span in spans for one in span]:
        before, after = moment - timedelta(seconds=1), moment
        assert calendar.is_open(before) == any(s <= before < e for s, e in _near(drawn))
        assert calendar.is_open(after) == any(s <= after < e for s, e in _near(drawn))


def _near(drawn: tuple[Calendar, date]) -> list[Slot]:
    calendar, day = drawn
    return [s for d in (day - ONE_DAY, day, day + ONE_DAY) for s in calendar.spans(d)]


@settings(max_examples=80, deadline=None)
@given(calendars())
def test_open_and_shut_make_up_the_day(drawn: tuple[Calendar, date]) -> None:
    calendar, day = drawn
    spans, gaps = calendar.spans(day), uncovered(day, [calendar])
    assert apart(gaps)
    assert minutes(spans) + minutes(gaps) == minutes([calendar.bounds(day)])
    assert not any(inside(gap, spans) for gap in gaps)


@settings(max_examples=50, deadline=None)
@given(calendars(), st.integers(1, 3))
def test_the_minutes_of_days_add_up(drawn: tuple[Calendar, date], count: int) -> None:
    calendar, day = drawn
    days = [day + timedelta(days=n) for n in range(count)]
    total = minutes([span for one in days for span in calendar.spans(one)])
    if total:
        start, end = calendar.bounds(days[0])[0], calendar.bounds(days[-1])[1]
        reached = calendar.open_minutes_after(start, int(total))
        assert reached <= end
        assert calendar.open_minutes_after(start, int(total) + 1) > end


@pytest.mark.rule("S9")
@settings(max_examples=80, deadline=None)
@given(calendars())
def test_windows_are_whole_and_within_the_hours(drawn: tuple[Calendar, date]) -> None:
    calendar, day = drawn
    windows = calendar.windows(day)
    assert day not in calendar.no_callbacks_on or not windows
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(windows))
    for window in windows:
        assert window.length == timedelta(minutes=calendar.slot_minutes)
        assert inside(window, calendar.spans(day))
        assert inside(window, calendar.call_spans(day))
        assert calendar.covers(window)
        assert not calendar.covers(Slot(window.starts_at, window.ends_at + 2 * ONE_DAY))


@pytest.mark.rule("S9")
@settings(max_examples=80, deadline=None)
@given(calendars())
def test_no_two_windows_of_a_day_are_told_the_same(
    drawn: tuple[Calendar, date],
) -> None:
    calendar, day = drawn
    ends = [
        tuple(m.astimezone(calendar.zone) for m in w) for w in calendar.windows(day)
    ]
    told = [f"{start:%H:%M}-{end:%H:%M}" for start, end in ends]
    assert len(set(told)) == len(told)


WINDOWS: Mapping[str, tuple[date, list[str]]] = {
    "the hour that is never shown": (
        SPRING,
        ["00:00-01:00", "01:00-03:00", "03:00-04:00", "04:00-05:00", "05:00-06:00"],
    ),
    "the hour that is shown twice": (
        AUTUMN,
        ["00:00-01:00", "03:00-04:00", "04:00-05:00", "05:00-06:00"],
    ),
    "any other night": (
        date(2026, 11, 21),
        [f"{n:02}:00-{n + 1:02}:00" for n in range(6)],
    ),
}


@pytest.mark.rule("S9")
@pytest.mark.parametrize("case", WINDOWS)
def test_windows_of_a_night_of_clock_change(case: str) -> None:
    day, told = WINDOWS[case]
    calendar = Calendar(
        weekly=dict.fromkeys(range(7), (NIGHT,)), closed_days=(), slot_minutes=60
    )
    assert shown(calendar.windows(day)) == told


def test_over_midnight_belongs_to_both_days() -> None:
    late = Calendar(weekly={5: (Span(time(22), time(7)),)}, slot_minutes=60)
    saturday, sunday = AUTUMN - ONE_DAY, AUTUMN
    assert shown(late.spans(saturday)) == ["22:00-00:00"]
    assert shown(late.spans(sunday)) == ["00:00-07:00"]
    assert minutes(late.spans(saturday)) == 120
    assert minutes(late.spans(sunday)) == 8 * 60  # that night has an hour more


def test_an_eve_that_is_closed_ends_the_night_before_at_midnight_only() -> None:
    nights = Calendar(weekly=dict.fromkeys(range(7), (Span(time(20), time(8)),)))
    christmas_eve = date(2026, 12, 24)
    assert shown(nights.spans(christmas_eve)) == ["00:00-08:00"]
    assert nights.spans(date(2026, 12, 25)) == []


def test_calls_over_midnight_stay_within_both_hours() -> None:
    calendar = Calendar(
        weekly=dict.fromkeys(range(7), (Span(time(18), time(6)),)),
        calls_weekly={0: (Span(time(23), time(8)),)},
        slot_minutes=60,
    )
    tuesday = date(2026, 11, 24)
    assert shown(calendar.call_spans(tuesday - ONE_DAY)) == ["23:00-00:00"]
    assert shown(calendar.call_spans(tuesday)) == ["00:00-06:00"]


def test_what_nobody_covers_is_what_is_left() -> None:
    day = Calendar(weekly=dict.fromkeys(range(7), (Span(time(8), time(16)),)))
    night = Calendar(weekly=dict.fromkeys(range(7), (Span(time(17), time(7)),)))
    monday = date(2026, 11, 23)
    assert shown(uncovered(monday, [day, night])) == ["07:00-08:00", "16:00-17:00"]
    assert uncovered(monday, [Calendar(weekly={0: (Span(time(), time()),)})]) == []
