"""Coming in by the municipality's sign-in: a provider over real HTTP, honest or not."""

import dataclasses
import logging
from collections.abc import Iterator

import pytest
import requests
from sqlalchemy import select

from intake import founding
from intake.ways_in import OutsideAccount
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen
from tests.provider import CLIENT, SECRET, Provider
from web import oidc, outside
from web.demo import PASSWORD
from web.outside import REFUSALS

IN, NEW, HERE = "/sign-in/outside", "/account/outside/new", "/account"
KEYHOLE, BIND = "/sign-in/outside/in", "/account/outside"


@pytest.fixture
def provider(staff: StaffBureau) -> Iterator[Provider]:
    """Run a provider that the staff site is set up with."""
    wiring = staff.app.extensions["stilla"]
    back = wiring.settings.staff_url + outside.BACK
    with Provider(back) as running:
        running.conduct.now = lambda: staff.clock.now.timestamp()
        own = oidc.Provider(running.issuer, CLIENT, SECRET, back)
        staff.app.extensions["stilla"] = dataclasses.replace(wiring, provider=own)
        yield running


def leaves(browser: Browser, start: str = IN) -> str:
    """Set out; return the path at which the provider leads back."""
    answer = browser.open(start).response
    assert answer.status_code == 303
    there = requests.get(answer.headers["Location"], timeout=5, allow_redirects=False)
    back = there.headers["Location"]
    return back[back.index("/", len("https://")) :]


def arrives(browser: Browser, path: str) -> Seen:
    """Come back without a cookie, as from elsewhere, and be sent on with it."""
    strange = browser.bureau.browser().open(path)
    assert strange.response.status_code == 200
    assert "Set-Cookie" not in strange.response.headers
    sent_on = strange.soup.select_one("meta[http-equiv=refresh]")
    assert sent_on is not None
    page = browser.open(str(sent_on["content"]).removeprefix("0;url="))
    if page.response.status_code == 303:
        return browser.open(page.response.headers["Location"])
    return page


def through(browser: Browser, start: str = IN) -> Seen:
    return arrives(browser, leaves(browser, start))


def unlock(browser: Browser, page: Seen, password: str = PASSWORD) -> Seen:
    return browser.send(page, KEYHOLE, {"password": password})


def bound(staff: StaffBureau, login: str = "maria") -> Browser:
    """Let a member bind the provider's sign-in to herself."""
    browser = staff.signed_in(login)
    page = through(browser, NEW)
    assert browser.send(page, BIND).response.status_code == 303
    return browser


def assert_refused(page: Seen, reason: str, status: int = 403) -> None:
    assert page.response.status_code == status
    notice = page.soup.select_one("main .notice[role=alert]")
    assert notice is not None
    assert notice.get_text() == REFUSALS[reason]


def test_bound_when_signed_in_it_lets_in_with_the_password(
    staff: StaffBureau, provider: Provider
) -> None:
    maria = bound(staff)
    assert "Kommunens inloggning är kopplad till dig." in maria.open(HERE).words
    browser = staff.browser()
    assert browser.open("/sign-in").soup.select_one(f"a[href='{IN}']") is not None
    page = through(browser)
    assert "Hej Maria" in page.words
    answer = unlock(browser, page)
    assert answer.response.status_code == 303
    assert browser.open("/").response.status_code == 200
    assert "Loggade in med kommunens inloggning" in browser.open(HERE).words


def test_the_password_alone_opens_the_key(
    staff: StaffBureau, provider: Provider
) -> None:
    bound(staff)
    browser = staff.browser()
    page = through(browser)
    for wrong in ("", "fel lösenord helt"):
        assert unlock(browser, page, wrong).response.status_code == 422
    # Nothing has to be done anew at the municipality for a slip of the finger.
    assert unlock(browser, page).response.status_code == 303
    known = staff.browser()
    through(known)
    assert known.open("/").response.status_code == 303  # known, and not in


