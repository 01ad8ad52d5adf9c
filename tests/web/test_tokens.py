"""The form's token: signed, timed, and the receipt's only root."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.receipts import from_seed
from web.tokens import FormTokens, Token, TokenExpired, TokenForged

NOW = datetime(2026, 3, 2, 9, 30, 5, 700, tzinfo=UTC)
KEY = bytes(range(32))
tokens = FormTokens(KEY)


def read(text: str, at: datetime = NOW) -> Token:
    return tokens.read(text, "write", at)


def test_a_token_says_when_and_in_which_language_its_form_was_printed() -> None:
    token = read(tokens.issue("write", "zh-Hant", NOW), NOW + timedelta(minutes=3))
    assert token.language == "zh-Hant"
    assert token.issued_at == NOW.replace(microsecond=0)
    assert len(token.nonce) == 16


def test_every_printing_has_a_nonce_of_its_own() -> None:
    nonces = {read(tokens.issue("write", "sv", NOW)).nonce for _ in range(50)}
    assert len(nonces) == 50


def test_a_token_is_safe_in_an_address() -> None:
    text = tokens.issue("write", "sv", NOW)
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()


def test_every_changed_letter_is_noticed() -> None:
    text = tokens.issue("write", "sv", NOW)
    for place in range(len(text) - 1):
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(TokenForged):
            read(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "x", "å", "A" * 200, "=", "a b", "\0"])
def test_what_is_no_token_is_forged(text: str) -> None:
    with pytest.raises(TokenForged):
        read(text)
    assert not tokens.is_genuine(text)


def test_another_key_and_another_form_are_refused() -> None:
    with pytest.raises(TokenForged):
        read(FormTokens(bytes(32)).issue("write", "sv", NOW))
    with pytest.raises(TokenForged):
        read(tokens.issue("call", "sv", NOW))


@pytest.mark.rule("S3")
def test_an_expired_token_still_gives_its_nonce() -> None:
    text = tokens.issue("write", "sv", NOW)
    whole_day = NOW.replace(microsecond=0) + timedelta(hours=24)
    fresh = read(text, whole_day)
    with pytest.raises(TokenExpired) as late:
        read(text, whole_day + timedelta(seconds=1))
    assert late.value.token == fresh
    assert tokens.is_genuine(text)


def test_a_form_filled_in_under_two_seconds_is_suspect_not_refused() -> None:
    token = read(tokens.issue("write", "sv", NOW.replace(microsecond=0)))
    start = token.issued_at
    assert token.too_fast(start + timedelta(seconds=1.9))
    assert not token.too_fast(start + timedelta(seconds=2))
    assert token.age(start + timedelta(seconds=5)) == timedelta(seconds=5)


@pytest.mark.rule("S3")
def test_one_token_gives_one_receipt() -> None:
    token = read(tokens.issue("write", "sv", NOW))
    first, again = (from_seed(tokens.receipt_seed(token.nonce)) for _ in range(2))
    other = read(tokens.issue("write", "sv", NOW))
    assert first == again
    assert first != from_seed(tokens.receipt_seed(other.nonce))


@pytest.mark.rule("S3")
def test_what_the_database_keeps_is_keyed_and_not_the_seed() -> None:
    nonce = bytes(16)
    kept = tokens.database_hash(nonce)
    assert nonce not in kept
    assert kept != tokens.receipt_seed(nonce)
    assert kept != FormTokens(bytes(32)).database_hash(nonce)
    assert tokens.receipt_seed(nonce) != FormTokens(bytes(32)).receipt_seed(nonce)


def test_changed_content_has_another_hash() -> None:
    nonce, other = bytes(16), bytes([1]) * 16
    assert tokens.content_hash(nonce, b"a") == tokens.content_hash(nonce, b"a")
    assert tokens.content_hash(nonce, b"a") != tokens.content_hash(nonce, b"b")
    assert tokens.content_hash(nonce, b"a") != tokens.content_hash(other, b"a")


def test_neither_nonce_nor_key_shows_in_a_repr() -> None:
    token = read(tokens.issue("write", "sv", NOW))
    assert repr(token.nonce)[2:-1] not in repr(token)
    assert repr(KEY)[2:-1] not in repr(tokens)
