"""The longer pages: where they are linked, what they show, the walls between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from intake.errors import BadData
from tests.apps import public_app, standing_still
from tests.workbench import MONDAY_10
from web import content, document, helplines
from web.full_set import HURTING, OWN_NUMBERS, PLACES, READERS, SECTIONS
from web.languages import KNOWN
from web.library import library
from web.settings import ROOT
from web.shelves import PACKAGE, Shelves
from web.wiring import now

FOLDS = {"contact", "traces", "privacy-short", "accessibility"}
FIRST_FLIGHT = 14_000  # bytes, answer's headers included
STATUS_LINE = len(
    "HTTP/1.1 404 Not Found\r\nDate: Sat, 21 Nov 2026 08:00:00 GMT\r\n\r\n"
)
NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
OWN = """\
+++
title = "Kommunens sida"
row = "Kommunens sida"
hint = "Mer"
owner = "kommunen"
review_by = 2027-05-21
translation = "original"
{place}
+++
Egen text.
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return standing_still(public_app(tmp_path_factory.mktemp("full")))


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture(params=KNOWN)
def code(app: Flask, request: pytest.FixtureRequest) -> str:
    """Each language that is shown."""
    if request.param not in app.extensions["stilla"].settings.languages:
        pytest.skip("not whole")
    return str(request.param)


