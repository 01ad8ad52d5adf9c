"""Colleagues, their names, and the tests that calls and texts wait for."""

from dataclasses import replace

import pytest
from bs4 import Tag

from intake import founding
from intake.line_tests import Line, LineTest
from intake.people import UnitRecord
from intake.topics import Side
from tests.blueprints.conftest import StaffBureau
from tests.factories import text
from tests.hookup import SENDER
from web.environment import SmsCarrier
from web.wiring import Wiring


def words_of(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())


@pytest.mark.rule("S35")
def test_no_page_shows_a_real_name(staff: StaffBureau) -> None:
    with staff.writing() as session:
        founding.ask(
            session,
            staff.member(session, "sara"),
            *("adult", Side.HURT),
            staff.clock(),
        )
    for login in ("maria", "amina"):
        page = staff.signed_in(login).open("/people")
        assert "Johan" in page.words
        assert "Sara" in page.words
        assert "Påhittad" not in page.response.text
        assert "Exempel" not in page.response.text


def test_who_waits_is_let_in_by_who_holds_that_desk(staff: StaffBureau) -> None:
    reference = staff.send(text())
    with staff.writing() as session:
        sara = staff.member(session, "sara")
        place = founding.ask(session, sara, "adult", Side.HURT, staff.clock())
        action = f"/people/{place.member_id}/{place.desk_id}"
    leila, amina = staff.signed_in("leila"), staff.signed_in("amina")
    assert leila.open("/people").soup.select(".people form") == []
    page = amina.open("/people")
    forged = amina.send(page, action)  # the token is good in Amina's browser only
    assert forged.response.status_code == 303
    assert staff.signed_in("sara").open(f"/r/{reference}").response.status_code == 200
    assert amina.open("/people").soup.select(".people form") == []


def test_nobody_lets_in_at_a_desk_that_she_does_not_hold(staff: StaffBureau) -> None:
    with staff.writing() as session:
        sara = staff.member(session, "sara")
        place = founding.ask(session, sara, "adult", Side.HURT, staff.clock())
        action = f"/people/{place.member_id}/{place.desk_id}"
    leila = staff.signed_in("leila")
    token = leila.open("/people").filled("/sign-out")["csrf_token"]
    answer = leila.client.post(action, data={"csrf_token": token})
    assert answer.status_code == 404


@pytest.mark.rule("S17")
def test_calls_stay_off_until_a_head_has_seen_and_heard(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    page = maria.press("/people", "/call-test/adult/off")
    assert "Inte testat. Samtal och sms är avstängda." in page.words
    half = maria.press("/people", "/call-test/adult", {"shown": "y"})
    assert half.response.status_code == 422
    with staff.writing() as session:
        assert session.get_one(UnitRecord, "adult").call_tested_at is None
    page = maria.press("/people", "/call-test/adult", {"shown": "y", "heard": "y"})
    assert "Testat måndag 23 november. Samtal är på." in page.words
    with staff.writing() as session:
        unit = session.get_one(UnitRecord, "adult")
        assert unit.call_tested_by == staff.member(session, "maria").id


@pytest.mark.rule("S17")
def test_texts_stay_off_until_a_head_has_tested_this_very_sender(
    staff: StaffBureau,
) -> None:
    """What she tested is what goes out: the call test says nothing of a sender."""
    wiring: Wiring = staff.app.extensions["stilla"]
    texting = replace(wiring.settings, sms_gateway=SmsCarrier.TWILIO)
    office = replace(staff.office, sender=SENDER)
    staff.app.extensions["stilla"] = replace(wiring, settings=texting, office=office)
    maria = staff.signed_in("maria")
    page = maria.open("/people")
    assert f"Inte testat med avsändaren {SENDER} . Sms är avstängda." in page.words
    half = maria.press("/people", "/text-test/adult", {"shown": "y"})
    assert half.response.status_code == 422
    assert half.soup.select('.errors a[href="#text-adult-heard"]')
    page = maria.press("/people", "/text-test/adult", {"shown": "y", "heard": "y"})
    assert f"Testat med avsändaren {SENDER} ." in page.words
    with staff.writing() as session:
        test = session.get_one(LineTest, ("adult", Line.TEXTS))
        by = staff.member(session, "maria").id
        assert (test.number, test.tested_by) == (SENDER, by)
    maria.press("/people", "/text-test/adult/off")
    with staff.writing() as session:
        assert session.get(LineTest, ("adult", Line.TEXTS)) is None


@pytest.mark.rule("S17")
def test_who_is_no_head_records_no_test(staff: StaffBureau) -> None:
    amina = staff.signed_in("amina")
    page = amina.open("/people")
    for kind in ("call", "text"):
        assert page.soup.select(f'form[action*="/{kind}-test/"]') == []
    token = page.filled("/sign-out")["csrf_token"]
    for action in ("call-test/adult", "text-test/adult"):
        said = {"csrf_token": token, "shown": "y", "heard": "y"}
        for path in (f"/people/{action}", f"/people/{action}/off"):
            assert amina.client.post(path, data=said).status_code == 404


def test_a_head_tests_her_own_units_only(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    token = maria.open("/people").filled("/sign-out")["csrf_token"]
    answer = maria.client.post(
        "/people/call-test/children/off", data={"csrf_token": token}
    )
    assert answer.status_code == 404


def test_who_waits_is_told_where_and_by_whom_she_can_be_let_in(
    staff: StaffBureau,
) -> None:
    staff.send(text())
    with staff.writing() as session:
        sara = staff.member(session, "sara")
        founding.ask(session, sara, "adult", Side.HURT, staff.clock())
    page = staff.signed_in("sara").open("/")
    told = page.soup.select_one("section.notice")
    assert told is not None
    assert "be Amina eller Johan eller Maria släppa in dig" in words_of(told)
    assert "Vuxenenheten" in words_of(told)
    assert page.soup.select_one(".counts") is not None  # her own desks, as ever
    assert "väntar på att bli" not in staff.signed_in("maria").open("/").words


def test_who_waits_everywhere_sees_no_empty_queue(staff: StaffBureau) -> None:
    with staff.writing() as session:
        for place in staff.member(session, "erik").memberships:
            place.box = None
        for place in staff.member(session, "leila").memberships:
            if place.desk.unit == "on-call":
                place.box = None
    page = staff.signed_in("erik").open("/")
    told = page.soup.select_one("section.notice")
    assert told is not None
    assert "be Leila släppa in dig" in words_of(told)
    assert "ingen har nyckeln än" in words_of(told)
    assert "återställningsnyckel" in words_of(told)
    assert page.soup.select_one(".counts") is None
    assert "Inget väntar här" not in page.words


def test_who_has_no_desk_at_all_is_told(staff: StaffBureau) -> None:
    with staff.writing() as session:
        for place in staff.member(session, "erik").memberships:
            session.delete(place)
    page = staff.signed_in("erik").open("/")
    assert "Du har ingen plats vid någon kö." in page.words
    assert staff.signed_in("erik").open("/people").response.status_code == 200
