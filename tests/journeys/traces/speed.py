"""How long a page stays on the screen after the press, read off the screen itself."""

import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from tests.journeys.traces.browser import Browser
from tests.journeys.traces.screen import Screen

# A part of the window in which every page measured here has text.
_AREA = (300, 330, 600, 400)  # x, y, width, height
_ALL_PLANES, _Z_PIXMAP = 0xFFFFFFFF, 2
_LONGEST = 6.0  # seconds; the target takes 5
# Nobody lets go of a button in the moment in which it goes down.
_HELD = 0.08  # seconds
_STAYS_GONE = 0.5  # seconds
RUNS = 20


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one page and one kind of press, in milliseconds."""

    engine: str
    page: str
    press: str
    runs: list[int]

    @property
    def median(self) -> int:
        """The middle of all runs."""
        return round(median(self.runs))

    @property
    def longest(self) -> int:
        """The slowest run."""
        return max(self.runs)


class _Image(ctypes.Structure):
    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
    )


class Eye:
    """A hand and an eye on a display, faster than any program that is started."""

    def __init__(self, screen: Screen) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        shown = self._x.XOpenDisplay(screen.display.encode())
        assert shown, "no such display"
        self._display = ctypes.c_void_p(shown)
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))

    def button(self, down: int) -> None:
        """Press the left button where the pointer is, or let it go."""
        self._test.XTestFakeButtonEvent(self._display, 1, down, ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)

    def shift(self, down: int) -> None:
        """Press the left Shift key, or let it go."""
        self._test.XTestFakeKeyEvent(self._display, 50, down, ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)

    def is_blank(self) -> bool:
        """Whether the area has one colour only: no text of the page shows."""
        x, y, width, height = _AREA
        image = self._x.XGetImage(
            self._display,
            self._root,
            *(x, y, width, height),
            ctypes.c_ulong(_ALL_PLANES),
            _Z_PIXMAP,
        )
        held = ctypes.string_at(image.contents.data, width * height * 4)
        self._x.XDestroyImage(image)
        return held == held[:4] * (width * height)

    def close(self) -> None:
        """Let the display go."""
        self._x.XCloseDisplay(self._display)


@contextmanager
def eye(screen: Screen) -> Iterator[Eye]:
    """Open an eye until the block ends."""
    made = Eye(screen)
    try:
        yield made
    finally:
        made.close()


def until_gone(sees: Eye, move: Callable[[int], None]) -> int:
    """Press, let go, and return when the text was seen last, in milliseconds."""
    assert not sees.is_blank(), "there is nothing to be gone"
    start, seen, held = time.monotonic(), 0.0, True
    move(1)
    # It might come back when the button is let go: so the eye stays on for a while.
    while (at := time.monotonic() - start) < min(_LONGEST, seen + _HELD + _STAYS_GONE):
        if held and at > _HELD:
            move(0)
            held = False
        if not sees.is_blank():
            seen = time.monotonic() - start
    return round(seen * 1000)


def measure(
    browser: Browser, sees: Eye, url: str, css: str, press: str, runs: int
) -> list[int]:
    """Open a page and leave it, again and again; return the times."""
    found = []
    for _ in range(runs):
        _opens(browser, url, css)
        x, y = browser.place(css)
        browser.screen.move(x, y)
        time.sleep(0.8)
        if press == "pointer":
            found.append(until_gone(sees, sees.button))
        else:
            for down in (1, 0, 1, 0):
                sees.shift(down)
            found.append(until_gone(sees, sees.shift))
    return found


def _opens(browser: Browser, url: str, css: str) -> None:
    """Open the page anew; again where the browser was still busy with the last one."""
    host = url.split("/")[2]
    fresh = (
        f"location.host == '{host}' && document.readyState == 'complete'"
        f" && document.querySelector('{css}') && !window.used && (window.used = 1)"
    )
    for tries_left in (2, 1, 0):
        # The same address, typed while the target is still to come, is a reload: and a
        # page that was left never shows again.
        for address in ("about:blank", url):
            browser.screen.press("ctrl+l")
            browser.screen.type(address)
            browser.screen.press("Return")
            time.sleep(0.3)
        try:
            browser.until(fresh, patience=8)
        except AssertionError:
            if not tries_left:
                raise
        else:
            return
