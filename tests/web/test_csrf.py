"""Which POSTs the visitors' site takes, seen with the headers that browsers send."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.csrf import init_public_csrf
from web.environment import Face, Mode
from web.sessions import configure_sessions
from web.settings import Settings
from web.tokens import FormTokens

SITE = "https://stod.example.se"
SETTINGS = Settings(face=Face.PUBLIC, public_url=SITE, form_key=bytes(32))
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
tokens = FormTokens(SETTINGS.form_key)


def site(settings: Settings = SETTINGS) -> FlaskClient:
    app = Flask(__name__)
    app.testing = True
    configure_sessions(app, settings)
    init_public_csrf(app, settings, tokens, frozenset({"start", "hook"}))
    for name in ("start", "hook", "write"):
        rule = "/" if name == "start" else f"/{name}"
        app.add_url_rule(rule, name, lambda: "taken", methods=["GET", "POST"])
    return app.test_client()


def post(headers: dict[str, str], token: str = "", path: str = "/write") -> int:
    return site().post(path, data={"token": token}, headers=headers).status_code


def test_an_own_form_is_taken_with_the_headers_that_browsers_send() -> None:
    native = {
        "Origin": SITE,
        "Referer": f"{SITE}/sv/2",
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-User": "?1",
    }
    assert post(native) == 200
    fetched = {"Origin": SITE, "Sec-Fetch-Site": "same-origin", "Stilla-Fetch": "1"}
    assert post(fetched) == 200


@pytest.mark.parametrize("where", ["cross-site", "same-site", "none", ""])
def test_a_browser_that_says_foreign_is_refused_whatever_else_it_holds(
    where: str,
) -> None:
    genuine = tokens.issue("write", "sv", NOW)
    assert post({"Sec-Fetch-Site": where, "Origin": SITE}, genuine) == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (SITE, 200),
        ("null", 403),
        ("https://evil.example", 403),
        ("http://stod.example.se", 403),
        ("https://stod.example.se:8443", 403),
        ("https://www.stod.example.se", 403),
        ("https://stod.example.se.evil.example", 403),
        ("http://localhost", 403),
        ("", 403),
    ],
)
def test_a_browser_without_fetch_metadata_is_known_by_its_exact_origin(
    origin: str, status: int
) -> None:
    assert post({"Origin": origin}, tokens.issue("write", "sv", NOW)) == status


def test_an_old_browser_is_known_by_the_token_alone() -> None:
    assert post({}, tokens.issue("write", "sv", NOW)) == 200
    old = tokens.issue("write", "sv", NOW - timedelta(days=9))
    assert post({}, old) == 200
    assert post({}) == 403
    assert post({}, FormTokens(b"x" * 32).issue("write", "sv", NOW)) == 403


@pytest.mark.parametrize("path", ["/", "/hook"])
def test_the_door_and_the_hooks_take_posts_from_anywhere(path: str) -> None:
    assert post({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, path=path) == 200


def test_reading_needs_nothing_and_a_missing_page_says_so() -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert site().get("/write", headers=foreign).status_code == 200
    assert post(foreign, path="/nowhere") == 404


def test_the_demo_answers_to_this_machines_names_only() -> None:
    demo = dataclasses.replace(
        SETTINGS, mode=Mode.DEMO, public_url="http://localhost:8000"
    )
    client = site(demo)

    def sent(host: str, origin: str) -> int:
        return client.post(
            "/write", base_url=f"http://{host}", headers={"Origin": origin}
        ).status_code

    assert sent("127.0.0.1:9000", "http://127.0.0.1:9000") == 200
    assert sent("localhost:8000", "http://localhost:8000") == 200
    assert sent("127.0.0.1:9000", "http://evil.example") == 403
    assert sent("rebound.example", "http://rebound.example") == 403


def test_production_does_not_answer_to_the_request_host() -> None:
    sent = site().post(
        "/write", base_url="http://localhost", headers={"Origin": "http://localhost"}
    )
    assert sent.status_code == 403
