"""The bridge at the desk: a press that shows no number, and the test before it."""

import dataclasses

import pytest
from sqlalchemy import select

from intake import bridge, bridge_calls, calls, queue
from intake.bridge_tables import BridgedCall, BridgeState
from intake.line_tests import Line, LineTest
from intake.models import Request
from intake.topics import ShownNumber, State
from tests.blueprints.bridge.conftest import LINE, tried
from tests.blueprints.conftest import Browser, StaffBureau
from web.wiring import Wiring

BUTTON = 'form[action$="/bridge"]'
OWN = {"phone": "070-174 06 77"}
TICKS = {"shown": "y", "heard": "y", "voicemail": "y"}


def configure(staff: StaffBureau) -> None:
    """Start the desk with a line to bridge calls from."""
    wiring: Wiring = staff.app.extensions["stilla"]
    made = dataclasses.replace(wiring.settings, voice_number=LINE)
    staff.app.extensions["stilla"] = dataclasses.replace(wiring, settings=made)


def recorded(staff: StaffBureau) -> None:
    """Record the test of the line, as a head has."""
    with staff.writing() as session:
        tried(session, "adult", staff.clock())
        maria = staff.desk(session, "maria")
        bridge.record_test(maria, "adult", LINE, staff.clock())


def held(staff: StaffBureau, shown: ShownNumber = ShownNumber.SHOWN) -> str:
    """Return the page of a request that Amina holds and may call now."""
    reference = staff.send(staff.callback(shown=shown))
    with staff.writing() as session:
        amina, request = staff.desk(session, "amina"), staff.request(session, reference)
        queue.claim(amina, request, staff.clock())
    return f"/r/{reference}"


def state(staff: StaffBureau) -> State:
    with staff.writing() as session:
        return session.scalars(select(Request)).one().state


def forged(browser: Browser, path: str, where: str, **values: str) -> int:
    """Post what no form of the page offers; returns the status."""
    token = browser.open(path).filled("/sign-out")["csrf_token"]
    given = {"csrf_token": token, "seen": "99", **values}
    sent = browser.client.post(where, data=given)
    return sent.status_code


@pytest.fixture
def amina(staff: StaffBureau) -> Browser:
    return staff.signed_in("amina")


def test_where_no_line_is_configured_nothing_is_said_of_it(
    staff: StaffBureau, amina: Browser
) -> None:
    path = held(staff)
    page = amina.open(path)
    assert page.soup.select(".to-call button.go")
    assert page.soup.select(BUTTON) == []
    assert "koppla" not in page.words
    assert forged(amina, path, f"{path}/bridge", **OWN) == 409
    assert state(staff) is not State.CALLING
    maria = staff.signed_in("maria")
    assert "Uppkopplade samtal" not in maria.open("/people").words
    for way in ("trial", "test"):
        assert forged(maria, "/people", f"/people/bridge-{way}/adult") == 404


@pytest.mark.rule("S17")
def test_without_the_heads_test_there_is_a_reason_and_no_button(
    staff: StaffBureau, amina: Browser
) -> None:
    configure(staff)
    path = held(staff)
    page = amina.open(path)
    assert page.soup.select(BUTTON) == []
    assert "inte antecknat ett test av uppkopplade samtal" in page.words
    assert forged(amina, path, f"{path}/bridge", **OWN) == 409
    assert state(staff) is not State.CALLING


@pytest.mark.rule("S17")
def test_who_chose_hidden_is_never_rung_by_the_bridge(
    staff: StaffBureau, amina: Browser
) -> None:
    configure(staff)
    recorded(staff)
    path = held(staff, ShownNumber.HIDDEN)
    page = amina.open(path)
    assert page.soup.select(BUTTON) == []
    assert "Personen har valt att det ska döljas" in page.words
    assert page.soup.select(".to-call button.go")  # by her own telephone she may
    assert forged(amina, path, f"{path}/bridge", **OWN) == 409
    assert state(staff) is not State.CALLING


@pytest.mark.rule("S12", "S13")
def test_a_press_shows_the_digits_and_never_the_number(
    staff: StaffBureau, amina: Browser
) -> None:
    configure(staff)
    recorded(staff)
    path = held(staff)
    assert "Du ser aldrig numret" in amina.open(path).words
    page = amina.press(path, "/bridge", OWN)
    assert state(staff) is State.CALLING
    with staff.writing() as session:
        (code,) = session.scalars(
            select(BridgedCall.code).where(BridgedCall.request_id.is_not(None))
        )
    shown = page.soup.select_one(".calling .number")
    assert shown is not None
    assert shown.get_text().strip() == code
    for seen in (page, amina.open(path)):
        assert 'href="tel:' not in seen.response.text
        assert "174 06 55" not in seen.response.text  # her number, as it is written
        assert "701740655" not in seen.response.text
    assert "Lämna aldrig något röstmeddelande" in page.words
    assert page.soup.select(BUTTON) == []
    # Two digits stand in any date, so it is looked for where they are shown.
    johan = staff.signed_in("johan").open(path)
    assert johan.soup.select(".calling, .number") == []