def test_password_and_code_go_on_beside_it(
    staff: StaffBureau, provider: Provider
) -> None:
    bound(staff)
    assert staff.signed_in("maria").open("/").response.status_code == 200
    provider.conduct.breaks = True
    assert staff.signed_in("amina").open("/").response.status_code == 200


def test_what_is_sent_there_is_new_each_time_and_asks_for_no_name(
    staff: StaffBureau, provider: Provider
) -> None:
    browser = staff.browser()
    leaves(browser)
    leaves(browser)
    one, two = provider.asked
    assert one["scope"] == "openid"
    for secret in ("state", "nonce", "code_challenge"):
        assert one[secret] != two[secret]
        assert len(one[secret]) >= 43
    said = {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert one.keys() == said


def test_an_unknown_subject_is_refused_with_the_way_to_bind_it(
    staff: StaffBureau, provider: Provider
) -> None:
    bound(staff)
    provider.conduct.subject = "another@kommun.example"
    assert_refused(through(staff.browser()), "unknown")
    with staff.writing() as session:
        staff.member(session, "maria").active = False
    provider.conduct.subject = "anna@kommun.example"
    assert_refused(through(staff.browser()), "unknown")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"claims": {"nonce": "of another way"}}, "nonce"),
        ({"claims": {"nonce": None}}, "nonce"),
        ({"claims": {"aud": "another-system"}}, "audience"),
        ({"claims": {"aud": "another-system", "azp": CLIENT}}, "audience"),
        ({"claims": {"aud": None}}, "audience"),
        ({"claims": {"aud": [CLIENT, "another"], "azp": "another"}}, "audience"),
        ({"claims": {"iss": "https://login.example.com"}}, "issuer"),
        ({"claims": {"exp": 1}}, "expired"),
        ({"claims": {"exp": None}}, "unsigned"),
        ({"claims": {"sub": ""}}, "unsigned"),
        ({"claims": {"sub": "a" * 256}}, "unsigned"),
        ({"claims": {"sub": None}}, "unsigned"),
        ({"algorithm": "none"}, "unsigned"),
        ({"algorithm": "HS256"}, "unsigned"),
        ({"stranger": True}, "unsigned"),
        ({"state": "x" * 64}, "state"),
        ({"state": "å"}, "state"),
        ({"says_no": True}, "denied"),
    ],
)
def test_what_is_not_as_it_must_be_is_refused_in_words_of_its_own(
    staff: StaffBureau,
    provider: Provider,
    wrong: dict[str, object],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bound(staff)
    caplog.set_level(logging.DEBUG)
    provider.conduct = dataclasses.replace(provider.conduct, **wrong)  # type: ignore[arg-type]  # by name
    browser = staff.browser()
    path = leaves(browser)
    assert_refused(arrives(browser, path), reason)
    assert browser.open(KEYHOLE).response.status_code == 403
    told = provider.asked[-1]
    secrets = [SECRET, told["state"], told["nonce"], provider.conduct.subject]
    code = path.split("code=")[-1].split("&")[0]
    for line in map(logging.Formatter().format, caplog.records):
        assert not [one for one in (*secrets, code) if one in line]


def test_each_refusal_has_one_sentence_of_its_own() -> None:
    assert len(set(REFUSALS.values())) == len(REFUSALS)


def test_a_way_that_another_browser_began_ends_nowhere(
    staff: StaffBureau, provider: Provider
) -> None:
    bound(staff)
    his, hers = staff.browser(), staff.browser()
    path = leaves(his)
    assert_refused(arrives(hers, path), "state")
    leaves(hers)
    assert_refused(arrives(hers, path), "state")


def test_a_way_leads_in_once_and_for_ten_minutes(
    staff: StaffBureau, provider: Provider
) -> None:
    bound(staff)
    browser = staff.browser()
    path = leaves(browser)
    page = arrives(browser, path)
    kept = browser.client.get_cookie("desk")
    assert kept is not None
    assert_refused(arrives(browser, path), "state")
    unlock(browser, page)
    # The cookie of before, put back by somebody, with the right password.
    again = staff.browser()
    again.client.set_cookie("desk", kept.value)
    page = again.open(KEYHOLE)
    assert unlock(again, page).response.status_code == 422
    slow = staff.browser()
    path = leaves(slow)
    staff.clock.forward(minutes=11)
    assert_refused(arrives(slow, path), "state")
    page = through(slow)
    staff.clock.forward(minutes=11)
    assert_refused(unlock(slow, page), "state")


def test_an_answer_another_issuer_signs_for_is_refused(
    staff: StaffBureau, provider: Provider
) -> None:
    browser = staff.browser()
    path = leaves(browser) + "&iss=https://login.example.com"
    assert_refused(arrives(browser, path), "issuer")
    fresh = staff.app.extensions["stilla"].provider
    fresh._known = None
    provider.conduct.issuer = "https://login.example.com"
    assert_refused(staff.browser().open(IN), "issuer")


def test_a_provider_that_does_not_answer_is_told_with_the_other_way_in(
    staff: StaffBureau, provider: Provider
) -> None:
    provider.conduct.breaks = True
    assert_refused(staff.browser().open(IN), "unreachable", 503)


def test_new_keys_of_the_provider_are_found(
    staff: StaffBureau, provider: Provider
) -> None:
    bound(staff)
    provider.turn_key()
    assert "Hej Maria" in through(staff.browser()).words


def test_a_code_is_good_for_nobody_without_what_the_way_began_with(
    staff: StaffBureau, provider: Provider
) -> None:
    bound(staff)
    his, hers = staff.browser(), staff.browser()
    stolen = leaves(hers).split("code=")[1].split("&")[0]
    own = leaves(his)
    path = own.replace(own.split("code=")[1].split("&")[0], stolen)
    assert_refused(arrives(his, path), "code")


def test_it_is_bound_by_who_is_signed_in_and_set_out_herself(
    staff: StaffBureau, provider: Provider
) -> None:
    maria, amina = staff.signed_in("maria"), staff.signed_in("amina")
    page = through(maria, NEW)
    assert "logga in hit som Maria" in page.words
    with staff.writing() as session:
        assert list(session.scalars(select(OutsideAccount))) == []  # not yet
    assert_refused(amina.open(BIND), "state")
    assert_refused(maria.open(KEYHOLE), "state")  # it was to bind
    maria.send(page, BIND)
    # Another can't have the same.
    page = through(amina, NEW)
    assert_refused(amina.send(page, BIND), "taken")
    browser = staff.browser()
    through(browser)
    assert browser.open(BIND).response.status_code == 303  # to the sign-in


def test_unbound_or_reset_it_lets_in_no_more(
    staff: StaffBureau, provider: Provider
) -> None:
    maria = bound(staff)
    maria.press(HERE, "/account/outside/remove")
    assert_refused(through(staff.browser()), "unknown")
    bound(staff)
    browser = staff.browser()
    page = through(browser)
    with staff.writing() as session:
        founding.reset(session, staff.member(session, "maria"), staff.clock())
    assert_refused(unlock(browser, page), "unknown")


def test_what_the_municipality_calls_her_is_kept_nowhere(
    staff: StaffBureau, provider: Provider
) -> None:
    browser = bound(staff)
    cookie = browser.client.get_cookie("desk")
    assert cookie is not None
    with staff.writing() as session:
        row = session.scalars(select(OutsideAccount)).one()
        for kept in (row.tag, cookie.value.encode()):
            assert b"anna" not in kept


def test_where_no_provider_is_set_up_there_is_nothing(staff: StaffBureau) -> None:
    assert "kommunens" not in staff.browser().open("/sign-in").words
    maria = staff.signed_in("maria")
    assert "Kommunens inloggning" not in maria.open(HERE).words
    for path in (IN, KEYHOLE, BIND, NEW, outside.BACK, f"{outside.BACK}?own=1"):
        assert maria.open(path).response.status_code == 404
