"""Reading a TOML data file strictly, with errors that name the file and the place."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from intake.errors import BadData

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")  # as long as the database's columns allow
Key = TypeVar("Key", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that knows where in which file it stands. Its readers raise BadData."""

    file: str
    place: str
    values: Mapping[str, Any]

    def wrong(self, what: str, key: str = "") -> BadData:
        """Return the error to raise: file, place, and what is wrong there."""
        place = " ".join(part for part in (self.place, key) if part)
        return BadData(f"{self.file}: {place}: {what}")

    def only(self, *allowed: str) -> None:
        """Refuse keys that nobody reads, which are most often misspelt ones."""
        for key in self.values:
            if key not in allowed:
                raise self.wrong(f"is not one of {', '.join(allowed)}", key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty, or the default where there is none."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (key in self.values and not value.strip()):
            raise self.wrong("must be a text that is not empty", key)
        return value

    def number(
        self, key: str, least: int, most: int, default: int | None = None
    ) -> int:
        """Return a whole number within bounds, both of them allowed."""
        value = self.values.get(key, default)
        # `true` is an int to Python, and would pass as 1.
        if type(value) is not int or not least <= value <= most:
            raise self.wrong(f"must be a whole number from {least} to {most}", key)
        return value

    def flag(self, key: str) -> bool | None:
        """Return true or false, or None where the key is absent."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong("must be true or false", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.wrong("must be a list of texts", key)
        return tuple(value)

    def days(self, key: str) -> frozenset[date]:
        """Return a list of days; empty where the key is absent."""
        value = self.values.get(key, [])
        # A datetime is a date to Python, and no day in a list of days.
        if not isinstance(value, list) or not all(type(v) is date for v in value):
            raise self.wrong("must be a list of days such as [2026-12-23]", key)
        return frozenset(value)

    def choices(self, key: str, known: type[Key]) -> tuple[Key, ...]:
        """Return a list of known keys; empty where the key is absent."""
        return tuple(self.known(key, text, known) for text in self.texts(key))

    def known(self, key: str, text: str, known: type[Key]) -> Key:
        """Return the known key that a text spells."""
        if text not in set(known):
            raise self.wrong(f"knows {', '.join(known)}, not {text!r}", key)
        return known(text)

    def translations(
        self, key: str, default: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return texts by locale; Swedish, which the others fall back to, is needed."""
        if key not in self.values and default is not None:
            return dict(default)
        table = self.table(key)
        table.text("sv")
        return {locale: table.text(locale) for locale in table.values}

    def day(self, key: str) -> date:
        """Return a day."""
        value = self.values.get(key)
        if type(value) is not date:
            raise self.wrong("must be a day such as 2027-05-21", key)
        return value

    def table(self, key: str) -> "Table":
        """Return a table inside this one, empty where it is absent."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong("must be a table", key)
        return Table(self.file, f"{self.place} {key}".strip(), value)

    def numbered(self, key: str) -> list["Table"]:
        """Return the tables of a list such as [[sentence]]; none where it is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.wrong(f"is written as [[{key}]]", key)
        return [
            Table(self.file, f"[[{key}]] number {number}", row)
            for number, row in enumerate(value, start=1)
        ]

    def rows(self, key: str, named_by: str) -> Iterable["Table"]:
        """Return the tables of a list such as [[unit]], named by one of their texts."""
        names = set()
        for row in self.numbered(key):
            name = row.text(named_by)
            if name in names:
                raise self.wrong(f"stands there twice: {name!r}", f"[[{key}]]")
            if not _NAME.fullmatch(name):
                raise self.wrong(f"{name!r} is no name such as on-call", f"[[{key}]]")
            names.add(name)
            yield Table(self.file, f"{key} {name!r}", row.values)


def read(path: Path, name: str = "") -> Table:
    """Read a data file. Raises BadData when it can't be read or is no TOML.

    Errors call it by `name`, else by the file's own.
    """
    name = name or path.name
    try:
        return Table(name, "", tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{name}: can't be read") from error
    except tomllib.TOMLDecodeError as error:
        raise BadData(f"{name}: {error}") from error
