"""Opening hours, due times and windows, against counting minute by minute."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import BadData
from intake.hours import (
    HOME_ZONE,
    NIGHT_BEGINS,
    NIGHT_ENDS,
    RED_DAYS,
    Calendar,
    Slot,
    Span,
)

MINUTE = timedelta(minutes=1)
OFFICE = Span(time(8), time(16, 30))
WEEKDAYS = dict.fromkeys(range(5), (OFFICE,))
ALWAYS = dict.fromkeys(range(7), (Span(time(), time()),))
NIGHTS = dict.fromkeys(range(7), (Span(time(16, 30), time(8)),))


def local(text: str) -> datetime:
    """Read a Swedish clock time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=HOME_ZONE).astimezone(UTC)


def shown(slots: list[Slot]) -> list[str]:
    """Write slots as a Swedish clock shows them."""
    ends = [(s.astimezone(HOME_ZONE), e.astimezone(HOME_ZONE)) for s, e in slots]
    return [f"{s:%m-%d %H:%M}-{e:%H:%M}" for s, e in ends]


# Clock times on quarters; none in the hour that a clock change skips or repeats, as
# there a clock time alone does not say which moment is meant.
clocks = st.builds(
    time,
    st.integers(0, 23).filter(lambda hour: hour not in (2, 3)),
    st.sampled_from([0, 15, 30, 45]),
)
hours_of_day = st.lists(st.builds(Span, clocks, clocks), max_size=2).map(tuple)
# Round two clock changes, Easter, and the year's end with its eves.
days = st.one_of(
    st.dates(date(2026, 3, 20), date(2026, 4, 8)),
    st.dates(date(2026, 10, 16), date(2026, 11, 2)),
    st.dates(date(2026, 12, 18), date(2027, 1, 8)),
)
moments = st.builds(
    lambda day, minute: datetime.combine(day, time(), UTC) + minute * MINUTE,
    days,
    st.integers(0, 1439),
)
calendars = st.builds(
    Calendar,
    weekly=st.dictionaries(st.integers(0, 6), hours_of_day).map(
        lambda week: {**week, 2: (*week.get(2, ()), OFFICE)}
    ),
    exceptions=st.dictionaries(days, hours_of_day, max_size=3),
    on_closed_days=hours_of_day,
    no_callbacks_on=st.frozensets(days, max_size=3),
    slot_minutes=st.sampled_from([30, 60, 90, 120]),
)


def is_open_by_the_clock(calendar: Calendar, moment: datetime) -> bool:
    """Say what a person with the rules, a calendar and a clock would say."""
    here = moment.astimezone(HOME_ZONE)
    clock, today, eve = here.time(), here.date(), here.date() - timedelta(days=1)
    for span in hours_by_hand(calendar, today):
        over_midnight = span.closes <= span.opens
        if span.opens <= clock and (over_midnight or clock < span.closes):
            return True
    return any(
        span.closes <= span.opens and clock < span.closes
        for span in hours_by_hand(calendar, eve)
    )


def hours_by_hand(calendar: Calendar, day: date) -> tuple[Span, ...]:
    if day in calendar.exceptions:
        return calendar.exceptions[day]
    if day in RED_DAYS:
        return calendar.on_closed_days
    return calendar.weekly.get(day.weekday(), ())


@given(calendars, moments)
def test_open_is_what_the_clock_on_the_wall_says(
    calendar: Calendar, now: datetime
) -> None:
    assert calendar.is_open(now) == is_open_by_the_clock(calendar, now)


