"""Who fails at an account from outside never keeps its member out of her browser."""

from sqlalchemy import select

from intake import founding
from intake.known_browsers import KNOWN_FOR, KnownBrowser
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen
from web.demo import PASSWORD

MEMBERS = ("maria", "johan", "leila", "amina")


def tries(browser: Browser, login: str, **wrong: str) -> Seen:
    """Fill in the page to sign in, with what is right unless said otherwise."""
    staff = browser.bureau
    code = wrong.get("code") or staff.code(login)
    right = {"login": login, "password": PASSWORD, "code": code}
    page = browser.open("/sign-in")
    return browser.send(page, "/sign-in", {**right, **wrong})


def comes_in(browser: Browser, login: str) -> bool:
    return tries(browser, login).response.status_code == 303


def fails(browser: Browser, login: str, times: int = 5) -> None:
    began = browser.bureau.clock.now
    for _ in range(times):
        tries(browser, login, password="fel lösenord", code="000000")
        browser.bureau.clock.now = began


def known(staff: StaffBureau, login: str) -> Browser:
    """Return a browser that a member has come in with, and out again."""
    browser = staff.signed_in(login)
    browser.press("/", "/sign-out")
    return browser


def attack(staff: StaffBureau, login: str, networks: int = 10) -> None:
    """Fail at an account from many networks, hers among them."""
    for network in range(networks):
        stranger = staff.browser()
        stranger.client.environ_base["REMOTE_ADDR"] = f"127.0.{network}.9"
        fails(stranger, login)


def test_nobody_can_lock_all_members_out(staff: StaffBureau) -> None:
    browsers = {login: known(staff, login) for login in MEMBERS}
    for login in MEMBERS:
        attack(staff, login)
        with staff.writing() as session:
            assert staff.member(session, login).locked_until
        assert not comes_in(staff.browser(), login)
    for login, browser in browsers.items():
        assert comes_in(browser, login), login


def test_a_network_that_is_worn_out_stops_no_known_browser(
    staff: StaffBureau,
) -> None:
    maria, stranger = known(staff, "maria"), staff.browser()
    code = staff.code("maria")
    for one in range(25):
        fails(stranger, f"nobody{one}", 1)
    page = tries(staff.browser(), "maria", code=code)
    assert page.response.status_code == 422
    assert tries(maria, "maria", code=code).response.status_code == 303


def test_a_known_browser_that_fails_too_often_is_a_strange_one(
    staff: StaffBureau,
) -> None:
    maria = known(staff, "maria")
    fails(maria, "maria")
    with staff.writing() as session:
        assert staff.member(session, "maria").failures == 0
    fails(maria, "maria")
    with staff.writing() as session:
        assert staff.member(session, "maria").failures == 5
    assert not comes_in(maria, "maria")
    staff.clock.forward(minutes=10)
    assert comes_in(maria, "maria")


def test_it_is_known_for_its_own_members_only(staff: StaffBureau) -> None:
    maria = known(staff, "maria")
    attack(staff, "johan")
    assert not comes_in(maria, "johan")
    staff.clock.forward(minutes=11)
    # Two who share a desk are both known there.
    assert comes_in(maria, "johan")
    attack(staff, "johan")
    attack(staff, "maria")
    for login in ("johan", "maria"):
        maria.press("/", "/sign-out")
        assert comes_in(maria, login)


def test_it_proves_nothing(staff: StaffBureau) -> None:
    maria = known(staff, "maria")
    for wrong in ({"password": "fel lösenord"}, {"code": "000000"}):
        assert tries(maria, "maria", **wrong).response.status_code == 422


def test_a_reset_and_a_long_time_make_it_strange(staff: StaffBureau) -> None:
    maria, johan = known(staff, "maria"), known(staff, "johan")
    staff.clock.forward(seconds=KNOWN_FOR.total_seconds())
    attack(staff, "maria")
    assert not comes_in(maria, "maria")
    assert comes_in(johan, "johan")
    with staff.writing() as session:
        rows = session.scalars(select(KnownBrowser)).all()
        assert len(rows) == 1  # the old ones went when somebody came in
        founding.reset(session, staff.member(session, "johan"), staff.clock())
        assert session.scalars(select(KnownBrowser)).all() == []


def test_the_cookie_holds_no_name_and_the_database_not_its_value(
    staff: StaffBureau,
) -> None:
    browser = staff.browser()
    cookies = tries(browser, "maria").response.headers.getlist("Set-Cookie")
    mark = next(one for one in cookies if one.startswith("browser="))
    for limit in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=7776000"):
        assert limit in mark
    assert "Domain=" not in mark
    value = mark.split(";")[0].removeprefix("browser=")
    assert "maria" not in value
    with staff.writing() as session:
        row = session.scalars(select(KnownBrowser)).one()
        assert value.encode() not in row.token_hash


def test_a_refusal_sets_no_mark(staff: StaffBureau) -> None:
    answer = tries(staff.browser(), "maria", code="000000").response
    assert not [
        one for one in answer.headers.getlist("Set-Cookie") if "browser=" in one
    ]
