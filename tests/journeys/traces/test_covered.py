"""A page that is hidden, or idle, is covered in every engine and gives typed text back.

Five idle minutes are made twenty seconds (S40, S42); all else is as it is shipped.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.traces.browser import PATIENCE, Browser
from tests.journeys.traces.chromium import Chromium
from tests.journeys.traces.hosts import SITE
from tests.journeys.traces.journey import WORDS, Visit
from tests.journeys.traces.lanes import lanes
from tests.journeys.traces.screen import Screen
from tests.journeys.traces.visits import ENGINES, Stage, Way, patiently, stage

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
# Fields hold their text outside the markup, so none may be there at all: what is not
# in the document is neither drawn nor in the accessibility tree.
_LEFT = """[document.hidden, document.documentElement.outerHTML,
  document.querySelectorAll('textarea, input').length]"""
_OPENED = 2  # seconds until another tab stands before this one
_HASTY = "tests.journeys.traces.serve:hasty"
# What was there while covered, on the landing rows, and in the box at the end.
Seen = tuple[list[Any], list[Any], str]


@pytest.fixture(scope="module")
def begun() -> Iterator[dict[str, "Future[list[Seen]]"]]:
    """Begin in all engines, two at a time; each test waits for its own."""
    folder = Path(tempfile.mkdtemp(prefix="stilla-"))
    try:
        with stage(folder, face=_HASTY) as on, lanes(folder) as lane:
            yield {
                engine.name: lane.begin(
                    partial(patiently, stay_away, on, Way(engine.name))
                )
                for engine in ENGINES
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stay_away(on: Stage, way: Way, seen: Screen) -> list[Seen]:
    """Type, look at another tab and come back, then do nothing for a while."""
    browser = on.browser(way, seen)
    visit = Visit(browser)
    try:
        visit.arrives()
        visit.reads()
        visit.writes(0)
        return [_behind_another(visit), _idle(visit)]
    finally:
        browser.kill()


def _behind_another(visit: Visit) -> Seen:
    at = visit.browser
    at.screen.press("ctrl+t")
    time.sleep(_OPENED)
    hidden = _look_behind(at, _LEFT)
    at.screen.press("ctrl+Page_Up")
    at.until("!document.hidden && document.querySelector('.show') != null")
    return hidden, *_return(visit)


def _idle(visit: Visit) -> Seen:
    visit.click("[name=text]")
    visit.waits("document.querySelector('.show') != null")
    return visit.browser.until(_LEFT), *_return(visit)


def _return(visit: Visit) -> tuple[list[Any], str]:
    """Uncover, and go back to the text; return the landing rows and the text."""
    visit.click(".show")
    visit.waits("document.querySelector('.tongues') != null")
    rows = visit.browser.until(_LEFT)
    visit.click(".row.back")
    visit.waits("document.querySelector('[name=text]') != null")
    return rows, visit.look("document.querySelector('[name=text]').value")


def _look_behind(browser: Browser, expression: str) -> Any:  # noqa: ANN401 - JSON
    """Evaluate in the site's tab once it is behind another; Chromium's is last."""
    ends = time.monotonic() + PATIENCE
    while True:
        if isinstance(browser, Chromium):
            tab = next(one for one in browser.targets() if SITE in one["url"])
            seen = browser.evaluate(tab, expression)
        else:
            seen = browser.until(expression)
        if seen[0] or time.monotonic() > ends:
            return seen
        time.sleep(0.2)


def _nothing_was_there_and_it_came_back(seen: Seen) -> None:
    (_, markup, fields), (_, rows, fields_there), text = seen
    assert 'class="cover"' in markup
    assert WORDS not in markup + rows
    assert (fields, fields_there) == (0, 0)
    assert text == WORDS


@pytest.mark.rule("S42")
@pytest.mark.parametrize("engine", [engine.name for engine in ENGINES])
def test_a_hidden_page_holds_nothing_and_gives_it_back(
    engine: str, begun: dict[str, "Future[list[Seen]]"]
) -> None:
    behind, _ = begun[engine].result()
    assert behind[0][0], "it was not hidden at all"
    _nothing_was_there_and_it_came_back(behind)


@pytest.mark.rule("S40")
@pytest.mark.parametrize("engine", [engine.name for engine in ENGINES])
def test_an_idle_page_holds_nothing_and_gives_it_back(
    engine: str, begun: dict[str, "Future[list[Seen]]"]
) -> None:
    _, idle = begun[engine].result()
    assert not idle[0][0], "it was covered as a hidden one"
    _nothing_was_there_and_it_came_back(idle)
