"""Errors: the visitor's words, a 303 after a form, and a log that tells nothing."""

import io
import logging

import pytest
from flask import Flask, Response, abort, redirect, request
from flask.testing import FlaskClient
from jinja2 import DictLoader

from web import i18n
from web.environment import Face
from web.errors import (
    STAFF_WORDS,
    VISITORS_WORDS,
    Fault,
    FaultAnswer,
    init_staff_errors,
    init_visitors_errors,
)
from web.headers import init_headers
from web.quiet_log import QuietFlask, QuietFormatter, configure_log, places
from web.sessions import configure_sessions
from web.settings import ROOT, Settings

TYPED = "han slår mig"
BY_PAGE = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FETCH = {"Stilla-Fetch": "1", "Sec-Fetch-Mode": "cors"}
ERROR = "<p lang={{ lang }}>{{ code }} {{ title|safe }} {{ text|safe }}"


def save() -> None:
    raise KeyError(TYPED)


def broken() -> str:
    try:
        save()
    except KeyError as error:
        raise ValueError(f"could not save {TYPED}") from error
    return "saved"


def fail(code: int) -> str:
    abort(code)


def build(on_post_error: FaultAnswer | None = None) -> FlaskClient:
    app = QuietFlask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["MAX_CONTENT_LENGTH"] = 1000
    app.jinja_loader = DictLoader({"errors/error.html": ERROR})
    settings = Settings(face=Face.PUBLIC, unlisted=False)
    configure_sessions(app, settings)
    init_headers(app, settings)
    i18n.init(app, ROOT / "translations", ("sv", "en", "ar"))
    app.context_processor(lambda: {"lang": i18n.current_language().code})
    init_visitors_errors(app, on_post_error, frozenset({"hook"}))
    both = ["GET", "POST"]
    app.add_url_rule("/<lang>/2", "write", lambda lang: broken(), methods=both)
    app.add_url_rule("/en/fail/<int:code>", "fail", fail, methods=both)
    app.add_url_rule("/en/read", "read", lambda: request.form["x"], methods=["POST"])
    app.add_url_rule("/hook", "hook", broken, methods=["POST"])
    return app.test_client()


@pytest.mark.parametrize(
    ("path", "language"), [("/en/x", "en"), ("/ar/x", "ar"), ("/sv/p/abc", "sv")]
)
def test_the_address_says_the_language(path: str, language: str) -> None:
    response = build().get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert f"lang={language}" in response.text


@pytest.mark.parametrize(
    ("asked", "language"), [("ar-SY,ar;q=0.9", "ar"), ("fr", "sv"), ("", "sv")]
)
def test_else_the_browser_does(asked: str, language: str) -> None:
    response = build().get("/nowhere", headers={"Accept-Language": asked})
    assert f"lang={language}" in response.text


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 422, 429, 500, 503])
def test_every_status_has_its_words_on_both_faces(code: int) -> None:
    page = build().get(f"/en/fail/{code}", headers=FETCH)
    assert page.status_code == code
    assert str(VISITORS_WORDS[code].title) in page.text
    assert code in STAFF_WORDS
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("code", "like"), [(415, 400), (505, 500)])
def test_a_rare_status_says_what_its_kind_says(code: int, like: int) -> None:
    page = build().get(f"/en/fail/{code}")
    assert page.status_code == code
    assert str(VISITORS_WORDS[like].title) in page.text


def test_a_wrong_method_names_the_right_ones() -> None:
    response = build().get("/en/read")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.rule("S39")
@pytest.mark.parametrize("headers", [BY_PAGE, {}])
@pytest.mark.parametrize("code", [400, 403, 413, 422, 429, 500, 503])
def test_a_form_sent_as_a_page_ends_in_a_303(
    code: int, headers: dict[str, str]
) -> None:
    client = build()
    sent = client.post(f"/en/fail/{code}", data={"text": TYPED}, headers=headers)
    assert sent.status_code == 303
    assert sent.headers["Location"] == f"/en/e{code}"
    told = client.get(sent.headers["Location"])
    assert told.status_code == 404
    assert str(VISITORS_WORDS[code].text) in told.text