def main_of(client: FlaskClient, path: str) -> Tag:
    """Return what a page says, without its frame and its way back."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    main = BeautifulSoup(answer.text, "html.parser").main
    assert main is not None
    for back in main.select(".back, .tongues"):
        back.decompose()
    return main


def inner(tag: Tag) -> list[str]:
    """Return the addresses of our own that something links."""
    hrefs = [str(link["href"]) for link in tag.select("a[href]")]
    return [href for href in hrefs if href.startswith("/")]


@pytest.fixture
def keys(app: Flask, code: str) -> list[str]:
    """Return the keys of the longer pages that a language has."""
    with app.test_request_context(f"/{code}/"):
        shown = library().shown(KNOWN[code], now())
    return [page.key for page, _ in shown.content.placed(KNOWN[code].locale)]


def walked(client: FlaskClient, start: list[str]) -> set[str]:
    """Return every address of guidance that links lead to, one after another."""
    seen: set[str] = set()
    ahead = start
    while ahead:
        path = ahead.pop()
        part = path.rsplit("/", 1)[1]
        if path not in seen and part.isdigit() and int(part) >= 9:
            seen.add(path)
            ahead += inner(main_of(client, path))
    return seen


def section(home: Tag, letter: str) -> Tag:
    found = home.select_one(f'details a.row[href$="/2{letter}"]')
    assert found is not None
    around = found.find_parent("details")
    assert around is not None
    return around


def test_the_registry_fits_the_sections_and_the_swedish_pages() -> None:
    numbers = [place.number for place in PLACES.values()]
    assert len(set(numbers)) == len(numbers)
    assert not set(numbers) & set(OWN_NUMBERS)
    assert {*(way.page for way in document.WAYS_IN), *document.TOPICS, *FOLDS} == (
        SECTIONS
    )
    assert {way.page for way in document.EVERY_WAY} == {*READERS, ""}
    for place in PLACES.values():
        assert set(place.under) <= SECTIONS
        assert {*READERS, ""} >= {place.readers}
    assert set(content.paths(Shelves(), "sv")) >= set(PLACES)


def test_every_language_links_what_it_has_and_nothing_else(
    client: FlaskClient, code: str, keys: list[str]
) -> None:
    home = main_of(client, f"/{code}/")
    linked = {path for path in inner(home) if path.rsplit("/", 1)[1].isdigit()}
    wanted = {f"/{code}/{PLACES[key].number}" for key in keys}
    forms = {f"/{code}/{number}" for number in (2, 3, 4, 12)}
    assert linked == wanted | forms
    for path in linked:
        assert client.get(path).status_code == 200


def test_each_section_ends_with_its_own_pages(
    client: FlaskClient, code: str, keys: list[str]
) -> None:
    home = main_of(client, f"/{code}/")
    for row in home.select("details.page > summary"):
        around = row.parent
        assert around is not None
        for inside in around.select("details details"):
            inside.extract()
    for way in document.WAYS_IN:
        if way.page == "child-hurts":
            continue
        links = inner(section(home, way.letter))
        shown = [int(link.rsplit("/", 1)[1]) for link in links if link[-1].isdigit()]
        assert shown == sorted(
            place.number
            for key, place in PLACES.items()
            if way.page in place.under and key in keys
        )


def test_the_walls_let_nothing_through_to_who_hurts(
    client: FlaskClient, code: str
) -> None:
    home = main_of(client, f"/{code}/")
    allowed = {
        f"/{code}/{place.number}"
        for place in PLACES.values()
        if place.readers in HURTING
    }
    for letter in ("c", "e"):
        own = section(home, letter)
        assert walked(client, inner(own)) <= allowed
    for path in allowed:
        if client.get(path).status_code == 200:
            assert walked(client, [path]) <= allowed
            ways = {link.rsplit("/", 1)[1] for link in inner(main_of(client, path))}
            assert ways == {"2c", "3c"}
    if code == "sv":
        assert walked(client, inner(section(home, "c"))) == {"/sv/41"}
        assert "/sv/27" in walked(client, inner(section(home, "a")))


def numbers_of(readers: str, topic: str) -> list[str]:
    """Return the numbers that a page of these readers and this topic should show."""
    read = helplines.load_help_lines(ROOT / "intake" / "data" / "helplines.toml")
    way = next(way for way in document.EVERY_WAY if way.page == readers)
    lines = [
        *helplines.about(read, topic, "sv", MONDAY_10),
        *helplines.shown_to(read, way.lines, "sv", MONDAY_10),
    ]
    return list(dict.fromkeys(line.tel for line in lines))


@pytest.mark.parametrize("key", PLACES)
def test_a_longer_page_shows_its_own_lines_and_every_way(
    client: FlaskClient, key: str
) -> None:
    place = PLACES[key]
    main = main_of(client, f"/sv/{place.number}")
    shown = [str(a["href"]).removeprefix("tel:") for a in main.select(".lines a")]
    wanted = numbers_of(place.readers, place.topic)
    assert shown == ([] if key in {"privacy", "about"} else wanted)
    letter = next(w for w in document.EVERY_WAY if w.page == place.readers).letter
    ways = [link.rsplit("/", 1)[1] for link in inner(main)]
    assert ways[-2:] == [f"2{letter}", f"3{letter}"]
    assert main.select_one('.reach a[href^="tel:+46"]') is not None


def test_lines_for_professionals_stand_on_their_page_only(client: FlaskClient) -> None:
    read = helplines.load_help_lines(ROOT / "intake" / "data" / "helplines.toml")
    theirs = {
        f"tel:{line.number.replace('-', '').replace(' ', '')}"
        for line in read
        if line.audiences == {"professional"}
    }
    assert len(theirs) == 2
    own = f"/sv/{PLACES['professionals'].number}"
    for path in ("/sv/", *(f"/sv/{place.number}" for place in PLACES.values())):
        links = {str(a["href"]) for a in main_of(client, path).select("a")}
        assert links & theirs == (theirs if path == own else set()), path


def test_professionals_have_a_row_and_their_forms_say_who_they_are(
    client: FlaskClient,
) -> None:
    home = main_of(client, "/sv/")
    row = home.select_one(f'a.row[href="/sv/{PLACES["professionals"].number}"]')
    assert row is not None
    assert row.find_parent("details") is None
    assert document.way_of("f") is document.PROFESSIONAL
    assert client.get("/sv/2f").status_code == client.get("/sv/3f").status_code == 200


def test_every_page_has_the_frame_and_a_way_back(
    client: FlaskClient, code: str, keys: list[str]
) -> None:
    for key in keys:
        html = client.get(f"/{code}/{PLACES[key].number}").text
        page = BeautifulSoup(html, "html.parser")
        assert page.select_one(f'main > a.back[href="/{code}/"]') is not None
        first = page.select("body a")
        assert "leave" in first[0].get_attribute_list("class")
        assert first[1]["href"] == "tel:112"


def test_every_page_fits_the_first_flight(
    client: FlaskClient, code: str, keys: list[str]
) -> None:
    others = ("", "2a", "3a", "3d", "4", "9", "12", "u", "nothing", "e413", "e500")
    for part in (*others, *(PLACES[key].number for key in keys)):
        path = f"/{code}/{part}"
        answer = client.get(path, headers={"Accept-Encoding": "br", **NAVIGATION})
        assert answer.headers["Content-Encoding"] == "br"
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers)
        assert STATUS_LINE + head + len(answer.data) <= FIRST_FLIGHT, path


def test_a_page_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/sv/60").status_code == 404
    assert client.get("/sv/19").status_code == 404
    assert client.get("/sv/100").status_code == 404


def own_page(folder: Path, name: str, place: str) -> Path:
    (folder / "sv" / "pages").mkdir(parents=True, exist_ok=True)
    path = folder / "sv" / "pages" / f"{name}.md"
    path.write_text(OWN.format(place=place), "utf-8")
    return path


def test_the_municipality_adds_pages_of_its_own(tmp_path: Path) -> None:
    own_page(
        tmp_path / "own",
        "local",
        'number = 60\nunder = ["help", "exposed"]\nreaders = "exposed"',
    )
    app = public_app(tmp_path / "var", content_dir=str(tmp_path / "own"))
    client = app.test_client(use_cookies=False)
    assert inner(main_of(client, "/sv/")).count("/sv/60") == 2
    assert "Egen text." in main_of(client, "/sv/60").get_text()
    assert client.get("/en/60").status_code == 404
    assert "/en/60" not in inner(main_of(client, "/en/"))


def refused(folder: Path) -> Iterator[str]:
    facts = dict.fromkeys(("sv",), dict.fromkeys(FACTS, ""))
    try:
        content.load(Shelves(folder, PACKAGE), ["sv"], facts)
    except BadData as error:
        yield str(error)


FACTS = (
    *("phone", "hours", "address", "read_by", "municipality", "max_talks"),
    *("step_by_step", "routines", "site_name", "assessed_on", "unread_languages"),
)


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("local", 'under = ["help"]', "number"),
        ("local", 'number = 38\nunder = ["help"]', "number"),
        ("local", "number = 60", "under"),
        ("local", 'number = 60\nunder = ["halp"]', "under"),
        ("local", 'number = 60\nunder = ["help"]\nreaders = "all"', "readers"),
        ("local", 'number = 60\nunder = ["uses-violence"]', "readers"),
        (
            "local",
            'number = 60\nunder = ["help", "child-hurts"]\nreaders = "exposed"',
            "readers",
        ),
        ("shelter", "number = 60", "is settled"),
    ],
)
def test_a_page_in_a_wrong_place_is_refused(
    tmp_path: Path, name: str, place: str, said: str
) -> None:
    own_page(tmp_path, name, place)
    told = list(refused(tmp_path))
    assert len(told) == 1
    assert f"sv/pages/{name}.md" in told[0]
    assert said in told[0]


def test_two_pages_at_one_address_are_refused(tmp_path: Path) -> None:
    own_page(tmp_path, "local", 'number = 60\nunder = ["help"]')
    assert list(refused(tmp_path)) == []
    own_page(tmp_path, "other", 'number = 60\nunder = ["rights"]')
    assert "is that of local" in next(refused(tmp_path))
