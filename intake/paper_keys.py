"""Keys on paper: 32 bytes in thirteen short groups, each of which checks itself.

Crockford's base 32 has no letter that looks like a digit. The last character of each
group is its check, so that a slip of the pen is found, and in which group.
"""

from collections.abc import Iterable

from intake.errors import IntakeError

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_KEY_BYTES, _GROUPS, _DATA = 32, 13, 4  # and one check in each group
_SPARE = _GROUPS * _DATA * 5 - _KEY_BYTES * 8  # bits, always 0
_FIELD = 0b100101  # x^5 + x^2 + 1: counting with it misses no single slip, and no swap


class MistypedKey(IntakeError):
    """A key from paper was not typed as it stands there; the message says where."""


def to_paper(secret: bytes) -> list[str]:
    """Return the groups of a key of 32 bytes, in the order of writing."""
    number = int.from_bytes(secret, "big") << _SPARE
    shifts = range((_GROUPS * _DATA - 1) * 5, -1, -5)
    values = [number >> shift & 31 for shift in shifts]
    parts = [values[at : at + _DATA] for at in range(0, len(values), _DATA)]
    return [
        "".join(_SIGNS[value] for value in (*part, _check(place, part)))
        for place, part in enumerate(parts, start=1)
    ]


def from_paper(typed: str) -> bytes:
    """Read a key back, with any spaces, hyphens and case. Raises MistypedKey."""
    bare = "".join(c for c in typed.upper() if c.isalnum()).translate(_MISREAD)
    if len(bare) != _GROUPS * (_DATA + 1):
        raise MistypedKey(
            f"a recovery key has {_GROUPS} groups of {_DATA + 1} characters, "
            f"{_GROUPS * (_DATA + 1)} in all; this has {len(bare)}"
        )
    groups = [bare[at : at + _DATA + 1] for at in range(0, len(bare), _DATA + 1)]
    wrong = [str(n) for n, group in enumerate(groups, start=1) if not _fits(n, group)]
    if wrong:
        raise MistypedKey(f"mistyped: group {', '.join(wrong)} of {_GROUPS}")
    number = 0
    for sign in "".join(group[:-1] for group in groups):
        number = number << 5 | _SIGNS.index(sign)
    return (number >> _SPARE).to_bytes(_KEY_BYTES, "big")


def _fits(place: int, group: str) -> bool:
    if not set(group) <= set(_SIGNS):
        return False
    values = [_SIGNS.index(sign) for sign in group]
    return _check(place, values[:-1]) == values[-1]


def _check(place: int, values: Iterable[int]) -> int:
    """Return a group's check; its place counts, so that swapped groups are found."""
    check = place
    for value in values:
        check = (check ^ value) << 1
        check ^= _FIELD if check > 31 else 0
    return check
