"""Back before Leave's target has come, then Forward: the page left does not show."""

import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.traces.after import harmful
from tests.journeys.traces.lanes import lanes
from tests.journeys.traces.visits import (
    ENGINES,
    SLOW,
    Begun,
    Way,
    go_back,
    patiently,
    stage,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
WAYS = [Way(one.name, ending="back at once") for one in ENGINES]


@pytest.fixture(scope="module")
def begun() -> Iterator[Begun]:
    """Begin all visits, two at a time; each test waits for its own."""
    folder = Path(tempfile.mkdtemp(prefix="stilla-"))
    try:
        with stage(folder, SLOW) as on, lanes(folder) as lane:
            # Restoring takes long, and test_traces.py sees it once the target has come.
            at_once = partial(go_back, again=False)
            yield {
                way: lane.begin(partial(patiently, at_once, on, way)) for way in WAYS
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_page_that_was_left_never_shows_again(way: Way, begun: Begun) -> None:
    shown = begun[way].result().after
    assert next(one for one in shown if one != "empty page") == "search page"
    assert {"target", "empty page"} & set(shown)
    assert harmful(shown, script=True, arrived=False) == []
