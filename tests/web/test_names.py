"""What site, units and help lines are called in each language."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.errors import BadData
from intake.units import load_municipality, load_units
from tests.apps import public_app
from web.environment import SettingsError
from web.helplines import load_help_lines, shown_to
from web.languages import KNOWN
from web.names import Names, in_words, load_names, named_home, named_unit
from web.settings import ROOT, Settings
from web.shelves import Shelves

DATA = ROOT / "intake" / "data"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN = """\
site_name = "Advice in Ekerö"

[unit.adult]
name = "The grown-ups' unit"
phone = "08-465 004 77"
address = "Storvägen 7"

[line.bris]
for = "All young people"
"""


def own(folder: Path, text: str, locale: str = "en") -> Names:
    """Return the names with the municipality's own for one language."""
    (folder / locale).mkdir(exist_ok=True)
    (folder / locale / "names.toml").write_text(text, "utf-8")
    return load_names(Shelves(folder), KNOWN.values())


def test_the_folder_wins_over_the_data_file_and_that_over_ours(tmp_path: Path) -> None:
    names = own(tmp_path, OWN)
    home = named_home(load_municipality(DATA / "units.toml"), names)
    assert home.site_name("en") == "Advice in Ekerö"
    assert home.site_name("ar") == "دعم ومشورة"
    unit = named_unit(load_units(DATA / "units.toml")["adult"], names)
    assert unit.name("en") == "The grown-ups' unit"
    assert unit.name("sv") == "Vuxenenheten"
    lines = load_help_lines(DATA / "helplines.toml", None, names)
    bris = next(line for line in lines if line.key == "bris")
    assert bris.for_whom["en"] == "All young people"
    assert bris.for_whom["sv"] == "Du som är under 18"


def test_the_folder_wins_over_what_a_data_file_says(tmp_path: Path) -> None:
    names = own(tmp_path, OWN, "sv")
    home = named_home(load_municipality(DATA / "units.toml"), names)
    assert home.site_name("sv") == "Advice in Ekerö"
    unit = named_unit(load_units(DATA / "units.toml")["adult"], names)
    assert unit.name("sv") == "The grown-ups' unit"


def test_a_number_may_be_for_one_language_only(tmp_path: Path) -> None:
    unit = named_unit(load_units(DATA / "units.toml")["adult"], own(tmp_path, OWN))
    assert unit.at("en").phone_display == "08-465 004 77"
    assert unit.at("en").address == "Storvägen 7"
    assert unit.at("sv") == unit.at("ar") == unit
    assert unit.phones == {"+46846500477", "+46846500410"}


@pytest.mark.rule("S17")
def test_a_number_for_one_language_never_sends(tmp_path: Path) -> None:
    own(tmp_path, OWN)
    with pytest.raises(SettingsError, match="STILLA_SMS_SENDER"):
        public_app(
            tmp_path / "var", content_dir=str(tmp_path), sms_sender="+46846500477"
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("08-465 004 77", "12"), "en/names.toml: unit adult phone"),
        (OWN.replace("site_name", "sitename"), "en/names.toml: sitename"),
        (OWN.replace("for =", "hours ="), "en/names.toml: line bris hours"),
        (OWN.replace('"Advice', "Advice"), r"en/names.toml: .*line 1"),
    ],
)
def test_a_bad_file_of_names_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadData, match=said):
        own(tmp_path, text)


def test_our_own_names_hold_no_number_and_no_hours(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    text = 'translation = "machine"\n' + OWN
    (tmp_path / "en" / "names.toml").write_text(text, "utf-8")
    with pytest.raises(BadData, match="unit adult phone: is not one of name"):
        load_names(Shelves(package=tmp_path), KNOWN.values())


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "sv",
            "måndag–torsdag 8.00–12.00, 13.00–16.30; fredag 8.00–12.00, 13.00–15.00",
        ),
        (
            "uk",
            "понеділок–четвер 8:00–12:00, 13:00–16:30; "
            "пʼятниця 8:00–12:00, 13:00–15:00",
        ),
    ],
)
def test_hours_without_words_are_told_in_the_languages_days(
    code: str, said: str
) -> None:
    unit = load_units(DATA / "units.toml")["adult"]
    assert in_words(unit.calendar.weekly, KNOWN[code]) == said
    named = named_unit(unit, load_names(Shelves(), KNOWN.values()))
    assert (
        named.answers("sv") == "måndag–torsdag 8–12 och 13–16.30, fredag 8–12 och 13–15"
    )
    assert named.answers("th") != named.answers("sv")
    assert (
        named.visits("en")
        == "Monday–Thursday 8:30–12:00, 13:00–16:00; Friday 8:30–12:00"
    )


def test_days_apart_are_not_run_together() -> None:
    unit = load_units(DATA / "units.toml")["adult"]
    monday = unit.calendar.weekly[0]
    said = in_words({0: monday, 1: (), 2: monday}, KNOWN["en"])
    assert said.count("Monday") == said.count("Wednesday") == 1
    assert "Tuesday" not in said
    assert in_words({}, KNOWN["en"]) == ""


def test_a_line_without_words_in_a_language_is_left_out_there() -> None:
    lines = load_help_lines(Settings().helplines)
    assert shown_to(lines, "exposed", "sv", NOON)
    assert shown_to(lines, "exposed", "uk", NOON) == []