@settings(max_examples=40, deadline=None)
@given(calendars, moments, st.integers(0, 1200))
def test_open_minutes_are_those_that_one_counts(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    end = calendar.open_minutes_after(start, minutes)
    counted, now = 0, start
    while now < end:
        counted += is_open_by_the_clock(calendar, now)
        now += MINUTE
    assert now == end
    assert counted == minutes
    last = end - MINUTE if minutes else end
    assert is_open_by_the_clock(calendar, last)


@settings(max_examples=60, deadline=None)
@given(calendars, moments, st.integers(0, 900), st.integers(0, 900))
def test_due_times_never_turn_round(
    calendar: Calendar, start: datetime, later: int, minutes: int
) -> None:
    due = calendar.open_minutes_after(start, minutes)
    assert due >= start
    assert calendar.open_minutes_after(start, minutes + 1) > due
    assert calendar.open_minutes_after(start + later * MINUTE, minutes) >= due


@given(calendars, days)
def test_days_are_in_order_and_within_their_midnights(
    calendar: Calendar, day: date
) -> None:
    spans = calendar.spans(day)
    assert all(start < end for start, end in spans)
    assert all(one.ends_at < other.starts_at for one, other in pairwise(spans))
    if spans:
        assert spans[0].starts_at >= local(f"{day} 00:00")
        assert spans[-1].ends_at <= local(f"{day + timedelta(days=1)} 00:00")


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-21", 24)],
)
def test_a_day_lasts_as_long_as_it_does(day: str, hours: int) -> None:
    calendar = Calendar(weekly=ALWAYS, closed_days=())
    assert [s.length for s in calendar.spans(date.fromisoformat(day))] == [
        timedelta(hours=hours)
    ]


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        # 16:30 on Saturday to 08:00 on Sunday is 14.5 hours when spring comes.
        ("2026-03-28 16:30", 14 * 60 + 30, "2026-03-29 08:00"),
        # and 16.5 hours when it leaves.
        ("2026-10-24 16:30", 16 * 60 + 30, "2026-10-25 08:00"),
    ],
)
def test_a_night_of_clock_change_counts_true_minutes(
    start: str, minutes: int, due: str
) -> None:
    calendar = Calendar(weekly=NIGHTS)
    assert calendar.open_minutes_after(local(start), minutes) == local(due)


def test_a_span_within_the_skipped_hour_is_never_negative() -> None:
    odd = Calendar(weekly={6: (Span(time(2, 30), time(3, 15)),)})
    assert odd.spans(date(2026, 3, 29)) == []
    assert shown(odd.spans(date(2026, 4, 19))) == ["04-19 02:30-03:15"]


@pytest.mark.parametrize(
    "day",
    [
        "2026-06-06",  # nationaldagen
        "2026-06-19",  # midsommarafton
        "2026-12-24",  # julafton
        "2026-12-25",
        "2026-12-31",  # nyårsafton
        "2027-01-06",  # trettondedag jul
        "2027-03-26",  # långfredagen
        "2027-05-06",  # Kristi himmelsfärdsdag
    ],
)
def test_offices_are_closed_on_red_days_and_eves(day: str) -> None:
    week = dict.fromkeys(range(7), (OFFICE,))
    assert not Calendar(weekly=week).spans(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-22", "2026-12-23", "2027-01-05"])
def test_plain_sundays_and_other_eves_are_not_red(day: str) -> None:
    assert date.fromisoformat(day) not in RED_DAYS


def test_who_works_on_red_days_has_hours_then() -> None:
    whole = Span(time(8), time(8))
    calendar = Calendar(weekly=NIGHTS, on_closed_days=(whole,))
    assert calendar.is_open(local("2026-12-25 12:00"))
    assert not calendar.is_open(local("2026-12-28 12:00"))


def test_an_exception_comes_before_everything() -> None:
    short = {
        date(2026, 12, 23): (Span(time(8), time(12)),),
        date(2026, 12, 24): (Span(time(10), time(11)),),
        date(2026, 12, 28): (),
    }
    calendar = Calendar(weekly=WEEKDAYS, exceptions=short)
    assert calendar.next_opening(local("2026-12-23 12:00")) == local("2026-12-24 10:00")
    assert calendar.next_opening(local("2026-12-24 11:00")) == local("2026-12-29 08:00")


def test_due_times_pass_over_the_closed_days_of_christmas() -> None:
    calendar = Calendar(weekly=WEEKDAYS)
    due = calendar.open_minutes_after(local("2026-12-23 16:00"), 60)
    assert due == local("2026-12-28 08:30")


def test_a_count_that_is_full_at_closing_time_ends_there() -> None:
    calendar = Calendar(weekly=WEEKDAYS)
    arrived = local("2026-11-24 16:00")
    assert calendar.open_minutes_after(arrived, 30) == local("2026-11-24 16:30")
    assert not calendar.is_open(local("2026-11-24 16:30"))


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(BadData):
        Calendar(weekly={}).next_opening(local("2026-11-24 16:00"))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("08:00-16:30", OFFICE),
        ("08:00 – 16:30", OFFICE),
        ("17:00-24:00", Span(time(17), time())),
        ("17:00-08:00", Span(time(17), time(8))),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, span: Span) -> None:
    assert Span.parse(text) == span


