"""Telephone numbers as people type them, and those that must not be rung."""

import pytest

from intake.numbers import BadNumber, NumberFault, read_number, readable, tag

HERS = "+46701740655"


@pytest.mark.parametrize(
    "typed",
    [
        "070-174 06 55",
        "0701740655",
        "+46 (0)70 174 06 55",
        "0046701740655",
        "٠٧٠١٧٤٠٦٥٥",
        "".join(chr(0x6F0 + int(digit)) for digit in "0701740655"),  # Persian
    ],
)
def test_one_number_however_it_is_typed(typed: str) -> None:
    number = read_number(typed)
    assert (number.e164, number.is_foreign) == (HERS, False)


@pytest.mark.parametrize(
    ("typed", "region"),
    [("+358 40 123 4567", "FI"), ("+961 3 123 456", "LB"), ("+47 40 61 23 45", "NO")],
)
@pytest.mark.rule("S9")
def test_a_foreign_number_is_known_as_one(typed: str, region: str) -> None:
    number = read_number(typed)
    assert (number.region, number.is_foreign) == (region, True)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("112", NumberFault.EMERGENCY),
        ("114 14", NumberFault.EMERGENCY),
        ("0900-123 45 67", NumberFault.PREMIUM),
        ("0939-123 45 67", NumberFault.PREMIUM),
        ("hej", NumberFault.UNREADABLE),
        ("070", NumberFault.UNREADABLE),
        ("+999 123", NumberFault.UNREADABLE),
    ],
)
def test_what_must_not_be_rung_is_refused_by_its_kind(
    typed: str, fault: NumberFault
) -> None:
    with pytest.raises(BadNumber) as refused:
        read_number(typed)
    assert refused.value.fault is fault
    assert typed not in str(refused.value)


def test_a_number_does_not_show_in_a_log_line() -> None:
    assert "70" not in repr(read_number(HERS))


def test_staff_read_a_number_as_people_write_it() -> None:
    assert readable(HERS) == "070-174 06 55"
    assert readable("+358401234567") == "+358 40 1234567"


@pytest.mark.rule("S22")
def test_numbers_compare_by_a_tag_that_needs_the_workers_key() -> None:
    same = {tag(read_number(t).e164, b"k" * 32) for t in ("0701740655", HERS)}
    assert len(same) == 1
    assert tag(HERS, b"k" * 32) != tag(HERS, b"x" * 32)
    assert tag(HERS, b"k" * 32) != tag("+46701740656", b"k" * 32)
