"""Which numbers may send texts."""

from pathlib import Path

import pytest

from intake.units import load_units
from tests.apps import public_app
from web.environment import SettingsError
from web.helplines import load_help_lines
from web.published import refuse_published
from web.settings import Settings


@pytest.fixture
def settings() -> Settings:
    """Return settings with the shipped files."""
    return Settings()


@pytest.mark.rule("S17")
@pytest.mark.parametrize("sender", ["+46846500410", "+4620505050", "+46116111"])
def test_a_number_that_visitors_see_never_sends(
    settings: Settings, sender: str
) -> None:
    units, lines = load_units(settings.units), load_help_lines(settings.helplines)
    with pytest.raises(SettingsError, match="STILLA_SMS_SENDER"):
        refuse_published(sender, units.values(), lines, ())


@pytest.mark.parametrize("sender", ["+46701740601", ""])
def test_a_number_of_its_own_may_send(sender: str, tmp_path: Path) -> None:
    app = public_app(tmp_path, sms_sender=sender)
    assert app.test_client().get("/healthz").text == "ok\n"
    assert app.extensions["stilla"].settings.sms_sender == sender


@pytest.mark.rule("S17")
def test_no_face_starts_with_a_number_that_visitors_see(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="STILLA_SMS_SENDER"):
        public_app(tmp_path, sms_sender="+46846500410")


@pytest.mark.rule("S17")
@pytest.mark.parametrize(
    "sender", ["Socialen", "Kvinnojour", "SHELTER", "Stod", "Vuxen", "Refuge 1"]
)
def test_a_name_that_tells_never_sends(settings: Settings, sender: str) -> None:
    """A name in the list of messages is read by whoever holds the phone."""
    units = load_units(settings.units)
    with pytest.raises(SettingsError, match="STILLA_SMS_SENDER"):
        refuse_published(sender, units.values(), (), ("Stod och rad",))


@pytest.mark.parametrize("sender", ["Anna", "Cykel 7", "MG" + "0a" * 16])
def test_another_name_may_send(settings: Settings, sender: str) -> None:
    units = load_units(settings.units)
    refuse_published(sender, units.values(), (), ("Stod och rad",))
