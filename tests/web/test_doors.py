"""The doors as commands print them, and the check of the page that holds one."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import Result
from flask import Flask

from tests.apps import public_app, staff_app
from web import telling
from web.doors import SCRIPT
from web.headers import csp_hash
from web.settings import ROOT

SITE, TOWN = "https://stod.kommun.example", "https://www.kommun.example"
HERE = f"{TOWN}/stod-och-rad"
# The words that people search for; the door's page must be found by them.
SEARCHED = {
    "sv": "våld i nära relation|hedersrelaterat våld|kvinnofrid|utsatt|orolig|tolk",
    "en": "domestic violence|close relationships|honour-related violence|interpreter",
    "ar": "العنف الأسري|العلاقات القريبة|باسم الشرف|ترجمة",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return public_app(tmp_path_factory.mktemp("doors"))


def told(app: Flask, *arguments: str) -> Result:
    """Run `flask doors` for a site of its own host."""
    return app.test_cli_runner().invoke(args=["doors", "--origin", SITE, *arguments])


def snippet(app: Flask, language: str = "sv") -> str:
    return told(app, "--language", language).stdout.rsplit("\n", 2)[0]


@dataclass(frozen=True, slots=True)
class Saved:
    """A page of the municipality's as somebody saved it."""

    app: Flask
    folder: Path

    def checked(self, body: str, head: str = "", title: str = "Stöd och råd") -> Result:
        html = f"<html lang='sv'><head><title>{title}</title>{head}</head>{body}</html>"
        file = self.folder / "page.html"
        file.write_text(html)
        return told(self.app, "--check", str(file))


@pytest.fixture
def saved(app: Flask, tmp_path: Path) -> Saved:
    return Saved(app, tmp_path)


CANONICAL = f"<link rel='canonical' href='{HERE}'>"


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_the_button_is_a_form_without_fields(app: Flask, language: str) -> None:
    page = BeautifulSoup(snippet(app, language), "html.parser")
    form = page.form
    assert form is not None
    assert (form["method"], form["action"]) == ("post", f"{SITE}/")
    assert form["lang"] == language
    assert form.find_all(["input", "textarea", "select"]) == []
    assert page.find_all(["iframe", "link", "img"]) == []
    words = telling.listed(ROOT / "translations", language)
    assert telling.found(words, form.get_text()) == set()


def test_one_script_serves_every_language(app: Flask) -> None:
    for one in ("sv", "en", "ar"):
        assert snippet(app, one).endswith(f"<script>{SCRIPT}</script>")
    assert f"script-src {csp_hash(SCRIPT)};" in told(app).stderr


def test_what_stands_on_stdout_can_be_pasted(app: Flask) -> None:
    printed = told(app, "--language", "ar")
    assert printed.stdout.startswith("<form ")
    assert printed.stdout.endswith("</a>\n")
    assert "STILLA_FRAME_ANCESTORS" in printed.stderr
    offered = app.extensions["stilla"].settings.languages
    assert told(app).stdout.count("<form ") == len(offered) >= 3


def test_only_the_visitors_settings_make_a_door(tmp_path: Path) -> None:
    result = told(staff_app(tmp_path))
    assert result.exit_code == 1
    assert "public process" in result.output


@pytest.mark.parametrize("origin", ["http://stod.example", f"{TOWN}/stod", "stod"])
def test_a_site_without_a_host_of_its_own_gets_no_door(app: Flask, origin: str) -> None:
    result = app.test_cli_runner().invoke(args=["doors", "--origin", origin])
    assert result.exit_code == 2
    assert "<form" not in result.output


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_the_text_is_found_and_has_112_phone_and_hours(
    app: Flask, language: str
) -> None:
    result = told(app, "--text", "--language", language)
    for words in SEARCHED[language].split("|"):
        assert words in result.stdout.lower(), words
    office = app.extensions["stilla"].office.units["reception"]
    for fact in ("<strong>112</strong>", office.phone_display, office.address):
        assert fact in result.stdout
    assert office.answers(language) in result.stdout
    assert "{" not in result.stdout
    assert ("machine" in result.stderr) is (language != "sv")


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_the_texts_have_one_shape(app: Flask, language: str) -> None:
    def shape(of: str) -> list[str]:
        html = told(app, "--text", "--language", of).stdout
        return [tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)]

    assert shape(language) == shape("sv")


