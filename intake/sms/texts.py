"""The words of outgoing texts and of a call's first lines, from each texts.toml.

A municipality's own file says the lines that it wants otherwise; the rest are Stilla's.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
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
    own: frozenset[str] = frozenset()  # the municipality's own lines, as they stand

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

    def neutral_line(self, locale: str) -> str:
        """Return what is said where no word was agreed: it names nothing (S10)."""
        return _in(self.neutral, locale)

    def cover_line(self, locale: str) -> str:
        """Return what ends a call when an agreed word does not come (S10)."""
        return _in(self.cover, locale)

    def naming(self, names: Iterable[str]) -> Iterator[tuple[str, Opening, str]]:
        """Yield key, kind and locale of the municipality's texts that hold a name."""
        surnames = {word.casefold() for name in names for word in name.split()[1:]}
        for (key, kind), lines in self.texts.items():
            for locale, body in lines.items():
                said = set(re.findall(r"\w+(?:-\w+)*", body.casefold()))
                if body in self.own and said & surnames:
                    yield key, kind, locale


@cache
def shipped() -> Texts:
    """Return the words that Stilla comes with. Raises BadData."""
    return load_texts(SHIPPED)


def load_texts(
    root: Path, own: Path | None = None, names: Collection[str] = ()
) -> Texts:
    """Read and check the texts of every language under a folder. Raises BadData.

    What stands under `own` wins, line by line. Refused are words that tell, and in
    `own` those that begin as one of `names`: the service's. A line that a language
    lacks is Swedish there; what is lacking, `missing_lines` says, and such a language
    is not offered.
    """
    tables = _tables(root)
    further = _own_tables(own) if own else {}
    words = telling_words(
        {
            locale: table.table("telling")
            for locale, table in tables.items()
            if "telling" in table.values or locale == kin(locale)
        },
        {locale: table.table("telling") for locale, table in further.items()},
        names,
    )
    read = _Reader(tables, further, words)
    return Texts(
        own=frozenset(_bodies(further.values())),
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
    own: Mapping[str, Table]  # the municipality's
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
            _refuse(self._at(locale, kind, *place), kind, faults)
        return lines

    def _lines(
        self, key: str, place: tuple[str, ...], values: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        for locale in self.tables.keys() | self.own.keys():
            table = self._at(locale, key, *place)
            if key not in table.values and locale != HOME_LOCALE:
                continue
            body = table.text(key)
            unknown = _placeholders(body) - values.keys()
            # Stilla's own lines name nobody, whatever a municipality is called.
            named = self.words.named(body) if self._is_own(locale, key, *place) else []
            _refuse(table, key, [*self.words.found(body, locale), *named, *unknown])
            yield locale, body

    def _at(self, locale: str, key: str, *place: str) -> Table:
        """Return the table that says a line: the municipality's before Stilla's."""
        file = self.own if self._is_own(locale, key, *place) else self.tables
        # A language of the municipality's alone has its own file and no other.
        return _at(file.get(locale) or self.own[locale], *place)

    def _is_own(self, locale: str, key: str, *place: str) -> bool:
        return locale in self.own and key in _at(self.own[locale], *place).values


def _tables(root: Path) -> dict[str, Table]:
    return {path.parent.name: _file(path) for path in sorted(root.glob(f"*/{FILE}"))}


def _own_tables(root: Path) -> dict[str, Table]:
    tables = _tables(root)
    for table in tables.values():
        table.only("translation", "neutral", "cover", "text", "opening", "telling")
    return tables


def _bodies(tables: Iterable[Table]) -> Iterator[str]:
    """Yield the texts that go out, as files of the municipality's say them."""
    for table in tables:
        for key in TEMPLATES:
            yield from map(str, _at(table, "text", key).values.values())


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
