"""Boxes open for the one they were closed for, and tell nothing of their content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import SealBroken
from intake.vault import (
    BLOCK,
    KeyPair,
    hash_password,
    key_from_passphrase,
    lock,
    pad,
    password_fits,
    random_bytes,
    seal,
    seal_text,
    unlock,
    unpad,
    unseal,
    unseal_text,
)

HERS, ANOTHERS = KeyPair.generate(), KeyPair.generate()


@given(st.text(max_size=2000))
def test_a_text_comes_back_whole(text: str) -> None:
    if "\ud800" <= max(text, default="") <= "\udfff":
        return
    assert unseal_text(seal_text(text, HERS.public), HERS) == text


def test_only_the_right_key_opens() -> None:
    box = seal(b"content", HERS.public)
    assert unseal(box, HERS) == b"content"
    with pytest.raises(SealBroken):
        unseal(box, ANOTHERS)
    with pytest.raises(SealBroken):
        unseal(box, KeyPair(HERS.public, HERS.public))


def test_a_changed_box_does_not_open() -> None:
    box, locked = seal(b"content", HERS.public), lock(b"content", b"s" * 32)
    for broken in (box[:-1] + bytes([box[-1] ^ 1]), box[:20], b""):
        with pytest.raises(SealBroken):
            unseal(broken, HERS)
    for broken in (locked[:-1] + bytes([locked[-1] ^ 1]), locked[:20], b""):
        with pytest.raises(SealBroken):
            unlock(broken, b"s" * 32)


def test_a_lock_opens_with_its_secret_only() -> None:
    assert unlock(lock(b"content", b"s" * 32), b"s" * 32) == b"content"
    with pytest.raises(SealBroken):
        unlock(lock(b"content", b"s" * 32), b"x" * 32)


@pytest.mark.rule("S1")
def test_the_same_text_is_never_the_same_box() -> None:
    assert seal_text("hej", HERS.public) != seal_text("hej", HERS.public)


@given(st.binary(max_size=3 * BLOCK))
def test_lengths_are_rounded_up_to_blocks(content: bytes) -> None:
    padded = pad(content)
    assert len(padded) % BLOCK == 0
    assert 0 < len(padded) - len(content) <= BLOCK
    assert unpad(padded) == content


@pytest.mark.parametrize("content", [b"", b"\0" * BLOCK, b"text", b"x\x80y"])
def test_what_was_never_padded_is_not_cut(content: bytes) -> None:
    with pytest.raises(SealBroken):
        unpad(content)


def test_short_and_long_answers_look_alike() -> None:
    no, yes = seal_text("no", HERS.public), seal_text("yes, always, " * 20, HERS.public)
    assert len(no) == len(yes)


def test_no_secret_shows_in_a_repr() -> None:
    assert HERS.secret.hex() not in repr(HERS)
    assert repr(HERS.secret) not in repr(HERS)


def test_a_password_fits_its_hash_alone() -> None:
    hashed = hash_password("vatten under bron")
    assert password_fits(hashed, "vatten under bron")
    assert not password_fits(hashed, "vatten under bro")
    assert "vatten" not in hashed


def test_a_passphrase_wraps_a_key_by_its_salt() -> None:
    one, other = random_bytes(16), random_bytes(16)
    key = key_from_passphrase("vatten", one)
    assert key == key_from_passphrase("vatten", one)
    assert key != key_from_passphrase("vatten", other)
    assert key != key_from_passphrase("Vatten", one)
