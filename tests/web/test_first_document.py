"""The first document: every page of the core, and the walls between its sections."""

import copy
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.apps import public_app, standing_still
from tests.workbench import MONDAY_10
from web import document, helplines, i18n
from web.full_set import PLACES
from web.headers import csp_hash
from web.settings import ROOT

LOCALES = ("sv", "en", "ar")
CHILD_HURTS = document.WAYS_IN[-1]
CHANGE = {"c": [str(PLACES["change"].number)], "e": []}


@pytest.fixture(scope="module", params=LOCALES)
def soup(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> BeautifulSoup:
    """The first document in each language."""
    app = standing_still(public_app(tmp_path_factory.mktemp(request.param)))
    html = app.test_client(use_cookies=False).get(f"/{request.param}/").text
    return BeautifulSoup(html, "html.parser")


def section(soup: BeautifulSoup, letter: str) -> Tag:
    """Return a way in, without the row that lies inside it."""
    link = soup.select_one(f'details a.row[href$="/2{letter}"]')
    assert link is not None
    own = link.find_parent("details")
    assert own is not None
    alone = copy.copy(own)
    for inner in alone.select("details details"):
        inner.decompose()
    return alone


def lines(soup: BeautifulSoup, readers: str) -> list[str]:
    """Return the numbers that readers of one kind should see, in their order."""
    read = helplines.load_help_lines(ROOT / "intake" / "data" / "helplines.toml")
    shown = helplines.shown_to(read, readers, "sv", MONDAY_10)
    return [line.tel for line in shown]


def test_leave_comes_first_then_112(soup: BeautifulSoup) -> None:
    links = soup.select("body a")
    assert "leave" in links[0].get_attribute_list("class")
    assert links[1]["href"] == "tel:112"
    frames = links[0].find_all("iframe", sandbox=True)
    assert [str(one["name"])[:8] for one in frames] == ["https://"]


def test_all_of_the_core_is_there_once(soup: BeautifulSoup) -> None:
    rows = [one.get_text() for one in soup.select("details.page > summary")]
    inside = len(document.WAYS_IN) + len(document.TOPICS) + 4
    assert len(rows) == len(set(rows)) == inside


def test_who_she_is_comes_first_and_contact_soon(soup: BeautifulSoup) -> None:
    main = soup.select_one("main")
    assert main is not None
    links = [str(a["href"]) for a in main.select(":scope > nav.chips a")]
    assert [href[-2:] for href in links[:2]] == ["/2", "/3"]
    assert links[2].startswith("tel:+46")
    blocks = [
        " ".join(one.get_attribute_list("class")) for one in main.select("nav, .rows")
    ]
    assert blocks[:2] == ["tongues", "rows"]
    assert blocks.index("chips") < len(blocks) - 4


@pytest.mark.parametrize("way", document.WAYS_IN, ids=lambda way: way.page)
def test_each_section_shows_its_own_lines_and_ways_only(
    soup: BeautifulSoup, way: document.WayIn
) -> None:
    own = section(soup, way.letter)
    shown = [str(a["href"]).removeprefix("tel:") for a in own.select(".lines a")]
    assert shown == lines(soup, way.lines)
    ways = [str(a["href"]).split("/")[-1] for a in own.select("a.row")]
    assert ways[-2:] == [f"2{way.letter}", f"3{way.letter}"]
    # Before them the longer pages of this section, and of no other.
    own_pages = {str(p.number) for p in PLACES.values() if way.page in p.under}
    assert set(ways[:-2]) <= own_pages


@pytest.mark.parametrize("letter", ["c", "e"])
def test_who_hurts_gets_no_advice_against_being_traced(
    soup: BeautifulSoup, letter: str
) -> None:
    own = section(soup, letter)
    traces = soup.select("details.page")[-3]
    assert str(traces["data-title"]) not in own.get_text()
    own_ways = {f"2{letter}", f"3{letter}"}
    hrefs = [str(a["href"]) for a in own.select("a")]
    inside = {href.split("/")[-1] for href in hrefs if not href.startswith("tel:")}
    assert own_ways <= inside <= {*own_ways, *CHANGE[letter]}


@pytest.mark.rule("S27")
def test_the_child_who_hurts_lies_inside_the_childrens_row(soup: BeautifulSoup) -> None:
    link = soup.select_one(f'details a.row[href$="/2{CHILD_HURTS.letter}"]')
    assert link is not None
    around = link.find_parents("details")
    assert len(around) == 2
    assert around[1].select_one('a.row[href$="/2d"]') is not None
    assert around[1].select_one('.lines a[href="tel:116111"]') is not None


def test_digits_are_isolated_and_languages_name_themselves(
    soup: BeautifulSoup,
) -> None:
    for link in soup.select('main a[href^="tel:"]'):
        alone = "chips" in link.parent.get_attribute_list("class") if link.parent else 0
        assert alone or link.select_one('bdi[dir="ltr"]') is not None
    spoken, *others = soup.select(".tongues [aria-current], .tongues a")
    assert (spoken.name, spoken["aria-current"]) == ("span", "true")
    for link in others:
        code = str(link["href"]).strip("/")
        assert link.get_text(strip=True) == i18n.KNOWN[code].name
        assert link["lang"] == link["hreflang"] == i18n.KNOWN[code].tag
    named = {spoken.get_text(), *(link.get_text(strip=True) for link in others)}
    assert named >= {i18n.KNOWN[code].name for code in LOCALES}


def test_nothing_is_loaded_from_anywhere(soup: BeautifulSoup) -> None:
    assert not soup.select("[src], img, iframe, form, link[rel=stylesheet]")
    assert [link["href"] for link in soup.select("link")] == ["data:,"]


def test_the_frame_that_leaves_may_run(tmp_path: Path) -> None:
    answer = public_app(tmp_path).test_client().get("/sv/")
    frame = BeautifulSoup(answer.text, "html.parser").find("iframe")
    assert isinstance(frame, Tag)
    inside = BeautifulSoup(str(frame["srcdoc"]), "html.parser")
    assert inside.script is not None
    policy = answer.headers["Content-Security-Policy"]
    assert csp_hash(str(inside.script.string)) in policy


def test_each_letter_has_its_own_readers_lines() -> None:
    assert {way.letter: way.lines for way in document.WAYS_IN} == {
        "a": "exposed",
        "b": "relative",
        "c": "uses-violence",
        "d": helplines.CHILD,
        "e": helplines.CHILD_HURTS,
    }


def test_letters_lead_back_to_their_way_in() -> None:
    letters = [way.letter for way in document.WAYS_IN]
    assert len(set(letters)) == len(letters)
    for way in document.WAYS_IN:
        assert document.way_of(way.letter) is way
    assert document.way_of("") is document.UNSAID
    assert document.way_of("z") is document.UNSAID
