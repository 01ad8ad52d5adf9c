"""The words that tell a passer-by what a site is about, as each language lists them."""

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Arabic writes "and", "in", "for" and "the" as letters before a word.
_BEFORE = r"(?<!\w)(?:[وفبلك]?(?:ال|لل)?)"


def listed(root: Path, locale: str) -> tuple[str, ...]:
    """Return a language's beginnings of words from <root>/<locale>/telling.txt.

    Raises FileNotFoundError where it has no list.
    """
    lines = (root / locale / "telling.txt").read_text("utf-8").splitlines()
    return tuple(
        word for line in lines if not line.startswith("#") for word in line.split()
    )


def found(beginnings: tuple[str, ...], text: str) -> set[str]:
    """Return which beginnings of words occur in a text."""
    return {
        word
        for word in beginnings
        if re.search(_BEFORE + re.escape(word), text, re.IGNORECASE)
    }


def found_in_address(beginnings: tuple[str, ...], address: str) -> set[str]:
    """Return which occur in an address, where many are spelt without their accents."""
    parts = urlsplit(address)
    written = (_host(parts.hostname or ""), unquote(parts.path), unquote(parts.query))
    text = " ".join(written).replace("_", " ")
    plain = _without_accents(text)
    return {
        word
        for word in beginnings
        if found((word,), text) or found((_without_accents(word),), plain)
    }


def _host(name: str) -> str:
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
