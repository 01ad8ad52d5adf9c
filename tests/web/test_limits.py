"""Limits: by prefix, by day, never for everyone, and nothing to find afterwards."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from web.limits import Limited, Limits, Rate, disk_reserve_left, prefix_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RATES = dict.fromkeys(Limited, Rate(burst=3, seconds=60))


def tries(limits: Limits, address: str | None, count: int) -> list[bool]:
    return [limits.over(Limited.SEND, address, NOON) for _ in range(count)]


@pytest.mark.rule("S36")
def test_over_the_burst_one_prefix_is_slowed_and_no_other() -> None:
    limits = Limits(RATES)
    assert tries(limits, "192.0.2.1", 4) == [False, False, False, True]
    assert tries(limits, "192.0.2.250", 1) == [True]
    assert tries(limits, "192.0.3.1", 3) == [False, False, False]
    assert tries(limits, "2001:db8::1", 1) == [False]


@pytest.mark.rule("S36")
def test_each_kind_is_counted_for_itself() -> None:
    limits = Limits(RATES)
    tries(limits, "192.0.2.1", 4)
    assert not limits.over(Limited.RECEIPT, "192.0.2.1", NOON)


def test_a_bucket_refills_with_time_and_never_above_its_burst() -> None:
    limits = Limits(RATES)
    tries(limits, "192.0.2.1", 4)
    later = NOON + timedelta(seconds=61)
    assert not limits.over(Limited.SEND, "192.0.2.1", later)
    assert limits.over(Limited.SEND, "192.0.2.1", later)
    much_later = NOON + timedelta(hours=6)
    four = [limits.over(Limited.SEND, "192.0.2.1", much_later) for _ in range(4)]
    assert four == [False, False, False, True]


def test_a_clock_set_back_lets_nobody_through() -> None:
    limits = Limits(RATES)
    tries(limits, "192.0.2.1", 4)
    assert limits.over(Limited.SEND, "192.0.2.1", NOON - timedelta(minutes=5))


def test_midnight_throws_away_key_and_counts() -> None:
    limits = Limits(RATES)
    tries(limits, "192.0.2.1", 4)
    before = limits._key
    assert not limits.over(Limited.SEND, "192.0.2.1", NOON + timedelta(hours=12))
    assert limits._key != before
    assert len(limits._buckets) == 1


def test_no_address_is_kept() -> None:
    limits = Limits(RATES)
    tries(limits, "192.0.2.1", 1)
    assert not any(b"192.0.2" in name for name in limits._buckets)


def test_memory_is_bounded_and_the_longest_unused_goes_first() -> None:
    limits = Limits(RATES, most_kept=10)
    tries(limits, "10.0.0.1", 4)
    for third in range(1, 10):
        tries(limits, f"10.0.{third}.1", 1)
    assert tries(limits, "10.0.0.1", 1) == [True]
    tries(limits, "10.0.99.1", 1)
    assert len(limits._buckets) == 10
    assert tries(limits, "10.0.0.1", 1) == [True]


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("not an address", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_prefixes(address: str | None, prefix: str) -> None:
    assert prefix_of(address) == prefix


@pytest.mark.rule("S36")
def test_the_shipped_limits_let_a_person_write_again_and_again() -> None:
    limits = Limits()
    assert not any(limits.over(Limited.SEND, "192.0.2.1", NOON) for _ in range(30))
    guesses = [limits.over(Limited.RECEIPT, "192.0.2.1", NOON) for _ in range(11)]
    assert guesses == [False] * 10 + [True]


@pytest.mark.rule("S36")
def test_the_disks_reserve(tmp_path: Path) -> None:
    assert disk_reserve_left(tmp_path, reserve=0)
    assert not disk_reserve_left(tmp_path, reserve=10**18)


@pytest.mark.rule("S36")
def test_a_data_folder_not_made_yet_refuses_nothing(tmp_path: Path) -> None:
    assert disk_reserve_left(tmp_path / "not" / "there", reserve=0)
    assert not disk_reserve_left(tmp_path / "not" / "there", reserve=10**18)
