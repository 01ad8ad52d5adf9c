"""One visit from the start of a browser to the search of what it left."""

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

from tests.journeys.traces.after import (
    back_and_forward,
    harmful,
    reopened,
    restored,
    shown,
)
from tests.journeys.traces.browser import Browser
from tests.journeys.traces.chromium import Chromium
from tests.journeys.traces.firefox import Firefox
from tests.journeys.traces.hosts import SEARCH, Hosts, make_hosts
from tests.journeys.traces.journey import Visit
from tests.journeys.traces.lists import copied, history, screens
from tests.journeys.traces.scan import Place, Searcher
from tests.journeys.traces.screen import Screen
from tests.journeys.traces.site import FACE, sites
from tests.journeys.traces.webkit import WebKit

ENGINES: tuple[type[Browser], ...] = (Chromium, Firefox, WebKit)
_SAVED = max(engine.saves for engine in ENGINES)
_LOOKED = 2
SLOW = 5  # seconds until Leave's target answers, where that is asked for
_homes = count()


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes, what her browser runs, and how the visit ends."""

    engine: str
    door: str = "link"
    script: bool = True
    ending: str = "leaves"

    @property
    def refused(self) -> bool:
        """Whether no site may be set up so: its names are then all one's own."""
        return self.door == "path"

    def __str__(self) -> str:
        script = "script" if self.script else "no-script"
        return f"{self.engine}-{self.door}-{script}-{self.ending}"


@dataclass(slots=True)
class Outcome:
    """What one visit left."""

    way: Way
    version: str
    places: list[Place]
    listed: list[str]
    after: list[str] = field(default_factory=list)

    @property
    def strings(self) -> int:
        """How often the host name stands on disk."""
        return sum(place.counts["host"] for place in self.places)

    @property
    def pictures(self) -> int:
        """Of how many addresses GNOME Web kept a readable picture of the page."""
        return sum(
            place.counts["host"]
            for place in self.places
            if "/thumbnails/" in place.name and not place.name.endswith(")")
        )

    @property
    def encoded(self) -> int:
        """How often it does so in base64."""
        return sum(place.counts["encoded"] for place in self.places)


@dataclass(frozen=True, slots=True)
class Stage:
    """Sites that run, and a folder for the homes of browsers."""

    folder: Path
    hosts: Hosts

    def browser(self, way: Way, screen: Screen, home: Path | None = None) -> Browser:
        """Return a browser that has not been used, or one in a given home."""
        kind = next(one for one in ENGINES if one.name == way.engine)
        # Chromium's socket lies in its home: no path may be longer than a socket's.
        home = home or self.folder / str(next(_homes))
        return kind(home, self.hosts, screen, script=way.script)


Begun = dict[Way, "Future[Outcome]"]
Make = Callable[[Stage, Way, Screen], Outcome]
_Made = TypeVar("_Made")


@contextmanager
def stage(folder: Path, slow: float = 0, face: str = FACE) -> Iterator[Stage]:
    """Run all sites until the block ends."""
    with ExitStack() as running:
        hosts = make_hosts(folder / "hosts")
        running.enter_context(sites(folder / "site", hosts, slow, face))
        yield Stage(folder, hosts)


def patiently(
    make: Callable[[Stage, Way, Screen], _Made], on: Stage, way: Way, seen: Screen
) -> _Made:
    """Make a visit; again where a busy machine stood in its way, not in its result."""
    try:
        return make(on, way, seen)
    except (AssertionError, OSError, RuntimeError):
        return make(on, way, seen)


def visit(on: Stage, way: Way, seen: Screen) -> Outcome:
    """Make a visit, close the browser, and search what it left."""
    browser = on.browser(way, seen)
    made = Visit(browser, way.door)
    try:
        _go(made, way)
    except BaseException:
        _picture(seen, on.folder / f"{way}.png")
        if browser.process and browser.process.poll() is None:
            browser.kill()
        raise
    places = Searcher(made.site, made.needles()).search(browser.home)
    outcome = Outcome(way, version(browser), places, [])
    if way.ending == "killed":
        outcome.after = [restored(browser)]
    else:
        outcome.listed = _listed(on, browser, made, seen)
    return outcome


def go_back(on: Stage, way: Way, seen: Screen, *, again: bool = True) -> Outcome:
    """Make a visit and leave; then press Back, Forward, reload, reopen the tab.

    Last of all, if asked to, kill the browser and let it restore its session `again`.
    """
    browser, patient = on.browser(way, seen), way.ending != "back at once"
    made = Visit(browser, way.door)
    try:
        _come(made, way)
        before = [shown(browser)]
        assert harmful(before, script=way.script), f"no number there, but {before}"
        made.leaves(patient=patient)
        after = [*back_and_forward(browser), reopened(browser)]
        if again:
            time.sleep(browser.saves + (0 if patient else 2 * SLOW))  # till it is there
            browser.kill()
            after.append(restored(browser))
    except BaseException:
        _picture(seen, on.folder / f"{way}.png")
        raise
    finally:
        browser.kill()
    return Outcome(way, version(browser), [], [], after)


def _go(made: Visit, way: Way) -> None:
    _come(made, way)
    if way.ending in {"leaves", "unsent"}:
        made.leaves()
    if way.ending == "killed":
        made.browser.kill()
    else:
        made.browser.close()


def _come(made: Visit, way: Way) -> None:
    made.arrives()
    made.reads()
    made.writes(_SAVED if way.ending in {"unsent", "killed"} else _LOOKED)
    if way.ending not in {"unsent", "killed"}:
        made.sends()


def _listed(on: Stage, browser: Browser, made: Visit, seen: Screen) -> list[str]:
    """Return what lists show: addresses, or in Chromium the lists themselves."""
    if not isinstance(browser, Chromium):
        return history(browser, made.site)
    home = copied(browser.home, Path(f"{browser.home}b"))
    again = Chromium(home, on.hosts, seen, script=browser.script)
    try:
        again.start("chrome://version/")
        found = screens(again, (made.site, SEARCH))
        again.close()
    finally:
        again.kill()
    # The neutral page that she came from shows that the looking itself works.
    assert found[SEARCH] == ["tile", "list", "completion"], found
    return found[made.site]


def version(browser: Browser) -> str:
    """Return the version of a browser's package."""
    asked = ["dpkg-query", "-W", "-f", "${Version}", browser.package]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _picture(seen: Screen, file: Path) -> None:
    """Keep what stood on the screen when something went wrong."""
    shot = ["import", "-window", "root", str(file)]
    subprocess.run(shot, env={"PATH": "/usr/bin:/bin"} | seen.environment())