@pytest.mark.rule("S13")
def test_a_ring_that_never_was_is_told_and_takes_no_outcome_of_one(
    staff: StaffBureau, amina: Browser
) -> None:
    configure(staff)
    recorded(staff)
    path = held(staff)
    amina.press(path, "/bridge", OWN)
    staff.clock.forward(minutes=4)
    with staff.writing() as session:
        bridge_calls.lapse(session, staff.clock())
    page = amina.open(path)
    assert "Personen har inte ringts upp" in page.words
    answer = amina.send(page, "/outcome", {"outcome": "no-answer"})
    assert answer.response.status_code == 409
    assert state(staff) is State.CALLING
    page = amina.press(path, "/outcome", {"outcome": "line-fault"})
    assert page.soup.select(BUTTON)  # her time is there still


@pytest.mark.rule("S16")
def test_a_stop_that_comes_with_a_ring_that_never_was_is_kept(
    staff: StaffBureau, amina: Browser
) -> None:
    configure(staff)
    recorded(staff)
    path = held(staff)
    amina.press(path, "/bridge", OWN)
    amina.press(path, "/outcome", {"outcome": "line-fault", "never_again": "y"})
    with staff.writing() as session:
        desk, request = staff.desk(session, "amina"), staff.request(session, path[3:])
        assert "number-stopped" in calls.locks(desk, request, staff.clock())


@pytest.mark.parametrize("typed", ["", "112", "020-50 50 50", "hemma", "0" * 41])
def test_what_no_person_answers_is_given_back_and_rings_nobody(
    staff: StaffBureau, amina: Browser, typed: str
) -> None:
    configure(staff)
    recorded(staff)
    path = held(staff)
    page = amina.press(path, "/bridge", {"phone": typed})
    assert page.response.status_code == 422
    assert page.filled("/bridge")["phone"] == typed
    assert state(staff) is not State.CALLING


@pytest.mark.rule("S12")
def test_when_someone_stopped_it_meanwhile_no_digits_are_asked_for(
    staff: StaffBureau, amina: Browser
) -> None:
    configure(staff)
    recorded(staff)
    path = held(staff)
    amina.press(path, "/bridge", OWN)
    with staff.writing() as session:
        for number in staff.request(session, path[3:]).numbers:
            number.withdrawn_at = staff.clock()
    page = amina.open(path)
    assert page.soup.select(".calling .number") == []
    assert "Numret du fick gäller inte längre" in page.words


@pytest.mark.rule("S17")
def test_a_head_rings_two_phones_of_her_own_before_she_records_it(
    staff: StaffBureau,
) -> None:
    configure(staff)
    maria = staff.signed_in("maria")
    page = maria.open("/people")
    assert page.soup.select('form[action$="/bridge-test/adult"]') == []
    assert forged(maria, "/people", "/people/bridge-test/adult", **TICKS) == 409
    one = {"phone": "070-174 06 77", "other": "+46 70 174 06 77"}
    same = maria.press("/people", "/bridge-trial/adult", one)
    assert same.response.status_code == 422
    assert same.filled("/bridge-trial/adult")["phone"] == one["phone"]
    assert same.soup.select('.errors a[href="#trial-adult-other"]')
    page = maria.press(
        "/people", "/bridge-trial/adult", one | {"other": "070-174 06 88"}
    )
    with staff.writing() as session:
        row = session.scalars(select(BridgedCall)).one()
        code, row.state = row.code, BridgeState.OVER
    assert code in [found.get_text().strip() for found in page.soup.select(".number")]
    half = maria.press("/people", "/bridge-test/adult", {"shown": "y", "heard": "y"})
    assert half.response.status_code == 422
    assert half.soup.select('.errors a[href="#bridge-adult-voicemail"]')
    page = maria.press("/people", "/bridge-test/adult", TICKS)
    assert f"Testat med numret {LINE}" in page.words
    page = maria.press("/people", "/bridge-test/adult/off")
    assert f"Inte testat med numret {LINE}" in page.words
    with staff.writing() as session:
        assert session.get(LineTest, ("adult", Line.CALLS)) is None


@pytest.mark.rule("S17")
def test_who_is_no_head_tries_and_records_nothing(
    staff: StaffBureau, amina: Browser
) -> None:
    configure(staff)
    page = amina.open("/people")
    assert "Inte testat med numret" in page.words
    assert page.soup.select('form[action*="/bridge-"]') == []
    for way in ("trial/adult", "test/adult", "test/adult/off"):
        assert forged(amina, "/people", f"/people/bridge-{way}", **TICKS) == 404
