"""The scanner finds what it is there for, in every form in which browsers keep it."""

import base64
import gzip
import hashlib
import json
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import brotli
import cramjam
import pytest

from tests.journeys.traces.needles import Needle, phone, receipt
from tests.journeys.traces.scan import Place, Searcher

HOST = "lugnstig.test"
SAID = "kvittrande qvexlunda i gräset"
DIGITS = "1234 5678 9012 3456 7890"
NEEDLES = [Needle("message", SAID), *phone("0701740644"), *receipt(DIGITS)]
TEXT = f'{{"url": "https://{HOST}/sv/2", "text": "{SAID}"}}'.encode()
_CACHE = Path("cache", "entry")


def found(home: Path) -> dict[str, Place]:
    return {one.name: one for one in Searcher(HOST, NEEDLES).search(home)}


def _lz4(data: bytes) -> bytes:
    packed = bytes(cramjam.lz4.compress_block(data, store_size=False))
    return b"mozLz40\0" + struct.pack("<I", len(data)) + packed


def _leveldb_block(data: bytes) -> bytes:
    entry = b"\0\1" + _varint(len(data)) + b"k" + data
    return entry + struct.pack("<II", 0, 1)


def _leveldb_table(data: bytes) -> bytes:
    block = bytes(cramjam.snappy.compress_raw(_leveldb_block(data)))
    body = block + b"\1" + b"crc4"
    index = _leveldb_block(_varint(0) + _varint(len(block)))
    start = len(body)
    body += index + b"\0" + b"crc4"
    footer = _varint(0) + _varint(0) + _varint(start) + _varint(len(index))
    return body + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


def _leveldb_log(data: bytes) -> bytes:
    """Return a record that is cut in two where a block of the log ends."""
    fill = b"x" * (32768 - 7 - 7 - 40)
    cut = 40
    parts = ((1, fill), (2, data[:cut]), (4, data[cut:]))
    return b"".join(b"crc4" + struct.pack("<HB", len(p), k) + p for k, p in parts)


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def _simple_cache(data: bytes) -> bytes:
    """Return an entry of Chromium's cache with a body packed by Brotli."""
    name = b"1/0/https://elsewhere.test/"
    head = struct.pack("<QIIII", 0xFCFB6D1BA7725C30, 5, len(name), 0, 0)
    body = bytes(brotli.compress(data))
    return head + name + body + struct.pack("<Q", 0xF4FA6F45970D41D8)


def _after_headers(data: bytes) -> bytes:
    head = b"HTTP/1.1 200\r\ncontent-encoding: br\r\n\r\n"
    return head + bytes(brotli.compress(data))


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "session of Firefox": _lz4,
    "gzip behind something": lambda data: b"head" * 9 + gzip.compress(data) + b"tail",
    "zstd behind something": lambda data: b"head" + bytes(cramjam.zstd.compress(data)),
    "brotli": brotli.compress,
    "brotli behind headers": _after_headers,
    "entry of Chromium's cache": _simple_cache,
    "LevelDB table": _leveldb_table,
    "LevelDB log": _leveldb_log,
    "gzip in a session": lambda data: _lz4(gzip.compress(data)),
}


@pytest.mark.parametrize("packing", PACKED)
def test_it_unpacks_what_browsers_pack(packing: str, tmp_path: Path) -> None:
    (tmp_path / _CACHE).parent.mkdir()
    (tmp_path / _CACHE).write_bytes(PACKED[packing](TEXT * 3))
    kinds = {kind for place in found(tmp_path).values() for kind in place.counts}
    assert {"host", "message"} <= kinds


SPELLED: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "UTF-16, the other way": lambda text: text.encode("utf-16-be"),
    "percent": lambda text: quote(text, safe="").encode(),
    "form": lambda text: quote(text, safe="").replace("%20", "+").encode(),
    "JSON": lambda text: text.encode("ascii", "backslashreplace").replace(
        b"\\xe4", b"\\u00e4"
    ),
}


WANTED = [SAID, "70 174 06 44", "5678 9012", "56789012"]


