"""The terms that each language keeps: where Swedish says one, the translation says it.

`glossary.toml` of Swedish names the terms, those of the others what they are called.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.datafile import Table, read
from intake.units import HOME_LOCALE
from web import catalogue, content
from web.content import Translation
from web.front import markdown_of
from web.shelves import Shelves

FILE = "glossary.toml"


@dataclass(frozen=True, slots=True)
class Term:
    """A term in one language."""

    swedish: str
    term: str
    forms: tuple[str, ...]  # beginnings or parts of words that count as the term
    avoid: tuple[str, ...]  # what must not stand for it anywhere

    def stands_in(self, text: str) -> bool:
        """Say whether a text uses the term."""
        plain = _plain(text)
        return any(_plain(form) in plain for form in (self.term, *self.forms))


def terms(root: Path, locale: str) -> Mapping[str, Term]:
    """Return a language's terms by the Swedish one; none without a file.

    Raises BadData.
    """
    path = root / locale / FILE
    if not path.exists():
        return {}
    file = read(path, f"{locale}/{FILE}")
    file.only("term")
    return {term.swedish: term for term in map(_term, file.numbered("term"))}


def faults(shelves: Shelves, locale: str) -> Iterator[str]:
    """Return which terms a language lacks, or does not keep to. Raises BadData."""
    swedish, own = (terms(shelves.package, at) for at in (HOME_LOCALE, locale))
    for missing in swedish.keys() - own.keys():
        yield f"{locale}/{FILE}: no term for {missing!r}"
    for strange in own.keys() - swedish.keys():
        yield f"{locale}/{FILE}: {strange!r} is no term of {HOME_LOCALE}/{FILE}"
    for place, original, translation in _texts(shelves, locale):
        for key in swedish.keys() & own.keys():
            if swedish[key].stands_in(original) and not own[key].stands_in(translation):
                yield f"{locale}: {place}: {own[key].term!r} is missing ({key})"
        for avoided in (word for term in own.values() for word in term.avoid):
            if _plain(avoided) in _plain(translation):
                yield f"{locale}: {place}: holds {avoided!r}, which the glossary avoids"


def _texts(shelves: Shelves, locale: str) -> Iterator[tuple[str, str, str]]:
    """Return each translated text: its place, the Swedish original, the translation."""
    path = catalogue.path_of(shelves.package, locale)
    home = catalogue.path_of(shelves.package, HOME_LOCALE)
    if path.exists() and catalogue.written_by(path) is not Translation.ORIGINAL:
        there = catalogue.by_id(catalogue.read(path, locale))
        for text, message in catalogue.by_id(catalogue.read(home, HOME_LOCALE)).items():
            if text in there:
                said = _forms(there[text].string)
                yield f"string {text!r}", _forms(message.string), said
    originals = content.paths(shelves, HOME_LOCALE)
    for key, page in content.paths(shelves, locale).items():
        by = content.parsed(page, locale).translation
        if key in originals and by is not Translation.ORIGINAL:
            original = markdown_of(originals[key])
            yield f"page {key}", original, markdown_of(page)


def _forms(string: object) -> str:
    return "\n".join(catalogue.forms(string))


def _term(table: Table) -> Term:
    table.only("swedish", "term", "forms", "avoid", "meaning")
    swedish = table.text("swedish")
    return Term(
        swedish=swedish,
        term=table.text("term", swedish),
        forms=table.texts("forms"),
        avoid=table.texts("avoid"),
    )


def _plain(text: str) -> str:
    """Return a text as it is compared: small letters, no marks, no doubled spaces."""
    apart = unicodedata.normalize("NFKC", text.casefold())
    kept = (letter for letter in apart if unicodedata.category(letter) != "Cf")
    return re.sub(r"\s+", " ", "".join(kept))
