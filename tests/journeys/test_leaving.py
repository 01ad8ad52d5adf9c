"""Leaving at once: any press, the first moment, and the size of what it takes."""

import re
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from hashlib import sha256
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.conftest import on_a_phone
from tests.journeys.demonstration import ROOT, Demonstration

pytestmark = pytest.mark.journey
TARGET = "https://smhi.se/**"
MOST = 4_096  # bytes of the script as it is sent
SCRIPT = ROOT / "static" / "leave.js"
# Of all that is newer than ES2017 the script takes these alone, where they are.
NEWER = {"CloseWatcher", "chrome", "navigation", "visualViewport"}


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


def test_a_press_that_moves_leaves_too(script_phone: Page) -> None:
    stub_target(script_phone)
    script_phone.goto("/sv/2")
    script_phone.mouse.move(100, 610)
    script_phone.mouse.down()
    script_phone.mouse.move(140, 615, steps=8)
    script_phone.mouse.up()
    script_phone.wait_for_url(TARGET)


@pytest.mark.parametrize("colours", ["none", "active"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_slow_press_blanks_and_keeps_the_keyboard(
    chromium: Browser,
    demo: Demonstration,
    script: bool,
    colours: Literal["none", "active"],
) -> None:
    context = on_a_phone(chromium, demo.url, java_script_enabled=script)
    page = context.new_page()
    page.emulate_media(forced_colors=colours)
    page.goto("/sv/2")
    page.evaluate("document.querySelectorAll('.leave ~ *').forEach(x => x.remove())")
    blank = pictured(page)
    page.goto("/sv/2")
    box = page.locator("textarea").first
    box.press_sequentially("Hej")
    for make in (box.focus, box.select_text):  # a caret, marked text
        make()
        assert pictured(page) != blank
        with held_down(page):
            assert pictured(page) == blank
            # A phone takes its keyboard away with the focus, and Leave then moves.
            assert page.evaluate("document.activeElement.localName") == "textarea"
    context.close()


def pictured(page: Page) -> str:
    """Return what tells one picture of a page, caret and all, from another."""
    return sha256(page.screenshot(caret="initial")).hexdigest()


@contextmanager
def held_down(page: Page) -> Iterator[None]:
    """Let Leave look as under a finger that has not let go yet."""
    tools = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        tools.send(f"{domain}.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    asked = {"nodeId": root, "selector": ".leave"}
    node = tools.send("DOM.querySelector", asked)["nodeId"]
    pressed = {"nodeId": node, "forcedPseudoClasses": ["active"]}
    tools.send("CSS.forcePseudoState", pressed)
    yield
    tools.detach()


@pytest.fixture
def slow_site(demo: Demonstration) -> Iterator[str]:
    """Serve a page, twice, that stops after *Leave*, as a bad line would bring it."""
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
    with suppress(OSError), ExitStack() as callers:  # the test is over
        for _ in range(2):
            caller = callers.enter_context(listening.accept()[0])
            caller.recv(65_536)
            caller.sendall(head + b"\r\n\r\n" + start)
        over.wait(30)


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


def test_a_page_that_was_left_never_shows_while_it_comes(
    chromium: Browser, slow_site: str
) -> None:
    context = on_a_phone(chromium, slow_site)
    page = context.new_page()
    page.goto("/sv/2", wait_until="commit")
    expect(page.locator(".leave")).to_be_visible()
    # As leaving marks it, before Back; here a reload finds the mark.
    page.evaluate("navigation.updateCurrentEntry({ state: 1 })")
    page.reload(wait_until="commit")
    page.wait_for_selector(".leave", state="attached")
    assert page.evaluate("document.readyState") == "loading"
    expect(page.locator(".leave")).to_be_hidden()
    context.close()


def test_a_page_without_an_origin_has_the_script_too(script_phone: Page) -> None:
    def closed_off(route: Route) -> None:
        answer = route.fetch()
        policy = answer.headers["content-security-policy"]
        policy += "; sandbox allow-scripts allow-top-navigation"
        headers = answer.headers | {"content-security-policy": policy}
        route.fulfill(response=answer, headers=headers)

    stub_target(script_phone)
    script_phone.route("**/sv/2", closed_off)
    script_phone.goto("/sv/2")
    expect(script_phone.locator("html.js")).to_be_visible()
    for _ in range(3):
        script_phone.keyboard.press("Shift")
    script_phone.wait_for_url(TARGET)


# Takes away what the script may not count on.
OLDEN = """for (const one of %s) {
  delete window[one]
  if (one in window) throw one
}"""


def test_without_what_is_newer_it_reads_goes_back_and_leaves(
    script_phone: Page,
) -> None:
    stub_target(script_phone)
    script_phone.add_init_script(OLDEN % sorted(NEWER))
    script_phone.goto("/sv/")
    assert script_phone.evaluate("typeof navigation") == "undefined"
    script_phone.locator("details.page > summary").first.click()
    script_phone.click("button.back")
    expect(script_phone.locator("main.home")).to_be_visible()
    for _ in range(3):
        script_phone.keyboard.press("Shift")
    script_phone.wait_for_url(TARGET)


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
    # What is newer is taken from the window at the top, and looked for before use.
    (taken,) = re.findall(r"const \{ (.+) \} = self", SCRIPT.read_text())
    assert {one.split(":")[0] for one in taken.split(", ")} == NEWER
    assert not re.search(r"\bself\.", SCRIPT.read_text())
