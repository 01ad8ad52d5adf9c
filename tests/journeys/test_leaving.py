"""Leaving at once: any press, the first moment, and the size of what it takes."""

import re
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import on_a_phone
from tests.journeys.demonstration import ROOT, Demonstration

pytestmark = pytest.mark.journey
TARGET = "https://www.smhi.se/**"
MOST = 4_096  # bytes of the script as it is sent
SCRIPT = ROOT / "static" / "leave.js"


def stub_target(page: Page) -> None:
    page.route(TARGET, lambda route: route.fulfill(body="."))


@pytest.mark.parametrize("button", ["left", "middle"])
def test_any_press_leaves_in_this_very_tab(
    script_phone: Page, button: Literal["left", "middle"]
) -> None:
    stub_target(script_phone)
    script_phone.goto("/sv/2")
    script_phone.locator(".leave").click(button=button, modifiers=["Control"])
    script_phone.wait_for_url(TARGET)
    assert len(script_phone.context.pages) == 1


@pytest.fixture
def slow_site(demo: Demonstration) -> Iterator[str]:
    """Serve a page that stops right after *Leave*, as a bad line would bring it."""
    with urllib.request.urlopen(f"{demo.url}/sv/2") as answer:
        page: bytes = answer.read()
    start = page[: page.index(b"</a>", page.index(b'class="leave"')) + len(b"</a>")]
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        over = threading.Event()
        threading.Thread(
            target=_bring_slowly, args=(listening, start, over), daemon=True
        ).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        over.set()


def _bring_slowly(
    listening: socket.socket, start: bytes, over: threading.Event
) -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n"
    )
    with suppress(OSError):  # the test is over
        caller, _ = listening.accept()
        caller.recv(65_536)
        caller.sendall(head + b"\r\n\r\n" + start)
        over.wait(30)
        caller.close()


def test_leave_works_before_the_rest_has_come(
    chromium: Browser, slow_site: str
) -> None:
    context = on_a_phone(chromium, slow_site)
    page = context.new_page()
    stub_target(page)
    page.goto("/sv/2", wait_until="commit")
    expect(page.locator(".leave")).to_be_visible()
    assert page.evaluate("document.readyState") == "loading"
    page.locator(".leave").click(no_wait_after=True)
    page.wait_for_url(TARGET, wait_until="commit")
    context.close()


def written_by(*options: str) -> str:
    """Return the script as a minifier writes it."""
    said = subprocess.run(
        ["esbuild", *options, str(SCRIPT)],
        check=True,
        capture_output=True,
        text=True,
    )
    return said.stdout


def test_the_script_is_small() -> None:
    assert len(written_by("--minify", "--target=es2017").encode()) < MOST


def test_the_script_runs_on_old_phones() -> None:
    # What is newer than its target would be rewritten: nothing is.
    assert written_by("--target=es2017") == written_by("--target=esnext")
    # Nothing newer than this is called without a look at whether it is there.
    called = set(re.findall(r"\bself\.(\w+)", SCRIPT.read_text()))
    assert called == {"CloseWatcher", "chrome", "visualViewport"}
