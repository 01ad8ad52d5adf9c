"""The doors on another site's page: frame, form and link, in a real browser."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.apps import public_app
from tests.ports import free_port
from web.doors import policy

pytestmark = pytest.mark.journey
TARGET = "https://smhi.se/**"
BUTTON = "form[data-door] > button"
LARGEST = 1_500  # bytes of a snippet
# A tracker as it stands on many sites: it listens to whatever a visitor does.
TRACKER = """<script>var heard = [];
['click', 'auxclick', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'touchstart',
 'touchend', 'keydown', 'keyup', 'keypress', 'submit'].forEach(what => {
  for (const where of [window, document, document.documentElement])
    for (const early of [true, false])
      where.addEventListener(what, event => heard.push(event.type), early)
})</script>"""
PAGE = """<!doctype html><html lang="sv"><title>Kommunens sida</title>
<h1>Kommunen</h1><a href="/elsewhere">Annat</a> {} {}"""


@dataclass(frozen=True, slots=True)
class Town:
    """The municipality's site beside ours, with pages that hold the doors."""

    app: Flask
    site: str  # ours
    port: int

    def page(self, name: str, host: str = "127.0.0.1") -> str:
        """Return the address of a page; localhost is a host that may not frame us."""
        return f"http://{host}:{self.port}/{name}"


def printed(app: Flask, language: str) -> list[str]:
    """Return what `flask doors` prints: the snippet, and the plain link."""
    done = app.test_cli_runner().invoke(args=["doors", "--language", language])
    assert done.exit_code == 0, done.output
    button, link = done.stdout.strip().rsplit("\n", 1)
    return [button, link]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Serve our site, and the municipality's on another port and host."""
    port = free_port(2)
    app = public_app(
        tmp_path_factory.mktemp("doors"),
        port=str(port),
        frame_ancestors=f"http://127.0.0.1:{port + 1}",
    )
    ours = make_server("127.0.0.1", port, app, threaded=True)
    theirs = _municipality(port + 1, app, f"http://localhost:{port}")
    for server in (ours, theirs):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with closing(ours.socket), closing(theirs.socket):
        yield Town(app, f"http://localhost:{port}", port + 1)
        ours.shutdown()
        theirs.shutdown()


def _municipality(port: int, app: Flask, site: str) -> ThreadingHTTPServer:
    button, link = printed(app, "sv")
    plain = PAGE.format(button + TRACKER, link)
    pages = {
        "/": (plain, ""),
        "/arabic": (PAGE.format(*printed(app, "ar")), ""),
        "/policy": (plain.replace(TRACKER, ""), f"default-src 'none'; {policy(site)}"),
        "/no-frames": (plain, "frame-src 'none'"),
        "/elsewhere": ("<!doctype html><title>Annat</title><p>Annat", ""),
    }

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, rules = pages.get(self.path, ("", ""))
            self.send_response(200 if html else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if rules:
                self.send_header("Content-Security-Policy", rules)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Pages)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(locale="sv-SE")
    made.set_default_timeout(10_000)
    yield _stubbed(made)
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def _stubbed(context: BrowserContext) -> BrowserContext:
    context.route(TARGET, lambda route: route.fulfill(body="."))
    return context


def opened(page: Page, address: str) -> Page:
    """Go to a page of the municipality's and press the door's button."""
    page.goto(address)
    page.click(BUTTON)
    return page


def stays_here(page: Page) -> None:
    """Let the target answer that there is nothing to show: the page then stays."""
    page.route(TARGET, lambda route: route.fulfill(status=204))


def in_the_frame(page: Page) -> None:
    """Wait until the site is there and has the focus."""
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("Stöd och råd")
    page.wait_for_function("document.activeElement.localName == 'iframe'")


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_a_snippet_is_small(town: Town, language: str) -> None:
    button, _ = printed(town.app, language)
    assert len(button.encode()) < LARGEST - 40  # a longer host name fits as well


def test_nothing_is_asked_for_before_the_press(page: Page, town: Town) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(town.page(""))
    page.hover(BUTTON)
    page.focus(BUTTON)
    page.wait_for_timeout(500)
    assert [url for url in asked if town.site in url] == []
    page.click(BUTTON)
    in_the_frame(page)
    page.wait_for_timeout(1000)  # longer than the door waits for a sign of life
    assert [url for url in asked if town.site in url] == [f"{town.site}/sv/"]


@pytest.mark.parametrize("name", ["", "policy"])
def test_the_frame_takes_the_whole_page_and_the_focus(
    page: Page, town: Town, name: str
) -> None:
    opened(page, town.page(name))
    in_the_frame(page)
    box, size = page.locator("dialog").bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    wide = page.evaluate("document.documentElement.clientWidth")
    assert (box["x"], box["y"], box["height"]) == (0, 0, size["height"])
    assert box["width"] >= wide
    assert page.title() == "Kommunens sida"
    assert page.url == town.page(name)
    assert page.locator("iframe").get_attribute("title") == "Stöd och råd"
    expect(page.get_by_role("dialog", name="Stöd och råd")).to_be_visible()


def test_the_page_behind_is_inert(page: Page, town: Town) -> None:
    opened(page, town.page(""))
    in_the_frame(page)
    page.evaluate("document.querySelector('a[href=\"/elsewhere\"]').focus()")
    met = []
    for _ in range(60):
        met.append(page.evaluate("document.activeElement.localName"))
        page.keyboard.press("Tab")
    # The browser's own bar is reached by Tab as well; that the tool can't show.
    assert set(met) <= {"iframe", "button", "body"}
    assert page.evaluate("document.activeElement.matches('body, dialog *')")


