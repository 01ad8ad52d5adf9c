"""SQLite files: the rows that are there, and what stands in pages that were freed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

MARK = b"SQLite format 3\0"
BESIDE = ("-wal", "-journal", "-shm")  # files that belong to another


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, and the table and column that hold it."""

    table: str
    column: str
    value: bytes


def cells(file: Path) -> Iterator[Cell]:
    """Yield every value of every table of a copy; raises sqlite3.Error if broken."""
    with closing(sqlite3.connect(file)) as base:
        base.text_factory = bytes
        schema = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (name,) in base.execute(schema).fetchall():
            table = name.decode()
            rows = base.execute(f'SELECT * FROM "{table}"')
            columns = [column for column, *_ in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    if value is not None:
                        yield Cell(table, column, _bytes(value))


def without_freed(file: Path, fresh: Path) -> bytes:
    """Return the file's bytes as they are when freed pages are swept out."""
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as base:
        base.execute("VACUUM INTO ?", (str(fresh),))
    swept = fresh.read_bytes()
    fresh.unlink()
    return swept


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
