"""Processes that are started, killed without a word, and started again."""

import multiprocessing
import random
import time
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.load.someone import main

_LIFE = 15  # seconds that one lives, on average
_UP_WITHIN = 60  # seconds until the first visitor was told of something
# Forked from a server that has everything imported, so that a start takes no time.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.load.warm"])


@dataclass
class Crowd:
    """Everybody at work: members and workers are killed, visitors are not."""

    plan: Path
    folder: Path
    running: dict[tuple[str, str], ForkServerProcess] = field(default_factory=dict)
    fallen: list[str] = field(default_factory=list)  # by themselves

    def start(self, role: str, name: str) -> None:
        """Start a process, or the same one anew."""
        where = (str(self.plan), str(self.log(name)))
        process = CONTEXT.Process(target=main, args=(role, name, *where))
        process.start()
        self.running[role, name] = process

    def log(self, name: str) -> Path:
        """Return where somebody writes down what was told."""
        return self.folder / f"{name}.log"

    def lines(self, name: str) -> list[str]:
        """Return what somebody wrote down."""
        log = self.log(name)
        return log.read_text().splitlines() if log.exists() else []

    def wait(self) -> None:
        """Wait until something has come in."""
        ends = time.monotonic() + _UP_WITHIN
        visitors = [name for role, name in self.running if role == "visitor"]
        while not any(map(self.lines, visitors)):
            assert time.monotonic() < ends, "nobody was told of anything"
            time.sleep(0.1)

    def rage(self, seconds: float) -> None:
        """Kill at random for some time; who falls is back at once."""
        ends = time.monotonic() + seconds
        mortal = [key for key in self.running if key[0] != "visitor"]
        while time.monotonic() < ends:
            time.sleep(_LIFE / len(mortal))
            falls = random.choice(("member", "worker"))  # few workers, as often
            role, name = random.choice([key for key in mortal if key[0] == falls])
            self._kill(role, name)
            self.start(role, name)

    def end(self) -> None:
        """Kill everybody."""
        for role, name in self.running:
            self._kill(role, name)

    def _kill(self, role: str, name: str) -> None:
        process = self.running[role, name]
        if not process.is_alive():
            self.fallen.append(f"{role} {name}")
        process.kill()
        process.join()
        process.close()