@pytest.mark.parametrize("text", ["", "8-16", "08:00", "08:00-25:00", "08:00-16:30Z"])
def test_other_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hour"):
        Span.parse(text)


@pytest.mark.rule("S9")
@settings(max_examples=60, deadline=None)
@given(calendars, moments, st.integers(0, 30))
def test_windows_are_real_hours_at_most_seven_days_ahead(
    calendar: Calendar, now: datetime, days_ahead: int
) -> None:
    for start, end in calendar.slots(now, days=days_ahead):
        assert start >= now + timedelta(minutes=60)
        assert end <= now + timedelta(days=min(days_ahead, 7))
        assert end - start == timedelta(minutes=calendar.slot_minutes)
        assert start.astimezone(HOME_ZONE).date() not in calendar.no_callbacks_on
        minutes = (end - start) // MINUTE
        assert all(
            is_open_by_the_clock(calendar, start + n * MINUTE) for n in range(minutes)
        )


@pytest.mark.rule("S9")
def test_windows_are_the_same_ones_whoever_asks_when() -> None:
    calendar = Calendar(weekly=WEEKDAYS, slot_minutes=60)
    early = calendar.slots(local("2026-11-24 07:12"))
    late = calendar.slots(local("2026-11-24 11:47"))
    assert shown(late)[:3] == [
        "11-24 13:00-14:00",
        "11-24 14:00-15:00",
        "11-24 15:00-16:00",
    ]
    assert set(late) - set(early) == {s for s in late if s > early[-1]}


@pytest.mark.rule("S9")
def test_windows_keep_to_the_lead_and_to_days_with_callbacks() -> None:
    calendar = Calendar(
        weekly=WEEKDAYS,
        slot_minutes=120,
        no_callbacks_on=frozenset({date(2026, 11, 24)}),
    )
    slots = calendar.slots(local("2026-11-23 09:00"), lead=timedelta(hours=1))
    assert shown(slots)[:4] == [
        "11-23 10:00-12:00",
        "11-23 12:00-14:00",
        "11-23 14:00-16:00",
        "11-25 08:00-10:00",
    ]
    assert shown(slots)[-1] == "11-27 14:00-16:00"


