"""Chains of signed entries: each is bound to the one before by its keyed digest."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar


class Link(Protocol):
    """One entry: its place in the chain, who signed it, and the digest."""

    @property
    def seq(self) -> int: ...

    @property
    def signer(self) -> str: ...

    @property
    def mac(self) -> bytes: ...


L = TypeVar("L", bound=Link)
Digest = Callable[[L, bytes, bytes], bytes]  # of an entry, what came before, a key


def misfit(
    links: Iterable[L], keys: Mapping[str, bytes], digest: Digest[L]
) -> int | None:
    """Return the number of the first entry that does not fit its chain, if any.

    An entry by a signer whose key is not among `keys` fits none.
    """
    previous, expected = b"", 1
    for link in links:
        right = digest(link, previous, keys.get(link.signer, b""))
        known = link.signer in keys and link.seq == expected
        if not known or not hmac.compare_digest(right, link.mac):
            return expected
        previous, expected = link.mac, expected + 1
    return None
