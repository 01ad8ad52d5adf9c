"""Templates: small, strict, in one frame, and without anything that leaves a trace."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from jinja2 import Environment, StrictUndefined, nodes

from tests.apps import public_app, staff_app

FOLDER = Path(__file__).resolve().parents[2] / "templates"
LONGEST, LONGEST_MACRO = 60, 30  # lines
STAFF = ("staff/", "reports/")
ALL = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
VISITORS = [name for name in ALL if not name.startswith(STAFF)]
# What is no page of its own: the frame, and parts that pages take in.
FRAMES = ("base.html", "staff/base.html")
PARTS = ("components/", "staff/components/")
# Blank, and gone at once: the frame's Leave and lines would only flash.
# A leaflet is paper.
FRAMELESS = frozenset({"pages/exit.html", "leaflets/leaflet.html"})
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_HANDLER = re.compile(r"\bon(?:[a-z]{4,})\s*=")  # onload, onclick …
_INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)")
_INLINED = frozenset({"base.html", "pages/exit.html"})  # hashed in the policy
_LOADED = re.compile(r"""(?:src|srcset|poster|data)\s*=\s*["']?\s*(?:https?:)?//""")


def text(name: str) -> str:
    return (FOLDER / name).read_text()


def markup(name: str) -> BeautifulSoup:
    """Return a template's tags; what Jinja writes between them is text here."""
    return BeautifulSoup(
        re.sub(r"\{#.*?#\}", "", text(name), flags=re.S), "html.parser"
    )


def is_page(name: str) -> bool:
    return name not in FRAMES and not name.startswith(PARTS)


def parent(env: Environment, name: str) -> str | None:
    """Return the template that one extends, if its name stands in plain sight."""
    found = env.parse(text(name)).find(nodes.Extends)
    if found is None or not isinstance(found.template, nodes.Const):
        return None
    return str(found.template.value)


PAGES = [name for name in ALL if is_page(name)]


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Flask]:
    """Return the visitors' app, and under True the staff's."""
    folder = tmp_path_factory.mktemp("templates")
    return {False: public_app(folder), True: staff_app(folder)}


@pytest.fixture
def env(apps: dict[bool, Flask], name: str) -> Environment:
    """Return the environment that the face of a template renders it with."""
    return apps[name.startswith(STAFF)].jinja_env


@pytest.mark.parametrize("name", ALL)
def test_it_compiles_where_nothing_may_be_undefined(
    name: str, env: Environment
) -> None:
    assert env.undefined is StrictUndefined
    env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_in_its_frame(name: str, env: Environment) -> None:
    above, last = parent(env, name), name
    while above is not None:
        last, above = above, parent(env, above)
    frame = "staff/base.html" if name.startswith(STAFF) else "base.html"
    assert last == (name if name in FRAMELESS else frame)


@pytest.mark.parametrize("name", ALL)
def test_it_fits_a_glance(name: str) -> None:
    assert len(text(name).splitlines()) <= LONGEST
    macros = re.findall(r"\{%-? macro.*?endmacro", text(name), re.DOTALL)
    assert [macro for macro in macros if macro.count("\n") >= LONGEST_MACRO] == []


@pytest.mark.parametrize("name", ALL)
def test_no_script_or_style_hides_in_a_tag(name: str) -> None:
    assert not _HANDLER.search(text(name))
    assert "javascript:" not in text(name).lower()
    assert [tag for tag in markup(name).find_all(True) if tag.has_attr("style")] == []


@pytest.mark.parametrize("name", ALL)
def test_style_and_script_are_inlined_in_one_place(name: str) -> None:
    assert bool(_INLINE.search(text(name))) == (name in _INLINED)


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    assert not _LOADED.search(text(name))
    for link in markup(name).find_all("link"):
        assert not str(link.get("href")).startswith(("http", "//"))


@pytest.mark.parametrize("name", ALL)
def test_what_is_typed_never_stands_in_an_address(name: str) -> None:
    for form in markup(name).find_all("form"):
        assert str(form.get("method")).lower() == "post"


@pytest.mark.parametrize("name", ALL)
def test_nothing_escapes_escaping(name: str) -> None:
    # Text that is HTML already comes as Markup, from web/content.py alone.
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", text(name))


@pytest.mark.parametrize("name", VISITORS)
def test_visitors_pages_load_nothing_and_open_nothing_new(name: str) -> None:
    page = markup(name)
    for away in page.select("a.leave > template"):  # sleeps until she leaves
        away.decompose()
    loading = ["img", "iframe", "object", "embed", "video", "audio", "source", "svg"]
    assert page.find_all(loading) == []
    assert [link["href"] for link in page.find_all("link")] in ([], ["data:,"])
    for tag in page.find_all(True):
        assert not tag.has_attr("target")
        assert not tag.has_attr("autofocus")


@pytest.mark.parametrize("name", VISITORS)
def test_visitors_forms_are_not_remembered(name: str) -> None:
    page = markup(name)
    assert [f for f in page.find_all("form") if f.get("autocomplete") != "off"] == []
    kinds = {str(field.get("type")) for field in page.find_all("input")}
    assert not kinds & {"password", "tel", "email", "search", "url"}
