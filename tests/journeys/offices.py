"""A desk in this process, whose clock can be set: its site, a carrier, a browser.

The demonstration has real time and no line to call from; here is what needs them.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.blueprints.bridge.conftest import LINE, Wire
from tests.blueprints.conftest import StaffBureau
from tests.factories import staffed
from tests.hookup import site, texting
from tests.journeys.demonstration import password
from tests.ports import free_port
from tests.standin import StandIn

_MOST_STEPS = 600  # controls on one page


@dataclass(frozen=True, slots=True)
class Office:
    """A house with a line to call from, and one browser in it."""

    bureau: StaffBureau
    wire: Wire
    page: Page

    def sits_down(self, login: str) -> Page:
        """Let a member come in, by keyboard; who sat there before is forgotten."""
        self.page.context.clear_cookies()
        self.page.goto("/sign-in")
        self.page.locator("[name=login]").focus()
        for typed in (login, password(), self.bureau.code(login)):
            self.page.keyboard.type(typed)
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        self.page.locator(".top").wait_for()
        return self.page


@contextmanager
def opened(browser: Browser, folder: Path) -> Iterator[Office]:
    """Open the staff site of a fresh house on a Monday at ten, and the webhooks."""
    port = free_port(2)
    desk, hooks = (f"http://localhost:{one}" for one in (port, port + 1))
    bureau = staffed(StaffBureau, folder, staff_port=str(port), voice_number=LINE)
    context = browser.new_context(
        base_url=desk, viewport={"width": 1280, "height": 900}
    )
    with StandIn() as standin:
        taking = replace(
            texting(folder),
            public_url=hooks,
            voice_number=LINE,
            twilio_auth_token=(standin.token,),
        )
        hooked = site(bureau, taking)
        with _serving(bureau.app, port), _serving(hooked, port + 1), closing(context):
            yield Office(bureau, Wire(bureau, standin, hooks, ""), context.new_page())
    bureau.engine.dispose()


def to_place(page: Page, where: str) -> None:
    """Come by Tab to what a selector names."""
    is_there = "where => document.activeElement.matches(where)"
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(is_there, where):
            return
    raise AssertionError(f"Tab never came to {where}")


def picks(page: Page, name: str, value: str) -> None:
    """Choose one of a group of radios, by arrows."""
    to_place(page, f"[name={name}]")
    page.keyboard.press("Space")
    for _ in range(page.locator(f"[name={name}]").count()):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow came to {value}")


def unfolds(page: Page, action: str) -> None:
    """Open the fold that holds the form which leads to a path."""
    to_place(page, f"details:has(form[action$='{action}']) > summary")
    page.keyboard.press("Enter")


@contextmanager
def _serving(app: Flask, port: int) -> Iterator[None]:
    server = make_server("localhost", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