@pytest.mark.rule("S44")
@pytest.mark.parametrize("where", ["canonical", "og", "saved"])
def test_a_telling_address_is_refused(saved: Saved, where: str) -> None:
    address = f"{TOWN}/stod/v%C3%A5ld" if where == "og" else f"{TOWN}/vald-i-relation"
    head = {
        "canonical": f"<link rel='canonical' href='{address}'>",
        "og": f"<meta property='og:url' content='{address}'>",
        "saved": f"<!-- saved from url=(0041){address} -->",
    }[where]
    result = saved.checked(snippet(saved.app), head)
    assert result.exit_code == 1
    assert f"the address {address} tells: våld" in result.stdout


@pytest.mark.rule("S44")
@pytest.mark.parametrize("name", ["title", "og:title", "twitter:title"])
def test_a_telling_title_is_refused(saved: Saved, name: str) -> None:
    title = "Hedersrelaterat våld" if name == "title" else "Stöd och råd"
    head = f"<meta property='{name}' content='Kvinnofrid'>" if name != "title" else ""
    result = saved.checked(snippet(saved.app), CANONICAL + head, title)
    assert result.exit_code == 1
    assert "tells: " in result.stdout


@pytest.mark.rule("S44")
def test_a_page_whose_text_names_it_is_fine(saved: Saved) -> None:
    text = told(saved.app, "--text", "--language", "sv").stdout
    result = saved.checked(f"<h1>Våld</h1>{text}{snippet(saved.app)}", CANONICAL)
    assert result.exit_code == 0, result.output


@pytest.mark.rule("S44")
def test_only_the_doors_own_button_must_be_neutral(saved: Saved) -> None:
    fold = "<button aria-expanded='false'>Om våld i nära relationer</button>"
    around = f"{fold}{snippet(saved.app)}{fold}<form>{fold}</form>{fold}"
    result = saved.checked(around, CANONICAL)
    assert result.exit_code == 0, result.output


@pytest.mark.rule("S44")
def test_others_scripts_are_listed(saved: Saved) -> None:
    body = f"""<script src="https://cdn.example.net/a.js"></script>
    <script src="//stats.example.org/b.js"></script><script src="/own.js"></script>
    <script src="{TOWN}/c.js"></script><iframe src="https://maps.example.com/"></iframe>
    <script>load('https://tags.example.com/d.js')</script>
    <script src="Sida_files/e.js"></script>"""
    said = saved.checked(body + snippet(saved.app), CANONICAL).stdout
    found = re.findall(r"others' script or frame: (.*)", said)
    hosts = ["cdn.example.net", "maps.example.com", "stats.example.org"]
    assert found == [f"https://{host}" for host in (*hosts, "tags.example.com")]
    assert "whose was Sida_files/e.js" in said


@pytest.mark.rule("S44")
@pytest.mark.parametrize(
    ("old", "new", "fine"),
    [
        ("<button>", '<button class="primary">', True),
        ("<form ", '<form class="door" ', True),
        ("stopImmediatePropagation", "preventDefault", False),
        ('action="https', 'action="http', False),
        ("<script>", "<script type='module'>x</script><template>", False),
        ("<script>", '<script type="text/plain">', False),
        ("smhi.se", "example.se", False),
        ("<button>", "<button>Våld ", False),
    ],
)
def test_a_changed_snippet_is_refused(
    saved: Saved, old: str, new: str, fine: bool
) -> None:
    result = saved.checked(snippet(saved.app).replace(old, new, 1), CANONICAL)
    assert result.exit_code == (0 if fine else 1), result.output


def test_a_page_needs_a_door_and_an_address(saved: Saved) -> None:
    link = told(saved.app, "--language", "sv").stdout.splitlines()[-1]
    assert saved.checked(link, CANONICAL).exit_code == 0
    assert "there is no door" in saved.checked("<p>", CANONICAL).stdout
    assert "give it with --address" in saved.checked(link).stdout
    page = str(saved.folder / "page.html")
    assert told(saved.app, "--check", page, "--address", HERE).exit_code == 0
    telling = told(saved.app, "--check", page, "--address", f"{TOWN}/kvinnofrid")
    assert telling.exit_code == 1
