"""The search of a whole home: rows, freed pages, packed layers and file names."""

import re
import shutil
import sqlite3
import struct
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick

from tests.journeys.traces.decoding import MOZ_LZ4, checks_apart, layers
from tests.journeys.traces.needles import Needle, hashes, trail
from tests.journeys.traces.tables import BESIDE, MARK, cells, without_freed

# What is another at each run, and names no place: numbers, hashes, random names.
_VOLATILE = re.compile(
    r"(?<=/)[\w-]{32,}(?=/)|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}"
    r"|[0-9A-Fa-f]{16,}|\d{4,}|(?<=Chromium\.)\w{6}"
)
_TAIL = 400  # bytes from a find on, in which its address ends
_LEAST_PACKED = 64  # bytes; what is shorter holds nothing packed
_BROKEN = (struct.error, IndexError, ValueError, RuntimeError)


@dataclass(slots=True)
class Place:
    """A file, or a table and column, and how often it holds which kind of thing."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    trails: set[str] = field(default_factory=set)

    @property
    def names_host(self) -> bool:
        """Whether the host name stands here, plain or encoded."""
        return bool(self.counts["host"] or self.counts["encoded"])


class Searcher:
    """Finds what a visit must not leave, and where the host name stands."""

    def __init__(self, host: str, needles: Iterable[Needle]) -> None:
        self._host = host
        kinds: dict[bytes, str] = dict.fromkeys(hashes(host), "hash")
        for needle in needles:
            kinds |= dict.fromkeys(needle.forms(), needle.kind)
        forms = Needle("host", host).forms()
        kinds |= dict.fromkeys(forms, "encoded")
        kinds |= dict.fromkeys(forms[:3], "host")
        self._kinds = list(kinds.values())
        self._search = BytesAhoCorasick(list(kinds))
        self.places: dict[str, Place] = {}

    def search(self, home: Path) -> list[Place]:
        """Search a copy of a home that no browser uses any longer."""
        for path in sorted(home.rglob("*")):
            name = _VOLATILE.sub("*", str(path.relative_to(home)))
            self._note(f"{name} (name)", path.name.encode())
            if not path.is_file() or path.is_symlink():
                continue
            data = path.read_bytes()
            if data.startswith(MARK):
                self._search_base(name, path)
            elif not path.name.endswith(BESIDE):
                self._search_file(name, data)
        return [self.places[name] for name in sorted(self.places)]

    def _search_file(self, name: str, data: bytes) -> None:
        """Search a file as it is, and what it holds that shows only when unpacked."""
        data = checks_apart(data)
        plain = set() if data.startswith(MOZ_LZ4) else self._note(name, data)
        for layer in _unpacked(data, cached="ache/" in name or "Cache_Data" in name):
            self._note(f"{name} (unpacked)", layer, besides=plain)

    def _search_base(self, name: str, path: Path) -> None:
        """Search rows, then raw bytes: what only they hold stands in freed pages."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "base"
            raw = path.read_bytes()
            shutil.copy(path, copy)
            for end in BESIDE:
                beside = path.with_name(path.name + end)
                if beside.exists():
                    raw += beside.read_bytes() if end != "-shm" else b""
                    shutil.copy(beside, f"{copy}{end}")
            swept = self._search_rows(name, copy)
        live = Counter(kind for kind, _ in self._hits(swept))
        for kind, at in self._hits(raw):
            live[kind] -= 1
            if live[kind] < 0:
                self._add(f"{name}: (freed)", kind, raw[at : at + _TAIL])

    def _search_rows(self, name: str, copy: Path) -> bytes:
        """Search every row; return the base's bytes without its freed pages."""
        try:
            for cell in cells(copy):
                place = f"{name}: {cell.table}.{cell.column}"
                plain = self._note(place, cell.value)
                if len(cell.value) > _LEAST_PACKED:
                    for layer in _unpacked(cell.value, cached=False):
                        self._note(f"{place} (unpacked)", layer, besides=plain)
            return without_freed(copy, copy.with_name("fresh"))
        except sqlite3.Error:
            return b""  # then all of it counts as freed

    def _note(
        self, place: str, data: bytes, besides: Iterable[str] = frozenset()
    ) -> set[str]:
        """Note what data holds, but for some kinds; return the kinds."""
        found = set()
        for kind, at in self._hits(data):
            found.add(kind)
            if kind not in besides:
                self._add(place, kind, data[at : at + _TAIL])
        return found

    def _add(self, name: str, kind: str, data: bytes) -> None:
        place = self.places.setdefault(name, Place(name))
        place.counts[kind] += 1
        if kind in {"host", "encoded"}:
            place.trails.add(trail(data, self._host))

    def _hits(self, data: bytes) -> Iterator[tuple[str, int]]:
        """Yield each find once: UTF-16 of one kind often reads as the other, too."""
        ends: Counter[str] = Counter()
        found = self._search.find_matches_as_indexes(data, overlapping=True)
        for index, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
            kind = self._kinds[index]
            if start >= ends[kind]:
                ends[kind] = end
                yield kind, start


def _unpacked(data: bytes, *, cached: bool) -> Iterator[bytes]:
    """Yield the layers of a file; what is broken off is searched as far as it goes."""
    try:
        yield from layers(data, cached=cached)
    except _BROKEN:
        return
