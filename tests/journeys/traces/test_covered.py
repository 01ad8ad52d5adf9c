"""A hidden page is covered in every engine and gives typed text back (S42)."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.traces.browser import Browser
from tests.journeys.traces.chromium import Chromium
from tests.journeys.traces.hosts import SITE
from tests.journeys.traces.journey import WORDS, Visit
from tests.journeys.traces.lanes import lanes
from tests.journeys.traces.screen import Screen
from tests.journeys.traces.visits import ENGINES, Stage, Way, stage

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
# Fields hold their text outside the markup, so none may be there at all: what is not
# in the document is neither drawn nor in the accessibility tree.
_LEFT = """[document.hidden, document.documentElement.outerHTML,
  document.querySelectorAll('textarea, input').length]"""
_OPENED = 2  # seconds until another tab stands before this one
Seen = tuple[list[Any], list[Any], str]


@pytest.fixture(scope="module")
def begun() -> Iterator[dict[str, "Future[Seen]"]]:
    """Begin in all engines, two at a time; each test waits for its own."""
    folder = Path(tempfile.mkdtemp(prefix="stilla-"))
    try:
        with stage(folder) as on, lanes(folder) as lane:
            yield {
                engine.name: lane.begin(partial(look_away, on, Way(engine.name)))
                for engine in ENGINES
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def look_away(on: Stage, way: Way, seen: Screen) -> Seen:
    """Type, open another tab, come back; return what was there in between and then."""
    browser = on.browser(way, seen)
    visit = Visit(browser)
    try:
        visit.arrives()
        visit.reads()
        visit.writes(0)
        seen.press("ctrl+t")
        time.sleep(_OPENED)
        hidden = _look_behind(browser, _LEFT)
        seen.press("ctrl+Page_Up")
        browser.until("!document.hidden && document.querySelector('.show') != null")
        visit.click(".show")
        visit.waits("document.querySelector('.tongues') != null")
        rows = browser.look(_LEFT)
        visit.click(".row.back")
        visit.waits("document.querySelector('[name=text]') != null")
        text = visit.look("document.querySelector('[name=text]').value")
        return hidden, rows, text
    finally:
        browser.kill()


def _look_behind(browser: Browser, expression: str) -> Any:  # noqa: ANN401 - JSON
    """Evaluate in the site's tab, which stands behind another; Chromium's is last."""
    if not isinstance(browser, Chromium):
        return browser.look(expression)
    tab = next(one for one in browser.targets() if SITE in one["url"])
    return browser.evaluate(tab, expression)


@pytest.mark.rule("S42")
@pytest.mark.parametrize("engine", [engine.name for engine in ENGINES])
def test_a_hidden_page_holds_nothing_and_gives_it_back(
    engine: str, begun: dict[str, "Future[Seen]"]
) -> None:
    (was_hidden, markup, fields), (_, rows, fields_there), text = begun[engine].result()
    assert was_hidden
    assert 'class="cover"' in markup
    assert WORDS not in markup + rows
    assert (fields, fields_there) == (0, 0)
    assert text == WORDS
