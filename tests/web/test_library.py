"""The running site keeps what it read well when somebody writes a bad file."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from intake.errors import BadData
from tests.apps import public_app
from tests.web import words
from web.content import Content, Page
from web.languages import KNOWN
from web.library import FRESH, library, refuse_bad_words

NOW = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)  # a Monday
OWN = """\
+++
title = "Kommunens egna ord"
row = "Rad"
hint = "Mer"
owner = "kommunen"
review_by = 2027-05-21
translation = "original"
+++
Ring {phone}. Läst senast {read_by}.
"""
LINE = """\
[[line]]
key = "own-line"
number = "08-465 004 99"
audiences = ["exposed"]
order = 15
languages = ["sv"]
cost = "free"
source = "https://kommun.example/"
status = "verified"
verified_on = 2026-11-21
review_by = 2027-05-21
name.sv = "Kommunens egen"
for.sv = "Alla"
hours_text.sv = "Dygnet runt"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The municipality's own folder, with a page and a help line."""
    folder = tmp_path / "own"
    (folder / "sv" / "pages").mkdir(parents=True)
    (folder / "sv" / "pages" / "saved.md").write_text(OWN, "utf-8")
    (folder / "helplines.toml").write_text(LINE, "utf-8")
    return folder


@pytest.fixture
def app(tmp_path: Path, own: Path) -> Iterator[Flask]:
    app = public_app(tmp_path / "var", content_dir=str(own))
    with app.test_request_context("/sv/"):
        yield app


def page(now: datetime, key: str = "saved") -> Page:
    return library().page(KNOWN["sv"], key, now)


def numbers() -> list[str]:
    return [line.number for line in library().lines]


def test_the_municipalitys_words_win_and_are_added(app: Flask) -> None:
    assert page(NOW).title == "Kommunens egna ord"
    assert page(NOW, "traces").title
    assert "08-465 004 99" in numbers()
    assert "112" in numbers()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace('row = "Rad"', 'row = "Rad'), "sv/pages/saved.md: .*line 3"),
        (OWN.replace("owner", "owned"), "sv/pages/saved.md: line 5: owned"),
        (OWN.replace("{phone}", "{fax}"), r"sv/pages/saved.md: line 9: \{fax\}"),
        ("", "sv/pages/saved.md: line 1"),
    ],
)
def test_a_bad_page_leaves_the_last_good_one(
    app: Flask, own: Path, text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = page(NOW)
    (own / "sv" / "pages" / "saved.md").write_text(text, "utf-8")
    assert page(NOW) == before  # nothing is read again before its time
    after = page(NOW + 2 * FRESH)
    assert after.title == before.title
    assert caplog.messages
    assert re.search(said, caplog.messages[0])
    # Its facts go on being true.
    assert page(NOW + timedelta(days=1)).html != before.html
    (own / "sv" / "pages" / "saved.md").write_text(OWN.replace("egna", "nya"), "utf-8")
    assert page(NOW + timedelta(days=2)).title == "Kommunens nya ord"


def test_a_bad_help_line_leaves_the_last_good_ones(app: Flask, own: Path) -> None:
    assert page(NOW)
    (own / "helplines.toml").write_text(LINE.replace("order", "ordre"), "utf-8")
    assert page(NOW + FRESH)
    assert "08-465 004 99" in numbers()
    (own / "helplines.toml").write_text(LINE.replace("99", "98"), "utf-8")
    assert page(NOW + 3 * FRESH)
    assert "08-465 004 98" in numbers()


def test_a_page_goes_back_to_ours_when_theirs_is_taken_away(
    app: Flask, own: Path
) -> None:
    assert page(NOW).title == "Kommunens egna ord"
    (own / "sv" / "pages" / "saved.md").unlink()
    assert page(NOW + FRESH).title != "Kommunens egna ord"


def test_a_bad_file_stops_the_start_with_file_line_and_reason(
    app: Flask, own: Path
) -> None:
    (own / "sv" / "pages" / "saved.md").write_text(OWN + "{fax}", "utf-8")
    with pytest.raises(BadData, match=r"^sv/pages/saved\.md: line 10: \{fax\} knows"):
        refuse_bad_words(app, NOW)


def test_the_own_language_must_be_whole_before_anybody_is_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words.package(tmp_path, monkeypatch)
    app = public_app(tmp_path / "var", languages="th,sv")
    with pytest.raises(BadData, match=r"^th/messages\.po is missing"):
        refuse_bad_words(app, NOW)


def test_in_production_an_unread_page_does_not_replace_a_read_one(
    tmp_path: Path, own: Path
) -> None:
    app = public_app(tmp_path / "var", content_dir=str(own), show_unreviewed="off")
    machine = OWN.replace('"original"', '"machine"\ntranslated_from = "en"')
    with app.test_request_context("/sv/"):
        assert page(NOW).title == "Kommunens egna ord"
        (own / "sv" / "pages" / "saved.md").write_text(machine, "utf-8")
        kept = page(NOW + FRESH)
        assert kept.title == "Kommunens egna ord"
        assert not kept.by_machine


def test_a_page_that_a_language_lacks_is_not_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Content, "at", lambda *_: None)
    assert app.test_client().get("/sv/10").status_code == 404
    monkeypatch.undo()
    assert app.test_client().get("/sv/10").status_code == 200
