"""Every address of the visitors' site: no cookie, no trace, Leave on every page."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.apps import public_app, standing_still
from web import i18n
from web.i18n import KNOWN
from web.library import library
from web.wiring import now

# Every endpoint, and what its address is asked with. A new one fails until it is here.
GET, FORM, HOOK = "get", "form", "hook"
ROUTES: dict[str, frozenset[str]] = {
    "pages.start": frozenset({GET}),  # its POST is a door without fields, see below
    "pages.document": frozenset({GET}),
    "pages.plain": frozenset({GET}),
    "pages.longer": frozenset({GET}),
    "pages.steps": frozenset({GET}),
    "pages.leave": frozenset({GET}),
    "pages.left": frozenset({GET}),
    "pages.health": frozenset({GET}),
    "contact.write": frozenset({GET, FORM}),
    "contact.once": frozenset({GET}),
    "contact.saved": frozenset({FORM}),
    "contact.back": frozenset({GET, FORM}),
    "contact.more": frozenset({FORM}),
    "contact.take_back": frozenset({FORM}),
    "contact.useless": frozenset({FORM}),
    "contact.again": frozenset({FORM}),
    "callback.ask": frozenset({GET, FORM}),
    "callback.change": frozenset({FORM}),
    "hooks.sms": frozenset({HOOK}),
    "hooks.text_status": frozenset({HOOK}),
    "voice.back": frozenset({HOOK}),
    "voice.staff": frozenset({HOOK}),
    "voice.code": frozenset({HOOK}),
    "voice.rung": frozenset({HOOK}),
    "voice.over": frozenset({HOOK}),
    "told": frozenset({GET}),
}
NUMBERS = ("10", "11", "12")
VOICE = ("back", "code", "rung", "over")
# What only machines ask for; no browser lists it.
MACHINES = ("hooks", "sms", "status", "healthz", "voice", *VOICE)
LANGUAGES = ("sv", "en", "ar")
NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
OWN = {"Sec-Fetch-Site": "same-origin"}
FOREIGN = {"Sec-Fetch-Site": "cross-site"}
BY_SCRIPT = {"Stilla-Fetch": "1", **OWN}
CANARY = "kanariefågel 0701740699"
VALUES = {"letter": "a", "handle": "x" * 22, "code": 404}
MACHINES_WORDS = "A machine translated this text. A person has not checked it yet."
# Blank, and gone at once; the frame's lines would only flash.
BLANK = "pages.leave"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Start the visitors' site as it is served: a fault is answered, not raised."""
    texts = {"sms_gateway": "twilio", "twilio_auth_token": f"demo-{'0' * 32}"}
    texts["voice_number"] = "+46701740602"
    made = standing_still(public_app(tmp_path_factory.mktemp("public"), **texts))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def addresses(app: Flask, kind: str) -> Iterator[tuple[str, str]]:
    """Yield endpoint and path of every address of a kind, in every language."""
    adapter = app.url_map.bind("localhost")
    method = "GET" if kind == GET else "POST"
    for rule in app.url_map.iter_rules():
        if kind not in ROUTES[rule.endpoint] or method not in (rule.methods or ()):
            continue
        given = rule.arguments - set(rule.defaults or ())
        for language in LANGUAGES if "lang" in given else LANGUAGES[:1]:
            for number in numbers(app, language) if "number" in given else [0]:
                known = {
                    "lang": language,
                    "text_id": "0" * 32,
                    "call_id": "0" * 32,
                    **VALUES,
                }
                known["number"] = str(number)
                values = {name: known[name] for name in given}
                yield rule.endpoint, adapter.build(rule.endpoint, values)


def numbers(app: Flask, language: str) -> list[int]:
    """Return the numbers of the longer pages that a language has."""
    with app.test_request_context(f"/{language}/"):
        content = library().shown(KNOWN[language], now()).content
    locale = KNOWN[language].locale
    return [place.number for _, place in content.placed(locale) if place.number >= 20]


