"""Yearly figures: what is shown of a count."""

import pytest

from intake.statistics import _shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (13, 15)]
)
def test_counts_are_rounded_and_small_ones_left_out(
    count: int, shown: int | None
) -> None:
    assert _shown(count) == shown
