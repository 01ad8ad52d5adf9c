"""Processes that are started, killed without a word, and started again."""

import multiprocessing
import random
import time
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.load import someone

_LIFE = 6  # seconds that one lives, on average
_UP_WITHIN = 60  # seconds until the first visitor was told of something
# Forked from a server that has everything imported, so that a start takes no time.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([someone.__name__])


@dataclass
class Crowd:
    """Everybody at work: members and workers are killed, visitors are not."""

    plan: Path
    folder: Path
    running: dict[tuple[str, str], ForkServerProcess] = field(default_factory=dict)
    killed: int = 0

    def start(self, role: str, name: str) -> None:
        """Start a process, or the same one anew."""
        where = (str(self.plan), str(self.log(name)))
        process = _CONTEXT.Process(target=someone.main, args=(role, name, *where))
        process.start()
        self.running[role, name] = process

    def log(self, name: str) -> Path:
        """Return where a visitor writes down what she was told."""
        return self.folder / f"{name}.log"

    def wait(self) -> None:
        """Wait until something has come in."""
        ends = time.monotonic() + _UP_WITHIN
        while not any(self.folder.glob("*.log")):
            assert time.monotonic() < ends, "nobody was told of anything"
            time.sleep(0.1)

    def rage(self, seconds: float) -> None:
        """Kill at random for some time; who falls is back at once."""
        ends = time.monotonic() + seconds
        mortal = [key for key in self.running if key[0] != "visitor"]
        while time.monotonic() < ends:
            time.sleep(_LIFE / len(mortal))
            role, name = random.choice(mortal)
            assert self.running[role, name].is_alive(), f"{role} {name} fell by itself"
            self._kill(role, name)
            self.killed += 1
            self.start(role, name)

    def end(self) -> None:
        """Kill everybody."""
        for role, name in self.running:
            self._kill(role, name)

    def _kill(self, role: str, name: str) -> None:
        process = self.running[role, name]
        process.kill()
        process.join()
        process.close()