@pytest.mark.rule("S39")
def test_a_fault_and_a_missing_page_end_in_a_303_too() -> None:
    client = build()
    assert client.post("/sv/2", headers=BY_PAGE).location == "/sv/e500"
    assert client.post("/sv/nowhere", headers=BY_PAGE).location == "/sv/e404"


def test_fetches_and_machines_get_the_true_status() -> None:
    assert build().post("/en/fail/422", headers=FETCH).status_code == 422
    assert build().post("/hook").status_code == 500


@pytest.mark.rule("S39")
def test_the_sealed_page_comes_first_and_failing_it_the_plain_one() -> None:
    seen: list[Fault] = []

    def seal(fault: Fault) -> Response | None:
        seen.append(fault)
        if fault.code == 500:
            raise OSError("the disk is full of " + TYPED)
        answer = redirect("/en/p/handle", 303)
        assert isinstance(answer, Response)
        return answer if fault.code == 422 else None

    client = build(seal)
    where = [client.post(f"/en/fail/{code}").location for code in (422, 429, 500)]
    assert where == ["/en/p/handle", "/en/e429", "/en/e500"]
    assert [fault.code for fault in seen] == [422, 429, 500]


@pytest.mark.parametrize("path", ["/en/e200", "/xx/e500", "/en/e99999"])
def test_the_page_of_errors_knows_only_errors(path: str) -> None:
    shown = build().get(path, headers={"Accept-Language": "en"})
    assert shown.status_code == 404
    assert str(VISITORS_WORDS[404].title) in shown.text


def test_a_too_large_body_is_read_to_its_end() -> None:
    body = io.BytesIO(b"x=" + b"a" * 100_000)
    sent = build().post(
        "/en/read",
        input_stream=body,
        content_type="application/x-www-form-urlencoded",
        headers={"Content-Length": "100002"},
    )
    assert sent.location == "/en/e413"
    assert body.read() == b""


def test_staff_are_told_in_swedish_with_the_true_status() -> None:
    app = QuietFlask(__name__)
    app.jinja_loader = DictLoader({"staff/error.html": ERROR})
    init_staff_errors(app)
    app.add_url_rule("/fail/<int:code>", "fail", fail, methods=["POST"])
    sent = app.test_client().post("/fail/403", headers=BY_PAGE)
    assert sent.status_code == 403
    assert STAFF_WORDS[403].title in sent.text


def logged(record: logging.LogRecord) -> str:
    return QuietFormatter("%(message)s").format(record)


def test_the_log_holds_no_path_value_or_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        build().post("/sv/2?handle=abc", data={"text": TYPED}, headers=FETCH)
    text = "\n".join(map(logged, caplog.records))
    assert "fault in write" in text
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "in broken" in text
    for secret in (TYPED, "/sv/2", "abc"):
        assert secret not in text


def test_any_logged_exception_is_quiet() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter("%(message)s"))
    log = logging.getLogger("tests.quiet")
    log.addHandler(handler)
    try:
        broken()
    except ValueError:
        log.exception("it broke")
    finally:
        log.removeHandler(handler)
    assert "ValueError" in stream.getvalue()
    assert TYPED not in stream.getvalue()


def test_the_whole_process_logs_quietly() -> None:
    before, level = logging.root.handlers[:], logging.root.level
    try:
        configure_log()
        formatters = [handler.formatter for handler in logging.root.handlers]
        assert all(isinstance(one, QuietFormatter) for one in formatters)
        assert formatters
        assert Flask("x").logger.handlers == []
    finally:
        logging.root.handlers, logging.root.level = before, level


def hidden() -> None:
    try:
        save()
    except KeyError:
        raise ValueError(TYPED) from None


def test_a_hidden_cause_stays_hidden() -> None:
    with pytest.raises(ValueError, match=TYPED) as caught:
        hidden()
    assert places(caught.value).endswith("builtins.ValueError")
    assert "builtins.KeyError" not in places(caught.value)
    assert places(None) == ""
