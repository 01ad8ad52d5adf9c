"""`make traces` ends with 1 where a way was lost or left what it may not.

No browser is started: what a visit found is made up.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.traces import __main__ as made
from tests.journeys.traces import gate, report
from tests.journeys.traces.lanes import Lanes
from tests.journeys.traces.scan import Place
from tests.journeys.traces.screen import Screen
from tests.journeys.traces.visits import Outcome, Stage, Way

Change = Callable[[Outcome], None]
LOST = Way("Firefox", "typed")
SHOWN = {
    "back": ["search page", "target", "target", "target"],
    "back at once": ["search page", "target", "target", "target"],
    "killed": ["landing document"],
}


def nothing(_: Outcome) -> None:
    """Leave a visit as it is."""


def lost(one: Outcome) -> None:
    assert one.way != LOST, "the machine was busy"


def told(one: Outcome) -> None:
    if one.way == LOST:
        one.places.append(Place("kept", Counter(message=1)))


def left_too_much(one: Outcome) -> None:
    if one.way == Way("Firefox"):
        one.places.append(Place("known", Counter(host=7)))


def showed_the_number(one: Outcome) -> None:
    if one.way.ending == "back at once":
        one.after.append("RECEIPT")


def restored_our_page(one: Outcome) -> None:
    if one.way.ending == "back":
        one.after[-1] = "landing document"


def gave_the_text_back(one: Outcome) -> None:
    if one.way.ending == "killed":
        one.after.append("TYPED TEXT")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Return what does as `make traces` does, without a browser."""

    @contextmanager
    def two(folder: Path) -> Iterator[Lanes]:
        lanes = Lanes([Screen(":no")])
        yield lanes
        lanes.end()

    @contextmanager
    def sites(folder: Path, slow: float = 0) -> Iterator[None]:
        yield

    def measured(change: Change) -> None:
        def make(on: Stage, way: Way, seen: Screen) -> Outcome:
            one = Outcome(way, "1", [], [], list(SHOWN.get(way.ending, [])))
            change(one)
            return one

        monkeypatch.setattr(made, "visit", make)
        monkeypatch.setattr(made, "go_back", make)
        made.main()

    monkeypatch.setattr(made, "lanes", two)
    monkeypatch.setattr(made, "stage", sites)
    monkeypatch.setattr(made, "_times", lambda on: [])
    monkeypatch.setattr(report, "FILE", tmp_path / "traces.md")
    monkeypatch.setattr(gate, "FILE", tmp_path / "places.json")
    return measured


def test_a_run_without_a_fault_ends_well(
    run: Callable[[Change], None], capsys: pytest.CaptureFixture[str]
) -> None:
    run(nothing)
    assert "faults: 0" in capsys.readouterr().out
    told = "search page, target, target, restored: target"
    assert report.FILE.read_text().count(told) == 18


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lost, "fault: Firefox-typed-script-leaves: not measured"),
        (told, "fault: Firefox-typed-script-leaves: message in kept"),
        (left_too_much, "fault: Firefox-link-script-leaves: 7 strings, 6 demanded"),
        (showed_the_number, "link-no-script-back at once: RECEIPT shows"),
        (restored_our_page, "Firefox-frame-script-back: landing document shows"),
        (gave_the_text_back, "WebKit-link-script-killed: TYPED TEXT shows"),
    ],
)
def test_a_fault_ends_the_run_with_1(
    change: Change,
    said: str,
    run: Callable[[Change], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(change)
    assert ended.value.code == 1
    assert said in capsys.readouterr().out
    assert report.FILE.exists()


def test_ways_that_are_refused_do_not_count(run: Callable[[Change], None]) -> None:
    def named_everywhere(one: Outcome) -> None:
        one.places.append(Place("kept", Counter(host=1)))

    with pytest.raises(SystemExit):
        run(named_everywhere)  # in a place that is new
    assert report.FILE.read_text().count("`kept`: 14 of 14 ways") == 3
