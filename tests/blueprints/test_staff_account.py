"""A member's own way in: recovery codes, and the log that she alone reads."""

import re

from intake.recovery_codes import HOW_MANY
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen, Values
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
