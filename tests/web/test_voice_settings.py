"""The settings of the voice bridge: a wrong one stops the start, in one line."""

from pathlib import Path

import pytest

from tests.apps import public_app
from tests.web.test_settings import KEY, PUBLIC, STAFF, TWILIO, WORKER, refused
from web.environment import Face, SettingsError
from web.settings import Settings
from web.working import carriers, line_of

LINE = "+46701740602"
ACCOUNT = {
    "STILLA_TWILIO_ACCOUNT_SID": "AC1",
    "STILLA_TWILIO_AUTH_TOKEN": "one,two",
}
VOICE = ACCOUNT | {"STILLA_VOICE_NUMBER": "+46 70 174 06 02"}


def test_without_a_number_there_is_no_bridge() -> None:
    settings = Settings.from_env(WORKER)
    assert settings.voice_number == ""
    assert line_of(settings) is None
    assert "bridged" not in carriers(settings)


def test_a_worker_with_all_of_them_calls_from_that_number_without_any_texts() -> None:
    settings = Settings.from_env(WORKER | VOICE)
    line = line_of(settings)
    assert line is not None
    assert line.number == LINE
    assert "calls: bridged" in carriers(settings)
    assert "one" not in repr(line)


@pytest.mark.parametrize("name", ["070-174 06 02", "kommunen", "MG" + "0a" * 16])
def test_what_is_no_number_is_named_and_never_repeated(name: str) -> None:
    for face in (WORKER, PUBLIC, STAFF):
        line = refused(face | VOICE | {"STILLA_VOICE_NUMBER": name})
        assert "STILLA_VOICE_NUMBER" in line
        assert name not in line


@pytest.mark.parametrize("name", sorted(ACCOUNT))
def test_the_worker_needs_the_whole_account(name: str) -> None:
    assert name in refused(WORKER | VOICE | {name: ""})


def test_an_api_key_comes_with_its_secret() -> None:
    given = VOICE | {"STILLA_TWILIO_API_KEY": "SK1", "STILLA_TWILIO_AUTH_TOKEN": ""}
    assert "STILLA_TWILIO_API_SECRET" in refused(WORKER | given)
    Settings.from_env(WORKER | given | {"STILLA_TWILIO_API_SECRET": "hush"})


@pytest.mark.rule("S17")
def test_without_a_token_the_visitors_site_would_believe_anybody() -> None:
    given = VOICE | {"STILLA_TWILIO_AUTH_TOKEN": ""}
    assert "STILLA_TWILIO_AUTH_TOKEN" in refused(PUBLIC | given)
    made = Settings.from_env(PUBLIC | VOICE)
    assert made.twilio_auth_token == ("one", "two")


def test_the_desk_needs_the_number_and_no_account() -> None:
    given = {"STILLA_VOICE_NUMBER": LINE}
    assert Settings.from_env(STAFF | given).voice_number == LINE


@pytest.mark.rule("S17")
def test_calls_never_go_out_from_the_number_that_is_texted_to() -> None:
    printed = {"STILLA_SMS_NUMBER": LINE, "STILLA_VOICE_NUMBER": LINE}
    for own in (PUBLIC | TWILIO, STAFF, WORKER | TWILIO):
        assert "STILLA_VOICE_NUMBER" in refused(own | printed)


@pytest.mark.rule("S17")
def test_no_face_starts_with_a_line_that_visitors_see(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="STILLA_VOICE_NUMBER"):
        public_app(
            tmp_path,
            voice_number="+46846500410",
            twilio_auth_token=f"demo-{'0' * 32}",
        )


def test_region_and_edge_are_checked_without_texts_too() -> None:
    one = {"STILLA_TWILIO_REGION": "ie1"}
    assert "STILLA_TWILIO_EDGE" in refused(WORKER | VOICE | one)


@pytest.mark.parametrize("face", Face)
def test_training_takes_no_line(face: Face) -> None:
    training = {"STILLA_MODE": "training", "STILLA_VOICE_NUMBER": LINE}
    given = {Face.PUBLIC: PUBLIC, Face.STAFF: STAFF, Face.WORKER: WORKER}[face]
    assert refused(given | training).startswith(("STILLA_VOICE", "STILLA_MODE"))


def test_the_demo_never_reaches_the_real_twilio() -> None:
    demo = WORKER | VOICE | {"STILLA_MODE": "demo"}
    del demo["STILLA_PUBLIC_URL"], demo["STILLA_STAFF_URL"]
    demo |= {name: f"demo-{key}" for name, key in demo.items() if key == KEY}
    assert "STILLA_TWILIO_API_URL" in refused(demo)
    stand_in = {"STILLA_TWILIO_API_URL": "http://127.0.0.1:8010"}
    Settings.from_env(demo | stand_in)
    assert "STILLA_TWILIO_API_URL" in refused(WORKER | VOICE | stand_in)
