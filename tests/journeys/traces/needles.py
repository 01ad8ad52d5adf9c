"""What is searched for, in every form in which a browser may have written it."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, unquote

# What may stand right after a host name and still belongs to its address.
_TRAIL = re.compile(r"(?::\d{1,5})?(/[\w\-./?=&%#~+]*)?", re.ASCII)
_QUOTED = re.compile(r"%(?:3A|2F)(?:[\w\-.~+]|%[0-9A-F]{2})*", re.ASCII | re.IGNORECASE)
_NOT_CODED = re.compile(rb"[^\w+/-]")
_SPELLED = ("latin-1", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Needle:
    """One text to be found, and what finding it would tell."""

    kind: str
    text: str

    def forms(self) -> tuple[bytes, ...]:
        """Return the byte strings that stand for the text, each once.

        The first three are the text itself: in UTF-8 and in both kinds of UTF-16.
        """
        return tuple(dict.fromkeys(self._forms()))

    def _forms(self) -> Iterator[bytes]:
        plain = self.text.encode()
        wide = self.text.encode("utf-16-le")
        yield plain
        yield wide
        yield self.text.encode("utf-16-be")
        yield quote(self.text, safe="").encode()
        yield quote(self.text, safe="").replace("%20", "+").encode()
        yield json.dumps(self.text)[1:-1].encode()
        for spelled in (plain, wide):
            yield from _in_base64(spelled)


def _in_base64(spelled: bytes) -> Iterator[bytes]:
    """Yield the middles that all base64 texts around a byte string have in common."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + spelled).rstrip(b"=")
        first = -(-before * 8 // 6)
        last = (before + len(spelled)) * 8 // 6
        if last - first >= 10:  # shorter ones stand everywhere by chance
            yield coded[first:last]
            yield coded[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def hashes(host: str) -> tuple[bytes, ...]:
    """Return what a host name's usual hashes look like on disk."""
    found = []
    for text in (host, f"https://{host}", f"https://{host}/", f"\x08{host}"):
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, text.encode(), usedforsecurity=False)
            found += [digest.digest(), digest.hexdigest().encode()]
            found += [digest.hexdigest().upper().encode()]
            found += [base64.b64encode(digest.digest()).rstrip(b"=")]
    return tuple(found)


def receipt(digits: str) -> Iterator[Needle]:
    """Yield each two neighbouring groups: one alone is in any profile by chance."""
    groups = digits.split()
    for first, second in pairwise(groups):
        for between in ("", " ", "-", "\u00a0"):
            yield Needle("receipt", first + between + second)


def phone(local: str) -> Iterator[Needle]:
    """Yield the ways in which a number such as 0701740644 may have been written."""
    core = local.removeprefix("0")
    yield Needle("phone", core)
    for between in (" ", "-"):
        spaced = f"{core[:2]}{between}{core[2:5]} {core[5:7]} {core[7:]}"
        yield Needle("phone", spaced)


def trail(data: bytes, host: str) -> str:
    """Return the path that follows a host name that data begins with, or nothing."""
    for skipped, plain in ((0, data), *_out_of_base64(data)):
        for spelling in _SPELLED:
            spelled = host.encode(spelling)[skipped:]
            if plain.startswith(spelled):
                return _path(plain[len(spelled) :].decode(spelling, "replace"))
    return ""


def _out_of_base64(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what data may stand for, and how many of its first bytes are left out."""
    coded = _NOT_CODED.split(data, 1)[0].translate(bytes.maketrans(b"-_", b"+/"))
    # Data may begin inside a group of four letters. To the next one it is as many
    # letters as bytes of the text stand before that.
    for skipped in range(3):
        whole = coded[skipped:]
        whole = whole[: len(whole) - (len(whole) % 4 == 1)]
        yield skipped, base64.b64decode(whole + b"==")


def _path(text: str) -> str:
    quoted = _QUOTED.match(text)
    found = _TRAIL.match(unquote(quoted[0]) if quoted else text.replace("\\/", "/"))
    return (found and found[1]) or ""
