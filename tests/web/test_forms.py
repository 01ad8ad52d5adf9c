"""What all forms share: tidy texts, one translated complaint, tokens, no cookie."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from web import i18n
from web.environment import Face
from web.forms import (
    PublicForm,
    StaffForm,
    choices_of,
    digits_of,
    init_staff_csrf,
    tidy,
)
from web.sessions import configure_sessions
from web.settings import ROOT, Settings
from web.tokens import FormTokens, TokenForged

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PUBLIC = Settings(face=Face.PUBLIC)
STAFF = Settings(
    face=Face.STAFF, staff_url="https://desk.example.se", session_key=b"k" * 32
)
tokens = FormTokens(bytes(32))


class WriteForm(PublicForm):
    form_name = "write"

    text = TextAreaField("Text", [Length(max=5, message="Too long.")])
    danger = RadioField(
        "Now", choices=choices_of({"now": i18n.lazy("Now"), "no": "No"}), default="no"
    )


class NoteForm(StaffForm):
    note = StringField("Anteckning", filters=[str.upper])
    password = PasswordField("Lösenord")
    choice = RadioField("Val", choices=choices_of({"a": "A"}), default="a")


def filled(**typed: str) -> WriteForm:
    return WriteForm(MultiDict({"danger": "no", **typed}))


@pytest.fixture
def visitors() -> Flask:
    app = Flask(__name__)
    app.testing = True
    configure_sessions(app, PUBLIC)
    i18n.init(app, ROOT / "translations", ("sv", "en", "ar"))
    return app


@pytest.fixture
def desk() -> FlaskClient:
    app = Flask(__name__)
    app.testing = True
    configure_sessions(app, STAFF)
    init_staff_csrf(app)

    def note() -> str:
        form = NoteForm()
        if form.validate_on_submit():
            return form.note.data or ""
        return str(form["csrf_token"]())

    app.add_url_rule("/note", "note", note, methods=["GET", "POST"])
    return app.test_client()


def test_texts_are_tidied_before_their_length_is_counted(visitors: Flask) -> None:
    with visitors.test_request_context("/sv/2"):
        form = filled(text="  a\r\nb\rc \r\n")
        assert form.validate(), form.errors
        assert form.text.data == "a\nb\nc"
        assert not filled(text="a\r\nb\r\ncd").validate()


def test_a_field_that_was_not_sent_is_empty_text(visitors: Flask) -> None:
    with visitors.test_request_context("/sv/2"):
        assert filled().text.data == ""
        assert tidy(None) == ""
        assert tidy("\0 a") == "a"


@pytest.mark.parametrize(
    ("typed", "ascii_digits"),
    [
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("०१२३४५६७८९", "0123456789"),
        ("+46 (0)70-½²", "+46 (0)70-½²"),
    ],
)
def test_digits_of_every_script(typed: str, ascii_digits: str) -> None:
    assert digits_of(typed) == ascii_digits


def test_a_posted_form_is_read_and_a_shown_one_is_not(visitors: Flask) -> None:
    with visitors.test_request_context("/sv/2", method="POST", data={"danger": "now"}):
        form = WriteForm()
        assert form.danger.data == "now"
        assert form.validate_on_submit()
    with visitors.test_request_context("/sv/2"):
        assert not WriteForm().validate_on_submit()
        assert WriteForm().danger.data == "no"
        assert WriteForm(data={"text": "before"}).text.data == "before"


def test_no_message_repeats_what_was_typed_or_speaks_wtforms(visitors: Flask) -> None:
    with visitors.test_request_context("/en/2"):
        form = filled(danger="<typed>")
        assert not form.validate()
        assert form.errors == {"danger": ["Choose one of the answers."]}


def test_rendering_a_visitors_form_touches_no_session(visitors: Flask) -> None:
    def page() -> str:
        form = WriteForm()
        form.stamp(tokens, "sv", NOW)
        return render_template_string(
            "{% for field in form %}{{ field() }}{% endfor %}", form=form
        )

    visitors.add_url_rule("/sv/2", "page", page)
    response = visitors.test_client().get("/sv/2")
    assert 'name="token"' in response.text
    assert 'name="website"' in response.text
    assert "csrf" not in response.text
    assert "Set-Cookie" not in response.headers
    assert "Vary" not in response.headers


@pytest.mark.rule("S3")
def test_a_genuine_token_stays_when_the_form_is_shown_again(visitors: Flask) -> None:
    genuine = tokens.issue("write", "sv", NOW)
    with visitors.test_request_context("/sv/2"):
        again = filled(token=genuine)
        again.stamp(tokens, "sv", NOW)
        assert again.token.data == genuine
        again.renew(tokens, "sv", NOW)
        assert again.token.data != genuine
        forged = filled(token="made up")
        forged.stamp(tokens, "sv", NOW)
        assert forged.read_token(tokens, NOW).language == "sv"


def test_the_token_is_the_forms_own(visitors: Flask) -> None:
    with visitors.test_request_context("/sv/2"):
        for wrong in (tokens.issue("call", "sv", NOW), "", "made up"):
            with pytest.raises(TokenForged):
                filled(token=wrong).read_token(tokens, NOW)


@pytest.mark.rule("S36")
def test_a_machine_is_suspected_and_its_form_still_keeps_the_rules(
    visitors: Flask,
) -> None:
    token = tokens.read(tokens.issue("write", "sv", NOW), "write", NOW)
    later = NOW + timedelta(seconds=9)
    with visitors.test_request_context("/sv/2"):
        assert filled().is_suspect(token, NOW + timedelta(seconds=1))
        assert not filled().is_suspect(token, later)
        trapped = filled(website="https://spam.example")
        assert trapped.is_suspect(token, later)
        assert trapped.validate()


def test_staff_forms_need_the_sessions_token(desk: FlaskClient) -> None:
    origin = {"Referer": "https://localhost/note"}

    def send(token: str) -> tuple[int, str]:
        sent = desk.post(
            "/note",
            base_url="https://localhost",
            headers=origin,
            data={"note": " hej ", "choice": "a", "csrf_token": token},
        )
        return sent.status_code, sent.text

    shown = desk.get("/note", base_url="https://localhost").text
    token = shown.split('value="')[1].split('"')[0]
    assert send(token) == (200, "HEJ")
    assert send("")[0] == 400
    assert send(token + "x")[0] == 400


def test_staff_forms_complain_in_swedish(desk: FlaskClient) -> None:
    with desk.application.test_request_context("/note"):
        form = NoteForm(MultiDict({"choice": "b"}))
        form.validate()
        assert form.errors["choice"] == ["Välj eller skriv ett giltigt svar."]


def test_a_password_is_taken_to_the_letter(desk: FlaskClient) -> None:
    with desk.application.test_request_context("/note"):
        form = NoteForm(MultiDict({"password": " two words ", "note": " a "}))
        assert form.password.data == " two words "
        assert form.note.data == "A"
