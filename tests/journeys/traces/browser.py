"""What the three browsers have in common: a home, a window, a start and an end."""

import json
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from tests.journeys.traces.hosts import Hosts
from tests.journeys.traces.screen import HEIGHT, Screen
from tests.ports import free_port

PATIENCE = 45  # seconds; the machine may be busy
# Where to click: found by the debugging channel, pressed by a hand.
_PLACE = """(() => {
  const seen = one =>
    one.getClientRects().length && getComputedStyle(one).visibility != 'hidden'
  const it = [...document.querySelectorAll(%s)].find(seen)
  if (!it) return null
  const at = it.getBoundingClientRect()
  // As a person does: only if it isn't on the screen, where nothing stands over it.
  if (at.top < 80 || at.bottom > innerHeight - 80)
    it.scrollIntoView({ block: 'center', behavior: 'instant' })
  const box = it.getBoundingClientRect()
  return [box.x + box.width / 2, box.y + box.height / 2, innerWidth, innerHeight]
})()"""

_LOADED = "document.readyState == 'complete' && location.href != 'about:blank'"


class Browser(ABC):
    """A real browser with a kept profile, in a home of its own."""

    name: ClassVar[str]
    package: ClassVar[str]
    saves: ClassVar[int]  # seconds after which it has saved its session
    names = "hosts"  # which list of names it is given

    def __init__(
        self, home: Path, hosts: Hosts, screen: Screen, *, script: bool = True
    ) -> None:
        self.home, self.hosts, self.screen = home, hosts, screen
        self.script = script
        self.process: subprocess.Popen[bytes] | None = None
        for folder in (home, home / "tmp", home / "run"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.port = free_port()
        self.prepare()

    @abstractmethod
    def prepare(self) -> None:
        """Write the settings that a person would have made before."""

    @abstractmethod
    def command(self, url: str) -> list[str]:
        """Return the command that opens the browser on an address."""

    @abstractmethod
    def look(self, expression: str, *, frame: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Evaluate JavaScript in the page, or in its frame; attached for an instant."""

    def environment(self) -> dict[str, str]:
        """Return what the browser is told from outside."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.home / "tmp"),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "LANG": "C.UTF-8",
            **self.screen.environment(),
        }

    def start(self, url: str) -> None:
        """Open the browser, and wait until it shows the address."""
        self.begin(url)
        self.until(_LOADED)

    def begin(self, url: str = "") -> None:
        """Open the browser on an address, or as it opens by itself."""
        self.process = subprocess.Popen(
            self.hosts.around(self.command(url), self.names),
            env=self.environment(),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def restore(self) -> None:
        """Open the browser again, after it was killed, on what was open before."""
        self.begin()

    def until(
        self, expression: str, *, frame: bool = False, patience: float = PATIENCE
    ) -> Any:  # noqa: ANN401 - JSON
        """Wait until an expression holds in the page, and return its value."""
        ends, last = time.monotonic() + patience, ""
        while time.monotonic() < ends:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended by itself")
            try:
                value = self.look(expression, frame=frame)
            except (OSError, RuntimeError, KeyError, IndexError, ValueError) as error:
                value, last = None, repr(error)
            if value:
                return value
            time.sleep(0.2)
        raise AssertionError(f"{self.name}: never {expression} {last}")

    def place(self, css: str, *, frame: bool = False) -> tuple[float, float]:
        """Return where on the screen the first shown element of a selector stands."""
        found = self.until(_PLACE % json.dumps(css), frame=frame)
        x, y, _, inner = found
        # The window fills the screen, and nothing stands below the page.
        return x, y + HEIGHT - inner

    def click(self, css: str, *, frame: bool = False) -> None:
        """Click what a selector names."""
        x, y = self.place(css, frame=frame)
        time.sleep(0.15)  # until the page has scrolled on the screen, too
        self.screen.click(x, y)

    def close(self) -> None:
        """Close the window as a person does, and wait for the processes to end."""
        ends = time.monotonic() + PATIENCE
        assert self.process is not None
        while self.process.poll() is None:
            if time.monotonic() > ends:
                self.kill()
                raise AssertionError(f"{self.name} did not close")
            self.screen.press("alt+F4")
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(4)
        self._await_all()

    def kill(self) -> None:
        """End everything at once, as an empty battery does."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        for pid in self._others():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _await_all(self) -> None:
        ends = time.monotonic() + 15
        while self._others() and time.monotonic() < ends:
            time.sleep(0.1)
        self.kill()

    def _others(self) -> list[int]:
        """Return the processes that live in this home: ours, and nobody else's."""
        mark = f"HOME={self.home}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found
