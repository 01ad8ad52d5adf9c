"""The trial's made-up requests: whole on whatever day and hour somebody begins."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

import pytest
from sqlalchemy import select

from intake.errors import BadData
from intake.hours import HOME_ZONE
from intake.life import ATTEMPTS
from intake.missed import ended_uncalled
from intake.models import Request
from intake.topics import State
from tests.factories import OFFICE_UNITS, Bureau
from web import demo_story
from web.demo_story import seed_requests
from web.demo_windows import past

MOMENTS = {
    "three closed days are over": "2026-12-27T10:30",
    "the first open hour after them is not": "2026-12-28T08:30",
    "julafton": "2026-12-24T12:00",
    "nyårsafton, by night": "2026-12-31T23:30",
    "two holidays and a weekend": "2027-01-03T22:30",
    "påskdagen, in the hour that is left out": "2027-03-28T02:30",
    "a Sunday, in the hour that comes twice": "2027-10-31T02:30",
    "a Monday before anybody is there": "2027-02-01T03:00",
}


@pytest.mark.parametrize("local", MOMENTS.values(), ids=MOMENTS)
def test_the_whole_story_can_be_played_at(bureau: Bureau, local: str) -> None:
    here = datetime.fromisoformat(local).replace(tzinfo=HOME_ZONE)
    bureau.clock.now = here.astimezone(UTC)
    with bureau.writing() as session:
        seed_requests(bureau._stage(session))
        requests = session.scalars(select(Request)).all()
        assert len(requests) == 12
        (tried,) = (one for one in requests if one.state is State.DECISION)
        assert tried.attempts == ATTEMPTS
        assert ended_uncalled(session, bureau.clock())


def test_where_no_calls_are_promised_it_ends_and_says_so(bureau: Bureau) -> None:
    adult = OFFICE_UNITS["adult"]
    silent = replace(adult.calendar, calls_weekly={6: adult.calendar.weekly[0]})
    units = {**OFFICE_UNITS, "adult": replace(adult, calendar=silent)}
    bureau.office = replace(bureau.office, units=units)
    with bureau.writing() as session, pytest.raises(BadData, match="no windows"):
        past(bureau._stage(session), days_ago=4, many=1)


def test_who_begins_anew_again_and_again_never_runs_out_of_numbers() -> None:
    drawn = list(islice(demo_story._NUMBERS, 200))
    assert len(drawn) == 200
    assert len(set(drawn[:90])) == 90  # one story's own never meet
