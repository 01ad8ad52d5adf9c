"""What stands before a page's text: TOML between two lines +++, read strictly."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from intake.datafile import Table
from intake.errors import BadData

_FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Front(Table):
    """What stands before a page's text, with the file, so that errors tell the line."""

    source: str

    @property
    def below(self) -> str:
        """Return the text that stands below it."""
        return self.source.split(_FENCE, 2)[2]

    def wrong(self, what: str, key: str = "") -> BadData:
        """Return the error to raise: file, line, and what is wrong there."""
        lines = enumerate(self.source.splitlines(), start=1)
        named = re.compile(rf"{re.escape(key)}\s*=") if key.isidentifier() else None
        # A key that is missing is told at the first line, where it belongs.
        line = next(
            (n for n, text in lines if (named.match(text) if named else key in text)), 1
        )
        return BadData(f"{self.file}: line {line}: {f'{key} ' if key else ''}{what}")


def parted(path: Path, name: str) -> Front:
    """Return a page's front. Raises BadData, which calls it by `name`."""
    try:
        source = path.read_text("utf-8")
        start, front, _ = source.split(_FENCE, 2)
    except ValueError as error:  # of no UTF-8 too
        what = "line 1: must begin with TOML between two lines +++"
        raise BadData(f"{name}: {what}") from error
    if start:
        raise BadData(f"{name}: line 1: something stands before the first +++")
    try:
        # With the fence's line, so that the error counts the lines of the file.
        values = tomllib.loads(f"\n{front}")
    except tomllib.TOMLDecodeError as error:
        raise BadData(f"{name}: {error}") from error
    return Front(name, "", values, source)


def markdown_of(path: Path) -> str:
    """Return the text of a page that `read_page` has taken, without its front."""
    return path.read_text("utf-8").split(_FENCE, 2)[2]
