"""The settings of the municipality's sign-in: all or none, safe, and no secret told."""

from pathlib import Path

import pytest

from tests.apps import settings, staff_app
from web.environment import Face, SettingsError
from web.oidc import Provider
from web.settings import Settings

ISSUER = "https://login.example.se/common/v2.0"
HERE = "http://127.0.0.1:9/common"
PRODUCTION = {
    "STILLA_FACE": "staff",
    "STILLA_STAFF_URL": "https://desk.example.se",
    "STILLA_TRUSTED_PROXIES": "1",
    "STILLA_RECEIPT_PEPPER": f"1:{'ab' * 32}",
    "STILLA_EVENT_KEY": "ab" * 32,
    "STILLA_WORKER_PUBLIC_KEY": "ef" * 32,
    "STILLA_SESSION_KEY": "ab" * 32,
    "STILLA_ACCOUNT_KEY": "ab" * 32,
}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Return a file with a secret, as it should be kept."""
    path = tmp_path / "secret"
    path.write_text("hush hush\n")
    path.chmod(0o600)
    return path


def given(
    secret: Path | str, issuer: str = ISSUER, client: str = "d"
) -> dict[str, str]:
    return {
        "STILLA_OIDC_ISSUER": issuer,
        "STILLA_OIDC_CLIENT_ID": client,
        "STILLA_OIDC_SECRET_FILE": str(secret),
    }


def refused(said: dict[str, str], mode: str = "") -> str:
    """Return the one line that stops the start."""
    around = {"STILLA_MODE": mode} if mode else {}
    with pytest.raises(SettingsError) as stop:
        Settings.from_env(PRODUCTION | said | around)
    line = str(stop.value)
    assert line.startswith("STILLA_OIDC_")
    assert "hush" not in line
    assert "\n" not in line
    return line


def test_all_three_start_and_none_does(secret: Path) -> None:
    read = Settings.from_env(PRODUCTION | given(secret))
    assert read.oidc_issuer == ISSUER
    assert "hush" not in repr(read)
    assert Settings.from_env(PRODUCTION).oidc_secret_file is None


@pytest.mark.parametrize("missing", ["ISSUER", "CLIENT_ID", "SECRET_FILE"])
def test_one_that_is_missing_is_named(secret: Path, missing: str) -> None:
    said = given(secret)
    del said[f"STILLA_OIDC_{missing}"]
    assert refused(said).startswith(f"STILLA_OIDC_{missing} is missing")


@pytest.mark.parametrize(
    "issuer",
    [
        *("http://login.example.se", HERE, "login.example.se", f"{ISSUER}?a=b"),
        *(f"{ISSUER}#a", "https://a:b@login.example.se"),
    ],
)
def test_an_issuer_without_https_is_refused(secret: Path, issuer: str) -> None:
    assert refused(given(secret, issuer)).startswith("STILLA_OIDC_ISSUER")


def test_the_demonstration_asks_nobody_outside(secret: Path, tmp_path: Path) -> None:
    said = {name[len("STILLA_") :].lower(): v for name, v in given(secret).items()}
    with pytest.raises(SettingsError, match="STILLA_OIDC_ISSUER must be on localhost"):
        settings(tmp_path, Face.STAFF, **said)


@pytest.mark.parametrize(
    ("content", "rights", "told"),
    [
        ("", 0o600, "must hold the secret alone"),
        ("hush\nhush\n", 0o600, "must hold the secret alone"),
        ("hush", 0o644, "must not be readable for everybody"),
    ],
)
def test_a_secret_that_is_none_or_open_stops_the_start(
    secret: Path, content: str, rights: int, told: str
) -> None:
    secret.write_text(content)
    secret.chmod(rights)
    assert told in refused(given(secret))


def test_a_secret_that_is_not_text_or_not_there_stops_the_start(secret: Path) -> None:
    secret.write_bytes(b"\xff\xfe")
    assert "can't be read" in refused(given(secret))
    assert "can't be read" in refused(given(secret.parent))
    assert "not there" in refused(given(secret.parent / "nowhere"))


def test_the_staff_site_alone_has_it(secret: Path, tmp_path: Path) -> None:
    said = {
        "oidc_issuer": HERE,
        "oidc_client_id": "desk",
        "oidc_secret_file": str(secret),
    }
    app = staff_app(tmp_path, **said)
    assert isinstance(app.extensions["stilla"].provider, Provider)
    assert staff_app(tmp_path).extensions["stilla"].provider is None
