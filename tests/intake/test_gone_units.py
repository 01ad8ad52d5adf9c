"""A unit may leave units.toml once nobody and nothing is left there, and not before."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from intake import decisions, members, queue, returning
from intake.gone_units import gone_units
from intake.models import Door
from intake.people import Desk, Membership
from intake.topics import Audience, Danger, Role, State, Urgency
from tests.factories import Bureau, text

WITHOUT = ("adult", "children", "on-call", "closed-circle")


@pytest.fixture
def bureau(either_bureau: Bureau) -> Bureau:
    return either_bureau


def gone(bureau: Bureau, *units: str) -> list[str]:
    with bureau.writing() as session:
        return gone_units(session, units or WITHOUT, bureau.clock())


def all_leave(bureau: Bureau, unit: str = "reception") -> None:
    """End every place at a unit."""
    with bureau.writing() as session:
        there = select(Desk.id).where(Desk.unit == unit)
        session.execute(delete(Membership).where(Membership.desk_id.in_(there)))


def close(bureau: Bureau, reference: str, login: str = "johan") -> None:
    with bureau.writing() as session:
        desk, now = bureau.desk(session, login), bureau.clock()
        request = bureau.request(session, reference)
        queue.first_reading(desk, request, Urgency.NORMAL, now)
        queue.claim(desk, request, now)
        decisions.close(desk, request, decisions.CHECKED, now)


def test_a_place_there_is_enough_to_be_left(bureau: Bureau) -> None:
    assert gone(bureau) == ["reception"]
    assert gone(bureau, *WITHOUT, "reception") == []
    assert gone(bureau, *WITHOUT[:2]) == ["closed-circle", "on-call", "reception"]
    all_leave(bureau)
    assert gone(bureau) == []


def test_a_request_is_left_until_it_is_closed_and_no_receipt_leads_there(
    bureau: Bureau,
) -> None:
    digits = bureau.digits()
    reference = bureau.send(text(audience=Audience.RELATIVE), digits)
    close(bureau, bureau.send(text("Klart", audience=Audience.RELATIVE)))
    close(bureau, reference)
    all_leave(bureau)
    # What she writes by receipt wakes the request up, and would be read by nobody.
    assert gone(bureau) == ["reception"]
    with bureau.writing() as session:
        now = bureau.clock()
        visit = returning.enter(session, bureau.peppers, digits, "", now)
        returning.make_useless(session, bureau.office, visit, now)
    assert gone(bureau) == []


def test_a_receipt_whose_time_is_over_leads_nowhere(bureau: Bureau) -> None:
    close(bureau, bureau.send(text(audience=Audience.RELATIVE), bureau.digits()))
    all_leave(bureau)
    with bureau.writing() as session:
        session.scalars(select(Door)).one().ends_at = bureau.clock()
    assert gone(bureau) == []


def test_what_was_taken_back_is_left_until_somebody_has_closed_it(
    bureau: Bureau,
) -> None:
    digits = bureau.digits()
    bureau.send(text(audience=Audience.RELATIVE), digits)
    with bureau.writing() as session:
        now = bureau.clock()
        visit = returning.enter(session, bureau.peppers, digits, "", now)
        returning.take_back(session, bureau.office, visit, now)
        assert visit.request.state is State.TAKEN_BACK
    all_leave(bureau)
    assert gone(bureau) == ["reception"]


def test_on_calls_key_to_what_lies_elsewhere_counts_as_well(bureau: Bureau) -> None:
    bureau.send(text(danger=Danger.NOW))
    all_leave(bureau, "on-call")
    others = ("adult", "children", "reception", "closed-circle")
    assert gone(bureau, *others) == ["on-call"]


def test_nobody_is_given_a_place_at_a_unit_that_is_no_more(bureau: Bureau) -> None:
    all_leave(bureau)
    units = {key: one for key, one in bureau.office.units.items() if key in WITHOUT}
    bureau.office = replace(bureau.office, units=units)
    with bureau.writing() as session:
        desk = bureau.desk(session, "karin")
        assert desk.member.role is Role.ADMINISTRATOR
        assert {one.unit for one in members.desks_with_room(desk)} <= set(WITHOUT)
