"""A visit with real browsers leaves nothing that tells, and its host name where known.

The core, for each run of the tests: each engine by a link, with script and without.
`make traces` does all ways and writes `docs/traces.md`.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.traces import gate, report
from tests.journeys.traces.after import harmful
from tests.journeys.traces.lanes import lanes
from tests.journeys.traces.visits import (
    Begun,
    Way,
    go_back,
    patiently,
    stage,
    visit,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
CORE = report.core()
BACK = [replace(way, ending="back") for way in CORE]


@pytest.fixture(scope="module")
def begun() -> Iterator[Begun]:
    """Begin all visits, two at a time; each test waits for its own."""
    # In a short path: Chromium keeps a socket in its home.
    folder = Path(tempfile.mkdtemp(prefix="stilla-"))
    try:
        with stage(folder) as on, lanes(folder) as lane:
            asked = dict.fromkeys(CORE, visit) | dict.fromkeys(BACK, go_back)
            yield {
                way: lane.begin(partial(patiently, make, on, way))
                for way, make in asked.items()
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("way", CORE, ids=str)
def test_a_visit_leaves_nothing_that_tells(way: Way, begun: Begun) -> None:
    outcome = begun[way].result()
    known = gate.known_places(gate.read_known(), outcome)
    assert gate.faults(outcome, known) == []
    # GNOME Web's strings vary: of these the middle of several visits is compared.
    assert way.engine == "WebKit" or report.over([outcome]) == []


@pytest.mark.parametrize("way", BACK, ids=str)
def test_back_after_leaving_shows_nothing_of_hers(way: Way, begun: Begun) -> None:
    shown = begun[way].result().after
    assert "target" in shown
    assert shown[-1] == "target", "restored after a kill"
    assert harmful(shown, script=way.script) == []
