"""A screen of one's own, and a hand that types and clicks on it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT = 1280, 900
# Every window fills the screen, without a frame: so a page's place on it is known.
_MANAGER = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
<focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
<keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
<mouse><context name="Client"><mousebind button="Left" action="Press">
<action name="Focus"/><action name="Raise"/></mousebind></context></mouse>
<applications><application class="*" type="normal">
<decor>no</decor><maximized>yes</maximized><focus>yes</focus>
</application></applications></openbox_config>
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """A display: what is pressed, typed and seen on it."""

    display: str

    def environment(self) -> dict[str, str]:
        """Return what a program needs to know to show itself here."""
        return {"DISPLAY": self.display}

    def click(self, x: float, y: float) -> None:
        """Move there and press the left button, as a hand does."""
        at = (str(round(x)), str(round(y)))
        self._do("mousemove", *at)
        time.sleep(0.05)
        self._do("click", "1")

    def move(self, x: float, y: float) -> None:
        """Move the pointer."""
        self._do("mousemove", str(round(x)), str(round(y)))

    def press(self, *keys: str) -> None:
        """Press keys one after another, such as `ctrl+l`."""
        for key in keys:
            self._do("key", "--clearmodifiers", key)
            time.sleep(0.05)

    def type(self, text: str) -> None:
        """Type a text of plain letters and digits."""
        self._do("type", "--delay", "25", text)

    def windows(self) -> list[str]:
        """Return the ids of the windows that are shown."""
        found = self._do("search", "--onlyvisible", "--name", ".", check=False)
        return found.split()

    def _do(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=os.environ | self.environment(),
            capture_output=True,
            text=True,
            check=check,
            timeout=30,
        )
        return done.stdout


@contextmanager
def screen(folder: Path) -> Iterator[Screen]:
    """Start a display and a window manager, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    reader, writer = os.pipe()
    server = subprocess.Popen(
        [
            *("Xvfb", "-displayfd", str(writer), "-nolisten", "tcp"),
            *("-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-noreset"),
        ],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            made = Screen(f":{said.readline().strip()}")
        (folder / "rc.xml").write_text(_MANAGER)
        manager = subprocess.Popen(
            ["openbox", "--config-file", str(folder / "rc.xml"), "--sm-disable"],
            env=os.environ | made.environment() | {"HOME": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield made
        finally:
            manager.terminate()
            manager.wait(10)
    finally:
        server.terminate()
        server.wait(10)
