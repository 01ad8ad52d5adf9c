"""A member sees her own sessions and ends others; settings say how long they last."""

import dataclasses

import pytest
from sqlalchemy import select

from intake.people import SignIn
from tests.blueprints.conftest import Browser, StaffBureau
from web.environment import SettingsError
from web.settings import Settings
from web.wiring import Wiring

PAGE = "/account/sessions"


def is_out(browser: Browser) -> bool:
    answer = browser.open("/").response
    return (answer.status_code, answer.headers.get("Location")) == (303, "/sign-in")


@pytest.mark.parametrize("login", ["maria", "karin", "olof"])
def test_a_member_sees_when_and_nothing_of_what_or_where(
    staff: StaffBureau, login: str
) -> None:
    old = staff.signed_in(login)
    old.client.environ_base |= {
        "REMOTE_ADDR": "192.0.2.77",
        "HTTP_USER_AGENT": "Qvexbrowser/1",
    }
    old.open(PAGE)
    staff.clock.forward(minutes=20)
    page = staff.signed_in(login).open(PAGE)
    rows = [row.get_text(" ") for row in page.soup.select(".people li")]
    assert len(rows) == 2
    assert "Den här" in rows[0]
    assert "Började i dag kl." in rows[1]
    for trace in ("192.0.2", "Qvexbrowser"):
        assert trace not in page.response.text


def test_she_ends_another_of_her_own_and_keeps_this_one(staff: StaffBureau) -> None:
    old, other = staff.signed_in("maria"), staff.signed_in("maria")
    here = staff.signed_in("maria")
    ends = here.open(PAGE).soup.select('form[action$="/end"]')
    assert len(ends) == 2
    here.press(PAGE, str(ends[-1]["action"]))
    assert is_out(old)
    assert not is_out(other)
    here.press(PAGE, "/end-others")
    assert is_out(other)
    page = here.open(PAGE)
    assert page.response.status_code == 200
    assert page.soup.select("main form") == []


def test_nobody_ends_anothers(staff: StaffBureau) -> None:
    amina, maria = staff.signed_in("amina"), staff.signed_in("maria")
    staff.signed_in("amina")
    page = amina.open(PAGE)
    action = str(page.form("/end")["action"])
    token = maria.open(PAGE).filled("/sign-out")["csrf_token"]
    answer = maria.client.post(action, data={"csrf_token": token})
    assert answer.status_code == 404
    assert len(amina.open(PAGE).soup.select(".people li")) == 2


def lasts(staff: StaffBureau, **said: int) -> None:
    """Let sessions last as settings say."""
    wiring: Wiring = staff.app.extensions["stilla"]
    settings = dataclasses.replace(wiring.settings, **said)  # type: ignore[arg-type]  # a test may name any
    staff.app.extensions["stilla"] = dataclasses.replace(wiring, settings=settings)


def test_a_setting_says_after_how_long_an_unused_session_ends(
    staff: StaffBureau,
) -> None:
    lasts(staff, session_idle=10)
    maria = staff.signed_in("maria")
    page = maria.open(PAGE)
    assert "efter 10 minuter utan användning" in page.words
    body = page.soup.body
    assert body is not None
    assert body["data-idle-minutes"] == "10"
    staff.clock.forward(minutes=9)
    assert not is_out(maria)
    staff.clock.forward(minutes=10, seconds=1)
    assert is_out(maria)


def test_a_setting_says_after_how_long_every_session_ends(staff: StaffBureau) -> None:
    lasts(staff, session_longest=1)
    maria = staff.signed_in("maria")
    for _ in range(3):
        staff.clock.forward(minutes=20)
        assert not is_out(maria)
    staff.clock.forward(seconds=1)
    assert is_out(maria)


def test_what_ended_unseen_leaves_no_copy_of_the_key(staff: StaffBureau) -> None:
    staff.signed_in("maria")
    staff.clock.forward(hours=25)
    staff.signed_in("maria")
    with staff.writing() as session:
        assert len(session.scalars(select(SignIn)).all()) == 1


@pytest.mark.parametrize("name", ["STILLA_SESSION_IDLE", "STILLA_SESSION_LONGEST"])
@pytest.mark.parametrize("wrong", ["0", "600", "soon"])
def test_a_session_that_never_ends_stops_the_start(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"STILLA_FACE": "staff", name: wrong})
    assert str(caught.value).startswith(name)
