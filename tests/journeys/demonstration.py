"""The running demonstration: started, asked for codes, sent texts, and ended."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port
from web.demo import PASSWORD
from web.key_files import read

ROOT = Path(__file__).resolve().parents[2]
READY, END = 90, 60  # seconds
SITES = 3  # the visitors', the staff's, and the stand-in


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A demonstration that runs in a folder, on ports of its own."""

    process: subprocess.Popen[str]
    folder: Path
    port: int
    welcome: str
    settings: dict[str, str]
    logged: list[str] = field(
        default_factory=list
    )  # what was written after it, in the end

    @property
    def url(self) -> str:
        """The visitors' site."""
        return f"http://localhost:{self.port}"

    @property
    def staff_url(self) -> str:
        """The staff site."""
        return f"http://localhost:{self.port + 1}"

    def code(self, login: str) -> str:
        """Return a member's one-time code, by the command that prints fresh ones."""
        printed = _flask(self, "staff", "codes")
        return dict(line.split() for line in printed.splitlines())[login]

    def text_in(self, sender: str, words: str) -> None:
        """Send a text message in, by the command that the welcome names."""
        public = self.folder / "secrets" / "public.env"
        command = ["-m", "tests.standin", "text", "--env-file", str(public)]
        _python(self, *command, "--from", sender, words)


@contextmanager
def demonstration(
    folder: Path, port: int | None = None, **settings: str
) -> Iterator[Demonstration]:
    """Run what `make run` runs, until the block ends; then press Ctrl-C."""
    port = port or free_port(SITES)
    process = subprocess.Popen(
        # As a script starts it in its background: Ctrl-C must end it there too.
        ["env", "--ignore-signal=INT", sys.executable, "-m", "web.run"],
        cwd=ROOT,
        env=_environment(folder, port) | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    logged: list[str] = []
    try:
        welcome = _welcome(process)
        yield Demonstration(process, folder, port, welcome, settings, logged)
    finally:
        process.send_signal(signal.SIGINT)
        logged.append(process.communicate(timeout=END)[0])


def password() -> str:
    """Return the password that all made-up members share."""
    return PASSWORD


def _environment(folder: Path, port: int) -> dict[str, str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("STILLA_")}
    return plain | {
        "STILLA_DATA_DIR": str(folder),
        "STILLA_PORT": str(port),
        "STILLA_STAFF_PORT": str(port + 1),
    }


def _welcome(process: subprocess.Popen[str]) -> str:
    """Read what is printed until the line that says how to stop."""
    lines: list[str] = []
    ends = time.monotonic() + READY
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return "".join(lines)
        if time.monotonic() > ends:
            break
    raise AssertionError("the demonstration did not start:\n" + "".join(lines))


def _flask(running: Demonstration, *arguments: str) -> str:
    return _python(running, "-m", "flask", "--app", "app", *arguments)


def _python(running: Demonstration, *arguments: str) -> str:
    environment = _environment(running.folder, running.port)
    environment |= read(running.folder / "secrets", "staff") | running.settings
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
