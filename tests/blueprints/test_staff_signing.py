"""Signing in, staying in, and the one-time link."""

import sqlite3
from pathlib import Path

import pyotp
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intake import founding, links
from intake.access import IDLE
from intake.codes import offered_secret, one_time_uri
from intake.messages import OutboundMail
from intake.people import Member, SignIn
from intake.proofs import Proof, prove
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen, Values
from tests.factories import text
from web.demo import PASSWORD
from web.limits import RATES, Limited
from web.qr import qr_code
from web.wiring import writing_db

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.7"
NEW_PASSWORD = "en lång mening om hösten"
NEW = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}


def test_a_member_comes_in_and_goes_out(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    assert maria.open("/").response.status_code == 200
    assert maria.press("/", "/sign-out").response.request.path == "/sign-in"
    assert maria.open("/").response.status_code == 303


def refuse(staff: StaffBureau, address: str = HERE, **wrong: str) -> Seen:
    """Try to sign in with something wrong."""
    browser = staff.browser()
    browser.client.environ_base["REMOTE_ADDR"] = address
    right = {"login": "maria", "password": PASSWORD, "code": staff.code("maria")}
    return browser.send(browser.open("/sign-in"), "/sign-in", {**right, **wrong})


def test_a_refusal_says_the_same_whatever_was_wrong(staff: StaffBureau) -> None:
    wrongs = ({"login": "nobody"}, {"password": "fel lösenord"}, {"code": "000000"})
    seen = [refuse(staff, **wrong) for wrong in wrongs]
    assert {page.response.status_code for page in seen} == {422}
    told = {str(page.soup.select_one(".notice")) for page in seen}
    assert len(told) == 1
    for page in seen:
        assert PASSWORD not in page.response.text


def test_five_failures_rest_an_account_for_one_network(staff: StaffBureau) -> None:
    began = staff.clock.now
    for _ in range(5):
        refuse(staff, password="fel lösenord", code="000000")
        staff.clock.now = began
    with staff.writing() as session:
        assert staff.member(session, "maria").failures == 5
    assert refuse(staff, login="Maria ").response.status_code == 422
    assert refuse(staff, ELSEWHERE).response.status_code == 303
    staff.clock.forward(minutes=2)
    assert refuse(staff).response.status_code == 303


def test_who_comes_in_is_not_counted(staff: StaffBureau) -> None:
    for _ in range(8):
        assert refuse(staff).response.status_code == 303


def test_a_network_that_tries_on_costs_no_more_work(
    staff: StaffBureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, tried = staff.browser(), RATES[Limited.SIGN_IN].burst
    page, worked = browser.open("/sign-in"), []

    def counted(session: Session, login: str, password: str) -> Proof:
        worked.append(1)
        return prove(session, login, password)

    monkeypatch.setattr("blueprints.staff.letting_in.prove", counted)
    for one in range(tried + 5):
        values = {"login": f"nobody{one}", "password": PASSWORD, "code": "000000"}
        assert browser.send(page, "/sign-in", values).response.status_code == 422
    assert len(worked) == tried


def test_hashing_a_password_holds_up_no_sender(
    staff: StaffBureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def meanwhile(session: Session, login: str, password: str) -> Proof:
        other = sqlite3.connect(tmp_path / "stilla.db", isolation_level=None, timeout=0)
        other.execute("BEGIN IMMEDIATE")  # fails where somebody else is writing
        other.execute("ROLLBACK")
        return prove(session, login, password)

    monkeypatch.setattr("blueprints.staff.letting_in.prove", meanwhile)
    assert refuse(staff).response.status_code == 303
    assert refuse(staff, login="nobody").response.status_code == 422


def test_an_empty_field_is_told_at_the_field(staff: StaffBureau) -> None:
    page = refuse(staff, code="")
    assert page.response.status_code == 422
    assert page.soup.select_one("#in-code-error") is not None


def test_reading_keeps_the_session_and_idling_ends_it(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    for _ in range(4):
        staff.clock.forward(minutes=20)
        assert maria.open("/").response.status_code == 200
    staff.clock.forward(seconds=IDLE.total_seconds() + 1)
    answer = maria.open("/").response
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    with staff.writing() as session:
        assert session.scalars(select(SignIn)).all() == []


def test_what_was_typed_before_the_session_ended_is_given_back(
    staff: StaffBureau,
) -> None:
    reference, maria = staff.send(text()), staff.signed_in("maria")
    page = maria.press(f"/r/{reference}", "/claim")
    staff.clock.forward(hours=1)
    answer = maria.send(page, "/note", {"text": "En lång anteckning"})
    assert answer.response.status_code == 401
    assert "En lång anteckning" in answer.response.text
    assert answer.soup.select_one('a[href="/sign-in"]') is not None


def test_what_another_sessions_page_sends_is_refused_and_given_back(
    staff: StaffBureau,
) -> None:
    reference, maria = staff.send(text()), staff.signed_in("maria")
    page = maria.press(f"/r/{reference}", "/claim")
    code = staff.code("maria")
    values: Values = {"login": "maria", "password": PASSWORD, "code": code}
    maria.send(maria.open("/sign-in"), "/sign-in", values)
    answer = maria.send(page, "/note", {"text": "En lång anteckning"})
    assert answer.response.status_code == 400
    assert "En lång anteckning" in answer.response.text


def link(staff: StaffBureau, login: str) -> str:
    with staff.writing() as session:
        return links.invite(session, staff.member(session, login), staff.clock())


def code_on(page: Seen, browser: Browser) -> str:
    """Return the code of the secret that a link's page shows."""
    shown = page.soup.select_one(".secret")
    assert shown is not None
    return pyotp.TOTP(shown.get_text().replace(" ", "")).at(browser.bureau.clock())


def use(browser: Browser, token: str, **said: str) -> Seen:
    """Go through the link's two steps as they ask, or with another password."""
    here = f"/invitation/{token}"
    page = browser.open(here)
    page = browser.send(page, here, {"code": code_on(page, browser)})
    assert page.response.status_code == 200
    return browser.send(page, here, {**NEW, **said})


def test_a_link_sets_password_and_codes(staff: StaffBureau) -> None:
    token, browser = link(staff, "amina"), staff.browser()
    page = browser.open(f"/invitation/{token}")
    secret = offered_secret(staff.account_key, token)
    phones = page.soup.select_one('a[href^="otpauth://totp/"]')
    assert phones is not None
    assert f"secret={secret}" in str(phones["href"])
    assert use(browser, token).response.status_code == 200
    with staff.writing() as session:
        amina = staff.member(session, "amina")
        assert amina.public_key != staff.pairs["amina"].public
    assert browser.open(f"/invitation/{token}").response.status_code == 404


def test_the_secret_is_a_qr_code_too_that_needs_nothing_from_outside(
    staff: StaffBureau,
) -> None:
    token = link(staff, "amina")
    page = staff.browser().open(f"/invitation/{token}")
    code = page.soup.select_one(".qr[role=img][aria-label] svg")
    assert code is not None
    uri = one_time_uri("amina", offered_secret(staff.account_key, token))
    assert str(code) == str(BeautifulSoup(qr_code(uri), "html.parser"))
    assert str(code) != str(BeautifulSoup(qr_code(uri + "x"), "html.parser"))
    # The policy of the page forbids styles in the markup, scripts and pictures.
    for part in [code, *code.find_all(True)]:
        assert not {"style", "href", "onload"} & set(part.attrs)
        assert part.name in {"svg", "g", "path"}


def test_a_wrong_code_costs_no_password(staff: StaffBureau) -> None:
    token, browser = link(staff, "amina"), staff.browser()
    here = f"/invitation/{token}"
    page = browser.open(here)
    assert page.soup.select("input[type=password]") == []
    page = browser.send(page, here, {"code": "000000"})
    assert page.response.status_code == 422
    assert page.soup.select_one("#new-code-error") is not None
    page = browser.send(page, here, {"code": code_on(page, browser)})
    assert len(page.soup.select("input[type=password]")) == 2
    staff.clock.forward(minutes=20)  # a good sentence takes time to find
    assert browser.send(page, here, NEW).response.status_code == 200


@pytest.mark.parametrize(
    ("field", "typed"), [("password", "elva tecken"), ("again", "något annat här")]
)
def test_a_link_is_not_spent_by_a_mistake(
    staff: StaffBureau, field: str, typed: str
) -> None:
    token, browser = link(staff, "amina"), staff.browser()
    page = use(browser, token, **{field: typed})
    assert page.response.status_code == 422
    assert page.soup.select_one(f"#new-{field}-error") is not None
    for secret in (typed, NEW_PASSWORD):
        assert secret not in page.response.text
    with staff.writing() as session:
        amina = staff.member(session, "amina")
        assert amina.public_key == staff.pairs["amina"].public
    # The code was proved; it is not asked for again.
    assert browser.send(page, f"/invitation/{token}", NEW).response.status_code == 200


def test_a_proof_that_was_made_up_leads_back_to_the_first_step(
    staff: StaffBureau,
) -> None:
    token, browser = link(staff, "amina"), staff.browser()
    page = use(browser, token, proof=f"1-{'0' * 64}")
    assert page.soup.select_one(".secret") is not None
    with staff.writing() as session:
        amina = staff.member(session, "amina")
        assert amina.public_key == staff.pairs["amina"].public


def test_who_was_reset_is_out_at_once(staff: StaffBureau) -> None:
    maria, amina = staff.signed_in("maria"), staff.signed_in("amina")
    with staff.writing() as session:
        founding.reset(session, staff.member(session, "amina"), staff.clock())
    answer = amina.open("/").response
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    values: Values = {"login": "amina", "password": PASSWORD, "code": "000000"}
    browser = staff.browser()
    page = browser.send(browser.open("/sign-in"), "/sign-in", values)
    assert page.response.status_code == 422
    assert maria.open("/").response.status_code == 200


def test_who_used_a_link_sees_nothing_before_a_colleague_lets_her_in(
    staff: StaffBureau,
) -> None:
    reference, token = staff.send(text()), link(staff, "amina")
    use(staff.browser(), token)
    browser = staff.browser()
    now = staff.clock.forward(seconds=30)
    code = pyotp.TOTP(offered_secret(staff.account_key, token)).at(now)
    values: Values = {"login": "amina", "password": NEW_PASSWORD, "code": code}
    browser.send(browser.open("/sign-in"), "/sign-in", values)
    assert browser.open(f"/r/{reference}").response.status_code == 404
    maria = staff.signed_in("maria")
    waiting = maria.open("/people").soup.select_one(".people form")
    assert waiting is not None
    maria.press("/people", str(waiting["action"]))
    assert browser.open(f"/r/{reference}").response.status_code == 200


@pytest.mark.rule("S33")
def test_a_desk_that_too_few_can_open_after_a_reset_is_told(
    staff: StaffBureau,
) -> None:
    def told() -> list[tuple[str, bool]]:
        with staff.writing() as session:
            mails = session.scalars(select(OutboundMail).order_by(OutboundMail.id))
            return [(mail.unit, mail.urgent) for mail in mails]

    use(staff.browser(), link(staff, "amina"))
    assert told() == [("reception", True)]  # three held the adult unit's desk
    assert "Bara en kan" not in staff.signed_in("maria").open("/people").words
    use(staff.browser(), link(staff, "johan"))
    units = ["adult", "closed-circle", "reception"]
    assert told()[1:] == [(unit, True) for unit in units]
    page = staff.signed_in("maria").open("/people")
    assert "Bara en kan öppna den här kön" in page.words


@pytest.mark.parametrize("bulk", [True, False])
def test_the_strict_browser_catches_what_is_not_committed(
    staff: StaffBureau, bulk: bool
) -> None:
    def forgetful() -> str:
        session = writing_db()
        if bulk:
            session.execute(update(Member).values(failures=1))
        else:
            session.scalars(select(Member)).first().failures = 1  # type: ignore[union-attr]  # seven are there
            session.flush()
        return ""

    staff.app.add_url_rule("/forgetful", "staff.health2", forgetful)
    maria = staff.signed_in("maria")
    with pytest.raises(AssertionError, match="not committed"):
        maria.open("/forgetful")
