"""The units' file: what ships, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from intake.errors import BadData
from intake.topics import Side
from intake.units import UnitKind, load_municipality, load_units

SHIPPED = Path(__file__).parents[2] / "intake" / "data" / "units.toml"


def test_the_shipped_units_are_the_division_with_its_walls() -> None:
    units = load_units(SHIPPED)
    assert list(units) == ["adult", "children", "reception", "on-call", "closed-circle"]
    assert all(set(unit.sides) == set(Side) for unit in units.values())
    assert units["on-call"].kind is UnitKind.ON_CALL
    for unit in units.values():
        assert {*unit.names} == {*unit.phone_hours} == {"sv"}  # others: names.toml
        assert unit.phone.startswith("+468465004")  # PTS's series for fiction
        assert unit.phone_display.startswith("08-465 004 ")
        assert bool(unit.address) == bool(unit.visits("en"))


def test_somebody_is_always_there_at_any_hour_of_two_years() -> None:
    units = load_units(SHIPPED)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    while now < datetime(2028, 11, 1, tzinfo=UTC):
        assert any(unit.calendar.is_open(now) for unit in units.values()), now
        now += timedelta(minutes=45)


def test_a_locale_without_words_of_its_own_gets_the_swedish_ones() -> None:
    unit = load_units(SHIPPED)["adult"]
    assert unit.name("so") == unit.name("sv") == "Vuxenenheten"
    assert unit.answers("so") == unit.answers("sv")
    assert unit.visits("so") == unit.visits("sv")
    municipality = load_municipality(SHIPPED)
    assert municipality.site_name("so") == municipality.site_name("sv")


def test_the_shipped_file_says_that_it_is_made_up() -> None:
    assert load_municipality(SHIPPED).made_up


@pytest.mark.rule("S41")
def test_the_site_s_name_is_neutral() -> None:
    municipality = load_municipality(SHIPPED)
    assert municipality.site_names == {"sv": "Stöd och råd"}


GOOD = """
[[unit]]
key = "adult"
sides = ["hurt"]
phone = "08-465 004 10"
mail = "a@kommun.example"
no_callbacks_on = [2026-12-23]
name = { sv = "Vuxenenheten" }
phone_hours = { sv = "8–16" }
hours = { mon = ["08:00-16:00"] }
exceptions = { "2026-12-22" = [] }

[[unit]]
key = "closed-circle"
kind = "closed-circle"
sides = ["hurt", "hurts"]
phone = "08-465 004 30"
mail = "b@kommun.example"
name = { sv = "Enhetschefen" }
phone_hours = { sv = "8–16" }
hours = { mon = ["08:00-16:00"] }
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "units.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_good_file_is_read(tmp_path: Path) -> None:
    unit = load_units(write(tmp_path, GOOD))["adult"]
    assert unit.kind is UnitKind.DAY
    assert (unit.address, unit.visits("sv")) == ("", "")
    assert unit.calendar.exceptions == {date(2026, 12, 22): ()}
    assert unit.calendar.no_callbacks_on == {date(2026, 12, 23)}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("08-465 004 10", "112", "unit 'adult' phone"),
        ("08-465 004 10", "call us", "unit 'adult' phone"),
        ('sides = ["hurt"]', "sides = []", "unit 'adult' sides"),
        ('sides = ["hurt"]', 'sides = ["both"]', "unit 'adult' sides"),
        ("[2026-12-23]", '["soon"]', "unit 'adult' no_callbacks_on"),
        ('"2026-12-22" =', '"22/12" =', "unit 'adult' exceptions 22/12"),
        ("08:00-16:00", "8-16", "unit 'adult' hours mon"),
        ('mon = ["08:00-16:00"]', "mon = []", "unit 'adult' hours"),
        ("mon =", "monday =", "unit 'adult' hours monday"),
        ('{ sv = "Vuxenenheten" }', '{ en = "Adults" }', "unit 'adult' name sv"),
        ('mail = "a@kommun.example"', "", "unit 'adult' mail"),
        ('key = "adult"', 'key = "closed-circle"', "stands there twice"),
        ("sides =", "slot_minutes = 20\nsides =", "unit 'adult' slot_minutes"),
        ("sides =", "fax = 1\nsides =", "unit 'adult' fax"),
        ("[[unit]]", "[unit]", ""),
    ],
)
def test_a_bad_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(BadData) as refusal:
        load_units(write(tmp_path, GOOD.replace(old, new, 1)))
    assert str(refusal.value).startswith("units.toml: ")
    assert told in str(refusal.value)


@pytest.mark.rule("S29")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "closed-circle"', 'kind = "day"'),
        ('key = "closed-circle"', 'key = "circle"'),
        ('sides = ["hurt", "hurts"]', 'sides = ["hurt"]'),
    ],
)
def test_the_way_round_those_who_work_there_is_always_there(
    tmp_path: Path, old: str, new: str
) -> None:
    with pytest.raises(BadData, match="S29"):
        load_units(write(tmp_path, GOOD.replace(old, new, 1)))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"units\.toml"):
        load_units(tmp_path / "units.toml")
