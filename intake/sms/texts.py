"""The words of outgoing texts and of a call's first lines, from each texts.toml."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from string import Formatter

from intake.datafile import Table, read
from intake.errors import IntakeError
from intake.sms.segments import segments
from intake.sms.telling import TellingWords, telling_words
from intake.topics import Opening

HOME_LOCALE = "sv"  # what a locale without words of its own falls back to
SHIPPED = Path(__file__).parents[2] / "translations"
FILE = "texts.toml"
TEMPLATES = ("later", "at-time")
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


def load_texts(root: Path) -> Texts:
    """Read and check the texts of every language under a folder. Raises BadData.

    Refused are words that tell. A line that a language lacks is Swedish there; what is
    lacking, `missing_lines` says, and such a language is not offered.
    """
    tables = {path.parent.name: _file(path) for path in root.glob(f"*/{FILE}")}
    words = telling_words(
        {
            locale: table.table("telling")
            for locale, table in tables.items()
            if "telling" in table.values or locale == kin(locale)
        }
    )
    read = _Reader(tables, words)
    return Texts(
        texts={
            (key, kind): read.sent(kind, "text", key)
            for key in TEMPLATES
            for kind in Opening
        },
        openings={kind: read.said(kind, "opening") for kind in Opening},
        neutral=read.said("neutral"),
        cover=read.said("cover"),
        words=words,
    )


def missing_lines(path: Path) -> list[str]:
    """Return the places of lines that a language's file lacks. Raises BadData."""
    table = _file(path)
    wanted = [
        *(("text", key, kind) for key in TEMPLATES for kind in Opening),
        *(("opening", kind) for kind in Opening),
        *(("neutral",), ("cover",), ("stop", "whole"), ("stop", "anywhere")),
    ]
    lists = [("telling", key) for key in ("parts", "starts", "private")]
    has_kin = kin(path.parent.name) != path.parent.name
    return [
        ".".join(place)
        for place in wanted + ([] if has_kin else lists)
        if not _at(table, *place[:-1]).values.get(place[-1])
    ]


def written_by(path: Path) -> str:
    """Return who put a language's texts into words: original, machine or reviewed."""
    return _file(path).text("translation")


def kin(locale: str) -> str:
    """Return the language that a locale is a kind of: sv of sv@lattlast."""
    return re.split("[-_@]", locale)[0]


@dataclass(frozen=True, slots=True)
class _Reader:
    tables: Mapping[str, Table]  # by locale
    words: TellingWords

    def said(self, key: str, *place: str) -> Lines:
        """Return what is said in a call, by locale."""
        return dict(self._lines(key, place, {}))

    def sent(self, kind: Opening, *place: str) -> Lines:
        """Return a text that goes out, by locale."""
        lines = dict(self._lines(kind, place, _LONGEST))
        for locale, body in lines.items():
            faults = ["a question"] if set(body) & _QUESTION_MARKS else []
            # She did not choose the default, so it must not sound private.
            if kind is DEFAULT:
                faults += self.words.private(body, locale)
            if segments(body.format(**_LONGEST)).count > 1:
                faults.append("more than one part")
            _refuse(_at(self.tables[locale], *place), kind, faults)
        return lines

    def _lines(
        self, key: str, place: tuple[str, ...], values: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        for locale, file in self.tables.items():
            table = _at(file, *place)
            if key not in table.values and locale != HOME_LOCALE:
                continue
            body = table.text(key)
            unknown = _placeholders(body) - values.keys()
            _refuse(table, key, [*self.words.found(body, locale), *unknown])
            yield locale, body


def _file(path: Path) -> Table:
    file = read(path, f"{path.parent.name}/{path.name}")
    file.only("translation", "neutral", "cover", "text", "opening", "telling", "stop")
    file.table("text").only(*TEMPLATES)
    for place in (*(("text", key) for key in TEMPLATES), ("opening",)):
        _at(file, *place).only(*Opening)
    return file


def _at(table: Table, *place: str) -> Table:
    for key in place:
        table = table.table(key)
    return table


def _refuse(table: Table, key: str, faults: list[str]) -> None:
    if faults:
        raise table.wrong(f"holds {', '.join(faults)}", key)


def _placeholders(body: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(body) if name is not None}
    except ValueError:  # a brace alone
        return {"{"}


def _in(lines: Lines, language: str) -> str:
    """Return the line of a locale or a language's code, else its kin's, else ours."""
    folder = language.replace("-", "_")
    named = (at for at in lines if at == folder or at.endswith(f"@{language}"))
    return lines[next(named, kin(language) if kin(language) in lines else HOME_LOCALE)]
