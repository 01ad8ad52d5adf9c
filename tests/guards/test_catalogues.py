"""Every language says everything: its catalogue is whole, and fits the code's words."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from web.catalogue import path_of
from web.languages import KNOWN
from web.shelves import PACKAGE

ROOT = Path(__file__).resolve().parents[2]
# A language lands with its catalogue; until then it is not offered.
LOCALES = tuple(
    one.locale for one in KNOWN.values() if path_of(PACKAGE, one.locale).exists()
)
ORIGINALS = ("sv", "sv@lattlast")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]")
_MARKUP = re.compile(r"<\s*/?\w|&\w+;|\]\(")


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return every text that code and templates ask a translation for."""
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    extract = ["pybabel", "-q", "extract", "-F", "pyproject.toml", "-o", str(target)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)  # the mapping's patterns begin there
        CommandLineInterface().run([*extract, "."])  # type: ignore[no-untyped-call]  # Babel's gap
    with target.open("rb") as file:
        return read_po(file)


@cache
def catalogue(locale: str) -> Catalog:
    path = ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def words(found: Catalog) -> list[Message]:
    """Return a catalogue's messages without its header."""
    return [message for message in found if message.id]


def forms(text: object) -> tuple[str, ...]:
    """Return a text's forms: one, or one for each number that the language tells."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def key(message: Message) -> tuple[str, ...]:
    return forms(message.id)


def placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def test_words_are_found_in_code_and_templates(wanted: Catalog) -> None:
    places = {name.split("/")[0] for m in words(wanted) for name, _ in m.locations}
    assert {"web", "templates"} <= places
    assert not any("staff/" in name for m in words(wanted) for name, _ in m.locations)


def test_no_markup_is_left_to_translators(wanted: Catalog) -> None:
    told = [text for message in words(wanted) for text in key(message)]
    assert [text for text in told if _MARKUP.search(text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated(locale: str, wanted: Catalog) -> None:
    there = {key(message): message for message in words(catalogue(locale))}
    missing = [key(m) for m in words(wanted) if key(m) not in there]
    assert missing == []
    assert [k for k, m in there.items() if not (m.string and all(m.string))] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_a_guess_or_left_over(locale: str, wanted: Catalog) -> None:
    asked = {key(message) for message in words(wanted)}
    there = catalogue(locale)
    assert [key(m) for m in words(there) if m.fuzzy] == []
    assert [key(m) for m in words(there) if key(m) not in asked] == []
    assert not there.obsolete


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_says_who_wrote_it(locale: str) -> None:
    # `pybabel update` drops the line; without it the pages call it a machine's.
    path = ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"
    said = re.findall(r'^"X-Translation: (\w+)\\n"$', path.read_text("utf-8"), re.M)
    own = {"original"} if locale in ORIGINALS else {"machine", "reviewed"}
    assert len(said) == 1
    assert set(said) <= own


@pytest.mark.parametrize("locale", LOCALES)
def test_every_number_has_its_form(locale: str) -> None:
    there = catalogue(locale)
    counted = [m for m in words(there) if m.pluralizable]
    assert [key(m) for m in counted if len(forms(m.string)) != there.num_plurals] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_keep_placeholders_and_add_no_markup(locale: str) -> None:
    there = catalogue(locale)
    wrong = [
        (key(message), text)
        for message in words(there)
        for text in forms(message.string)
        if not _fits(message, text) or _MARKUP.search(text)
    ]
    assert wrong == []
    assert [m.id for m in words(there) if list(m.check(there))] == []


def _fits(message: Message, text: str) -> bool:
    asked = placeholders(key(message)[-1])
    if message.pluralizable:
        # A form for one or for two may say the number as a word.
        return set(placeholders(text)) <= set(asked)
    return placeholders(text) == asked
