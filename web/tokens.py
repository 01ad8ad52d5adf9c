"""The signed, timed token that every public form carries in a cookie's place.

It binds a sending to one printing of one form: its random part is the idempotency key,
and the receipt is derived from it (S3). It proves no origin: whoever reads a form has
a token. Keys for each use are derived from one form key, so that what the database
keeps of a token can't be turned into the receipt.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

LIFE = timedelta(hours=24)  # typed text is given back, not lost, after this
MIN_FILL = timedelta(seconds=2)  # nobody reads and writes faster
_NONCE = 16  # bytes
_TIME = 5  # bytes of whole seconds, enough until the year 36000
_MAC = 16  # bytes; forging needs 2^128 tries against the running site


class TokenForged(Exception):
    """The token was not made here, or for another form."""


class TokenExpired(Exception):
    """The token is older than 24 hours. `token` can still be read, for its nonce."""

    def __init__(self, token: "Token") -> None:
        super().__init__("the form was printed more than 24 hours ago")
        self.token = token


@dataclass(frozen=True, slots=True)
class Token:
    """What a form's token says. The nonce leads to the receipt: it is never stored."""

    nonce: bytes
    issued_at: datetime
    language: str

    def age(self, now: datetime) -> timedelta:
        """Return the time since the form was printed."""
        return now - self.issued_at

    def too_fast(self, now: datetime) -> bool:
        """Say whether the form came back in under 2 s: set aside, never refused."""
        return self.age(now) < MIN_FILL

    def apart(self) -> "Token":
        """Return the token of what the same form sent later and may not join (S29)."""
        nonce = hashlib.sha256(b"apart" + self.nonce).digest()
        return replace(self, nonce=nonce)

    def __repr__(self) -> str:
        return f"Token(language={self.language!r})"


class FormTokens:
    """Makes and reads tokens with the public face's 32-byte form key."""

    def __init__(self, key: bytes) -> None:
        self._signing = _derived(key, "sign")
        self._database = _derived(key, "database")
        self._receipt = _derived(key, "receipt")
        self._content = _derived(key, "content")

    def issue(self, form: str, language: str, now: datetime) -> str:
        """Return a fresh token for one printing of a form, safe in HTML and URLs."""
        seconds = int(now.timestamp()).to_bytes(_TIME, "big")
        said = f"{language}\n{form}".encode()
        body = secrets.token_bytes(_NONCE) + seconds + said
        return _to_text(self._mac(body) + body)

    def read(self, token: str, form: str, now: datetime) -> Token:
        """Return what a form's token says. Raises TokenForged or TokenExpired."""
        body = self._opened(token)
        read, printed_for = _said(body)
        if printed_for != form:
            raise TokenForged("the token was made for another form")
        if read.age(now) > LIFE:
            raise TokenExpired(read)
        return read

    def is_genuine(self, token: str) -> bool:
        """Say whether a token was made here, for any form and however long ago."""
        try:
            self._opened(token)
        except TokenForged:
            return False
        return True

    def database_hash(self, nonce: bytes) -> bytes:
        """Return the keyed hash that stands for a token in the database (S3)."""
        return hmac.digest(self._database, nonce, "sha256")

    def receipt_seed(self, nonce: bytes) -> bytes:
        """Return 32 bytes that the receipt's digits are made from (S3)."""
        return hmac.digest(self._receipt, nonce, "sha256")

    def content_hash(self, nonce: bytes, content: bytes) -> bytes:
        """Return the keyed hash that tells the same content sent again from changed."""
        return hmac.digest(self._content, nonce + content, "sha256")

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._signing, body, "sha256")[:_MAC]

    def _opened(self, token: str) -> bytes:
        raw = _from_text(token)
        mac, body = raw[:_MAC], raw[_MAC:]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise TokenForged("the token was not made here")
        return body


def _said(body: bytes) -> tuple[Token, str]:
    seconds = int.from_bytes(body[_NONCE : _NONCE + _TIME], "big")
    language, _, form = body[_NONCE + _TIME :].decode().partition("\n")
    printed = datetime.fromtimestamp(seconds, UTC)
    return Token(body[:_NONCE], printed, language), form


def _derived(key: bytes, use: str) -> bytes:
    return hmac.digest(key, b"stilla form " + use.encode(), "sha256")


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _from_text(text: str) -> bytes:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise TokenForged("the token is no token") from None
