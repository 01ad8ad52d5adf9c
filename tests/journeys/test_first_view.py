"""The first view: one answer that fits a new connection's first ten packets."""

import socket

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import Demonstration
from web import telling
from web.languages import KNOWN
from web.shelves import PACKAGE

pytestmark = pytest.mark.journey
FIRST_FLIGHT = 14_000  # bytes, answer's headers included (RFC 6928: ten segments)


def _on_the_wire(port: int, path: str, coding: str) -> bytes:
    """Return every byte that one plain request is answered with."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
            f"Accept-Encoding: {coding}\r\nAccept-Language: sv\r\n"
            "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        return b"".join(iter(lambda: wire.recv(65_536), b""))


def test_first_view_fits_the_first_flight(demo: Demonstration, language: str) -> None:
    answer = _on_the_wire(demo.port, f"/{language}/", "br")
    assert b"content-encoding: br" in answer[:2000].lower()
    assert len(answer) <= FIRST_FLIGHT


def test_gzip_is_served_where_brotli_is_not_known(demo: Demonstration) -> None:
    answer = _on_the_wire(demo.port, "/", "gzip")
    assert b"content-encoding: gzip" in answer[:2000].lower()
    assert len(answer) <= FIRST_FLIGHT * 1.25


def test_one_request_no_redirect_and_nothing_from_elsewhere(
    phone: Page, demo: Demonstration
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto("/")
    for row in phone.locator("details.page > summary").all():
        if row.is_visible():
            row.click()
            if phone.locator(".back").first.is_visible():
                phone.locator(".back").first.click()
    phone.wait_for_timeout(300)
    assert asked == [f"{demo.url}/"]


@pytest.mark.rule("S41")
def test_first_screen_holds_no_telling_word(phone: Page, language: str) -> None:
    phone.goto(f"/{language}/")
    seen = phone.evaluate(
        """() => {
          const texts = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const shown = { contentVisibilityAuto: true };
            if (!walk.currentNode.parentElement.checkVisibility(shown)) continue;
            const range = document.createRange();
            range.selectNodeContents(walk.currentNode);
            for (const box of range.getClientRects())
              if (box.top < 640 && box.height) { texts.push(range.toString()); break; }
          }
          return texts.join(" ").toLowerCase();
        }"""
    )
    assert len(seen) > 100
    beginnings = telling.listed(PACKAGE, KNOWN[language].locale)
    assert telling.found(beginnings, seen) == set()


def test_first_screen_shows_the_ways_in_and_the_ways_to_reach_us(
    phone: Page, language: str
) -> None:
    phone.goto(f"/{language}/")
    leave = phone.locator(".leave").bounding_box()
    assert leave is not None
    rows = phone.locator("main > .rows").first.locator(":scope > details > summary")
    assert rows.count() == 4
    for one in (*rows.all(), *phone.locator(".chips a").all()):
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 48
        assert box["y"] + box["height"] <= leave["y"]


def test_arabic_is_mirrored_and_leave_keeps_its_side(phone: Page) -> None:
    boxes = {}
    for language in ("sv", "ar"):
        phone.goto(f"/{language}/")
        boxes[language] = phone.locator("h1").bounding_box(), _leave(phone)
    phone.goto("/ar/")
    assert phone.locator("html").get_attribute("dir") == "rtl"
    align = "getComputedStyle(document.querySelector('main')).direction"
    assert phone.evaluate(align) == "rtl"
    assert boxes["ar"][1] == boxes["sv"][1]
    phone.set_viewport_size({"width": 320, "height": 640})
    wide = "document.documentElement.scrollWidth"
    assert phone.evaluate(wide) <= 320


def test_leave_is_first_in_focus_order_and_large_enough(phone: Page) -> None:
    phone.goto("/sv/")
    phone.keyboard.press("Tab")
    expect(phone.locator(".leave")).to_be_focused()
    box = phone.locator(".leave").bounding_box()
    assert box is not None
    assert box["height"] >= 48


def test_nothing_is_stored(script_phone: Page) -> None:
    script_phone.goto("/sv/")
    stored = script_phone.evaluate(
        """async () => [
          localStorage.length, sessionStorage.length, document.cookie,
          (await indexedDB.databases()).length, (await caches.keys()).length,
          (await navigator.serviceWorker.getRegistrations()).length,
        ]"""
    )
    assert stored == [0, 0, "", 0, 0, 0]


def _leave(phone: Page) -> tuple[float, float]:
    box = phone.locator(".leave").bounding_box()
    assert box is not None
    return box["x"], box["width"]
