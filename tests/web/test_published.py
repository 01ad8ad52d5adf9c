"""Which numbers may send texts."""

import pytest

from intake.units import load_units
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
        refuse_published(sender, units.values(), lines)


def test_a_number_of_its_own_may_send(settings: Settings) -> None:
    units, lines = load_units(settings.units), load_help_lines(settings.helplines)
    refuse_published("+46701740601", units.values(), lines)
    refuse_published("", units.values(), lines)
