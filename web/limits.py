"""Limits that slow one network prefix and never everyone (S36).

What is counted is a keyed hash of the prefix; key and counts live in this process's
memory only and are thrown away at midnight UTC, so no address can be found in them.
Over a limit, a message is set aside and only a guess at a receipt is refused: that is
the caller's to do, this module only says "over".
"""

import hmac
import secrets
import shutil
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from threading import Lock

DISK_RESERVE = 200 * 10**6  # bytes that stay free, so that staff can always work
_MOST_KEPT = 50_000  # buckets; the longest unused goes first
# A network and no address: who guesses has many, and one alone points at a home.
_V4_PREFIX, _V6_PREFIX = 24, 48


class Limited(StrEnum):
    """What is counted, each kind for itself."""

    SEND = "send"
    RECEIPT = "receipt"
    SIGN_IN = "sign-in"
    ACCOUNT = "account"  # failures at one account from one prefix
    KNOWN_BROWSER = "known-browser"  # failures in a browser that she came in with


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of `burst` tries that refills by one every `seconds`."""

    burst: int
    seconds: float


# A phone network puts thousands behind one prefix: sends are generous, since what is
# over is only set aside; guesses are few, since each costs 64 MiB and a fifth of 1 s.
RATES = {
    Limited.SEND: Rate(30, 60),
    Limited.RECEIPT: Rate(10, 30),
    Limited.SIGN_IN: Rate(20, 15),
    Limited.ACCOUNT: Rate(5, 120),
    Limited.KNOWN_BROWSER: Rate(5, 120),
}


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Limits:
    """Token buckets by kind and prefix. Safe to share between threads."""

    def __init__(
        self, rates: Mapping[Limited, Rate] = RATES, most_kept: int = _MOST_KEPT
    ) -> None:
        self._rates = rates
        self._most_kept = most_kept
        self._buckets: OrderedDict[bytes, _Bucket] = OrderedDict()
        self._day: date | None = None
        self._key = b""
        self._lock = Lock()

    def over(
        self, kind: Limited, address: str | None, now: datetime, about: str = ""
    ) -> bool:
        """Count one try from an address and say whether it is over the limit.

        `about` counts tries at one thing apart from those at others.
        """
        rate = self._rates[kind]
        with self._lock:
            self._start_day(now.date())
            bucket = self._bucket(_name(kind, address, about), rate, now)
            passed = (now - bucket.at).total_seconds()
            # Never below nothing: a machine's clock may be set back.
            bucket.left = min(rate.burst, bucket.left + max(0, passed) / rate.seconds)
            bucket.at = now
            if bucket.left < 1:
                return True
            bucket.left -= 1
            return False

    def give_back(
        self, kind: Limited, address: str | None, now: datetime, about: str = ""
    ) -> None:
        """Take back one counted try: it was no failure."""
        rate = self._rates[kind]
        with self._lock:
            self._start_day(now.date())
            bucket = self._bucket(_name(kind, address, about), rate, now)
            bucket.left = min(rate.burst, bucket.left + 1)

    def _start_day(self, day: date) -> None:
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
            self._buckets.clear()

    def _bucket(self, name: str, rate: Rate, now: datetime) -> _Bucket:
        hashed = hmac.digest(self._key, name.encode(), "sha256")
        bucket = self._buckets.setdefault(hashed, _Bucket(rate.burst, now))
        self._buckets.move_to_end(hashed)
        if len(self._buckets) > self._most_kept:
            self._buckets.popitem(last=False)
        return bucket


def _name(kind: Limited, address: str | None, about: str) -> str:
    return f"{kind}\n{prefix_of(address)}\n{about}"


def prefix_of(address: str | None) -> str:
    """Return the /24 or /48 network of an address; what is none shares one prefix."""
    try:
        # An IPv6 address may carry its interface behind a percent sign.
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    size = _V6_PREFIX if isinstance(parsed, IPv6Address) else _V4_PREFIX
    return str(ip_network((parsed, size), strict=False))


def disk_reserve_left(path: Path, reserve: int = DISK_RESERVE) -> bool:
    """Say whether the disk that holds `path` has more than `reserve` bytes free.

    A folder that is not made yet will lie where the nearest one above it lies.
    """
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free > reserve
