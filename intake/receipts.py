"""The receipt: 20 digits that open the answers of one request, and nothing else.

19 digits come from the form's token, the last is a Verhoeff check digit, so that a
mistyped number is caught before the slow hash. Argon2id turns the number, mixed with
her optional own word, into a lookup tag and a key pair; the server keeps neither the
number nor the secret half (S1, S2).
"""

import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from nacl import pwhash
from stdnum import verhoeff

from intake.errors import MistypedReceipt
from intake.vault import KeyPair

DIGITS = 20
_GROUP = 4  # short enough to be read out, kept in mind and compared
_OPS = 3  # passes over the memory; each guess costs as much
_MEMORY = 64 * 2**20  # bytes; one lookup at a time, so one block of memory a process
_slow_hash = threading.Lock()


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What a receipt is turned into: where to look, and what opens the answers."""

    tag: bytes
    pair: KeyPair
    pepper_version: int


@dataclass(frozen=True, slots=True)
class Peppers:
    """The versioned secrets that salt the slow hash; the highest is the current one."""

    by_version: Mapping[int, bytes]

    @property
    def current(self) -> int:
        """The version that new receipts are made with."""
        return max(self.by_version)

    def key(self, digits: str, word: str, version: int | None = None) -> ReceiptKey:
        """Derive the lookup tag and the key pair; about 0.2 s, one at a time."""
        version = self.current if version is None else version
        material = f"{digits}\n{plain_word(word)}".encode()
        with _slow_hash:
            # The salt is 16 bytes, no more and no less, as libsodium wants it.
            out = pwhash.argon2id.kdf(
                64, material, self.by_version[version][:16], _OPS, _MEMORY
            )
        return ReceiptKey(out[:32], KeyPair.from_secret(out[32:]), version)

    def candidates(self, digits: str, word: str) -> "list[ReceiptKey]":
        """Derive one key per pepper version, the current one first."""
        # Only who kept an old number waits for a second slow hash.
        versions = sorted(self.by_version, reverse=True)
        return [self.key(digits, word, version) for version in versions]


def from_seed(seed: bytes) -> str:
    """Return the 20 digits that belong to at least 16 bytes of token-derived seed."""
    # 128 bits folded into 19 digits: none is likelier by more than 2^-64.
    body = f"{int.from_bytes(seed[:16], 'big') % 10 ** (DIGITS - 1):019d}"
    return body + str(verhoeff.calc_check_digit(body))


def parse(typed: str) -> str:
    """Return the 20 digits in a typed number, in any spacing and script of digits.

    Raises MistypedReceipt when the count or the check digit is wrong.
    """
    digits = "".join(str(unicodedata.decimal(c)) for c in typed if c.isdecimal())
    if len(digits) != DIGITS or not verhoeff.is_valid(digits):
        raise MistypedReceipt("the digits are not a receipt")
    return digits


def grouped(digits: str) -> str:
    """Return the number in five groups of four, as it is shown."""
    return " ".join(digits[i : i + _GROUP] for i in range(0, DIGITS, _GROUP))


def plain_word(word: str) -> str:
    """Fold a word so that case, spacing and composed letters do not matter."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
