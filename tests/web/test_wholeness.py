"""A language is shown whole or not at all, and in production when it has been read."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from intake.sms import texts
from tests.web import words
from web import catalogue, content, content_check, names
from web.languages import KNOWN
from web.settings import Settings
from web.wholeness import (
    faults,
    held_back,
    help_lines,
    lacks_further,
    must_have,
    offered,
    originals,
)

TODAY = date(2026, 11, 22)
DEMO = Settings(languages=("sv", "uk", "pl"), show_unreviewed=True)
PRODUCTION = Settings(languages=("sv", "uk", "pl"), show_unreviewed=False)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return words.package(tmp_path, monkeypatch)


def reasons(settings: Settings) -> list[str]:
    """Return why Ukrainian is not shown."""
    lines = help_lines(settings)
    return list(faults(KNOWN["uk"], settings, lines, TODAY))


def test_a_language_without_files_is_not_offered(root: Path) -> None:
    assert offered(DEMO, TODAY) == ("sv",)
    words.land(root, "uk")
    assert offered(DEMO, TODAY) == ("sv", "uk")


def _rid_page(folder: Path) -> None:
    (folder / "pages" / "traces.md").unlink()


def _rid_string(folder: Path) -> None:
    path = catalogue.path_of(folder.parent, folder.name)
    text = path.read_text("utf-8")
    path.write_text(text.replace('msgstr "Back"', 'msgstr ""', 1), "utf-8")


def _guess(folder: Path) -> None:
    path = catalogue.path_of(folder.parent, folder.name)
    text = path.read_text("utf-8").replace('msgid "Back"', '#, fuzzy\nmsgid "Back"', 1)
    path.write_text(text, "utf-8")


def _rid_line(folder: Path) -> None:
    path = folder / names.FILE
    path.write_text(path.read_text("utf-8").replace("[line.bris]", "[line.bros]"))


def _rid_text(folder: Path) -> None:
    path = folder / texts.FILE
    path.write_text(path.read_text("utf-8").replace("cover =", "#", 1))


def _break_page(folder: Path) -> None:
    (folder / "pages" / "traces.md").write_text("no front")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_rid_page, "page traces is missing"),
        (_rid_string, "no words for 'Back'"),
        (_guess, "no words for 'Back'"),
        (_rid_line, "line bris lacks"),
        (_rid_text, "cover is missing"),
        (_break_page, "uk/pages/traces.md: line 1"),
        (lambda folder: (folder / names.FILE).unlink(), "site_name is missing"),
        (lambda folder: (folder / texts.FILE).unlink(), "texts.toml is missing"),
        (lambda folder: (folder / "telling.txt").unlink(), "telling.txt is missing"),
    ],
)
def test_what_is_half_there_is_not_shown(
    root: Path, harm: Callable[[Path], object], said: str
) -> None:
    words.land(root, "uk", by="reviewed")
    assert reasons(PRODUCTION) == []
    harm(root / "uk")
    assert any(said in reason for reason in reasons(DEMO)), reasons(DEMO)
    assert offered(DEMO, TODAY) == ("sv",)
    told = list(held_back(DEMO.__class__(languages=("sv",)), TODAY))
    assert any(line.startswith("uk is not shown: ") for line in told)


def test_production_shows_what_a_person_has_read(root: Path) -> None:
    words.land(root, "uk")
    words.land(root, "pl", by="reviewed")
    assert offered(DEMO, TODAY) == ("sv", "uk", "pl")
    assert offered(PRODUCTION, TODAY) == ("sv", "pl")
    unread = " ".join(reasons(PRODUCTION))
    for part in ("messages.po", "names.toml", "texts.toml", "page traces"):
        assert part in unread


@pytest.mark.parametrize("part", ["messages.po", "names.toml", "texts.toml", "traces"])
def test_one_part_that_nobody_has_read_keeps_it_back(root: Path, part: str) -> None:
    words.land(root, "uk", by="reviewed")
    path = {
        "messages.po": catalogue.path_of(root, "uk"),
        "traces": root / "uk" / "pages" / "traces.md",
    }.get(part, root / "uk" / part)
    path.write_text(path.read_text("utf-8").replace("reviewed", "machine", 1), "utf-8")
    assert len(reasons(PRODUCTION)) == 1
    assert part in reasons(PRODUCTION)[0]
    assert offered(PRODUCTION, TODAY) == ("sv",)


def test_the_sites_own_language_is_there_even_so() -> None:
    own = Settings(languages=("th", "sv"), show_unreviewed=True)
    assert offered(own, TODAY)[0] == "th"


def test_the_full_set_is_wanted_in_its_six_languages_only(root: Path) -> None:
    path = root / "sv" / "pages" / "traces.md"
    text = path.read_text("utf-8").replace("+++\n", '+++\nset = "full"\n', 1)
    path.write_text(text, "utf-8")
    swedish = originals(DEMO.shelves)
    assert "traces" in must_have("so", swedish)
    assert "traces" not in must_have("so", swedish, core_only=True)
    assert "traces" not in must_have("uk", swedish)
    path.write_text(text.replace("+++\n", '+++\nalso = ["fi", "se"]\n', 1), "utf-8")
    swedish = originals(DEMO.shelves)
    assert "traces" in must_have("se", swedish)
    assert "traces" not in must_have("uk", swedish)
    full = text.replace("+++\n", '+++\nalso = ["*"]\n', 1)
    path.write_text(full, "utf-8")
    swedish = originals(DEMO.shelves)
    assert "traces" in must_have("uk", swedish)
    assert "traces" not in must_have("uk", swedish, core_only=True)


def test_a_language_is_shown_before_its_full_set_stands(root: Path) -> None:
    words.land(root, "so", by="reviewed")
    path = root / "sv" / "pages" / "traces.md"
    text = path.read_text("utf-8").replace("+++\n", '+++\nset = "full"\n', 1)
    (root / "sv" / "pages" / "more.md").write_text(text, "utf-8")
    settings = Settings(languages=("sv", "so"), show_unreviewed=False)
    assert offered(settings, TODAY) == ("sv", "so")
    missing = ["so: page more is missing"]
    assert list(lacks_further(KNOWN["so"], settings.shelves)) == missing
    found = content_check.of_language(KNOWN["so"], settings, TODAY)
    assert missing[0] in found


def test_pages_beyond_the_core_are_left_out_until_they_are_read(root: Path) -> None:
    words.land(root, "uk", by="reviewed")
    words.write_page(root / "uk" / "pages" / "more.md")
    facts: dict[str, dict[str, str]] = {"uk": {}}
    for unread in (True, False):
        shown = content.load(DEMO.shelves, ["uk"], facts, unread=unread)
        assert shown.has("uk", "more") is unread
        assert shown.has("uk", "traces")
