"""Pages, help lines and the first document that they make together."""

from datetime import UTC, datetime
from pathlib import Path

import jinja2
import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template
from markupsafe import Markup

from intake.errors import BadData
from intake.topics import Audience
from intake.units import Unit, load_municipality, load_units
from web import content, document, helplines, i18n
from web.settings import ROOT, Settings

FACTS = {
    "phone": Markup('<a href="tel:+4684650010"><bdi dir="ltr">08-465 00 10</bdi></a>'),
    "hours": "<8–16>",
    "address": "Gatan 1",
    "read_by": "torsdag",
    "municipality": "Kommunen",
    "max_talks": "5",
    "step_by_step": "steg för steg",
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
    return content.load(folder, ["sv"], {"sv": FACTS}).page("sv", "a")


def test_every_page_stands_in_every_language() -> None:
    read = content.load(ROOT / "translations", LOCALES, dict.fromkeys(LOCALES, FACTS))
    keys = {locale: {k for at, k in read.pages if at == locale} for locale in LOCALES}
    assert keys["sv"] == keys["en"] == keys["ar"]
    assert keys["sv"] >= {*document.LETTERS, "contact", "traces", "privacy"}
    assert not any("{" in one.html for one in read.pages.values())


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
    assert '<a rel="noreferrer" href="https://www.digg.se/x">Digg</a>' in html
    assert '<a href="/sv/">hem</a>' in html


def test_facts_are_filled_in_and_escaped(tmp_path: Path) -> None:
    html = page(tmp_path, FRONT + "Ring {phone}. Öppet: {hours}.").html
    assert html == f"<p>Ring {FACTS['phone']}. Öppet: &lt;8–16&gt;.</p>\n"


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
    assert by_name["Stödlinjen för transpersoner"].open_now is False
    assert by_name["Terrafem"].open_now is None
    assert by_name["Kvinnofridslinjen"].tel == "020505050"


@pytest.fixture(scope="module", params=LOCALES)
def soup(request: pytest.FixtureRequest) -> BeautifulSoup:
    """The first document in each language."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.jinja_env.undefined = jinja2.StrictUndefined
    i18n.init(app, ROOT / "translations", LOCALES)
    every = load_units(DATA / "units.toml")
    units: dict[Audience, Unit] = dict.fromkeys(Audience, every["adult"])
    language = i18n.KNOWN[request.param]
    with app.test_request_context(language.home):
        return BeautifulSoup(
            render_template(
                "pages/document.html",
                **shell().variables(language),
                texting=(),
                document=document.first_document(
                    content.load(
                        ROOT / "translations", LOCALES, dict.fromkeys(LOCALES, FACTS)
                    ),
                    helplines.load_help_lines(DATA / "helplines.toml"),
                    units,
                    language,
                    NOW,
                ),
            ),
            "html.parser",
        )


def shell() -> document.Shell:
    """Return the frame as the application makes it."""
    return document.Shell(
        document.inlined(ROOT / "static" / "site.css"),
        document.inlined(ROOT / "static" / "leave.js"),
        i18n.known(LOCALES),
        load_municipality(DATA / "units.toml"),
        Settings(),
    )


def sections(soup: BeautifulSoup) -> list[Tag]:
    return soup.select("details.page")[: len(document.LETTERS)]


def test_leave_comes_first_then_112(soup: BeautifulSoup) -> None:
    links = soup.select("body a")
    assert "leave" in links[0].get_attribute_list("class")
    assert links[1]["href"] == "tel:112"
    assert str(links[0]["data-target"]).startswith("https://")


def test_each_section_shows_its_own_lines_and_ways_only(soup: BeautifulSoup) -> None:
    lines = helplines.load_help_lines(DATA / "helplines.toml")
    for section, (audience, letter) in zip(
        sections(soup), document.LETTERS.items(), strict=True
    ):
        shown = {str(a["href"])[4:] for a in section.select(".lines a")}
        own = {
            line.shown("sv", NOW).tel for line in lines if audience in line.audiences
        }
        assert shown == own
        own_ways = [str(a["href"]).split("/")[-1] for a in section.select("a.row")]
        assert own_ways == [f"2{letter}", f"3{letter}"]


def test_who_uses_violence_gets_no_advice_against_being_traced(
    soup: BeautifulSoup,
) -> None:
    section = sections(soup)[-1]
    traces = soup.select("details.page")[-1]
    assert str(traces["data-title"]) not in section.get_text()
    hrefs = [str(a["href"]) for a in section.select("a")]
    assert all(href.startswith("tel:") or href[-2:] in ("2c", "3c") for href in hrefs)


def test_digits_are_isolated_and_languages_name_themselves(
    soup: BeautifulSoup,
) -> None:
    for link in soup.select('main a[href^="tel:"]'):
        assert link.select_one('bdi[dir="ltr"]') is not None
    endonyms = [link.get_text() for link in soup.select(".tongues a")]
    assert endonyms == [i18n.KNOWN[code].endonym for code in LOCALES]


def test_nothing_is_loaded_from_anywhere(soup: BeautifulSoup) -> None:
    assert not soup.select("[src], img, iframe, form, link[rel=stylesheet]")
    assert [link["href"] for link in soup.select("link")] == ["data:,"]


def test_what_is_inlined_has_lost_its_comments() -> None:
    style, script = shell().style, shell().script
    assert "/*" not in style
    assert not any(line.startswith("//") for line in script.splitlines())
    assert "</" not in style + script


def test_letters_lead_back_to_their_audience() -> None:
    for audience, letter in document.LETTERS.items():
        assert document.audience_of(letter) is audience
    assert document.audience_of("") is Audience.UNSAID
    assert document.audience_of("z") is Audience.UNSAID
