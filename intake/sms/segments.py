"""How many parts a text travels in, and in which alphabet (3GPP TS 23.038, 23.040)."""

from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # written with an escape: two places each


class Encoding(StrEnum):
    """The two alphabets of text messages."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


# Places in a text that stands alone, and in each part of a longer one.
_ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Segments:
    """The alphabet of a text, and its number of parts, at least one."""

    encoding: Encoding
    count: int


def segments(body: str) -> Segments:
    """Return the alphabet and the parts of a text; a character is never split."""
    encoding = _encoding(body)
    sizes = [_places(character, encoding) for character in body]
    alone, in_part = _ROOM[encoding]
    if sum(sizes) <= alone:
        return Segments(encoding, 1)
    return Segments(encoding, _parts(sizes, in_part))


def _encoding(body: str) -> Encoding:
    return Encoding.GSM_7 if set(body) <= _BASIC | _EXTENDED else Encoding.UCS_2


def _places(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM_7:
        return 2 if character in _EXTENDED else 1
    return len(character.encode("utf-16-be", "surrogatepass")) // 2


def _parts(sizes: list[int], room: int) -> int:
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count
