"""One last place, and two who want it; and promises when there are fewer places."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from intake.arrivals import accept
from intake.hours import Slot
from intake.models import Window
from intake.units import Unit
from intake.windows import SlotFull, taken, withdraw
from tests.intake.letters import call
from tests.workbench import House, found

WAIT = 0.5  # seconds in which the second would have come through


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


def with_places(house: House, most: int) -> None:
    """Let each window of the adult unit have so many places from now on."""
    units: Mapping[str, Unit] = house.office.units
    adult = units["adult"]
    calendar = replace(adult.calendar, slot_capacity=most)
    units = {**units, "adult": replace(adult, calendar=calendar)}
    house.office = replace(house.office, units=units)


def first_slot(house: House) -> Slot:
    return house.office.units["adult"].calendar.slots(house.clock())[0]


def ask(house: House, slot: Slot) -> None:
    with house.writing() as session:
        accept(session, house.office, call(slot), house.clock())


def places(house: House) -> set[int | None]:
    with house.writing() as session:
        return set(session.scalars(select(Window.place)))


@pytest.mark.rule("S37")
def test_two_at_the_same_moment_get_one_place(house: House) -> None:
    with_places(house, 1)
    slot = first_slot(house)
    with ThreadPoolExecutor(1) as other:
        with house.writing() as session:
            accept(session, house.office, call(slot), house.clock())
            second = other.submit(ask, house, slot)
            with pytest.raises(StillWaiting):
                second.result(WAIT)  # it can't know yet whether the place is taken
        with pytest.raises(SlotFull):
            second.result(10)
    assert places(house) == {0}


@pytest.mark.rule("S37")
def test_who_waits_gets_the_place_when_the_first_gives_up(house: House) -> None:
    with_places(house, 1)
    slot = first_slot(house)
    with ThreadPoolExecutor(1) as other:
        with house.writing() as session:
            accept(session, house.office, call(slot), house.clock())
            second = other.submit(ask, house, slot)
            with pytest.raises(StillWaiting):
                second.result(WAIT)
            session.rollback()
        second.result(10)
    assert places(house) == {0}


@pytest.mark.rule("S37")
def test_of_eight_at_once_as_many_get_a_place_as_there_are(house: House) -> None:
    with_places(house, 3)
    slot = first_slot(house)
    with ThreadPoolExecutor(8) as crowd:
        asked = [crowd.submit(ask, house, slot) for _ in range(8)]
    faults = [one.exception() for one in asked]
    assert sum(fault is None for fault in faults) == 3
    assert all(isinstance(one, SlotFull) for one in faults if one is not None)
    assert places(house) == {0, 1, 2}


@pytest.mark.rule("S37")
def test_fewer_places_than_promised_take_none_back_and_give_no_more(
    house: House,
) -> None:
    with_places(house, 3)
    slot = first_slot(house)
    with house.writing() as session:
        first, *_ = [
            accept(session, house.office, call(slot), house.clock())[0]
            for _ in range(3)
        ]
        with_places(house, 1)
        with pytest.raises(SlotFull):
            accept(session, house.office, call(slot), house.clock())
        # The lowest place is free again, but two are promised above it.
        withdraw(session, first, house.clock())
        with pytest.raises(SlotFull):
            accept(session, house.office, call(slot), house.clock())
        assert taken(session, "adult", house.clock()) == {slot.starts_at: 2}
