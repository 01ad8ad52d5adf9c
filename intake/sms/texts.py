"""The words of outgoing texts and of a call's first lines, from texts.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from intake.datafile import Table, read
from intake.errors import IntakeError
from intake.sms.segments import segments
from intake.sms.telling import TellingWords, telling_words
from intake.topics import Opening

HOME_LOCALE = "sv"  # what a locale without words of its own falls back to
SHIPPED = Path(__file__).parents[1] / "data" / "texts.toml"
DEFAULT = Opening.WRONG_PERSON  # where she chose nothing
_LONGEST = {"time": "23:59"}  # the values that texts may ask for, at their longest
_QUESTION_MARKS = set("?؟")  # nobody could read the answer

Lines = Mapping[str, str]  # by locale


class NoText(IntakeError):
    """No template has this key, or a value is missing that its words need."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text and line, by kind of opening and locale."""

    texts: Mapping[tuple[str, Opening], Lines]
    openings: Mapping[Opening, Lines]
    neutral: Lines
    cover: Lines
    words: TellingWords

    def keys(self) -> tuple[str, ...]:
        """Return the templates' keys, in the order of the file."""
        return tuple(dict.fromkeys(key for key, _ in self.texts))

    def text(self, key: str, kind: Opening, locale: str, **values: time) -> str:
        """Return a text, ready to send. Raises NoText.

        Values are Swedish clock times; those that the words don't use are left out.
        """
        lines = self.texts.get((key, kind))
        if lines is None:
            raise NoText("no such template")
        clocks = {name: value.strftime("%H:%M") for name, value in values.items()}
        body = _in(lines, locale)
        if not _placeholders(body) <= clocks.keys():
            raise NoText("a value is missing")
        return body.format(**clocks)

    def wording(self, key: str, kind: Opening, locale: str) -> str:
        """Return a text as it once went out, "…" for each time. Raises NoText."""
        lines = self.texts.get((key, kind))
        if lines is None:
            raise NoText("no such template")
        body = _in(lines, locale)
        return body.format(**dict.fromkeys(_placeholders(body), "…"))

    def opening_line(self, kind: Opening, locale: str) -> str:
        """Return the first words of a call, which she chose (S10)."""
        return _in(self.openings[kind], locale)


@cache
def shipped() -> Texts:
    """Return the words that Stilla comes with. Raises BadData."""
    return load_texts(SHIPPED)


def text(key: str, kind: Opening, locale: str, **values: time) -> str:
    """Return a shipped text, as `Texts.text`. Raises NoText."""
    return shipped().text(key, kind, locale, **values)


def wording(key: str, kind: Opening, locale: str) -> str:
    """Return a shipped text as it once went out. Raises NoText."""
    return shipped().wording(key, kind, locale)


def opening_line(kind: Opening, locale: str) -> str:
    """Return the shipped first words of a call (S10, S18)."""
    return shipped().opening_line(kind, locale)


def neutral_line(locale: str) -> str:
    """Return what is said where no word was agreed: it names nothing (S10)."""
    return _in(shipped().neutral, locale)


def cover_line(locale: str) -> str:
    """Return what is said when an agreed word does not come, to end the call (S10)."""
    return _in(shipped().cover, locale)


def telling(body: str, locale: str) -> list[str]:
    """Return what in a text would tell who sends it, or why; empty is well."""
    return shipped().words.found(body, locale)


def load_texts(path: Path) -> Texts:
    """Read and check a file of texts. Raises BadData for words that tell."""
    file = read(path)
    file.only("text", "opening", "neutral", "cover", "telling")
    words = telling_words(file.table("telling"))
    templates, openings = file.table("text"), file.table("opening")
    return Texts(
        texts={
            (key, kind): _texts(templates.table(key), kind, words)
            for key in templates.values
            for kind in _every_kind(templates.table(key))
        },
        openings={
            kind: _spoken(openings, kind, words) for kind in _every_kind(openings)
        },
        neutral=_spoken(file, "neutral", words),
        cover=_spoken(file, "cover", words),
        words=words,
    )


def _every_kind(table: Table) -> type[Opening]:
    """Return all kinds, as she may have chosen any of them."""
    table.only(*Opening)
    return Opening


def _texts(table: Table, kind: Opening, words: TellingWords) -> Lines:
    """Read a text that goes out. A default she did not choose must not be private."""
    lines = _spoken(table, kind, words, _LONGEST)
    for locale, body in lines.items():
        faults = ["a question"] if set(body) & _QUESTION_MARKS else []
        if kind is DEFAULT:
            faults += words.private(body, locale)
        if segments(body.format(**_LONGEST)).count > 1:
            faults.append("more than one part")
        _refuse(table.table(kind), locale, faults)
    return lines


def _spoken(
    table: Table,
    key: str,
    words: TellingWords,
    values: Mapping[str, str] = MappingProxyType({}),
) -> Lines:
    lines = table.translations(key)
    for locale, body in lines.items():
        if locale not in words.lists:
            raise table.table(key).wrong("has no list of telling words", locale)
        unknown = _placeholders(body) - values.keys()
        _refuse(table.table(key), locale, [*words.found(body, locale), *unknown])
    return lines


def _refuse(table: Table, locale: str, faults: list[str]) -> None:
    if faults:
        raise table.wrong(f"holds {', '.join(faults)}", locale)


def _placeholders(body: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(body) if name is not None}
    except ValueError:  # a brace alone
        return {"{"}


def _in(lines: Lines, locale: str) -> str:
    language = locale.partition("-")[0]
    return lines.get(locale) or lines.get(language) or lines[HOME_LOCALE]
