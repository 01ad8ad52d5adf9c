"""The language of a page, and how it says days and times."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from intake.errors import BadData
from web import i18n

ARABIC = """\
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Leave"
msgstr "مغادرة"

msgid "%(day)s, from %(start)s to %(end)s, Swedish time"
msgstr "%(day)s، من الساعة %(start)s إلى %(end)s بتوقيت السويد"

msgid "%(num)d day"
msgid_plural "%(num)d days"
msgstr[0] "يوم"
msgstr[1] "%(num)d أيام"
"""
# 12:30 in summer is 14:30 in Sweden, in winter 13:30.
SUMMER = datetime(2026, 7, 2, 12, 30, tzinfo=UTC)
WINTER = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return speaking_arabic(tmp_path)


def speaking_arabic(tmp_path: Path, header: str = "") -> Flask:
    """Return an app with an Arabic catalogue, which may have one more header line."""
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = ARABIC.replace("\n\n", f"\n{header}\n", 1)
    (folder / "messages.po").write_text(catalogue, encoding="utf-8")
    app = Flask(__name__)
    i18n.init(app, tmp_path, ["sv", "en", "ar"])
    return app


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        ("/ar/2", "sv", "ar"),
        ("/ar/no-such-page", "sv", "ar"),
        ("/", "en-GB,en;q=0.9,sv;q=0.1", "en"),
        ("/", "ar-SY", "ar"),
        ("/", "fi, xx", "sv"),
        ("/", "", "sv"),
        ("/arx/", "en", "en"),
        ("/p/ar/", "en", "en"),
    ],
)
def test_the_address_then_the_browser_then_swedish(
    app: Flask, path: str, asked: str, code: str
) -> None:
    with app.test_request_context(path, headers={"Accept-Language": asked}):
        assert i18n.current_language().code == code


def test_a_texts_language_is_the_pages(app: Flask) -> None:
    label = i18n.lazy("Leave")
    for path, said in [("/sv/", "Leave"), ("/ar/", "مغادرة"), ("/en/", "Leave")]:
        with app.test_request_context(path):
            assert i18n._("Leave") == said
            assert str(label) == said
            assert render_template_string("{{ _('Leave') }}") == said


def test_plural_forms_are_the_languages_own(app: Flask) -> None:
    with app.test_request_context("/ar/"):
        assert i18n.ngettext("%(num)d day", "%(num)d days", 1) == "يوم"
        assert i18n.ngettext("%(num)d day", "%(num)d days", 3) == "3 أيام"


def test_a_language_can_be_spoken_outside_a_request(app: Flask) -> None:
    with app.app_context():
        assert i18n._("Leave") == "Leave"
        with i18n.speaking(i18n.KNOWN["ar"]):
            assert i18n._("Leave") == "مغادرة"
        assert i18n._("Leave") == "Leave"


@pytest.mark.rule("S9")
def test_a_window_says_weekday_date_and_swedish_time(app: Flask) -> None:
    said = {}
    for code in ("sv", "en", "ar"):
        with app.test_request_context(f"/{code}/"):
            said[code] = i18n.window(WINTER, WINTER.replace(hour=13))
    assert said["en"] == "Thursday 26 November, from 13:30 to 14:30, Swedish time"
    # No Swedish words in this catalogue, but Swedish dates and times.
    assert said["sv"].startswith("torsdag 26 november, from 13.30 to 14.30")
    assert said["ar"] == "الخميس 26 نوفمبر، من الساعة 13:30 إلى 14:30 بتوقيت السويد"


@pytest.mark.rule("S9")
def test_swedish_time_knows_summer_and_the_day_after_midnight(app: Flask) -> None:
    late = datetime(2026, 7, 2, 22, 5, tzinfo=UTC)
    with app.test_request_context("/en/"):
        assert i18n.moment(SUMMER) == "Thursday 2 July at 14:30, Swedish time"
        assert i18n.moment(late) == "Friday 3 July at 00:05, Swedish time"
        assert i18n.full_day(i18n.local_day(late)) == "3 July 2026"


@pytest.mark.parametrize(
    ("header", "unread"),
    [
        ("X-Translation: original", False),
        ("X-Translation: reviewed", False),
        ("X-Translation: machine", True),
        ("X-Generator: a tool that dropped the line", True),
    ],
)
def test_words_are_a_machines_until_a_person_has_read_them(
    tmp_path: Path, header: str, unread: bool
) -> None:
    app = speaking_arabic(tmp_path, f'"{header}\\n"\n')
    with app.test_request_context("/ar/"):
        assert i18n.by_machine(i18n.KNOWN["ar"]) is unread


def test_a_translator_of_no_known_kind_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="X-Translation"):
        speaking_arabic(tmp_path, '"X-Translation: mostly\\n"\n')


def test_an_unknown_language_stops_the_start() -> None:
    with pytest.raises(BadData, match="language xx"):
        i18n.known(["sv", "xx"])
