"""One-time pages: sealed under their address, shown for minutes, burned for good."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake.models import OnePage
from intake.pages_once import (
    FORM_FOR,
    SHOWN_FOR,
    Shown,
    burn_page,
    end_page,
    keep,
    show,
    sweep,
    trail,
)
from tests.intake.letters import letter, post
from tests.workbench import House, found

TYPED = Shown("write", {"typed": [["text", "Det är inte bra hemma."]]})


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


@pytest.mark.rule("S39")
def test_what_a_page_shows_lies_sealed_under_its_address(house: House) -> None:
    with house.writing() as session:
        handle = keep(session, TYPED, house.clock())
    with house.writing() as session:
        page = session.scalars(select(OnePage)).one()
        assert b"hemma" not in page.box
        assert handle.encode() not in page.box + page.handle_hash
        assert show(session, handle, house.clock()) == TYPED
        assert show(session, handle + "x", house.clock()) is None
        assert show(session, "", house.clock()) is None


@pytest.mark.rule("S3")
def test_it_may_be_fetched_again_for_five_minutes(house: House) -> None:
    with house.writing() as session:
        handle = keep(session, TYPED, house.clock())
        house.clock.forward(minutes=4, seconds=59)
        assert show(session, handle, house.clock()) == TYPED
        assert show(session, handle, house.clock()) == TYPED
        house.clock.forward(seconds=1)
        assert show(session, handle, house.clock()) is None
    assert timedelta(minutes=5) == SHOWN_FOR


def test_a_forms_handle_is_good_for_half_an_hour(house: House) -> None:
    with house.writing() as session:
        handle = keep(session, TYPED, house.clock(), lasts=FORM_FOR)
        house.clock.forward(minutes=29)
        assert show(session, handle, house.clock()) == TYPED
        house.clock.forward(minutes=1)
        assert show(session, handle, house.clock()) is None


@pytest.mark.rule("S3")
def test_burning_a_page_burns_its_number_too(house: House) -> None:
    with house.writing() as session:
        sending = post(house, session, letter()).sending
        handle = keep(session, TYPED, house.clock(), sending_hash=sending.token_hash)
        burn_page(session, handle, house.clock())
        assert show(session, handle, house.clock()) is None
        assert sending.burned_at == house.clock()
        assert _left(session) == 0


def test_burning_twice_or_nothing_is_no_error(house: House) -> None:
    with house.writing() as session:
        handle = keep(session, TYPED, house.clock())
        other = keep(session, TYPED, house.clock())
        for spent in (handle, handle, "never given", ""):
            burn_page(session, spent, house.clock())
        assert show(session, other, house.clock()) == TYPED


@pytest.mark.rule("S3")
def test_a_page_ends_with_all_that_belongs_to_it(house: House) -> None:
    with house.writing() as session:
        now = house.clock()
        door = keep(session, TYPED, now, lasts=FORM_FOR)
        first = keep(session, replace(TYPED, others=(door,)), now)
        second = keep(session, replace(TYPED, others=trail(session, first)), now)
        strange = keep(session, TYPED, now)
        end_page(session, second, now)
        assert show(session, first, now) is not None
        third = keep(session, replace(TYPED, others=(first,)), now)
        burn_page(session, third, now)
        for spent in (door, first, second, third):
            assert show(session, spent, now) is None
        assert show(session, strange, now) == TYPED


@pytest.mark.rule("S3")
def test_a_page_no_longer_shown_still_ends_what_it_hid(house: House) -> None:
    with house.writing() as session:
        door = keep(session, TYPED, house.clock(), lasts=FORM_FOR)
        page = keep(session, replace(TYPED, others=(door,)), house.clock())
        later = house.clock.forward(minutes=6)
        assert sweep(session, later) == 0
        assert show(session, page, later) is None
        burn_page(session, page, later)
        assert show(session, door, later) is None


def test_the_sweep_takes_what_is_over_and_no_more(house: House) -> None:
    with house.writing() as session:
        keep(session, TYPED, house.clock())
        kept = keep(session, TYPED, house.clock(), lasts=FORM_FOR)
        assert sweep(session, house.clock.forward(minutes=6)) == 1
        assert show(session, kept, house.clock()) == TYPED


def _left(session: Session) -> int:
    return len(session.scalars(select(OnePage)).all())