@pytest.mark.parametrize("inside", [True, False], ids=["in the frame", "on the bar"])
def test_esc_closes_the_frame_and_gives_the_focus_back(
    page: Page, town: Town, inside: bool
) -> None:
    opened(page, town.page(""))
    in_the_frame(page)
    if not inside:
        page.focus("dialog button")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.locator(BUTTON)).to_be_focused()
    page.keyboard.press("Enter")
    in_the_frame(page)


def test_esc_goes_back_first_where_there_is_a_way_back(page: Page, town: Town) -> None:
    opened(page, town.page(""))
    in_the_frame(page)
    frame = page.frame_locator("iframe")
    frame.locator("details.page > summary").first.click()
    expect(frame.locator("button.back")).to_be_visible()
    page.keyboard.press("Escape")
    expect(frame.locator(".tongues")).to_be_visible()
    expect(page.locator("dialog")).to_be_visible()


def test_only_the_frame_itself_may_close_it(page: Page, town: Town) -> None:
    opened(page, town.page(""))
    in_the_frame(page)
    page.evaluate("postMessage('', '*')")
    page.wait_for_timeout(300)
    expect(page.locator("iframe")).to_be_visible()


@pytest.mark.parametrize("where", ["frame", "host", "keys"])
def test_leave_replaces_the_top_page(page: Page, town: Town, where: str) -> None:
    page.goto(town.page("elsewhere"))
    opened(page, town.page(""))
    in_the_frame(page)
    if where == "frame":
        page.frame_locator("iframe").locator(".leave").click()
    elif where == "host":
        page.click("dialog button")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(TARGET)
    page.go_back(wait_until="commit")
    assert page.url == town.page("elsewhere")


def test_the_pages_own_leave_blanks_before_the_target_comes(
    page: Page, town: Town
) -> None:
    stays_here(page)
    opened(page, town.page(""))
    in_the_frame(page)
    same_task = "() => { %s.click(); return document.body }"
    assert page.evaluate(same_task % 'document.querySelector("dialog button")') is None
    assert page.evaluate("document.title") == "Kommunens sida"


def test_a_link_to_another_site_takes_the_whole_page(page: Page, town: Town) -> None:
    page.context.route("https://www.imy.se/**", lambda route: route.fulfill(body="."))
    opened(page, town.page(""))
    in_the_frame(page)
    frame = page.frame_locator("iframe")
    link = frame.locator("a[href^='https://www.imy.se']")
    frame.locator("details.page", has=link).first.locator("summary").first.click()
    link.click()
    page.wait_for_url("https://www.imy.se/**")
    page.go_back(wait_until="commit")
    assert page.url == town.page("")
    expect(page.locator(BUTTON)).to_be_visible()
    expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("address", ["no-frames", "other host"])
def test_where_the_frame_is_refused_the_form_is_sent(
    page: Page, town: Town, address: str
) -> None:
    refused = town.page("", "localhost") if address == "other host" else None
    with page.expect_request(f"{town.site}/") as sent:
        opened(page, refused or town.page(address))
    assert sent.value.method == "POST"
    assert sent.value.post_data is None
    page.wait_for_url(f"{town.site}/")
    expect(page.locator("h1")).to_have_text("Stöd och råd")


def test_a_browser_without_dialogs_sends_the_form(
    context: BrowserContext, town: Town
) -> None:
    context.add_init_script("delete window.HTMLDialogElement")
    page = opened(context.new_page(), town.page(""))
    page.wait_for_url(f"{town.site}/")
    expect(page.locator("h1")).to_have_text("Stöd och råd")


def test_a_browser_without_script_sends_the_form(chromium: Browser, town: Town) -> None:
    context = chromium.new_context(locale="sv-SE", java_script_enabled=False)
    page = opened(context.new_page(), town.page(""))
    page.wait_for_url(f"{town.site}/")
    expect(page.locator("h1")).to_have_text("Stöd och råd")
    context.close()


def test_the_plain_link_leads_to_the_language(page: Page, town: Town) -> None:
    page.goto(town.page("arabic"))
    with page.expect_request(f"{town.site}/ar/") as asked:
        page.click("a[rel=noreferrer]")
    assert "referer" not in asked.value.headers
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def test_a_language_opens_in_its_own_direction(page: Page, town: Town) -> None:
    opened(page, town.page("arabic"))
    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("dialog button")).to_have_text("مغادرة الصفحة بسرعة")


@pytest.mark.rule("S44")
@pytest.mark.parametrize("by", ["mouse", "key", "finger"])
def test_no_other_script_hears_the_press(
    chromium: Browser, town: Town, by: str
) -> None:
    context = _stubbed(chromium.new_context(locale="sv-SE", has_touch=True))
    page = context.new_page()
    page.goto(town.page(""))
    page.mouse.click(400, 400)
    assert "click" in page.evaluate("heard")
    page.evaluate("heard = []")
    if by == "mouse":
        page.click(BUTTON)
    elif by == "finger":
        page.tap(BUTTON)
    else:
        page.press(BUTTON, "Enter")
    in_the_frame(page)
    assert page.evaluate("heard") == []
    stays_here(page)
    page.click("dialog button")
    expect(page.locator("body")).to_have_count(0)
    assert page.evaluate("heard") == []
    context.close()


def test_back_and_forward_show_no_frame(page: Page, town: Town) -> None:
    page.goto(town.page("elsewhere"))
    opened(page, town.page(""))
    in_the_frame(page)
    page.go_back(wait_until="commit")
    page.go_forward(wait_until="commit")
    expect(page.locator(BUTTON)).to_be_visible()
    expect(page.locator("dialog")).to_have_count(0)
