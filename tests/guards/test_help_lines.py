"""The help lines: whole, callable, in date, and shown to those they are for only."""

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from intake.errors import BadData
from intake.topics import Audience
from web import helplines

HELP_LINES = Path(__file__).resolve().parents[2] / "intake" / "data" / "helplines.toml"
CHILD, CHILD_HURTS = "child", "child-hurts"
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
    CHILD_HURTS: "bris",
}
# Sweden's short numbers, which no numbering plan for subscribers calls valid.
SHORT_NUMBERS = {"112", "1177", "11414", "116006", "116111", "90390"}
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
    "status",
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
        assert set(line) - {"hours", "topics"} == FIELDS, line["key"]
        assert {*line["audiences"]} <= {*Audience, CHILD, CHILD_HURTS}, line["key"]
        if line["status"] != "unverified":
            assert line["source"].startswith("http"), line["key"]
        for words in (line["name"], line["for"], line["hours_text"]):
            assert set(words) == {"sv"}, line["key"]  # the others' in names.toml
            assert all(text.strip() for text in words.values()), line["key"]


def test_only_verified_lines_are_shown() -> None:
    lines, now = help_lines(), dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    read = helplines.load_help_lines(HELP_LINES)
    every = (*Audience, CHILD, CHILD_HURTS)
    shown = {x.name for who in every for x in helplines.shown_to(read, who, "sv", now)}
    assert shown == {x["name"]["sv"] for x in lines if x["status"] == "verified"}
    # A time that an old source gave must not stand beside a number of today.
    assert not any(
        "20" in x["hours_text"]["sv"] for x in lines if x["name"]["sv"] in shown
    )


@pytest.mark.parametrize("status", ["old", "unverified"])
def test_a_doubtful_line_comes_back_when_somebody_has_checked_it(
    tmp_path: Path, status: str
) -> None:
    line = helplines.load_help_lines(changed(tmp_path, '"verified"', f'"{status}"'))[0]
    assert not line.is_current(line.verified_on)
    line = helplines.load_help_lines(HELP_LINES)[0]
    assert line.is_current(line.verified_on)


def test_a_line_for_professionals_can_be_given_to_nobody_else(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        'audiences = ["professional"]',
        'audiences = ["professional", "child"]',
    )
    with pytest.raises(BadData, match="shown to nobody else"):
        helplines.load_help_lines(path)


def test_no_page_of_a_topic_shows_a_line_for_professionals() -> None:
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    read = helplines.load_help_lines(HELP_LINES)
    guarded = {line.key for line in read if "honour" in line.topics}
    assert "hedersfortryck" in guarded
    for topic in {topic for line in read for topic in line.topics}:
        shown = {line.number for line in helplines.about(read, topic, "sv", now)}
        assert not shown & {"010-223 57 60", "020-390 000"}


def changed(folder: Path, old: str, new: str) -> Path:
    """Return a file of help lines as the shipped one, but for one thing."""
    text = HELP_LINES.read_text("utf-8")
    assert old in text
    (folder / "helplines.toml").write_text(text.replace(old, new, 1), "utf-8")
    return folder / "helplines.toml"


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
    old = [x["review_by"] for x in help_lines() if x["status"] != "verified"]
    fresh = [x["review_by"] for x in help_lines() if x["status"] == "verified"]
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
