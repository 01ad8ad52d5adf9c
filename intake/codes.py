"""One-time codes (RFC 6238): the secret that a link offers, and what fits it."""

import base64
import hmac
import re
from datetime import datetime

import pyotp

_STEP = 30  # seconds that a code lasts


def offered_secret(account_key: bytes, token: str) -> str:
    """Return the secret of one-time codes that a link offers, the same at each look.

    A spent link gives it to nobody: the staff process's own key is mixed in.
    """
    # 160 bits, as RFC 4226 (§4) recommends; more would be hard to type by hand.
    return base64.b32encode(
        hmac.digest(account_key, b"offer" + token.encode(), "sha256")[:20]
    ).decode()


def prove_step(account_key: bytes, token: str, step: int) -> str:
    """Return what proves that a code of a link's secret was shown, and of which step.

    Who has the link reads the secret, and so has a code: the proof tells her no more.
    """
    tag = hmac.digest(account_key, f"proved {token} {step}".encode(), "sha256")
    return f"{step}-{tag.hex()}"


def proved_step(account_key: bytes, token: str, proof: str) -> int | None:
    """Return the step that a proof is of; None when it is not this link's."""
    written = re.fullmatch("([0-9]{1,12})-[0-9a-f]{64}", proof)
    step = int(written[1]) if written else 0
    right = prove_step(account_key, token, step)
    return step if hmac.compare_digest(right, proof if written else "") else None


def one_time_uri(login: str, totp_secret: str) -> str:
    """Return the address that authenticator apps read; the issuer's name is neutral."""
    return pyotp.TOTP(totp_secret).provisioning_uri(name=login, issuer_name="Desk")


def code_at(totp_secret: str, now: datetime) -> str:
    """Return the code that is right at a moment."""
    return pyotp.TOTP(totp_secret).at(now)


def next_code(totp_secret: str, now: datetime, after: int) -> str:
    """Return the first code, later than the step `after`, that counts now; or ""."""
    step = int(now.timestamp()) // _STEP
    ahead = max(step, after + 1)
    return pyotp.TOTP(totp_secret).at(ahead * _STEP) if ahead <= step + 1 else ""


def step_of(totp_secret: str, code: str, now: datetime, after: int = 0) -> int | None:
    """Return which step a code is of, later than `after`, within one step of drift."""
    totp = pyotp.TOTP(totp_secret)
    digits = "".join(code.split())
    step = int(now.timestamp()) // _STEP
    # Phones' clocks go wrong by seconds, and people type slowly.
    for candidate in (step, step - 1, step + 1):
        if candidate > after and totp.verify(digits, for_time=candidate * _STEP):
            return candidate
    return None
