"""Files as browsers pack them, unpacked: each layer is searched like the file."""

import struct
import zlib
from collections.abc import Callable, Iterator

import brotli
import cramjam

MOZ_LZ4 = b"mozLz40\0"
_PNG = b"\x89PNG\r\n\x1a\n"
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_SIMPLE_CACHE = struct.pack("<Q", 0xFCFB6D1BA7725C30)
_LEVELDB_END = struct.pack("<Q", 0xDB4775248B80FB57)
_MOST_STREAMS = 400  # in one file
_LARGEST = 64 << 20  # bytes of one stream
_PACKED = (OSError, EOFError, ValueError, RuntimeError, zlib.error, brotli.error)
_BLOCK = 32 << 10  # of a LevelDB log


def layers(data: bytes, *, cached: bool, depth: int = 2) -> Iterator[bytes]:
    """Yield what is packed in a file, and what is packed in that.

    Brotli has no mark to be known by: it is tried where something was `cached`.
    """
    for inner in _once(data, cached=cached):
        yield inner
        if depth > 1:
            yield from layers(inner, cached=False, depth=depth - 1)


def checks_apart(data: bytes) -> bytes:
    """Return a PNG with a gap before the checksum of each chunk; all else as it is.

    A picture's address is followed by one, whose bytes may look like more of a path.
    """
    if not data.startswith(_PNG):
        return data
    at, parts = len(_PNG), [_PNG]
    while at + 8 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        parts += [data[at:end], b"\0", data[end : end + 4]]
        at = end + 4
    return b"".join([*parts, data[at:]])


def _once(data: bytes, *, cached: bool) -> Iterator[bytes]:
    if data.startswith(MOZ_LZ4):
        yield from _tried(_moz_lz4, data)
    if data.startswith(_SIMPLE_CACHE):
        yield from _tried(brotli.decompress, _simple_cache_body(data))
    if data.endswith(_LEVELDB_END):
        yield from _leveldb_blocks(data)
    else:
        yield from _leveldb_log(data)
    yield from _streams(data, _GZIP, _gunzip)
    yield from _streams(data, _ZSTD, _unzstd)
    # Firefox and WebKit keep a body from the start of a file or after its headers.
    for start in _brotli_starts(data) if cached else ():
        yield from _unbrotli(data[start:])


def _tried(unpack: Callable[[bytes], object], data: bytes) -> Iterator[bytes]:
    try:
        yield bytes(unpack(data))  # type: ignore[call-overload]  # each returns a buffer
    except _PACKED:
        return


def _moz_lz4(data: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", data, 8)
    return bytes(cramjam.lz4.decompress_block(data[12:], output_len=size))


def _simple_cache_body(data: bytes) -> bytes:
    """Return the stored body of an entry of Chromium's cache."""
    _, _, key, _ = struct.unpack_from("<QIII", data)
    end = data.find(struct.pack("<Q", 0xF4FA6F45970D41D8), 24 + key)
    return data[24 + key : end if end > 0 else None]


def _streams(
    data: bytes, mark: bytes, unpack: Callable[[bytes], bytes]
) -> Iterator[bytes]:
    at = -1
    for _ in range(_MOST_STREAMS):
        at = data.find(mark, at + 1)
        if at < 0:
            return
        yield from _tried(unpack, data[at:])


def _gunzip(data: bytes) -> bytes:
    """Return what a stream holds, though it may be cut off or have more behind it."""
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, _LARGEST)


def _unzstd(data: bytes) -> bytes:
    return bytes(cramjam.zstd.decompress(data))


def _brotli_starts(data: bytes) -> Iterator[int]:
    yield 0
    for mark in (b"\r\n\r\n", b"content-encoding", b"Content-Encoding"):
        at = data.find(mark)
        if at >= 0:
            yield from range(at, min(at + 300, len(data)))


def _unbrotli(data: bytes) -> Iterator[bytes]:
    """Yield what a stream gives before it breaks off: more may stand behind it."""
    stream, whole = brotli.Decompressor(), b""
    try:
        for at in range(0, len(data), 64):
            whole += stream.process(data[at : at + 64])
            if stream.is_finished() or len(whole) > _LARGEST:
                break
    except brotli.error:
        pass
    if len(whole) > 64:  # chance unpacks to a few bytes now and then
        yield whole


def _leveldb_blocks(data: bytes) -> Iterator[bytes]:
    """Yield the blocks of a LevelDB table, found by its index."""
    footer = data[-48:]
    at = 0
    _, at = _varint(footer, at)
    _, at = _varint(footer, at)
    offset, at = _varint(footer, at)
    size, at = _varint(footer, at)
    for index in _block(data, offset, size):
        for handle in _values(index):
            start, used = _varint(handle, 0)
            length, _ = _varint(handle, used)
            yield from _block(data, start, length)


def _block(data: bytes, offset: int, size: int) -> Iterator[bytes]:
    packed, kind = data[offset : offset + size], data[offset + size : offset + size + 1]
    if kind == b"\0":
        yield packed
    elif kind == b"\1":
        yield from _tried(cramjam.snappy.decompress_raw, packed)
    elif kind == b"\4":
        yield from _tried(_unzstd, packed)


def _values(block: bytes) -> Iterator[bytes]:
    """Yield the values of a block whose keys are shortened by what they share."""
    (restarts,) = struct.unpack("<I", block[-4:])
    end, at = len(block) - 4 - 4 * restarts, 0
    while at < end:
        _, at = _varint(block, at)
        own, at = _varint(block, at)
        size, at = _varint(block, at)
        at += own
        yield block[at : at + size]
        at += size


def _leveldb_log(data: bytes) -> Iterator[bytes]:
    """Yield a LevelDB log's records put together again, if it is one."""
    parts = []
    for start in range(0, len(data), _BLOCK):
        block, at = data[start : start + _BLOCK], 0
        while at + 7 <= len(block):
            size, kind = struct.unpack_from("<HB", block, at + 4)
            if not 1 <= kind <= 4 or at + 7 + size > len(block):
                break
            parts.append(block[at + 7 : at + 7 + size])
            at += 7 + size
        if not parts:
            return
    whole = b"".join(parts)
    if whole:
        yield whole


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        one = data[at]
        value |= (one & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not one & 0x80:
            return value, at