TEXTS: Mapping[str, tuple[str, list[str]]] = {
    "in hours: at once, then at the same hour": (
        "2026-11-24 10:20",  # a Tuesday
        [
            "11-24 10:20-11:20",
            "11-25 10:20-11:20",
            "11-26 10:20-11:20",
            "11-27 10:20-11:20",
            "11-30 10:20-11:20",
        ],
    ),
    "at night: from the next opening on": (
        "2026-11-27 23:00",  # a Friday
        [
            "11-30 08:00-09:00",
            "12-01 08:00-09:00",
            "12-02 08:00-09:00",
            "12-03 08:00-09:00",
            "12-04 08:00-09:00",
        ],
    ),
    "before closing: what is left goes over to the morning, the evening is free": (
        "2026-11-26 16:00",  # a Thursday; Fridays close at 15
        [
            "11-26 16:00-16:30",
            "11-27 08:00-08:30",
            "11-30 16:00-16:30",
            "12-01 16:00-16:30",
            "12-02 16:00-16:30",
        ],
    ),
    "too late for a call today: the morning's hour counts": (
        "2026-11-24 16:20",
        [
            "11-25 08:00-08:50",
            "11-26 08:00-09:00",
            "11-27 08:00-09:00",
            "11-30 08:00-09:00",
            "12-01 08:00-09:00",
        ],
    ),
    "over a clock change: the same hour on the wall": (
        "2026-10-23 10:00",
        [f"10-{day} 10:00-11:00" for day in (23, 26, 27, 28, 29)],
    ),
}


@pytest.mark.rule("S21")
@pytest.mark.parametrize("case", TEXTS)
def test_a_text_may_be_called_within_the_hour_then_at_that_hour(case: str) -> None:
    arrived, windows = TEXTS[case]
    calendar = Calendar(weekly={**WEEKDAYS, 4: (Span(time(8), time(15)),)})
    assert shown(calendar.text_windows(local(arrived))) == windows


@pytest.mark.rule("S21")
@settings(max_examples=60, deadline=None)
@given(calendars, moments)
def test_a_text_is_never_called_outside_hours_at_night_or_after_seven_days(
    calendar: Calendar, arrived: datetime
) -> None:
    windows = calendar.text_windows(arrived)
    assert all(one.ends_at < other.starts_at for one, other in pairwise(windows))
    for start, end in windows:
        assert arrived <= start < end <= arrived + timedelta(days=7)
        assert start.astimezone(HOME_ZONE).date() not in calendar.no_callbacks_on
        for n in range((end - start) // MINUTE):
            moment = start + n * MINUTE
            clock = moment.astimezone(HOME_ZONE).time()
            assert NIGHT_ENDS <= clock < NIGHT_BEGINS
            assert is_open_by_the_clock(calendar, moment)


@pytest.mark.rule("S21")
@settings(max_examples=40, deadline=None)
@given(moments)
def test_the_first_window_is_within_sixty_open_minutes(arrived: datetime) -> None:
    calendar = Calendar(weekly=WEEKDAYS)
    first = calendar.text_windows(arrived)[0]
    assert first.ends_at <= calendar.open_minutes_after(arrived, 60)


@pytest.mark.rule("S21")
def test_who_works_at_night_calls_no_text_then() -> None:
    windows = Calendar(weekly=NIGHTS).text_windows(local("2026-11-24 23:30"))
    assert shown(windows)[:2] == ["11-25 07:00-08:00", "11-26 07:00-08:00"]


@pytest.mark.rule("S35")
@pytest.mark.parametrize(
    ("sent", "minutes", "due"),
    [
        ("10:17", 240, "14:00"),
        ("10:30", 60, "11:30"),
        ("10:17", 15, "10:30"),
        ("10:02", 15, "10:15"),  # the half hour has begun already
        ("10:02", 3, "10:05"),
        ("10:02", 1, "10:02"),
    ],
)
def test_a_due_time_does_not_tell_the_minute_of_arrival(
    sent: str, minutes: int, due: str
) -> None:
    calendar = Calendar(weekly=WEEKDAYS)
    now = local(f"2026-11-24 {sent}")
    assert calendar.due_after(now, minutes) == local(f"2026-11-24 {due}")


@pytest.mark.rule("S35")
@given(moments, st.integers(0, 2000))
def test_a_rounded_due_time_only_gets_sooner(now: datetime, minutes: int) -> None:
    calendar = Calendar(weekly=WEEKDAYS)
    due = calendar.due_after(now, minutes)
    assert now <= due <= calendar.open_minutes_after(now, minutes)
