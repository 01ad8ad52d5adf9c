"""The accessibility statement: every field that the Swedish act asks for, from data."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from intake.errors import BadData
from tests.apps import public_app
from web import accessibility, content_check, i18n
from web.languages import KNOWN
from web.settings import Settings
from web.shelves import Shelves

DAY = "assessed_on = 2025-03-04\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return public_app(tmp_path_factory.mktemp("accessibility"))


def statement(app: Flask, code: str) -> BeautifulSoup:
    html = app.test_client(use_cookies=False).get(f"/{code}/9").text
    return BeautifulSoup(html, "html.parser")


def plain(page: BeautifulSoup) -> str:
    return page.get_text().replace("\u00a0", " ")


@pytest.mark.parametrize("code", KNOWN)
def test_every_field_of_the_act_is_there(app: Flask, code: str) -> None:
    if code not in app.extensions["stilla"].settings.languages:
        pytest.skip("not whole")
    page, home = statement(app, code), app.extensions["stilla"].municipality
    text, language = plain(page), KNOWN[code]
    with app.test_request_context(f"/{code}/"):
        day = i18n.full_day(accessibility.assessed_on(Shelves()), language)
    for field in (
        home.name,
        home.site_name(language.locale),
        "2018:1937",
        "EN 301 549",
        "12",  # § of what would cost too much
        "9",  # § of what the act leaves out
        day,
    ):
        assert field in text, field
    assert page.select_one("main strong") is not None  # how far it conforms
    assert len(page.select("main li")) >= 4  # what does not, and why
    links = {str(link["href"]) for link in page.select("main a")}
    assert {"https://www.digg.se/tdosanmalan", f"/{code}/2"} <= links
    assert f"/{code}/9" not in links
    for other in app.extensions["stilla"].settings.languages:
        if other not in {"sv", "lattlast"}:
            assert KNOWN[other].name in text


def test_the_statement_stands_in_the_first_document(app: Flask) -> None:
    html = app.test_client(use_cookies=False).get("/sv/").text
    home = BeautifulSoup(html, "html.parser")
    assert "EN 301 549" in plain(home)


def test_what_people_have_read_is_not_called_unread(tmp_path: Path) -> None:
    app = public_app(tmp_path / "var", languages="sv")
    text = statement(app, "sv").get_text()
    assert "Översatta av en maskin" not in text
    assert "teckenspråk" in text


def test_the_municipality_says_when_it_examined_the_site(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / accessibility.FILE).write_text(DAY)
    app = public_app(tmp_path / "var", content_dir=str(own), languages="sv")
    assert "4 mars 2025" in statement(app, "sv").get_text()
    (own / accessibility.FILE).write_text("day = 2025-03-04\n")
    with pytest.raises(BadData, match=r"accessibility\.toml: day"):
        accessibility.assessed_on(Shelves(own))


def test_an_old_assessment_is_named(tmp_path: Path) -> None:
    (tmp_path / accessibility.FILE).write_text(DAY)
    settings = Settings(content_dir=tmp_path)
    year = date(2025, 3, 4) + timedelta(days=365)
    said = "accessibility.toml: the site should have been examined again by 2026-03-04"
    assert said not in content_check.of_house(settings, year)
    assert said in content_check.of_house(settings, year + timedelta(days=1))
