"""Every address of the staff site: closed unless it is named open, and by what rule."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from intake.access import current_code, sign_in
from intake.models import Request
from intake.people import Member
from intake.proofs import prove
from intake.queue import find
from intake.store import reading, writing
from tests.apps import seed, staff_app
from tests.guards.staff_rules import COORDINATOR, HEAD, HOLDER, MEMBER, OPEN, RULES
from web.demo import PASSWORD
from web.desk import KEY
from web.wiring import system_clock

CLOSED = MEMBER, HOLDER, HEAD, COORDINATOR
HEADS_LOGIN, STAFFS_LOGIN = "maria", "leila"
NO_REFERENCE = "AAAA-AAAA"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Start the staff site with the demonstration's people and requests."""
    folder: Path = tmp_path_factory.mktemp("staff")
    seed(folder)
    return staff_app(folder)


@pytest.fixture(scope="module")
def tokens(app: Flask) -> dict[str, str]:
    """Sign a head and an ordinary member in, once."""
    return {login: session_of(app, login) for login in (HEADS_LOGIN, STAFFS_LOGIN)}


@pytest.fixture
def outside(app: Flask) -> FlaskClient:
    """Return a browser that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def head(app: Flask, tokens: dict[str, str]) -> FlaskClient:
    return browser(app, tokens[HEADS_LOGIN])


@pytest.fixture
def staff(app: Flask, tokens: dict[str, str]) -> FlaskClient:
    return browser(app, tokens[STAFFS_LOGIN])


@pytest.fixture
def without_form_tokens(app: Flask) -> Iterator[None]:
    """Let posts through to the views, so that their own rules answer."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


def session_of(app: Flask, login: str) -> str:
    wiring, now = app.extensions["stilla"], system_clock()
    key = wiring.settings.account_key
    with writing(wiring.engine) as session:
        member = session.scalars(select(Member).where(Member.login == login)).one()
        code = current_code(member, key, now)
        token = sign_in(session, key, prove(session, login, PASSWORD), code, now)
        session.commit()
    return token


