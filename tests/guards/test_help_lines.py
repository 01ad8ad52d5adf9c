"""The help lines: whole, callable, in date, and shown to those they are for only."""

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from intake.topics import Audience

HELP_LINES = Path(__file__).resolve().parents[2] / "intake" / "data" / "helplines.toml"
LOCALES = ("sv", "en", "ar")
CHILD = "child"
FOR_VICTIMS = {
    "kvinnofridslinjen",
    "men",
    "trans",
    "ratt-att-valja",
    "terrafem",
    "brottsofferjouren",
}
FIRST_LINE = {
    Audience.EXPOSED: "emergency",
    Audience.RELATIVE: "emergency",
    Audience.USES_VIOLENCE: "valj-att-sluta",
    CHILD: "bris",
}
# Sweden's short numbers, which no numbering plan for subscribers calls valid.
SHORT_NUMBERS = {"112", "11414", "116006", "116111", "90390"}
TIMES = ("opens", "closes")
WEEKDAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
FIELDS = {
    "key",
    "number",
    "audiences",
    "order",
    "languages",
    "cost",
    "source",
    "verified_on",
    "review_by",
    "professional_only",
    "name",
    "for",
    "hours_text",
}


def help_lines(audience: str = "") -> list[dict[str, Any]]:
    """Return the help lines (of one audience) in the order that a list shows them."""
    lines: list[dict[str, Any]] = tomllib.loads(HELP_LINES.read_text("utf-8"))["line"]
    shown = [line for line in lines if not audience or audience in line["audiences"]]
    return sorted(shown, key=lambda line: int(line["order"]))


def test_every_help_line_is_whole() -> None:
    lines = help_lines()
    assert len({line["key"] for line in lines}) == len(lines)
    for line in lines:
        assert set(line) - {"hours", "status"} == FIELDS, line["key"]
        assert {*line["audiences"]} <= {*Audience, CHILD}, line["key"]
        assert line["source"].startswith("http"), line["key"]
        for words in (line["name"], line["for"], line["hours_text"]):
            assert set(words) == set(LOCALES), line["key"]
            assert all(text.strip() for text in words.values()), line["key"]


def test_numbers_of_help_lines_can_be_called() -> None:
    for line in help_lines():
        if re.sub(r"\D", "", line["number"]) not in SHORT_NUMBERS:
            number = phonenumbers.parse(line["number"], "SE")
            assert phonenumbers.is_valid_number(number), line["key"]


def test_hours_of_help_lines_are_readable() -> None:
    for line in help_lines():
        hours = line.get("hours", {"always": True})
        if hours != {"always": True}:
            assert set(hours) <= WEEKDAYS, line["key"]
            for day in hours.values():
                opens, closes = (dt.time.fromisoformat(day[x]) for x in TIMES)
                assert opens < closes, line["key"]


def test_no_help_line_is_past_its_review() -> None:
    # Judged on the day of the latest check, so that no build breaks by waiting: the
    # running site hides what expires later.
    checked = max(line["verified_on"] for line in help_lines())
    for line in help_lines():
        assert checked < line["review_by"] <= checked + dt.timedelta(days=365)
    old = [x["review_by"] for x in help_lines() if x.get("status") == "old"]
    fresh = [x["review_by"] for x in help_lines() if "status" not in x]
    assert max(old) < min(fresh)


@pytest.mark.rule("S27")
@pytest.mark.parametrize(("audience", "first"), FIRST_LINE.items())
def test_each_audience_meets_its_own_line_first(audience: str, first: str) -> None:
    assert help_lines(audience)[0]["key"] == first


def test_who_hurts_sees_no_line_for_victims() -> None:
    for audience in (Audience.USES_VIOLENCE, Audience.UNSAID):
        shown = {line["key"] for line in help_lines(audience)}
        assert shown
        assert not shown & FOR_VICTIMS
    assert {line["key"] for line in help_lines(Audience.EXPOSED)} >= FOR_VICTIMS


def test_lines_for_professionals_are_shown_to_no_one_else() -> None:
    guarded = [line for line in help_lines() if line["professional_only"]]
    assert guarded
    assert all(line["audiences"] == [Audience.PROFESSIONAL] for line in guarded)
