"""A member's own way in: recovery codes, passkeys, and the log that she alone reads."""

import json
import re

import pytest

from intake.recovery_codes import HOW_MANY
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen, Values
from tests.device import Device
from web.demo import PASSWORD

HERE = "/account"
MAKE = "/account/recovery-codes"


def codes_on(page: Seen) -> list[str]:
    return [one.get_text() for one in page.soup.select("ol.secret li")]


def made(browser: Browser) -> list[str]:
    """Make a new set and read it off the screen."""
    page = browser.send(browser.open(HERE), MAKE)
    assert page.response.status_code == 200
    return codes_on(page)


def come_in(staff: StaffBureau, code: str, login: str = "maria") -> tuple[Browser, int]:
    browser = staff.browser()
    values: Values = {"login": login, "password": PASSWORD, "code": code}
    answer = browser.send(browser.open("/sign-in"), "/sign-in", values)
    return browser, answer.response.status_code


def test_codes_are_shown_once_and_counted_down(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    assert "Du har inga reservkoder" in maria.open(HERE).words
    codes = made(maria)
    assert len(codes) == HOW_MANY
    page = maria.open(HERE)
    assert "Du har 10 reservkoder kvar" in page.words
    for code in codes:
        assert code not in page.response.text
    for used in (1, 2):
        _, status = come_in(staff, codes[used])
        assert status == 303
    assert "Du har 8 reservkoder kvar" in maria.open(HERE).words
    assert come_in(staff, codes[1])[1] == 422


def test_who_came_in_by_a_code_is_told_and_reads_it_in_her_log(
    staff: StaffBureau,
) -> None:
    codes = made(staff.signed_in("maria"))
    browser, _ = come_in(staff, codes[0])
    assert "Du loggade in med en reservkod" in browser.open("/").words
    log = browser.open(HERE).words
    told = ["med en reservkod", "Nya reservkoder gjordes", "med engångskod"]
    places = [re.search(words, log) for words in told]
    assert all(places)
    assert [p.start() for p in places if p] == sorted(p.start() for p in places if p)
    page = staff.signed_in("amina").open(HERE).words
    assert "reservkod gjordes" not in page
    assert "med en reservkod" not in page


def test_a_new_set_ends_the_old_one(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    old, new = made(maria), made(maria)
    assert come_in(staff, old[0])[1] == 422
    assert come_in(staff, new[0])[1] == 303


def test_a_refused_code_is_refused_in_the_same_words(staff: StaffBureau) -> None:
    codes = made(staff.signed_in("maria"))
    told = set()
    tries: list[Values] = [
        {"login": "maria", "password": PASSWORD, "code": "acde-fhjk-mnpr"},
        {"login": "maria", "password": "fel lösenord", "code": codes[0]},
        {"login": "nobody", "password": PASSWORD, "code": codes[0]},
        {"login": "maria", "password": PASSWORD, "code": "000000"},
    ]
    for values in tries:
        browser = staff.browser()
        page = browser.send(browser.open("/sign-in"), "/sign-in", values)
        assert page.response.status_code == 422
        assert str(values["code"]) not in page.response.text
        told.add(str(page.soup.select_one(".notice")))
    assert len(told) == 1
    assert come_in(staff, codes[0])[1] == 303


ADD, NEW = "/account/passkeys", "/account/passkeys/new"


@pytest.fixture
def device(staff: StaffBureau) -> Device:
    """Return a device as this staff site's address wants it."""
    origin = staff.app.extensions["stilla"].settings.staff_url
    return Device(origin, "localhost")


def add(browser: Browser, device: Device, name: str = "Nyckelknippan") -> Seen:
    answer = device.make(browser.open(NEW).response.text)
    return browser.send(browser.open(HERE), ADD, {"name": name, "passkey": answer})


def use(
    staff: StaffBureau, device: Device, password: str = PASSWORD
) -> tuple[Browser, Seen]:
    """Sign Maria in with her device in place of a code."""
    browser = staff.browser()
    answer = device.use(browser.open("/sign-in/passkey").response.text)
    values: Values = {"login": "maria", "password": password, "passkey": answer}
    return browser, browser.send(browser.open("/sign-in"), "/sign-in", values)


def test_a_passkey_is_added_named_listed_used_and_removed(
    staff: StaffBureau, device: Device
) -> None:
    maria = staff.signed_in("maria")
    assert add(maria, device).response.status_code == 303
    page = maria.open(HERE)
    assert "Passnyckeln är sparad." in page.words
    assert "Nyckelknippan tillagd i dag" in page.words
    browser, answer = use(staff, device)
    assert answer.response.status_code == 303
    assert browser.open("/").response.status_code == 200
    assert "Loggade in med passnyckel" in browser.open(HERE).words
    removing = page.soup.select_one("form[action$='/remove']")
    assert removing is not None
    maria.press(HERE, str(removing["action"]))
    assert use(staff, device)[1].response.status_code == 422


def test_a_colleagues_passkey_is_not_there(staff: StaffBureau, device: Device) -> None:
    add(staff.signed_in("maria"), device)
    amina = staff.signed_in("amina")
    page = amina.open(HERE)
    assert "Nyckelknippan" not in page.words
    token = page.filled("/account/recovery-codes")
    answer = amina.client.post("/account/passkeys/1/remove", data=token)
    assert answer.status_code == 404
    assert use(staff, device)[1].response.status_code == 303


def test_a_refused_passkey_is_refused_in_the_words_of_a_wrong_code(
    staff: StaffBureau, device: Device
) -> None:
    add(staff.signed_in("maria"), device)
    wrong_code, _ = "000000", staff.clock.forward(seconds=30)
    browser = staff.browser()
    values: Values = {"login": "maria", "password": PASSWORD, "code": wrong_code}
    told = browser.send(browser.open("/sign-in"), "/sign-in", values)
    page = use(staff, device, "fel lösenord helt")[1]
    for one in (page, use(staff, Device(device.origin, "another.example"))[1]):
        assert one.response.status_code == 422
        assert one.soup.select_one(".notice") == told.soup.select_one(".notice")
        kept = one.soup.select_one("input[name=passkey]")
        assert kept is not None
        assert kept["value"] == ""


def test_what_the_browser_made_is_refused_at_the_field_and_the_name_stays(
    staff: StaffBureau, device: Device
) -> None:
    maria = staff.signed_in("maria")
    for name, made in (("", "{}"), ("Nyckelknippan", ""), ("Nyckelknippan", "{}")):
        values: Values = {"name": name, "passkey": made}
        page = maria.send(maria.open(HERE), ADD, values)
        assert page.response.status_code == 422
        assert page.soup.select_one("#key-name-error") is not None
        kept = page.soup.select_one("#key-name")
        assert kept is not None
        assert kept.get("value", "") == name
    assert "Du har ingen." in maria.open(HERE).words


def test_what_a_browser_is_asked_is_for_this_site(
    staff: StaffBureau, device: Device
) -> None:
    answer = staff.browser().open("/sign-in/passkey").response
    assert answer.mimetype == "application/json"
    assert json.loads(answer.text)["rpId"] == device.host
    maria = staff.signed_in("maria")
    assert json.loads(maria.open(NEW).response.text)["user"]["name"] == "maria"


def test_without_script_the_code_is_asked_for(staff: StaffBureau) -> None:
    browser = staff.browser()
    page = browser.open("/sign-in")
    for button in page.soup.select("button.passkey"):
        assert button.has_attr("hidden")
    values: Values = {"login": "maria", "password": PASSWORD}
    page = browser.send(page, "/sign-in", values)
    assert page.soup.select_one("#in-code-error") is not None
