"""`make traces`: all ways in, all endings, Back, the times; writes docs/traces.md.

After a change that touches some ways only, `python -m tests.journeys.traces link frame`
measures these again, with script, and renews their rows. Both end with 1 where a way
could not be measured or left what it may not.
"""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.journeys.traces import gate, peer, report
from tests.journeys.traces.hosts import PEER, SITE
from tests.journeys.traces.lanes import Lanes, lanes
from tests.journeys.traces.screen import Screen, screen
from tests.journeys.traces.site import neighbour
from tests.journeys.traces.speed import RUNS, Timing, eye, measure
from tests.journeys.traces.visits import (
    ENGINES,
    SLOW,
    Make,
    Outcome,
    Stage,
    Way,
    go_back,
    patiently,
    stage,
    visit,
)

_NAMES = [engine.name for engine in ENGINES]


def main() -> None:
    """Measure everything, write it down, and end with what is wrong."""
    folder = Path(tempfile.mkdtemp(prefix="stilla-"))
    try:
        with stage(folder / "a") as on, lanes(folder / "a") as two:
            # The core twice: not each run leaves everything.
            ways = [*report.core(), *report.ways()]
            outcomes = _all(two, on, visit, ways)
            backs = _all(two, on, go_back, _back_ways("back"))
        with stage(folder / "b", SLOW) as on:
            with lanes(folder / "b") as two:
                backs += _all(two, on, go_back, _back_ways("back at once"))
            times = list(_times(on))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ways += _back_ways("back") + _back_ways("back at once")
    wrong = _wrong(ways, outcomes, backs)
    held = [one for one in outcomes if not one.way.refused]
    gone = gate.record(gate.read_known(), held)
    report.write(outcomes, backs, times)
    for line in gone:
        say(f"no longer left, strike it out of {gate.FILE.name}: {line}")
    _end(wrong)


def again(doors: list[str]) -> None:
    """Measure some ways in once more, and renew their rows."""
    ways = [Way(name, door) for door in doors for name in _NAMES]
    ways += report.repeated(doors)
    if without := report.missing(ways):
        sys.exit(f"no line in {report.FILE.name} for {', '.join(without)}")
    folder = Path(tempfile.mkdtemp(prefix="stilla-"))
    try:
        with stage(folder) as on, lanes(folder) as two:
            outcomes = _all(two, on, visit, ways)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.renew(outcomes)
    _end(_wrong(ways, outcomes, []))


def _end(wrong: list[str]) -> None:
    """Say what is wrong, and end so that whoever started this hears it, too."""
    for line in wrong:
        say(f"fault: {line}")
    say(f"wrote {report.FILE.name}; faults: {len(wrong)}")
    if wrong:
        sys.exit(1)


def _wrong(asked: list[Way], visits: list[Outcome], backs: list[Outcome]) -> list[str]:
    """Return what is wrong, each as one line; a way that was lost is."""
    lost = Counter(asked) - Counter(one.way for one in [*visits, *backs])
    wrong = [f"{way}: not measured" for way in lost.elements()]
    wrong += [line for one in visits for line in _faults(one)]
    return wrong + report.over(visits) + report.shown([*visits, *backs])


def _faults(one: Outcome) -> list[str]:
    """Return what is wrong with a visit, each as one line that names its way."""
    known = gate.known_places(gate.read_known(), one)
    return [f"{one.way}: {fault}" for fault in gate.faults(one, known)]


def say(line: str) -> None:
    """Show what is being done."""
    print(f"  traces: {line}", flush=True)  # noqa: T201 - it talks to a person


def _all(two: Lanes, on: Stage, make: Make, ways: list[Way]) -> list[Outcome]:
    begun = [two.begin(partial(_said, on, make, way)) for way in ways]
    found = [one.result() for one in begun]
    return [one for one in found if one]


def _said(on: Stage, make: Make, way: Way, shown: Screen) -> Outcome | None:
    try:
        outcome = patiently(make, on, way, shown)
    except AssertionError as error:
        say(f"{way}: {error}")
        return None
    say(f"{way}: strings {outcome.strings}, {outcome.listed or outcome.after}")
    return outcome


def _back_ways(ending: str) -> list[Way]:
    made = [
        Way(name, "link", script, ending) for script in (True, False) for name in _NAMES
    ]
    return made + [Way(name, "frame", ending=ending) for name in _NAMES]


def _times(on: Stage) -> Iterator[Timing]:
    """Measure one browser after another, alone on the machine."""
    stilla = on.hosts.origin(SITE) + "/en/"
    govuk = on.hosts.origin(PEER) + "/"
    leave, theirs = "a.leave", "a.govuk-js-exit-this-page-button"
    with ExitStack() as running:
        seen = running.enter_context(screen(on.folder / "alone"))
        asked = [
            ("Stilla", stilla, leave, "pointer", True),
            ("Stilla", stilla, leave, "Shift three times", True),
            ("Stilla, no script", stilla, leave, "pointer", False),
        ]
        component = peer.fetched(on.folder)
        if component:
            pages = peer.peer_pages(on.hosts, component, on.hosts.origin(PEER))
            running.enter_context(neighbour(on.hosts, PEER, pages))
            asked += [
                ("GOV.UK", govuk, theirs, "pointer", True),
                ("GOV.UK", govuk, theirs, "Shift three times", True),
                ("GOV.UK, no script", govuk + "plain", theirs, "pointer", False),
            ]
        for name in _NAMES:
            for page, url, css, press, script in asked:
                runs = _timed(on, seen, Way(name, script=script), (url, css, press))
                say(f"{name}, {page}, {press}: {sorted(runs)}")
                yield Timing(name, page, press, runs)


def _timed(on: Stage, seen: Screen, way: Way, asked: tuple[str, str, str]) -> list[int]:
    url, css, press = asked
    browser = on.browser(way, seen)
    try:
        browser.start(url)
        with eye(seen) as sees:
            return measure(browser, sees, url, css, press, RUNS)
    finally:
        browser.kill()


if __name__ == "__main__":
    again(sys.argv[1:]) if sys.argv[1:] else main()
