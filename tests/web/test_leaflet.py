"""Leaflets as `flask leaflet` makes them, read back: text, letters, sizes, silence."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from pypdf import PdfReader

from tests.apps import public_app, staff_app, standing_still
from web import telling
from web.languages import KNOWN
from web.leaflet import AUDIENCES, Size
from web.settings import ROOT
from web.shelves import PACKAGE

SITE = "https://stod.kommun.example"
MM = 72 / 25.4  # points
LANGUAGES = ("sv", "ar", "th", "ti")
PAPER = {Size.FOLD: (297, 210), Size.CARD: (170, 55)}  # mm, unfolded


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return standing_still(public_app(tmp_path_factory.mktemp("leaflets")))


def told(app: Flask, folder: Path, *arguments: str) -> Result:
    asked = ["leaflet", "--origin", SITE, "--folder", str(folder), *arguments]
    return app.test_cli_runner().invoke(args=asked)


def made(app: Flask, folder: Path, audience: str, code: str, size: str) -> PdfReader:
    """Return what the command writes."""
    given = ("--audience", audience, "--language", code, "--size", str(size))
    said = told(app, folder, *given)
    assert said.exit_code == 0, said.output
    path = next(folder.glob("*.pdf"))
    return PdfReader(io.BytesIO(path.read_bytes()))


def letters(reader: PdfReader, page: int) -> str:
    # Hyphens of printed lines and dots of lists come and go.
    return re.sub(r"[\s•\u2010\xad]+", "", reader.pages[page].extract_text())


def places(reader: PdfReader, page: int) -> list[tuple[float, float, str]]:
    """Return where each piece of text begins, in mm from the paper's lower left."""
    seen: list[tuple[float, float, str]] = []
    box = reader.pages[page].trimbox

    def note(text: str, outer: list[float], at: list[float], *_: object) -> None:
        x = at[4] * outer[0] + at[5] * outer[2] + outer[4]
        y = at[4] * outer[1] + at[5] * outer[3] + outer[5]
        if text.strip():
            seen.append(((x - box.left) / MM, (y - box.bottom) / MM, text))

    reader.pages[page].extract_text(visitor_text=note)
    return seen


def fonts(reader: PdfReader) -> list[Any]:
    """Return the descriptors of every font on every page."""
    found = []
    for page in reader.pages:
        resources: Any = page["/Resources"]  # typed as any object of a PDF
        for font in resources["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found.append(inner["/FontDescriptor"].get_object())
    return found


def skip_unless_shown(app: Flask, code: str) -> None:
    if code not in app.extensions["stilla"].settings.languages:
        pytest.skip("not whole")


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_leaflet_is_ready_for_the_printer(
    app: Flask, tmp_path: Path, code: str, size: Size
) -> None:
    skip_unless_shown(app, code)
    reader = made(app, tmp_path, "exposed", code, size)
    assert len(reader.pages) == 2
    for page in reader.pages:
        width, height = PAPER[size]
        assert float(page.trimbox.width) == pytest.approx(width * MM, abs=0.5)
        assert float(page.trimbox.height) == pytest.approx(height * MM, abs=0.5)
        assert float(page.bleedbox.width) == pytest.approx((width + 6) * MM, abs=0.5)
        for x, y, text in places(reader, reader.pages.index(page)):
            assert 2 < x < width - 2, text
            assert 2 < y < height - 2, text
    described = fonts(reader)
    assert described
    for font in described:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font)


@pytest.mark.rule("S41")
@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_word_outside_tells(
    app: Flask, tmp_path: Path, code: str, size: Size
) -> None:
    skip_unless_shown(app, code)
    reader = made(app, tmp_path, "uses-violence", code, size)
    name = app.extensions["stilla"].municipality.site_name(KNOWN[code].locale)
    outside = reader.pages[0].extract_text()
    assert "stod.kommun.example" in outside
    words = telling.listed(PACKAGE, KNOWN[code].locale)
    assert telling.found(words, outside) == set()
    # Nothing but name and address stands there, and the file's own title says no more.
    assert len(letters(reader, 0)) <= len(f"{name}stod.kommun.example") + 2
    assert reader.metadata is not None
    assert reader.metadata.title == name


