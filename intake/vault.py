"""Sealing: key pairs, boxes that a public key closes, and padding (DESIGN.md §4).

Built on libsodium through PyNaCl. A *box* is opaque bytes; only the holder of the
secret key, or of the secret that a key was derived from, opens it.
"""

from dataclasses import dataclass

from nacl import pwhash, utils
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from intake.errors import SealBroken

BLOCK = 512  # stored text is padded to whole blocks, so that lengths tell little
SECRET_BYTES = SecretBox.KEY_SIZE
SALT_BYTES = pwhash.argon2id.SALTBYTES


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X25519 key pair as raw bytes. The secret half never shows in a repr."""

    public: bytes
    secret: bytes

    @classmethod
    def generate(cls) -> "KeyPair":
        """Return a fresh key pair."""
        return cls.from_secret(bytes(PrivateKey.generate()))

    @classmethod
    def from_secret(cls, secret: bytes) -> "KeyPair":
        """Return the pair that belongs to a 32-byte secret key."""
        return cls(bytes(PrivateKey(secret).public_key), secret)

    def __repr__(self) -> str:
        return f"KeyPair(public={self.public.hex()[:8]}…)"


def random_bytes(size: int = SECRET_BYTES) -> bytes:
    """Return `size` bytes from the system's source of randomness."""
    return utils.random(size)


def seal(content: bytes, public: bytes) -> bytes:
    """Close `content` so that only the holder of the secret half opens it."""
    # The sender's key is made for this box and thrown away: not even the process that
    # closed it can open it again.
    return SealedBox(PublicKey(public)).encrypt(content)


def unseal(box: bytes, pair: KeyPair) -> bytes:
    """Open a box closed with `seal`. Raises SealBroken when the key does not fit."""
    try:
        # A changed box and a wrong key look alike: the difference would help only him
        # who changed it.
        return SealedBox(PrivateKey(pair.secret)).decrypt(box)
    except (CryptoError, ValueError, TypeError) as error:
        raise SealBroken("the box does not open with this key") from error


def lock(content: bytes, secret: bytes) -> bytes:
    """Close `content` with a shared 32-byte secret."""
    return bytes(SecretBox(secret).encrypt(content))


def unlock(box: bytes, secret: bytes) -> bytes:
    """Open a box closed with `lock`. Raises SealBroken when the secret does not fit."""
    try:
        return SecretBox(secret).decrypt(box)
    except (CryptoError, ValueError, TypeError) as error:
        raise SealBroken("the box does not open with this secret") from error


def seal_text(text: str, public: bytes) -> bytes:
    """Close a text, padded to whole blocks of 512 bytes."""
    return seal(pad(text.encode()), public)


def unseal_text(box: bytes, pair: KeyPair) -> str:
    """Open a box closed with `seal_text`. Raises SealBroken."""
    return unpad(unseal(box, pair)).decode()


def pad(content: bytes) -> bytes:
    """Lengthen to a multiple of 512 bytes, at least one (ISO/IEC 7816-4 padding)."""
    content += b"\x80"
    return content + b"\0" * (-len(content) % BLOCK)


def unpad(content: bytes) -> bytes:
    """Undo `pad`. Raises SealBroken when there is no padding."""
    bare, marker, rest = content.rpartition(b"\x80")
    if not marker or rest.strip(b"\0"):
        raise SealBroken("the padding is broken")
    return bare


def key_from_passphrase(passphrase: str, salt: bytes) -> bytes:
    """Derive the 32-byte key that wraps a member's secret key (Argon2id, 64 MiB)."""
    # 64 MiB and no more: several members may sign in at once on a small machine.
    return pwhash.argon2id.kdf(
        SECRET_BYTES,
        passphrase.encode(),
        salt,
        opslimit=pwhash.argon2id.OPSLIMIT_MODERATE,
        memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    )


def hash_password(password: str) -> str:
    """Return an Argon2id hash that `password_fits` checks; it opens nothing."""
    return pwhash.argon2id.str(
        password.encode(),
        opslimit=pwhash.argon2id.OPSLIMIT_MODERATE,
        memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    ).decode()


def password_fits(hashed: str, password: str) -> bool:
    """Say whether a password belongs to a hash; slow on purpose."""
    try:
        return pwhash.verify(hashed.encode(), password.encode())
    except CryptoError:
        return False
