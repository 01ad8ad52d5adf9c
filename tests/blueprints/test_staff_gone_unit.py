"""A unit that has ended: nobody misses it, and what it did is read by its key."""

from dataclasses import replace

from sqlalchemy import delete, select

from intake import decisions, queue
from intake.people import Desk, Membership
from intake.topics import Audience, Danger, Urgency
from tests.blueprints.conftest import StaffBureau
from tests.factories import text
from web.wiring import Wiring

GIVEN = {"unit": "reception", "ground": "right-unit", "reason": "De svarar"}


def end_the_reception(staff: StaffBureau) -> None:
    """End its places, and start the site again without its block."""
    with staff.writing() as session:
        there = select(Desk.id).where(Desk.unit == "reception")
        session.execute(delete(Membership).where(Membership.desk_id.in_(there)))
    wiring: Wiring = staff.app.extensions["stilla"]
    units = {k: unit for k, unit in wiring.office.units.items() if k != "reception"}
    office = replace(wiring.office, units=units)
    staff.app.extensions["stilla"] = replace(wiring, office=office)


def test_where_a_request_was_its_history_says(staff: StaffBureau) -> None:
    johan = staff.signed_in("johan")
    path = f"/r/{staff.send(text(audience=Audience.EXPOSED))}"
    johan.press(path, "/claim")
    johan.press(path, "/hand-over", GIVEN)
    johan.press(path, "/claim")
    johan.press(path, "/hand-over", {**GIVEN, "unit": "adult"})
    assert "till Mottagningen" in johan.open(path).words
    end_the_reception(staff)
    page = johan.open(path)
    assert page.response.status_code == 200
    assert "till reception" in page.words


def test_what_on_call_closed_for_it_is_found_and_opened(staff: StaffBureau) -> None:
    reference = staff.send(text(audience=Audience.RELATIVE, danger=Danger.NOW))
    with staff.writing() as session:
        desk, now = staff.desk(session, "sara"), staff.clock()
        request = staff.request(session, reference)
        queue.first_reading(desk, request, Urgency.ACUTE, now)
        queue.claim(desk, request, now)
        decisions.close(desk, request, decisions.CHECKED, now)
    end_the_reception(staff)
    page = staff.signed_in("sara").open(f"/r/{reference}")
    assert page.response.status_code == 200
    assert "reception" in page.words


def test_every_page_of_those_who_stay_is_there(staff: StaffBureau) -> None:
    end_the_reception(staff)
    rules = [r for r in staff.app.url_map.iter_rules() if not r.arguments]
    pages = [rule.rule for rule in rules if "GET" in (rule.methods or ())]
    assert {"/people", "/members", "/hours"} <= set(pages)
    for login in ("johan", "karin", "vera", "olof"):
        browser = staff.signed_in(login)
        for page in pages:
            status = browser.open(page).response.status_code
            assert status in {200, 204, 303, 404}, (login, page)