@pytest.mark.parametrize("spelling", SPELLED)
@pytest.mark.parametrize("text", WANTED)
def test_it_reads_every_spelling(spelling: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\1\2\3" + SPELLED[spelling](text) + b"\4")
    assert set(found(tmp_path)) == {"file"}


@pytest.mark.parametrize("spelling", ["UTF-8", "UTF-16"])
@pytest.mark.parametrize("text", WANTED)
@pytest.mark.parametrize("before", range(3))
def test_it_reads_base64_wherever_the_text_begins(
    spelling: str, text: str, before: int, tmp_path: Path
) -> None:
    data = b"x" * before + SPELLED[spelling](text) + b"more"
    (tmp_path / "file").write_bytes(base64.b64encode(data))
    assert set(found(tmp_path)) == {"file"}


def test_a_pictures_checksum_is_no_part_of_its_address(tmp_path: Path) -> None:
    said = f"Thumb::URI\0https://{HOST}/sv/2".encode()
    chunk = len(said).to_bytes(4, "big") + b"tEXt" + said + b"+a/b"
    end = bytes(4) + b"IEND" + b"crc4"
    (tmp_path / "one.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + end)
    assert found(tmp_path)["one.png"].trails == {"/sv/2"}


ADDRESS = f"https://{HOST}/sv/2"
ADDRESSED: dict[str, bytes] = {
    **{spelling: spell(ADDRESS) for spelling, spell in SPELLED.items()},
    **{f"base64, {n}": base64.b64encode(b"x" * n + ADDRESS.encode()) for n in range(3)},
    "base64 of UTF-16": base64.b64encode(b"x" + ADDRESS.encode("utf-16-le")),
    "base64 in an address": base64.urlsafe_b64encode(b"~~~" + ADDRESS.encode()),
    "in JSON": json.dumps({"a": ADDRESS}).replace("/", "\\/").encode(),
    "JSON in base64": base64.b64encode(json.dumps({"a": ADDRESS, "b": 1}).encode()),
    "JSON in an address": quote(json.dumps({"a": ADDRESS, "b": 1}), safe="").encode(),
}


@pytest.mark.parametrize("spelling", ADDRESSED)
def test_it_reads_the_path_in_every_spelling(spelling: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\1\2\3" + ADDRESSED[spelling] + b"\4")
    assert found(tmp_path)["file"].trails == {"/sv/2"}


def test_a_name_without_a_path_has_none(tmp_path: Path) -> None:
    key = base64.b64encode(f"(https,{HOST}),\thttps://{HOST}".encode())
    (tmp_path / "file").write_bytes(key + b"\n" + HOST.encode() + b"%29,/a")
    assert found(tmp_path)["file"].trails == {""}


def test_it_reads_rows_and_pages_that_were_freed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "base")) as base:
        base.execute("PRAGMA secure_delete = 0")
        base.execute(
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, url TEXT, icon BLOB)"
        )
        rows = [(f"https://{HOST}/{n}", gzip.compress(TEXT)) for n in range(9)]
        base.executemany("INSERT INTO visits (url, icon) VALUES (?, ?)", rows)
        base.execute("CREATE TABLE gone (words TEXT)")
        base.execute("INSERT INTO gone VALUES (?)", (f"0701740644 {HOST}",))
        base.commit()
        base.execute("DELETE FROM gone")
        base.commit()
    places = found(tmp_path)
    assert places["base: visits.url"].counts == {"host": 9}
    assert places["base: visits.url"].trails == {f"/{n}" for n in range(9)}
    assert places["base: visits.icon (unpacked)"].counts["message"] == 9
    assert places["base: (freed)"].counts["phone"] == 1
    assert "base: gone.words" not in places


def test_it_reads_what_stands_in_the_log_only(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "base")
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("CREATE TABLE gone (words TEXT)")
    base.execute("INSERT INTO gone VALUES (?)", (SAID,))
    base.commit()
    base.execute("UPDATE gone SET words = 'nothing'")
    base.commit()
    (tmp_path / "copy").mkdir()
    for end in ("", "-wal"):
        (tmp_path / "copy" / f"base{end}").write_bytes(
            (tmp_path / f"base{end}").read_bytes()
        )
    base.close()
    assert found(tmp_path / "copy")["base: (freed)"].counts["message"] == 1


def test_it_reads_names_and_hashes(tmp_path: Path) -> None:
    (tmp_path / f"https+++{HOST}").mkdir()
    (tmp_path / f"https+++{HOST}" / "ls").write_bytes(b"")
    digest = hashlib.md5(HOST.encode()).digest()
    (tmp_path / "table").write_bytes(b"site" + digest)
    places = found(tmp_path)
    assert places[f"https+++{HOST} (name)"].counts == {"host": 1}
    assert places["table"].counts == {"hash": 1}


def test_a_home_without_a_trace_has_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(
        b"1234 5670 lugn stig.test" + bytes(range(255, -1, -1)) * 99
    )
    assert found(tmp_path) == {}
