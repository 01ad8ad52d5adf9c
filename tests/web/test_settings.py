"""Settings: each read once, wrong ones stop the start in one line, secrets apart."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from web.environment import Face, Mode, SettingsError, SmsCarrier
from web.languages import KNOWN
from web.settings import Settings, describe

KEY = "ab" * 32
PUBLIC = {
    "STILLA_FACE": "public",
    "STILLA_PUBLIC_URL": "https://stod.example.se",
    "STILLA_TRUSTED_PROXIES": "1",
    "STILLA_FORM_KEY": KEY,
    "STILLA_RECEIPT_PEPPER": f"1:{KEY}",
    "STILLA_EVENT_KEY": "cd" * 32,
    "STILLA_WORKER_PUBLIC_KEY": "ef" * 32,
}
STAFF = {
    "STILLA_FACE": "staff",
    "STILLA_STAFF_URL": "https://desk.example.se",
    "STILLA_TRUSTED_PROXIES": "1",
    "STILLA_RECEIPT_PEPPER": f"1:{KEY}",
    "STILLA_EVENT_KEY": KEY,
    "STILLA_WORKER_PUBLIC_KEY": "ef" * 32,
    "STILLA_SESSION_KEY": KEY,
    "STILLA_ACCOUNT_KEY": KEY,
}
WORKER = {
    "STILLA_FACE": "worker",
    "STILLA_PUBLIC_URL": "https://stod.example.se",
    "STILLA_STAFF_URL": "https://desk.example.se",
    "STILLA_EVENT_KEY": KEY,
    "STILLA_WORKER_SECRET_KEY": KEY,
    "STILLA_NUMBER_KEY": KEY,
}
DEMO = {
    "STILLA_FACE": "public",
    "STILLA_MODE": "demo",
    "STILLA_FORM_KEY": f"demo-{KEY}",
    "STILLA_RECEIPT_PEPPER": f"1:demo-{KEY}",
    "STILLA_EVENT_KEY": f"demo-{KEY}",
    "STILLA_WORKER_PUBLIC_KEY": f"demo-{'ef' * 32}",
}
TWILIO = {
    "STILLA_SMS_GATEWAY": "twilio",
    "STILLA_TWILIO_ACCOUNT_SID": "AC1",
    "STILLA_TWILIO_AUTH_TOKEN": "one,two",
    "STILLA_SMS_SENDER": "+46 70 174 06 05",
}

ELKS = {
    "STILLA_SMS_GATEWAY": "46elks",
    "STILLA_ELKS_USERNAME": "u1",
    "STILLA_ELKS_PASSWORD": "hush",
    "STILLA_ELKS_HOOK_PASSWORD": "x" * 24,
    "STILLA_SMS_SENDER": "+46701740601",
    "STILLA_SMS_LATE": "on",
}


def refused(environ: Mapping[str, str]) -> str:
    """Return the one line that stops the start."""
    with pytest.raises(SettingsError) as stop:
        Settings.from_env(environ)
    line = str(stop.value)
    assert line.startswith("STILLA_")
    assert "\n" not in line
    assert stop.value.__cause__ is None
    return line


@pytest.mark.parametrize("environ", [PUBLIC, STAFF, WORKER, DEMO])
def test_each_process_starts_with_its_own_keys_only(environ: dict[str, str]) -> None:
    assert Settings.from_env(environ).face == environ["STILLA_FACE"]


@pytest.mark.parametrize("own", [PUBLIC, STAFF, WORKER])
def test_no_required_key_can_be_left_out(own: dict[str, str]) -> None:
    for name in own.keys() - {"STILLA_STAFF_URL"}:
        rest = {key: text for key, text in own.items() if key != name}
        if name == "STILLA_PUBLIC_URL" and own is STAFF:
            continue
        assert name in refused(rest)


@pytest.mark.parametrize(
    ("own", "foreign"),
    [
        (PUBLIC, "WORKER_SECRET_KEY NUMBER_KEY SESSION_KEY ACCOUNT_KEY TWILIO_API_KEY"),
        (STAFF, "FORM_KEY WORKER_SECRET_KEY NUMBER_KEY TWILIO_AUTH_TOKEN"),
        (WORKER, "FORM_KEY RECEIPT_PEPPER SESSION_KEY ACCOUNT_KEY"),
    ],
)
@pytest.mark.rule("S22")
def test_another_process_key_stops_the_start(own: dict[str, str], foreign: str) -> None:
    for name in foreign.split():
        text = f"1:{KEY}" if name == "RECEIPT_PEPPER" else KEY
        line = refused(own | {f"STILLA_{name}": text})
        assert f"STILLA_{name} must not be given" in line
        assert KEY not in line


@pytest.mark.parametrize("path", ["/stod", "/sv/stod/"])
def test_a_site_under_a_path_of_another_is_refused_with_the_reason(path: str) -> None:
    line = refused(PUBLIC | {"STILLA_PUBLIC_URL": f"https://www.kommun.example{path}"})
    assert "docs/doors.md" in line


def test_mail_password_is_the_workers_alone() -> None:
    line = refused(PUBLIC | {"STILLA_MAIL_URL": "smtp://me:hush@mail.example.se"})
    assert "hush" not in line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("FACE", "both"),
        ("MODE", "test"),
        ("PORT", "0"),
        ("PORT", "80x"),
        ("STAFF_PORT", "8000"),
        ("DATABASE_URL", "mysql://x"),
        ("PUBLIC_URL", "http://stod.example.se"),
        ("PUBLIC_URL", "https://stod.example.se/path"),
        ("PUBLIC_URL", "https://user:pass@stod.example.se"),
        ("PUBLIC_URL", "https://stod.example.se:port"),
        ("PUBLIC_URL", "http://localhost:8000"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "0"),
        ("LANGUAGES", "sv,sv"),
        ("LANGUAGES", "Svenska"),
        ("LEAVE_URL", "http://smhi.se/"),
        ("LEAVE_URL", "https://www.google.com/"),
        ("LEAVE_URL", "sv=https://smhi.se/ ar=https://duckduckgo.com/"),
        ("LEAVE_URL", "https://search.brave.com/"),
        ("LEAVE_URL", "de=https://smhi.se/"),
        ("UNLISTED", "yes"),
        ("INDEXED", "1"),
        ("FRAME_ANCESTORS", "https://*.example.se"),
        ("FRAME_ANCESTORS", "https://stod.example.se"),
        ("FRAME_ANCESTORS", "https://example.se/page"),
        ("FRAME_ANCESTORS", "http://localhost:9000"),
        ("HSTS", "forever"),
        ("UNITS", "/nowhere/units.toml"),
        ("FORM_KEY", KEY[:-1]),
        ("FORM_KEY", KEY[:-1] + "g"),
        ("FORM_KEY", f"demo-{KEY}"),
        ("WORKER_PUBLIC_KEY", f"demo-{KEY}"),
        ("RECEIPT_PEPPER", KEY),
        ("RECEIPT_PEPPER", f"2:{KEY},1:{KEY}"),
        ("RECEIPT_PEPPER", f"1:{KEY},2:demo-{KEY}"),
        ("RECEIPT_PEPPER", f"demo-1:{KEY}"),
        ("SMS_GATEWAY", "pigeon"),
        ("SMS_NUMBER", "070-174 06 05"),
        ("MAX_BODY", "1"),
        ("MAX_TALKS", "0"),
        ("LEAVE_ULR", "https://smhi.se/"),
    ],
)
def test_a_bad_setting_is_named_and_never_repeated(name: str, text: str) -> None:
    line = refused(PUBLIC | {f"STILLA_{name}": text})
    assert line.startswith(f"STILLA_{name} ")
    if len(text) > len("sv,sv"):
        assert text not in line


def test_defaults() -> None:
    settings = Settings.from_env(PUBLIC)
    assert settings.mode is Mode.PRODUCTION
    assert settings.languages == tuple(KNOWN)
    assert settings.show_unreviewed is False
    assert settings.content_dir is None
    assert settings.unlisted
    assert not settings.indexed
    assert settings.hsts == 0
    assert settings.frame_ancestors == ()
    assert settings.max_body == 1_000_000
    assert settings.max_talks == 5
    assert settings.sms_gateway is SmsCarrier.OFF
    assert settings.database_url.startswith("sqlite:////")
    assert settings.database_url.endswith("/var/stilla.db")


def test_empty_text_counts_as_not_given() -> None:
    assert Settings.from_env(PUBLIC | {"STILLA_PORT": " "}).port == 8000


def test_the_data_folder_holds_the_default_database(tmp_path: Path) -> None:
    settings = Settings.from_env(PUBLIC | {"STILLA_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/stilla.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg(scheme: str) -> None:
    given = {"STILLA_DATABASE_URL": f"{scheme}://me:hush@db/stilla"}
    settings = Settings.from_env(PUBLIC | given)
    assert settings.database_url == "postgresql+psycopg://me:hush@db/stilla"
    assert "hush" not in repr(settings)


@pytest.mark.parametrize("environ", [PUBLIC, STAFF, WORKER, DEMO])
def test_the_repr_holds_no_secret(environ: dict[str, str]) -> None:
    shown = repr(Settings.from_env(environ))
    assert repr(bytes.fromhex(KEY)) not in shown
    assert KEY not in shown


def test_the_demos_mark_is_no_part_of_its_keys() -> None:
    settings = Settings.from_env(DEMO)
    assert settings.form_key == bytes.fromhex(KEY)
    assert settings.receipt_pepper == {1: bytes.fromhex(KEY)}
    assert settings.public_url == "http://localhost:8000"
    assert settings.staff_url == "http://localhost:8001"


@pytest.mark.parametrize("name", ["STILLA_PUBLIC_URL", "STILLA_STAFF_URL"])
def test_the_demo_stays_on_this_machine(name: str) -> None:
    assert "localhost" in refused(DEMO | {name: "https://stod.example.se"})


def test_the_last_pepper_is_the_current_one() -> None:
    given = {"STILLA_RECEIPT_PEPPER": f"1:{KEY},7:{'cd' * 32}"}
    assert max(Settings.from_env(PUBLIC | given).receipt_pepper) == 7


def test_leave_may_lead_elsewhere_in_each_language() -> None:
    given = {"STILLA_LEAVE_URL": "ar=https://www.bbc.com/arabic?a=b"}
    settings = Settings.from_env(PUBLIC | given)
    assert settings.leave_url_for("ar") == "https://www.bbc.com/arabic?a=b"
    assert settings.leave_url_for("sv") == "https://smhi.se/"


@pytest.mark.rule("S17")
def test_texts_never_go_out_from_the_printed_number() -> None:
    given = TWILIO | {"STILLA_SMS_NUMBER": "+46701740605"}
    assert "STILLA_SMS_SENDER" in refused(WORKER | given)


@pytest.mark.parametrize("name", sorted(TWILIO.keys() - {"STILLA_SMS_GATEWAY"}))
def test_twilio_needs_all_of_its_settings(name: str) -> None:
    given = {key: text for key, text in TWILIO.items() if key != name}
    assert name in refused(WORKER | given)


@pytest.mark.rule("S17")
def test_staff_know_what_texts_go_out_from() -> None:
    """A test of texts holds for one sender alone, so that the desk must be told it."""
    given = {"STILLA_SMS_GATEWAY": "twilio"}
    assert "STILLA_SMS_SENDER" in refused(STAFF | given)
    Settings.from_env(STAFF | given | {"STILLA_SMS_SENDER": "+46701740601"})


def test_the_public_face_checks_webhooks_with_either_token() -> None:
    settings = Settings.from_env(PUBLIC | TWILIO)
    assert settings.twilio_auth_token == ("one", "two")
    without = {**TWILIO, "STILLA_TWILIO_AUTH_TOKEN": ""}
    assert "STILLA_TWILIO_AUTH_TOKEN" in refused(PUBLIC | without)


def test_an_api_key_sends_in_the_tokens_place() -> None:
    given = TWILIO | {"STILLA_TWILIO_AUTH_TOKEN": "", "STILLA_TWILIO_API_KEY": "SK1"}
    assert "STILLA_TWILIO_API_SECRET" in refused(WORKER | given)
    Settings.from_env(WORKER | given | {"STILLA_TWILIO_API_SECRET": "hush"})


def test_a_region_of_twilios_comes_with_its_edge() -> None:
    given = WORKER | TWILIO
    ireland = {"STILLA_TWILIO_REGION": "ie1", "STILLA_TWILIO_EDGE": "dublin"}
    Settings.from_env(given | ireland)
    for name in ireland:
        assert "STILLA_TWILIO_EDGE" in refused(given | {name: ireland[name]})
    beside = {"STILLA_TWILIO_API_URL": "https://api.twilio.com"}
    assert "STILLA_TWILIO_API_URL" in refused(given | ireland | beside)


@pytest.mark.parametrize("host", ["api.twilio.com.evil.example", "eviltwilio.com"])
def test_no_other_host_stands_for_the_carrier(host: str) -> None:
    url = {"STILLA_TWILIO_API_URL": f"https://{host}"}
    assert "STILLA_TWILIO_API_URL" in refused(WORKER | TWILIO | url)
    url = {"STILLA_ELKS_API_URL": f"https://{host}"}
    assert "STILLA_ELKS_API_URL" in refused(WORKER | ELKS | url)


@pytest.mark.parametrize("name", sorted(ELKS.keys() - {"STILLA_SMS_GATEWAY"}))
def test_46elks_needs_all_of_its_settings(name: str) -> None:
    Settings.from_env(WORKER | ELKS)
    given = {key: text for key, text in ELKS.items() if key != name}
    assert name in refused(WORKER | given)


@pytest.mark.parametrize("given", ["", "short", f"{'x' * 24},short"])
def test_who_signs_nothing_needs_a_long_password(given: str) -> None:
    hooks = {"STILLA_SMS_GATEWAY": "46elks", "STILLA_ELKS_HOOK_PASSWORD": given}
    assert "STILLA_ELKS_HOOK_PASSWORD" in refused(PUBLIC | hooks)


@pytest.mark.parametrize(
    "sender", ["+46 70 174 06 01", "Anna", "Cykel 7", "MG" + "0a" * 16]
)
def test_a_sender_is_a_number_a_service_or_a_name(sender: str) -> None:
    settings = Settings.from_env(WORKER | TWILIO | {"STILLA_SMS_SENDER": sender})
    assert settings.sms_sender == sender.replace("+46 70 174 06 01", "+46701740601")


@pytest.mark.parametrize("sender", ["Stöd", "ElevenLetter", "0701740601", "A-B", "12"])
def test_other_senders_are_refused(sender: str) -> None:
    given = WORKER | TWILIO | {"STILLA_SMS_SENDER": sender}
    assert "STILLA_SMS_SENDER" in refused(given)


def test_a_service_of_twilios_sends_through_nobody_else() -> None:
    given = WORKER | ELKS | {"STILLA_SMS_SENDER": "MG" + "0a" * 16}
    assert "STILLA_SMS_SENDER" in refused(given)


def test_the_demo_never_reaches_the_real_twilio() -> None:
    demo = WORKER | TWILIO | {"STILLA_MODE": "demo"}
    del demo["STILLA_PUBLIC_URL"], demo["STILLA_STAFF_URL"]
    demo |= {name: f"demo-{key}" for name, key in demo.items() if key == KEY}
    assert "STILLA_TWILIO_API_URL" in refused(demo)
    stand_in = {"STILLA_TWILIO_API_URL": "http://127.0.0.1:8010"}
    Settings.from_env(demo | stand_in)
    assert "STILLA_TWILIO_API_URL" in refused(WORKER | TWILIO | stand_in)


def test_behind_no_proxy_everybody_would_share_one_limit() -> None:
    for own in (PUBLIC, STAFF):
        without = {**own, "STILLA_TRUSTED_PROXIES": ""}
        assert "STILLA_TRUSTED_PROXIES" in refused(without)
    Settings.from_env(WORKER)
    Settings.from_env(DEMO)


@pytest.mark.parametrize("name", ["FORM_KEY", "RECEIPT_PEPPER", "EVENT_KEY"])
def test_the_demo_takes_no_real_key(name: str) -> None:
    real = f"1:demo-{KEY},2:{KEY}" if name == "RECEIPT_PEPPER" else KEY
    line = refused(DEMO | {f"STILLA_{name}": real})
    assert f"STILLA_{name}" in line
    assert KEY not in line


def test_mails_need_a_sender() -> None:
    given = {"STILLA_MAIL_URL": "smtp://me:hush@mail.example.se:587?starttls"}
    assert "STILLA_MAIL_FROM" in refused(WORKER | given)


def test_every_setting_is_described_once() -> None:
    told = describe()
    names = [text.name for text in told]
    assert len(set(names)) == len(names) >= 39
    assert {"STILLA_FACE", "STILLA_LEAVE_URL", "STILLA_NUMBER_KEY"} <= set(names)
    assert all(text.meaning and text.default and text.faces for text in told)
    key = next(text for text in told if text.name == "STILLA_NUMBER_KEY")
    assert key.faces == (Face.WORKER,)
    assert key.default == "none"
