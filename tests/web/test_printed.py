"""Pages as they are sent: smaller, and the same to a browser."""

import gzip
import re
from typing import Any

import brotli
import pytest
from bleach._vendor import html5lib
from flask import Flask

from tests.apps import public_app
from web.printed import Printed, squeezed

LOCALES = ("sv", "en", "ar")
START = "<script>a<p</script>"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return public_app(tmp_path_factory.mktemp("printed"))


def tree(html: str) -> str:
    """Return what a browser makes of a page, space between words counted once."""
    parser: Any = html5lib  # which has no types
    walked = parser.getTreeWalker("etree")(parser.parse(html))
    parts = (
        token.get("data") or token.get("name", "")
        if isinstance(token.get("data"), str)
        else f"<{token['name']} {sorted(token['data'].items())}>"
        if token["type"] in {"StartTag", "EmptyTag"}
        else f"</{token['name']}>"
        for token in walked
        if token["type"] != "Doctype"
    )
    return re.sub(
        r"[ \n]+", " ", re.sub(r"[ \n]*(<[^>]*>)[ \n]*", r"\1", "".join(parts))
    )


@pytest.mark.parametrize("language", LOCALES)
def test_a_squeezed_page_is_the_same_page(app: Flask, language: str) -> None:
    html = ""

    def kept(self: type[Printed], page: str) -> Printed:
        nonlocal html
        html = page
        return Printed(b"", b"", b"")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Printed, "of", classmethod(kept))
        library_of = app.extensions["stilla.library"]
        library_of._printed.clear()
        app.test_client(use_cookies=False).get(f"/{language}/")
        library_of._printed.clear()
    assert len(html) > 30_000
    assert len(squeezed(html)) < len(html) - 1500
    assert tree(squeezed(html)) == tree(html)


@pytest.mark.parametrize(
    ("html", "sent"),
    [
        ("<div>\n <p>a\n b</p>\n</div>", "<div><p>a\nb</div>"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul><li>a<li>b</ul>"),
        ("<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"),
        ("<p>a</p><span>b</span>", "<p>a</p><span>b</span>"),
        ("<b>1\u00a0\n2</b>", "<b>1\u00a0\n2</b>"),
    ],
)
def test_only_what_means_nothing_goes(html: str, sent: str) -> None:
    assert squeezed(f"\n{START}{html}\n") == START + sent


def test_all_three_forms_hold_the_same_page() -> None:
    printed = Printed.of(f"{START}<p>Hej</p>" * 20)
    assert brotli.decompress(printed.br) == printed.plain
    assert gzip.decompress(printed.gzip) == printed.plain
    assert len(printed.br) < len(printed.gzip) < len(printed.plain)
