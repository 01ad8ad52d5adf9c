"""Hours as a head decides them: kept as they were written, and met by every process."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.arrivals import accept
from intake.errors import BadData
from intake.hours import Span
from intake.live_units import LiveUnits
from intake.schedule import (
    Hours,
    Outdated,
    Plan,
    Special,
    history,
    plan_of,
    read,
    save,
    standing,
    under,
    written,
)
from intake.windows import taken
from tests.factories import OFFICE_UNITS, Bureau
from tests.intake.letters import call
from tests.workbench import MONDAY_10
from web.names import planned_unit

ADULT = OFFICE_UNITS["adult"]
WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)

spans = st.lists(st.builds(Span, st.times(), st.times()), max_size=2).map(
    lambda made: tuple(
        Span(one.opens.replace(second=0, microsecond=0), time(20)) for one in made
    )
)
weeks = st.fixed_dictionaries(dict.fromkeys(range(7), spans))
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
plans = st.builds(
    Plan,
    weeks=st.fixed_dictionaries(dict.fromkeys(Hours, weeks)),
    red_days=spans,
    specials=st.dictionaries(days, st.builds(Special, spans, st.text(max_size=20))),
    no_calls=st.dictionaries(days, st.text(max_size=20)),
    slot_minutes=st.sampled_from([30, 60, 240]),
    slot_capacity=st.integers(1, 50),
)


def closed(day: date) -> Plan:
    """Return the adult unit's plan, closed on a day more."""
    plan = plan_of(ADULT)
    return replace(plan, specials={**plan.specials, day: Special((), "Flytt")})


def keep(bureau: Bureau, plan: Plan, seen: int = 0) -> None:
    with bureau.writing() as session:
        save(bureau.desk(session, "maria"), ADULT, plan, seen, bureau.clock())


@pytest.fixture
def live(either_bureau: Bureau) -> LiveUnits:
    """Return the units as a running process has them, looking at every turn."""
    units = LiveUnits(either_bureau.engine, OFFICE_UNITS, planned_unit)
    units.every = 0
    return units


@given(plans)
def test_a_plan_comes_back_as_it_was_written(plan: Plan) -> None:
    assert read(written(plan)) == plan


@pytest.mark.parametrize("key", OFFICE_UNITS)
def test_the_files_own_plan_changes_nothing(key: str) -> None:
    unit = OFFICE_UNITS[key]
    assert planned_unit(unit, plan_of(unit)) == unit


def test_an_edit_is_met_by_every_process(
    either_bureau: Bureau, live: LiveUnits
) -> None:
    before = live["adult"]
    assert before.calendar.spans(THURSDAY)
    assert live["adult"] is before
    keep(either_bureau, closed(THURSDAY))
    assert live["adult"].calendar.spans(THURSDAY) == []
    assert live["adult"] is live["adult"]
    assert live["children"].calendar.spans(THURSDAY)
    assert list(live) == list(OFFICE_UNITS)


def test_an_edit_is_met_within_a_minute() -> None:
    assert LiveUnits.every <= 60


def test_without_a_database_the_last_hours_stand(
    either_bureau: Bureau, live: LiveUnits
) -> None:
    keep(either_bureau, closed(THURSDAY))
    assert live["adult"].calendar.spans(THURSDAY) == []
    with either_bureau.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE plan_edits")
    assert live["adult"].calendar.spans(THURSDAY) == []


def test_every_edit_is_kept_with_who_and_when(either_bureau: Bureau) -> None:
    keep(either_bureau, closed(THURSDAY))
    either_bureau.clock.forward(hours=1)
    keep(either_bureau, plan_of(ADULT), seen=1)
    with either_bureau.writing() as session:
        kept = [
            (one.number, one.member.working_name if one.member else "", one.at)
            for one in history(session, ADULT)
        ]
        now = either_bureau.clock()
        before = now - timedelta(hours=1)
        assert kept == [(2, "Maria", now), (1, "Maria", before), (0, "", before)]
        assert standing(session, ADULT).plan == plan_of(ADULT)


def test_two_heads_who_save_at_once_overwrite_nothing(either_bureau: Bureau) -> None:
    keep(either_bureau, closed(THURSDAY))
    with pytest.raises(Outdated):
        keep(either_bureau, closed(WEDNESDAY))
    with either_bureau.writing() as session:
        assert standing(session, ADULT).plan == closed(THURSDAY)


def test_a_unit_that_never_opens_is_refused(either_bureau: Bureau) -> None:
    plan = plan_of(ADULT)
    never = replace(plan, weeks={**plan.weeks, Hours.OPEN: {}})
    with pytest.raises(BadData):
        keep(either_bureau, never)


@pytest.mark.rule("S21")
def test_calls_may_have_narrower_hours_and_texts_keep_the_open_ones() -> None:
    plan = plan_of(ADULT)
    afternoons = {n: (Span(time(13), time(15)),) for n in range(7)}
    unit = under(ADULT, replace(plan, weeks={**plan.weeks, Hours.CALLS: afternoons}))
    windows = [slot.starts_at.hour for slot in unit.calendar.windows(WEDNESDAY)]
    assert windows == [12, 13]  # in UTC
    assert unit.calendar.spans(WEDNESDAY) == ADULT.calendar.spans(WEDNESDAY)
    assert unit.calendar.text_windows(MONDAY_10) == ADULT.calendar.text_windows(
        MONDAY_10
    )


@pytest.mark.rule("S37")
def test_what_was_promised_before_an_edit_stands(
    either_bureau: Bureau, live: LiveUnits
) -> None:
    office = replace(either_bureau.office, units=live)
    slot = live["adult"].calendar.slots(either_bureau.clock())[5]
    with either_bureau.writing() as session:
        request, _ = accept(session, office, call(slot), either_bureau.clock())
        dues = (request.due_at, request.reading_due_at)
    day = slot.starts_at.date()
    keep(either_bureau, closed(day))
    assert not live["adult"].calendar.covers(slot)
    with either_bureau.writing() as session:
        session.add(request)
        session.refresh(request)
        assert (request.due_at, request.reading_due_at) == dues
        (window,) = request.windows
        assert (window.withdrawn_at, window.ends_at) == (None, slot.ends_at)
        assert taken(session, "adult", either_bureau.clock()) == {slot.starts_at: 1}


def test_phone_and_visits_are_told_in_every_language_as_they_were_edited() -> None:
    plan = plan_of(ADULT)
    mornings = {0: (Span(time(9), time(11)),)}
    edited = {**plan.weeks, Hours.PHONE: mornings, Hours.VISITS: mornings}
    unit = planned_unit(ADULT, replace(plan, weeks=edited))
    assert unit.answers("sv") == unit.visits("sv") == "måndag 9.00–11.00"
    assert unit.answers("en") == unit.visits("en") == "Monday 9:00–11:00"
