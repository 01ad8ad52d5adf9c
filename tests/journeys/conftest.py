"""One running demonstration a module, and one Chromium for all journeys."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.factories import quicken
from tests.journeys.demonstration import Demonstration, demonstration
from tests.journeys.offices import Office, opened
from tests.journeys.people import Member
from web.languages import KNOWN

# The test tool turns the back/forward cache off, which would hide what Back shows.
_AS_PEOPLE_HAVE_IT = ["--disable-back-forward-cache"]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """Run the whole demonstration, as a person would start it.

    One for each module: what the others sent would count against the network limit.
    """
    with demonstration(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=QUIET,
            ignore_default_args=_AS_PEOPLE_HAVE_IT,
        )
        yield browser
        browser.close()


@pytest.fixture(params=KNOWN)
def language(demo: Demonstration, request: pytest.FixtureRequest) -> str:
    """Return the code of each language that the demonstration shows."""
    code = str(request.param)
    try:
        urllib.request.urlopen(f"{demo.url}/{code}/").close()
    except urllib.error.HTTPError:
        pytest.skip("not whole")
    return code


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def phone(
    chromium: Browser, demo: Demonstration, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """Return a visitor's phone, with JavaScript and without."""
    context = on_a_phone(chromium, demo.url, java_script_enabled=request.param)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


@pytest.fixture
def script_phone(chromium: Browser, demo: Demonstration) -> Iterator[Page]:
    """Return a visitor's phone with JavaScript."""
    context = on_a_phone(chromium, demo.url)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def maria(chromium: Browser, demo: Demonstration) -> Iterator[Member]:
    """Return the adult unit's head, signed in at her desk."""
    yield from _at_a_desk(chromium, demo, "maria")


@pytest.fixture(scope="module")
def amina(chromium: Browser, demo: Demonstration) -> Iterator[Member]:
    """Return a member of reception and of the adult unit, signed in."""
    yield from _at_a_desk(chromium, demo, "amina")


@pytest.fixture(scope="module")
def erik(chromium: Browser, demo: Demonstration) -> Iterator[Member]:
    """Return a member on the wall's other side, signed in."""
    yield from _at_a_desk(chromium, demo, "erik")


@pytest.fixture
def office(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """Return a desk whose clock can be set, with a line to call from."""
    quicken(monkeypatch)
    with opened(chromium, tmp_path) as office:
        yield office


def _at_a_desk(browser: Browser, demo: Demonstration, login: str) -> Iterator[Member]:
    context = browser.new_context(
        base_url=demo.staff_url, viewport={"width": 1280, "height": 900}
    )
    yield Member.signs_in(context, demo, login)
    context.close()


def on_a_phone(
    browser: Browser, url: str, *, java_script_enabled: bool = True
) -> BrowserContext:
    """Return a fresh phone in Swedish hands."""
    return browser.new_context(
        base_url=url,
        viewport={"width": 360, "height": 640},
        locale="sv-SE",
        has_touch=True,
        java_script_enabled=java_script_enabled,
    )
