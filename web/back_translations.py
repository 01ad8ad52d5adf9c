"""Safety-critical sentences, each translated back to Swedish by a second reader.

`safety_critical.toml` says which Swedish texts they are. `checked.toml` of a language
holds each: original, translation, back-translation, and whether they say the same.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.datafile import Table, read
from intake.units import HOME_LOCALE
from web import catalogue, content
from web.content import Translation
from web.shelves import Shelves

FILE, CRITICAL = "checked.toml", "safety_critical.toml"
STRINGS = "strings"
_KEYS = ("where", "original", "translation", "back_translation", "verdict", "note")
_VERDICTS = ("same", "differs")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A safety-critical text as it stands now."""

    where: str  # "strings", or "pages/" and a page's key
    original: str
    translation: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the second reader found. Empty texts wait to be filled in."""

    sentence: Sentence
    back_translation: str
    verdict: str
    note: str


def sentences(shelves: Shelves, locale: str) -> Iterator[Sentence]:
    """Return a language's safety-critical texts. Raises BadData.

    Texts that were written in the language itself have no original to differ from; nor
    has a page of another shape than its original, which is a fault of its own.
    """
    critical = _critical(shelves.package)
    yield from _strings(shelves.package, locale, critical)
    originals = content.paths(shelves, HOME_LOCALE)
    for key, path in content.paths(shelves, locale).items():
        if key not in originals or path.parent.name != "pages":
            continue
        if content.parsed(path, locale).translation is Translation.ORIGINAL:
            continue
        pairs = zip(content.blocks(originals[key]), content.blocks(path), strict=False)
        for original, translation in pairs:
            if critical.search(original):
                yield Sentence(f"pages/{key}", original, translation)


def faults(shelves: Shelves, locale: str) -> Iterator[str]:
    """Return which sentences nobody has translated back, or differ. Raises BadData."""
    found = checked(shelves.package, locale)
    # Two strings of the same Swedish words may be two in another language.
    known = {(sentence.where, sentence.original) for sentence in found}
    for sentence in sentences(shelves, locale):
        was_known = (sentence.where, sentence.original) in known
        fault = _fault(found.get(sentence), was_known=was_known)
        if fault:
            yield f"{locale}/{FILE}: {sentence.where}: {fault}: {sentence.original!r}"


def checked(root: Path, locale: str) -> Mapping[Sentence, Checked]:
    """Return a language's checked sentences. Raises BadData."""
    path = root / locale / FILE
    if not path.exists():
        return {}
    file = read(path, f"{locale}/{FILE}")
    file.only("sentence")
    entries = map(_entry, file.numbered("sentence"))
    return {entry.sentence: entry for entry in entries}


def renewed(shelves: Shelves, locale: str) -> str:
    """Return checked.toml as it must become: what still stands, and what waits."""
    found = checked(shelves.package, locale)
    said = ["# Safety-critical sentences, translated back. docs/translating.md\n"]
    for sentence in sentences(shelves, locale):
        said.append(_written(found.get(sentence, Checked(sentence, "", "", ""))))
    return "\n".join(said)


def _strings(root: Path, locale: str, critical: re.Pattern[str]) -> Iterator[Sentence]:
    path = catalogue.path_of(root, locale)
    if not path.exists() or catalogue.written_by(path) is Translation.ORIGINAL:
        return
    home = catalogue.read(catalogue.path_of(root, HOME_LOCALE), HOME_LOCALE)
    there = catalogue.by_id(catalogue.read(path, locale))
    for text, message in catalogue.by_id(home).items():
        original = catalogue.forms(message.string)[-1]
        if critical.search(original) and text in there:
            said = catalogue.forms(there[text].string)[-1]
            yield Sentence(STRINGS, original, said)


def _critical(root: Path) -> re.Pattern[str]:
    table = read(root / CRITICAL).table("words")
    words = [re.escape(word) for theme in table.values for word in table.texts(theme)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)


def _entry(table: Table) -> Checked:
    table.only(*_KEYS)
    texts = {key: table.values.get(key, "") for key in _KEYS}
    for key, text in texts.items():
        if not isinstance(text, str):
            raise table.wrong("must be a text", key)
    if texts["verdict"] not in ("", *_VERDICTS):
        raise table.wrong(f"must be one of {', '.join(_VERDICTS)}", "verdict")
    place = (texts["where"], texts["original"], texts["translation"])
    return Checked(
        Sentence(*place), texts["back_translation"], texts["verdict"], texts["note"]
    )


def _fault(entry: Checked | None, *, was_known: bool) -> str:
    if entry is None and was_known:
        return "the translation has changed since it was checked"
    if entry is None:
        return "nobody has translated it back"
    if not entry.back_translation or not entry.verdict:
        return "waits to be translated back"
    return "differs from the original" if entry.verdict == "differs" else ""


def _written(entry: Checked) -> str:
    one = entry.sentence
    found = (entry.back_translation, entry.verdict, entry.note)
    values = (one.where, one.original, one.translation, *found)
    # A text of JSON is one of TOML's too.
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in zip(_KEYS, values, strict=True)
        if value or key != "note"
    ]
    return "\n".join(["[[sentence]]", *lines, ""])