@pytest.mark.parametrize("audience", AUDIENCES)
def test_all_of_an_audiences_words_are_inside(
    app: Flask, tmp_path: Path, audience: str
) -> None:
    reader = made(app, tmp_path, audience, "sv", "fold")
    inside = letters(reader, 1)
    text = (PACKAGE / "sv" / "pages" / f"{audience}.md").read_text("utf-8")
    for line in text.split("+++\n", 2)[2].splitlines():
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*|^#+ |^- |^\d+\. ", r"\1", line)
        last = re.sub(r"\s", "", plain)[-12:]
        if "{" not in line and last:
            assert last in inside, line
    # The end of the last column: nothing was cut off.
    assert re.search(r"20\d\d-\d\d$", inside)


def test_a_leaflet_keeps_the_walls(app: Flask, tmp_path: Path) -> None:
    hurts = letters(made(app, tmp_path, "uses-violence", "sv", "fold"), 1)
    assert "020-555666" in hurts
    assert "Kvinnofridslinjen" not in hurts
    card = letters(made(app, tmp_path, "uses-violence", "sv", "card"), 1)
    assert "Kvinnofridslinjen" not in card


def test_a_card_holds_112_and_the_way_to_us(app: Flask, tmp_path: Path) -> None:
    inside = letters(made(app, tmp_path, "exposed", "sv", "card"), 1)
    for said in ("112", "Kvinnofridslinjen020-505050", "stod.kommun.example"):
        assert said in inside


def test_a_unit_can_be_named(app: Flask, tmp_path: Path) -> None:
    given = ("--audience", "exposed", "--size", "card")
    assert told(app, tmp_path, *given, "--unit", "children").exit_code == 0
    inside = letters(PdfReader(tmp_path / "a-sv-card.pdf"), 1)
    assert "08-46500420" in inside
    wrong = told(app, tmp_path, *given, "--unit", "nobody")
    assert wrong.exit_code == 2
    assert "adult, " in wrong.output


@pytest.mark.parametrize("code", ["sv", "ar"])
def test_the_cover_is_on_the_side_that_opens(
    app: Flask, tmp_path: Path, code: str
) -> None:
    reader = made(app, tmp_path, "exposed", code, "fold")
    seen = places(reader, 0)
    address = next(x for x, _, text in seen if "stod" in text or "kommun" in text)
    cover = next(
        x for x, _, text in seen if "stod" not in text and "kommun" not in text
    )
    assert (cover > address) is (code == "sv")


def test_both_sizes_are_made_and_named_without_telling(
    app: Flask, tmp_path: Path
) -> None:
    said = told(app, tmp_path, "--audience", "uses-violence", "--language", "en")
    assert said.exit_code == 0, said.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "c-en-fold.pdf",
        "c-en-card.pdf",
    }
    assert "A machine translated it" in said.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--folder", str(ROOT / "static")), "for the printer"),
        (("--language", "uk"), "is not shown"),
        (("--origin", "https://vald.kommun.example"), "outside would tell: våld"),
    ],
)
def test_what_would_do_harm_is_refused(
    tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    app = public_app(tmp_path / "var", languages="sv")
    refused = told(app, tmp_path, "--audience", "exposed", *more)
    assert refused.exit_code in {1, 2}
    assert said in refused.output
    assert not [*tmp_path.glob("*.pdf"), *(ROOT / "static").glob("*.pdf")]


def test_a_page_that_a_language_lacks_makes_no_leaflet(
    app: Flask, tmp_path: Path
) -> None:
    refused = told(app, tmp_path, "--audience", "professionals", "--language", "fi")
    assert refused.exit_code == 1
    assert "fi has no page" in refused.output


def test_only_the_visitors_settings_make_a_leaflet(tmp_path: Path) -> None:
    refused = told(staff_app(tmp_path), tmp_path, "--audience", "exposed")
    assert refused.exit_code == 1
    assert "public process" in refused.output


def test_nothing_is_loaded_unless_a_leaflet_is_made() -> None:
    for path in [*(ROOT / "web").rglob("*.py"), ROOT / "app.py"]:
        assert not re.search(r"(?m)^(import|from) weasyprint", path.read_text("utf-8"))
