"""The 20 digits: readable, checked before anything slow, and useless to a thief."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import MistypedReceipt
from intake.receipts import DIGITS, Peppers, from_seed, grouped, parse, plain_word

PEPPERS = Peppers({1: b"a" * 32, 2: b"b" * 32})
DIGITS_OF_ONE = from_seed(b"s" * 32)
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")

seeds = st.binary(min_size=16, max_size=64)


@given(seeds)
def test_every_seed_gives_digits_that_are_read_back(seed: bytes) -> None:
    digits = from_seed(seed)
    assert len(digits) == DIGITS
    assert parse(grouped(digits)) == digits
    assert len(grouped(digits).split()) == 5


@given(seeds, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_caught(seed: bytes, place: int, by: int) -> None:
    digits = from_seed(seed)
    wrong = str((int(digits[place]) + by) % 10)
    with pytest.raises(MistypedReceipt):
        parse(digits[:place] + wrong + digits[place + 1 :])


@given(seeds, st.integers(0, DIGITS - 2))
def test_two_swapped_digits_are_caught(seed: bytes, place: int) -> None:
    digits = from_seed(seed)
    one, other = digits[place], digits[place + 1]
    if one == other:
        return
    with pytest.raises(MistypedReceipt):
        parse(digits[:place] + other + one + digits[place + 2 :])


@pytest.mark.parametrize("script", [_ARABIC, _PERSIAN, _DEVANAGARI])
@pytest.mark.parametrize("spacing", [" ", "", "-", " \u200e\n", "\u00a0"])
def test_any_script_and_spacing_is_read(script: dict[int, str], spacing: str) -> None:
    typed = grouped(DIGITS_OF_ONE).replace(" ", spacing).translate(script)
    assert parse(typed) == DIGITS_OF_ONE


@pytest.mark.parametrize("typed", ["", "1234", DIGITS_OF_ONE * 2, "no digits at all"])
def test_what_is_no_number_is_told_apart(typed: str) -> None:
    with pytest.raises(MistypedReceipt):
        parse(typed)


@pytest.mark.rule("S2")
def test_a_word_makes_another_number_of_it() -> None:
    bare = PEPPERS.key(DIGITS_OF_ONE, "")
    worded = PEPPERS.key(DIGITS_OF_ONE, "Körs bär")
    assert bare.tag != worded.tag
    assert bare.pair != worded.pair
    assert worded == PEPPERS.key(DIGITS_OF_ONE, "  körs   BÄR ")


def test_a_word_is_the_same_however_a_keyboard_composes_it() -> None:
    assert plain_word("A\u030angstro\u0308m") == plain_word("Ångström")


def test_the_tag_and_the_key_tell_nothing_of_each_other() -> None:
    key = PEPPERS.key(DIGITS_OF_ONE, "")
    assert key.tag not in (key.pair.public, key.pair.secret)
    assert "secret" not in repr(key.pair)
    assert key.pair.secret.hex() not in repr(key)


def test_old_peppers_still_open_what_they_closed() -> None:
    old = Peppers({1: b"a" * 32}).key(DIGITS_OF_ONE, "")
    assert old in PEPPERS.candidates(DIGITS_OF_ONE, "")
    assert PEPPERS.key(DIGITS_OF_ONE, "").pepper_version == 2
    assert PEPPERS.key(DIGITS_OF_ONE, "").tag != old.tag
