"""Pages, help lines and the first document that they make together."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from intake.errors import BadData
from intake.topics import Audience
from web import content, document, helplines
from web.settings import ROOT
from web.shelves import Shelves

FACTS = {
    "phone": Markup('<a href="tel:+4684650010"><bdi dir="ltr">08-465 00 10</bdi></a>'),
    "hours": "<8–16>",
    "address": "Gatan 1",
    "read_by": "torsdag",
    "municipality": "Kommunen",
    "max_talks": "5",
    "step_by_step": "steg för steg",
    "routines": "",
    "site_name": "Stöd och råd",
    "assessed_on": "21 november 2026",
    "unread_languages": "English",
}
FRONT = """\
+++
title = "Titel"
row = "Rad"
hint = "Mer"
owner = "socialtjänsten"
review_by = 2027-05-21
translation = "original"
+++
"""
DATA = ROOT / "intake" / "data"
LOCALES = ("sv", "en", "ar")
# A Saturday morning in winter.
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def page(folder: Path, text: str) -> content.Page:
    """Return what one file comes to."""
    (folder / "sv" / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "sv" / "pages" / "a.md").write_text(text, encoding="utf-8")
    return content.load(Shelves(package=folder), ["sv"], {"sv": FACTS}).page("sv", "a")


def test_every_page_stands_in_every_language() -> None:
    read = content.load(Shelves(), LOCALES, dict.fromkeys(LOCALES, FACTS))
    keys = {locale: {k for at, k in read.pages if at == locale} for locale in LOCALES}
    for locale in LOCALES:
        assert keys["sv"] >= keys[locale] >= {*document.TOPICS, "contact", "traces"}
    assert not any("{" in read.page(*at).html for at in read.pages)


def test_a_page_is_made_safe(tmp_path: Path) -> None:
    html = page(
        tmp_path,
        FRONT
        + "## Rubrik\n\n<script>x()</script> **fett** [a](javascript:x) [b](//x.y)"
        " [c](http://x.y)\n\n![bild](https://x.y/z.png)\n",
    ).html
    assert "<h2>Rubrik</h2>" in html
    assert "<strong>fett</strong>" in html
    for bad in ("<script", "<img", "href"):
        assert bad not in html


def test_links_say_nothing_and_digits_keep_their_order(tmp_path: Path) -> None:
    text = "[116 111](tel:116111) [Digg](https://www.digg.se/x) [hem](/sv/)"
    html = page(tmp_path, FRONT + text).html
    assert '<a href="tel:116111"><bdi dir="ltr">116 111</bdi></a>' in html
    out = '<a rel="noreferrer" target="_top" href="https://www.digg.se/x">Digg</a>'
    assert out in html  # _top: the door's frame is no place for other sites
    assert '<a href="/sv/">hem</a>' in html


def test_facts_are_filled_in_and_escaped(tmp_path: Path) -> None:
    html = page(tmp_path, FRONT + "Ring {phone}. Öppet: {hours}.").html
    assert html == f"<p>Ring {FACTS['phone']}. Öppet: &lt;8–16&gt;.</p>\n"


def test_what_has_nothing_to_say_is_left_out(tmp_path: Path) -> None:
    text = (
        "Ett.\n\n{routines}\n\n- två\n- alla {routines}\n- språk: {unread_languages}\n"
    )
    html = page(tmp_path, FRONT + text).html
    assert html == "<p>Ett.</p>\n<ul>\n<li>två</li>\n<li>språk: English</li>\n</ul>\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ingen inledning", "TOML between two lines"),
        ("x" + FRONT, "before the first"),
        (FRONT + "{fax}", "{fax}"),
        (FRONT.replace("2027-05-21", '"snart"'), "review_by"),
        (FRONT.replace("original", "machine"), "translated_from"),
        (FRONT.replace("original", "guessed"), "translation"),
        (FRONT.replace("hint", "hynt"), "hynt"),
    ],
)
def test_a_wrong_page_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadData, match=r"sv/pages/a\.md") as raised:
        page(tmp_path, text)
    assert said in str(raised.value)


def names(audience: str, now: datetime = NOW) -> list[str]:
    """Return the Swedish names of the lines that an audience sees."""
    lines = helplines.load_help_lines(DATA / "helplines.toml")
    return [line.name for line in helplines.shown_to(lines, audience, "sv", now)]


def test_each_audience_sees_its_own_lines_in_order() -> None:
    assert names(Audience.EXPOSED)[:2] == ["Nödnumret", "Kvinnofridslinjen"]
    assert names(helplines.CHILD)[0] == "Bris"
    assert names(Audience.USES_VIOLENCE)[0] == "Välj att sluta"
    assert "Kvinnofridslinjen" not in names(Audience.USES_VIOLENCE)


def test_lines_that_nobody_has_read_again_are_left_out() -> None:
    assert names(Audience.EXPOSED, NOW.replace(year=2028)) == []


def test_open_now_is_said_only_where_hours_are_known() -> None:
    lines = helplines.load_help_lines(DATA / "helplines.toml")
    by_name = {
        line.name: line for line in helplines.shown_to(lines, "exposed", "sv", NOW)
    }
    assert by_name["Kvinnofridslinjen"].open_now is True
    assert by_name["Brottsofferjouren"].open_now is None
    assert by_name["Kvinnofridslinjen"].tel == "020505050"
