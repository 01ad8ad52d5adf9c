"""Headers, the unlisted status, and that the visitors' site can't set a cookie."""

import dataclasses
import hashlib
from base64 import b64encode

import pytest
from flask import Flask, Response, flash, redirect, session
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.test import TestResponse

from web.environment import Face
from web.headers import LEAST_BODY, csp_hash, init_headers
from web.sessions import SessionRefused, configure_sessions
from web.settings import Settings

STYLE, SCRIPT = "main{color:teal}", "document.title='å'"
PUBLIC = Settings(face=Face.PUBLIC, public_url="https://stod.example.se")
STAFF = Settings(
    face=Face.STAFF, staff_url="https://desk.example.se", session_key=b"k" * 32
)
DOCUMENT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
PAGE = "<!doctype html><title>Stöd och råd</title><p>" + "lugn " * 200


def remember() -> str:
    session["seen"] = "yes"
    return "remembered"


def flashed() -> str:
    flash("hej")
    return "flashed"


def baked() -> Response:
    response = Response(PAGE, mimetype="text/html")
    response.set_cookie("trace", "1")
    return response


def packed() -> Response:
    response = Response(b"\x1f\x8b", mimetype="text/html")
    response.content_encoding = "br"
    return response


def raise_405() -> str:
    raise MethodNotAllowed


def build(settings: Settings, *, testing: bool = True) -> FlaskClient:
    app = Flask(__name__)
    app.testing = testing
    configure_sessions(app, settings)
    init_headers(app, settings, [STYLE], [SCRIPT], frozenset({"healthz"}))
    app.add_url_rule("/", "page", lambda: PAGE)
    app.add_url_rule("/door", "door", lambda: PAGE, methods=["POST"])
    app.add_url_rule("/short", "short", lambda: "<p>hej")
    app.add_url_rule("/healthz", "healthz", lambda: "<p>ok")
    app.add_url_rule("/json", "json", lambda: {"a": 1})
    app.add_url_rule("/on", "on", lambda: redirect("/", 303))
    app.add_url_rule("/error", "error", raise_405)
    app.add_url_rule("/remember", "remember", remember)
    app.add_url_rule("/read", "read", lambda: session.get("seen", "no"))
    app.add_url_rule("/flash", "flash", flashed)
    app.add_url_rule("/baked", "baked", baked)
    app.add_url_rule("/packed", "packed", packed)
    return app.test_client()


def policy(response: TestResponse) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


@pytest.mark.parametrize("path", ["/", "/on", "/error", "/nowhere", "/json"])
@pytest.mark.parametrize("settings", [PUBLIC, STAFF])
def test_every_answer_carries_the_headers(path: str, settings: Settings) -> None:
    headers = build(settings).get(path, headers=DOCUMENT).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    # Firefox would keep a row about each site that asks visitors' browsers for it.
    asked = "same-origin" if settings is STAFF else None
    assert headers.get("Cross-Origin-Opener-Policy") == asked
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Server"] == "web"
    assert headers.get("X-Frame-Options") == ("DENY" if settings is STAFF else None)
    assert "noindex" in headers["X-Robots-Tag"]
    assert "noarchive" in headers["X-Robots-Tag"]
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_the_visitors_policy_allows_the_inlined_style_and_script_only() -> None:
    said = policy(build(PUBLIC).get("/"))
    assert said["default-src"] == "'none'"
    assert said["style-src"] == csp_hash(STYLE)
    assert said["script-src"] == csp_hash(SCRIPT)
    assert said["form-action"] == said["connect-src"] == "'self'"
    assert said["base-uri"] == said["frame-ancestors"] == "'none'"
    digest = b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert said["script-src"] == f"'sha256-{digest}'"


def test_the_staff_policy_allows_its_own_files() -> None:
    said = policy(build(STAFF).get("/"))
    assert said["style-src"] == said["script-src"] == "'self'"
    assert said["default-src"] == said["frame-ancestors"] == "'none'"


def test_the_frame_door_opens_for_the_named_origins_only() -> None:
    town = ("https://www.example.se", "https://example.se")
    response = build(dataclasses.replace(PUBLIC, frame_ancestors=town)).get("/")
    assert policy(response)["frame-ancestors"] == " ".join(town)
    assert "X-Frame-Options" not in response.headers


def test_hsts_and_index_are_the_municipalitys_choice() -> None:
    settings = dataclasses.replace(PUBLIC, hsts=3600, indexed=True)
    headers = build(settings).get("/").headers
    assert headers["Strict-Transport-Security"] == "max-age=3600"
    assert "noindex" not in headers["X-Robots-Tag"]


def test_a_browsers_own_visit_is_answered_404_with_the_whole_page() -> None:
    response = build(PUBLIC).get("/", headers=DOCUMENT)
    assert response.status_code == 404
    assert response.text == PAGE
    assert build(PUBLIC).post("/door", headers=DOCUMENT).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Stilla-Fetch": "1"},
    ],
)
def test_frames_fetches_and_monitors_get_the_true_status(
    headers: dict[str, str],
) -> None:
    client = build(PUBLIC)
    assert client.get("/", headers=headers).status_code == 200
    assert client.get("/error", headers=headers).status_code == 405


def test_what_the_answer_depends_on_is_said() -> None:
    vary = build(PUBLIC).get("/").headers["Vary"]
    assert {part.strip() for part in vary.split(",")} == {
        "Sec-Fetch-Mode",
        "Sec-Fetch-Dest",
    }


def test_error_pages_are_unlisted_too_and_redirects_stay_redirects() -> None:
    client = build(PUBLIC)
    assert client.get("/error", headers=DOCUMENT).status_code == 404
    assert client.get("/on", headers=DOCUMENT).status_code == 303


def test_unlisted_is_off_for_monitors_for_staff_and_by_setting() -> None:
    assert build(PUBLIC).get("/healthz", headers=DOCUMENT).status_code == 200
    assert build(STAFF).get("/", headers=DOCUMENT).status_code == 200
    listed = dataclasses.replace(PUBLIC, unlisted=False)
    assert build(listed).get("/", headers=DOCUMENT).status_code == 200


@pytest.mark.parametrize("path", ["/short", "/nowhere"])
def test_no_page_is_too_short_for_a_404(path: str) -> None:
    response = build(PUBLIC).get(path, headers=DOCUMENT)
    assert len(response.data) >= LEAST_BODY
    assert response.content_length == len(response.data)


def test_a_compressed_page_is_left_as_it_is() -> None:
    assert build(PUBLIC).get("/packed").data == b"\x1f\x8b"


@pytest.mark.parametrize("path", ["/remember", "/read", "/flash"])
def test_the_visitors_session_can_be_neither_read_nor_written(path: str) -> None:
    with pytest.raises(SessionRefused):
        build(PUBLIC).get(path, headers={"Cookie": "session=x; desk=y"})


def test_a_cookie_set_by_hand_fails_in_tests_and_is_dropped_in_production() -> None:
    with pytest.raises(SessionRefused):
        build(PUBLIC).get("/baked")
    response = build(PUBLIC, testing=False).get("/baked")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


def test_the_staff_cookie_is_bound_to_host_and_site() -> None:
    client = build(STAFF)
    cookie = client.get("/remember").headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}


def test_the_staff_cookie_without_https_has_no_host_prefix() -> None:
    local = dataclasses.replace(STAFF, staff_url="http://localhost:8001")
    cookie = build(local).get("/remember").headers["Set-Cookie"]
    assert cookie.startswith("desk=")
    assert "Secure" not in cookie
