"""How the text of a setting becomes its value.

A reader returns the value or raises BadValue with what it wants. It never repeats the
text or a part of it: it may be a secret.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

E = TypeVar("E", bound=StrEnum)

DEMO_MARK = "demo-"  # stands before every secret that the demo makes for itself
KEY_BYTES = 32
WEATHER = "https://smhi.se/"  # plausible on anybody's phone, at any hour
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_TAG = r"[a-z]{2,8}(?:-[A-Za-z]{2,4})?"
# They offer earlier searches to whoever holds the phone next.
_SEARCH_ENGINES = {
    *("aol", "ask", "baidu", "bing", "brave", "duckduckgo", "ecosia", "google"),
    *("kagi", "mojeek", "qwant", "search", "searx", "startpage", "yahoo", "yandex"),
}


class BadValue(Exception):
    """A text is not what its setting wants; the message says what it wants."""


def one_of(kind: type[E]) -> Callable[[str], E]:
    """Return a reader of one word of an enumeration."""

    def read(text: str) -> E:
        try:
            return kind(text)
        except ValueError:
            raise BadValue(f"must be one of {', '.join(kind)}") from None

    return read


def integer(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of a whole number from `least` to `most`."""

    def read(text: str) -> int:
        # `int` alone would take “1_0”, “+5” and digits of other scripts.
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise BadValue(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


port = integer(1, 65535)


def plain(text: str) -> str:
    """Return the text as it is."""
    return text


def switch(text: str) -> bool:
    """Read `on` or `off`."""
    if text not in {"on", "off"}:
        raise BadValue("must be on or off")
    return text == "on"


def seconds(text: str) -> int:
    """Read `off` (0) or a number of seconds, two years at most."""
    return 0 if text == "off" else integer(0, 63_072_000)(text)


def words(text: str) -> tuple[str, ...]:
    """Read a list whose parts are set apart by commas or spaces."""
    return tuple(text.replace(",", " ").split())


def languages(text: str) -> tuple[str, ...]:
    """Read language tags such as `sv,en,ar`; the first is the site's own."""
    tags = words(text)
    well_formed = all(re.fullmatch(_TAG, tag) for tag in tags)
    if not tags or not well_formed or len(set(tags)) < len(tags):
        raise BadValue("must be language tags such as sv,en,ar, each once")
    return tags


def folder(text: str) -> Path:
    """Read the path of a folder that need not be there yet."""
    return Path(text).resolve()


def existing(text: str) -> Path:
    """Read the path of a file or folder that is there."""
    path = Path(text).resolve()
    if not path.exists():
        raise BadValue("names a file or folder that is not there")
    return path


def key(text: str) -> bytes:
    """Read a key of 32 bytes in hexadecimal, with or without the demo's mark."""
    digits = text.removeprefix(DEMO_MARK)
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}", digits):
        raise BadValue(f"must be {KEY_BYTES} bytes, as {2 * KEY_BYTES} hex digits")
    return bytes.fromhex(digits)


def peppers(text: str) -> Mapping[int, bytes]:
    """Read versioned keys, `1:hex,2:hex`, rising; the last is the current one."""
    read: dict[int, bytes] = {}
    for part in words(text):
        version, colon, digits = part.removeprefix(DEMO_MARK).partition(":")
        if not colon or not re.fullmatch(r"[0-9]{1,4}", version):
            raise BadValue("must be versions and keys such as 1:hex,2:hex")
        # New receipts are made with the last: a slip must not bring an old one back.
        if read and int(version) <= max(read):
            raise BadValue("must name its versions in rising order")
        read[int(version)] = key(digits)
    return read


def origin(text: str) -> str:
    """Read an address that is scheme, host and port only; https unless it is local."""
    parts = _address(text)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadValue("must be an address without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def own_origin(text: str) -> str:
    """Read the origin of a site that shares its host with no other site."""
    parts = _address(text)
    if parts.path.strip("/"):
        # Under a path of another site, its scripts and workers reach into our pages.
        raise BadValue("must be a host of its own, without a path; see docs/doors.md")
    return origin(text)


def issuer(text: str) -> str:
    """Read the address that an OpenID Connect provider calls itself, to the letter."""
    parts = _address(text)
    if parts.query or parts.fragment:
        raise BadValue("must be an address without a query")
    return text


def origins(text: str) -> tuple[str, ...]:
    """Read a list of origins."""
    return tuple(origin(word) for word in words(text))


def leave_urls(text: str) -> Mapping[str, str]:
    """Read one neutral address, or one per language as `sv=https://… ar=https://…`.

    The address without a language is kept under "" and serves all others.
    """
    read = {"": WEATHER}
    for part in text.split():
        tagged = re.fullmatch(rf"({_TAG})=(.+)", part)
        tag, address = tagged.groups() if tagged else ("", part)
        parts = _address(address)
        if parts.scheme != "https":
            raise BadValue("must be https addresses")
        if _SEARCH_ENGINES.intersection((parts.hostname or "").split(".")):
            raise BadValue("must not be a search engine: it shows earlier searches")
        read[tag] = address
    return read


def database_url(text: str) -> str:
    """Read an SQLite or PostgreSQL address; PostgreSQL is spoken to by psycopg 3."""
    scheme, mark, rest = text.partition("://")
    if mark and scheme == "sqlite":
        return text
    if mark and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    raise BadValue("must begin with sqlite:// or postgresql://")


def mail_url(text: str) -> str:
    """Read `print`, or where mail is handed in: `smtp://user:pass@host:587?starttls`."""
    if text != "print" and not re.match(r"smtps?://[^\s/]", text):
        raise BadValue("must be print or begin with smtp:// or smtps://")
    return text


def phone(text: str) -> str:
    """Read a telephone number with its country, such as +46 8 123 45 67, to E.164."""
    number = re.sub(r"[\s().-]", "", text)
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise BadValue("must be a number with its country, such as +46 8 123 45 67")
    return number


def sender(text: str) -> str:
    """Read what texts go out from: a number, a Messaging Service, or a short name."""
    if re.fullmatch(r"MG[0-9a-f]{32}", text):
        return text
    # A name can't be answered; the networks take eleven letters, digits and spaces.
    if re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", text):
        return text
    try:
        return phone(text)
    except BadValue:
        raise BadValue(
            "must be a number with its country, a Messaging Service (MG…), or a name "
            "of at most 11 letters a-z, digits and spaces"
        ) from None


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read a list of addresses or networks."""
    try:
        return tuple(ip_network(word) for word in words(text))
    except ValueError:
        raise BadValue("must be addresses such as 192.0.2.1 or 192.0.2.0/24") from None


def place(text: str) -> str:
    """Read a part of a host name, such as ie1."""
    if not re.fullmatch(r"[a-z0-9]{2,20}", text):
        raise BadValue("must be small letters and digits, such as ie1")
    return text


def is_local(url: str) -> bool:
    """Say whether an address leads to this machine only."""
    return urlsplit(url).hostname in LOCAL_HOSTS


def _address(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        raise BadValue("must be an address") from None
    if not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc):
        raise BadValue("must be an address with a plain host")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local(text)):
        raise BadValue("must be an https address (http only on this machine)")
    return parts