def assert_leaves_no_trace(answer: TestResponse) -> None:
    """Check the headers that every answer has, whatever it says."""
    headers = answer.headers
    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "Cross-Origin-Opener-Policy" not in headers  # Firefox would keep a row
    for tells in ("Link", "NEL", "Report-To", "Reporting-Endpoints", "ETag"):
        assert tells not in headers


def assert_is_neutral_page(answer: TestResponse, name: str, framed: bool) -> None:
    """Check what every page shows: Leave first, a title that tells nothing, 112."""
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert [title.get_text() for title in page.find_all("title")] == [name]
    assert page.body is not None
    first = page.body.find(True)
    assert isinstance(first, Tag)
    assert first.name == "a"
    assert "leave" in first["class"]
    if framed:
        (frame,) = first.find_all("iframe")
        assert str(frame["name"]).startswith("https://")
        assert page.find("main") in first.find_all_next("main")
        assert "112" in page.get_text()


def site_name(app: Flask, path: str) -> str:
    language = KNOWN.get(path.split("/")[1], KNOWN["sv"])
    name: str = app.extensions["stilla"].municipality.site_name(language.locale)
    return name


def test_every_address_is_known_here(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


def test_no_address_tells_what_it_is_about(app: Flask) -> None:
    # What a browser or a router may list: digits, letters of two, and p, u, e, hooks.
    for rule in app.url_map.iter_rules():
        plain = re.sub(r"<[^>]*>", "", rule.rule)
        parts = set(filter(None, plain.split("/")))
        assert parts <= {*"23456789", *NUMBERS, "p", "u", "u2", "e", "saved", *MACHINES}


def test_every_page_is_shown_without_a_trace(app: Flask, client: FlaskClient) -> None:
    for endpoint, path in addresses(app, GET):
        for asked in ({}, NAVIGATION):
            answer = client.get(path, headers={"Accept-Language": "sv", **asked})
            assert_leaves_no_trace(answer)
            if answer.mimetype == "text/html" and answer.status_code // 100 != 3:
                framed = endpoint != BLANK
                assert_is_neutral_page(answer, site_name(app, path), framed)


def test_a_machines_words_are_marked_once_on_every_page(
    app: Flask, client: FlaskClient
) -> None:
    seen = set()
    for _, path in addresses(app, GET):
        page = BeautifulSoup(client.get(path).get_data(as_text=True), "html.parser")
        if page.html is None or page.main is None:
            continue
        language = KNOWN[str(page.html["lang"])]
        with app.test_request_context(path), i18n.speaking(language):
            unread, said = i18n.by_machine(language), i18n._(MACHINES_WORDS)
        assert page.get_text().count(said) == int(unread), path
        seen.add(language.code)
    assert seen == set(LANGUAGES)


def test_browsers_are_told_404_and_all_others_the_truth(
    app: Flask, client: FlaskClient
) -> None:
    for endpoint, path in addresses(app, GET):
        told, shown = client.get(path), client.get(path, headers=NAVIGATION)
        assert told.status_code in ({404} if endpoint == "told" else {200, 303}), path
        is_page = told.status_code == 200 and told.mimetype == "text/html"
        assert shown.status_code == (404 if is_page else told.status_code)
        if shown.status_code == 404:
            assert len(shown.get_data()) >= 512


@pytest.mark.rule("S39")
def test_every_form_by_navigation_is_answered_303(
    app: Flask, client: FlaskClient
) -> None:
    asked = {**NAVIGATION, **OWN}
    for _, path in addresses(app, FORM):
        for sent in ({}, {"text": CANARY, "digits": CANARY, "token": CANARY}):
            answer = client.post(path, data=sent, headers=asked)
            assert answer.status_code == 303, path
            assert_leaves_no_trace(answer)
            assert CANARY not in answer.headers["Location"]
            assert "0701740699" not in answer.headers["Location"]


@pytest.mark.rule("S39")
def test_a_foreign_form_is_refused_and_also_by_303(
    app: Flask, client: FlaskClient
) -> None:
    for _, path in addresses(app, FORM):
        shown = client.post(path, headers={**NAVIGATION, **FOREIGN})
        assert (shown.status_code, path[:3]) == (303, shown.headers["Location"][:3])
        # What has a form is given back, over the limit too (S36).
        assert re.search(r"/(e403|p/[\w-]{22})$", shown.headers["Location"])
        fetched = client.post(path, headers={**FOREIGN, "Stilla-Fetch": "1"})
        assert fetched.status_code == 403


def test_the_pages_script_is_told_the_truth(app: Flask, client: FlaskClient) -> None:
    for _, path in addresses(app, FORM):
        answer = client.post(path, data={"text": "x" * 20_000}, headers=BY_SCRIPT)
        assert_leaves_no_trace(answer)
        assert answer.status_code in {303, 422}
        if answer.status_code == 422:
            assert_is_neutral_page(answer, site_name(app, path), framed=True)


def test_a_door_from_elsewhere_shows_the_document_and_takes_nothing(
    client: FlaskClient,
) -> None:
    asked = {**NAVIGATION, **FOREIGN, "Accept-Language": "sv"}
    answer = client.post("/", data={"text": CANARY}, headers=asked)
    assert_leaves_no_trace(answer)
    assert answer.get_data() == client.get("/", headers=asked).get_data()


def test_the_hooks_take_nothing_without_a_signature(
    app: Flask, client: FlaskClient
) -> None:
    for _, path in addresses(app, HOOK):
        answer = client.post(path, data={"Body": CANARY, "MessageSid": "SM1"})
        assert answer.status_code == 403
        assert_leaves_no_trace(answer)
        assert CANARY not in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_neutral_pages_in_the_visitors_language(
    app: Flask, client: FlaskClient, language: str
) -> None:
    large = "x" * (app.config["MAX_CONTENT_LENGTH"] + 1)
    faults = {
        404: client.get(f"/{language}/nothing", headers=OWN),
        405: client.get(f"/{language}/5", headers=OWN),
        413: client.post(f"/{language}/2", data={"text": large}, headers=BY_SCRIPT),
        500: broken(app, client, f"/{language}/9"),
    }
    for code, answer in faults.items():
        assert answer.status_code == code
        assert_leaves_no_trace(answer)
        assert_is_neutral_page(answer, site_name(app, f"/{language}/"), framed=True)
        assert f'<html lang="{language}"' in answer.get_data(as_text=True)
        assert "faultword" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_of_forms_are_told_at_neutral_addresses(
    app: Flask, client: FlaskClient, language: str
) -> None:
    said = set()
    for code in (403, 404, 405, 413, 422, 429, 500, 503):
        answer = client.get(f"/{language}/e{code}", headers=NAVIGATION)
        assert answer.status_code == 404
        assert_leaves_no_trace(answer)
        assert_is_neutral_page(answer, site_name(app, f"/{language}/"), framed=True)
        said.add(answer.get_data())
    assert len(said) > 5  # what to do differs


@pytest.mark.rule("S39")
def test_what_is_too_large_is_told_at_an_address_of_its_own(
    app: Flask, client: FlaskClient
) -> None:
    large = "x" * (app.config["MAX_CONTENT_LENGTH"] + 1)
    asked = {**NAVIGATION, **OWN}
    answer = client.post("/ar/2", data={"text": large}, headers=asked)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/ar/e413"
    assert_leaves_no_trace(answer)


@pytest.mark.parametrize(
    "path", ["/", "/wp-login.php", "/xx/", "/xx/2", "/sv/p/", "/sv"]
)
def test_strange_addresses_and_methods_leave_no_trace(
    client: FlaskClient, path: str
) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
        assert_leaves_no_trace(client.open(path, method=method))


def test_cookies_that_a_browser_sends_change_nothing(client: FlaskClient) -> None:
    plain = client.get("/sv/", headers=OWN)
    given = client.get("/sv/", headers={**OWN, "Cookie": "session=x; desk=y"})
    assert given.get_data() == plain.get_data()
    assert "Cookie" not in given.headers["Vary"]


def broken(app: Flask, client: FlaskClient, path: str) -> TestResponse:
    """Return what is answered when a view breaks."""

    def fail(**_: object) -> str:
        raise RuntimeError("faultword")

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.view_functions, "pages.plain", fail)
        return client.get(path, headers=OWN)
