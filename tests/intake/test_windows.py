"""Windows: dated, with reserved places, rung once, and never in their last minutes."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.arrivals import accept
from intake.hours import Slot
from intake.models import Request
from intake.topics import Origin
from intake.windows import (
    SlotFull,
    add_series,
    free,
    open_window,
    reserve,
    taken,
    withdraw,
)
from tests.intake.letters import call, letter
from tests.workbench import House, found


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


def slots(house: House, count: int) -> list[Slot]:
    """Return the adult unit's next windows."""
    return house.office.units["adult"].calendar.slots(house.clock())[:count]


def asked(house: House, session: Session, *chosen: Slot) -> Request:
    request, _ = accept(session, house.office, call(*chosen), house.clock())
    return request


@pytest.mark.rule("S37")
def test_a_window_has_as_many_places_as_the_unit_can_call(house: House) -> None:
    first, second = slots(house, 2)
    most = house.office.units["adult"].calendar.slot_capacity
    with house.writing() as session:
        for _ in range(most):
            asked(house, session, first)
        with pytest.raises(SlotFull) as full:
            asked(house, session, second, first)
        assert full.value.slot == first


@pytest.mark.rule("S37")
def test_a_withdrawn_place_is_free_again(house: House) -> None:
    (slot,) = slots(house, 1)
    most = house.office.units["adult"].calendar.slot_capacity
    with house.writing() as session:
        requests = [asked(house, session, slot) for _ in range(most)]
        assert taken(session, "adult", house.clock()) == {slot.starts_at: most}
        withdraw(session, requests[0], house.clock())
        assert taken(session, "adult", house.clock()) == {slot.starts_at: most - 1}
        asked(house, session, slot)
        assert requests[0].callable_until is None


def test_a_free_time_says_how_many_places_it_has(house: House) -> None:
    first, second = slots(house, 2)
    unit, now = house.office.units["adult"], house.clock()
    with house.writing() as session:
        request = asked(house, session, first)
        for who, left in ((None, 1), (request, 2)):  # her own is given back first
            times = free(session, unit, who, now)
            assert (times[first], times[second]) == (left, 2)
        asked(house, session, first)
        assert first not in free(session, unit, None, now)
        assert free(session, unit, request, now)[first] == 1


def test_other_units_have_places_of_their_own(house: House) -> None:
    (slot,) = slots(house, 1)
    with house.writing() as session:
        asked(house, session, slot)
        assert taken(session, "children", house.clock()) == {}


@pytest.mark.rule("S37")
def test_the_queue_knows_the_end_of_the_next_window(house: House) -> None:
    first, second = slots(house, 2)
    with house.writing() as session:
        request = asked(house, session, second, first)
        assert request.callable_until == first.ends_at
        request.windows[0].rung_at = first.starts_at
        reserve(session, house.office.units, request, (), Origin.STAFF)
        assert request.callable_until == second.ends_at


@pytest.mark.rule("S12")
def test_no_call_starts_outside_or_in_the_last_fifteen_minutes(house: House) -> None:
    (slot,) = slots(house, 1)
    with house.writing() as session:
        request = asked(house, session, slot)
        last = slot.ends_at - timedelta(minutes=15)
        second = timedelta(seconds=1)
        assert open_window(request, slot.starts_at - second) is None
        assert open_window(request, slot.starts_at) is request.windows[0]
        assert open_window(request, last - second) is request.windows[0]
        assert open_window(request, last) is None


@pytest.mark.rule("S13")
def test_a_window_is_rung_once(house: House) -> None:
    (slot,) = slots(house, 1)
    with house.writing() as session:
        request = asked(house, session, slot)
        request.windows[0].rung_at = slot.starts_at
        assert open_window(request, slot.starts_at + timedelta(minutes=5)) is None


@pytest.mark.rule("S21")
def test_a_series_is_rung_once_and_takes_no_places(house: House) -> None:
    first, second = slots(house, 2)
    with house.writing() as session:
        request, _ = accept(session, house.office, letter(), house.clock())
        add_series(session, request, (first, second), series="a text")
        assert taken(session, "adult", house.clock()) == {}
        assert open_window(request, second.starts_at) is request.windows[1]
        request.windows[0].rung_at = first.starts_at
        assert open_window(request, second.starts_at) is None


@pytest.mark.rule("S9")
def test_what_is_over_stays_as_it_was_when_the_rest_is_withdrawn(house: House) -> None:
    first, second = slots(house, 2)
    with house.writing() as session:
        request = asked(house, session, first, second)
        withdraw(session, request, first.ends_at)
        over, coming = request.windows
        assert (over.withdrawn_at, coming.withdrawn_at) == (None, first.ends_at)