def browser(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session[KEY] = token
    return client


def addresses(app: Flask, *rules: str, **known: object) -> Iterator[tuple[str, str]]:
    """Yield method and path of every address that stands under some of the rules."""
    adapter = app.url_map.bind("localhost")
    values = {
        "reference": NO_REFERENCE,
        "token": "x" * 32,
        "handle": "x" * 22,
        "who": "child",
        "filename": "staff.css",
        "unit": "adult",
        "name": "late",
        "member_id": 1,
        "desk_id": 1,
        "opening_id": 1,
        "window_id": 1,
        "name_id": 1,
        "passkey_id": 1,
        **known,
    }
    for rule in app.url_map.iter_rules():
        if RULES[rule.endpoint] in rules:
            named = {name: values[name] for name in rule.arguments}
            for method in (rule.methods or set()) & {"GET", "POST"}:
                yield method, adapter.build(rule.endpoint, named)


def hidden_reference(app: Flask, login: str) -> str:
    """Return a request that is there, and that a member holds no key to."""
    with reading(app.extensions["stilla"].engine) as session:
        member = session.scalars(select(Member).where(Member.login == login)).one()
        every = session.scalars(select(Request.reference))
        return next(one for one in every if not find(session, member.id, one))


def without_tokens(page: str) -> str:
    """Return a page without its form tokens, which differ from second to second."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page)


def assert_is_closed(answer: TestResponse, method: str) -> None:
    if method == "GET":
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/sign-in"
    else:
        assert answer.status_code in {400, 401}
    assert "Exempel" not in answer.get_data(as_text=True)


def test_every_address_has_its_rule_here(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(RULES)


def test_nobody_comes_in_without_signing_in(app: Flask, outside: FlaskClient) -> None:
    for method, path in addresses(app, *CLOSED):
        assert_is_closed(outside.open(path, method=method), method)


@pytest.mark.usefixtures("without_form_tokens")
def test_the_gate_needs_no_form_token_to_hold(app: Flask, outside: FlaskClient) -> None:
    for method, path in addresses(app, *CLOSED):
        assert_is_closed(outside.open(path, method=method), method)
        forged = browser(app, "x" * 43)
        assert_is_closed(forged.open(path, method=method), method)


def test_a_strange_address_tells_nothing_outside(outside: FlaskClient) -> None:
    assert_is_closed(outside.get("/r"), "GET")
    assert_is_closed(outside.get("/admin"), "GET")


def test_what_stands_open_answers_outside(app: Flask, outside: FlaskClient) -> None:
    for method, path in addresses(app, OPEN):
        if method == "GET":
            with outside.get(path) as answer:
                told = answer.status_code
            gone = "/invitation/" in path or "/outside" in path  # where none is set up
            assert told == (404 if gone else 200), path


@pytest.mark.usefixtures("without_form_tokens")
def test_what_is_for_heads_is_not_there_for_others(
    app: Flask, staff: FlaskClient
) -> None:
    for method, path in addresses(app, HEAD, COORDINATOR):
        assert staff.open(path, method=method).status_code == 404, path


@pytest.mark.usefixtures("without_form_tokens")
def test_behind_the_wall_a_request_is_as_if_it_were_not(
    app: Flask, staff: FlaskClient
) -> None:
    hidden = hidden_reference(app, STAFFS_LOGIN)
    for method, path in addresses(app, HOLDER, reference=hidden):
        there = staff.open(path, method=method)
        nowhere = staff.open(path.replace(hidden, NO_REFERENCE), method=method)
        assert (there.status_code, nowhere.status_code) == (404, 404), path
        shown = there.get_data(as_text=True)
        assert without_tokens(shown) == without_tokens(nowhere.get_data(as_text=True))
        assert hidden not in shown


@pytest.mark.usefixtures("without_form_tokens")
def test_search_finds_nothing_behind_the_wall(app: Flask, staff: FlaskClient) -> None:
    hidden = hidden_reference(app, STAFFS_LOGIN)
    found = staff.post("/find", data={"reference": hidden})
    missing = staff.post("/find", data={"reference": NO_REFERENCE})
    assert (found.status_code, missing.status_code) == (404, 404)
    shown = found.get_data(as_text=True).replace(hidden, NO_REFERENCE)
    assert without_tokens(shown) == without_tokens(missing.get_data(as_text=True))


def test_every_post_needs_the_sessions_own_form_token(
    app: Flask, head: FlaskClient
) -> None:
    for method, path in addresses(app, *CLOSED):
        if method == "POST":
            assert head.post(path).status_code == 400, path


def test_every_page_says_that_it_is_a_demonstration(
    app: Flask, head: FlaskClient, outside: FlaskClient
) -> None:
    pages = [(head, path) for m, path in addresses(app, MEMBER, HEAD) if m == "GET"]
    for client, path in [*pages, (outside, "/sign-in"), (head, "/nothing")]:
        answer = client.get(path)
        if answer.mimetype in {"text/event-stream", "application/json"}:
            continue  # no page: what its script asks for
        page = BeautifulSoup(answer.get_data(), "html.parser")
        assert "demo" in page.get_text().lower(), path


def test_every_answer_is_kept_nowhere_and_framed_by_nobody(
    app: Flask, head: FlaskClient, outside: FlaskClient
) -> None:
    for method, path in addresses(app, OPEN, *CLOSED):
        for client in (head, outside):
            if path == "/sign-out" and client is head:
                continue
            with client.open(path, method=method) as answer:
                headers = answer.headers
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; ")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Frame-Options"] == "DENY"
            assert "noindex" in headers["X-Robots-Tag"]


def test_the_cookie_is_for_this_site_and_its_server_alone(outside: FlaskClient) -> None:
    cookie = outside.get("/sign-in").headers["Set-Cookie"]
    for limit in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert limit in cookie
    for wider in ("Domain=", "Expires=", "Max-Age="):
        assert wider not in cookie
