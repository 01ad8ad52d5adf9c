"""A security key in software: it answers what a browser is asked, right or wrong."""

import json
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


def _fresh() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


@dataclass
class Device:
    """One passkey, with what a wrong or dishonest browser would change."""

    origin: str
    host: str
    verifies: bool = True  # asked for a PIN or a finger
    uses: int = 0
    counts: bool = True
    credential: bytes = b"a credential of one device"
    user: bytes = b""
    pair: EllipticCurvePrivateKey = field(default_factory=_fresh)

    def make(self, options: str) -> str:
        """Return the answer to what asks for a new passkey."""
        asked = json.loads(options)
        self.user = base64url_to_bytes(asked["user"]["id"])
        said = self._client_data("webauthn.create", asked["challenge"])
        length = len(self.credential).to_bytes(2)
        attested = bytes(16) + length + self.credential + self._public_key()
        made = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._data(_ATTESTED) + attested,
        }
        return self._json(clientDataJSON=said, attestationObject=encode_cbor(made))

    def use(self, options: str, **changes: str) -> str:
        """Return the answer to what asks for a passkey; `changes` forge the client."""
        if self.counts:
            self.uses += 1
        said = self._client_data(
            "webauthn.get", json.loads(options)["challenge"], **changes
        )
        data = self._data(0)
        signature = self.pair.sign(data + sha256(said).digest(), ECDSA(SHA256()))
        return self._json(
            clientDataJSON=said,
            authenticatorData=data,
            signature=signature,
            userHandle=self.user,
        )

    def _client_data(self, kind: str, challenge: str, **changes: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, **changes}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return (
            sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)
        )

    def _public_key(self) -> bytes:
        point = self.pair.public_key().public_numbers()
        x, y = (number.to_bytes(32) for number in (point.x, point.y))
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _json(self, **response: bytes) -> str:
        own = bytes_to_base64url(self.credential)
        return json.dumps(
            {
                "id": own,
                "rawId": own,
                "type": "public-key",
                "response": {k: bytes_to_base64url(v) for k, v in response.items()},
            }
        )
