"""Two visits at a time, side by side, each on a screen of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Queue
from typing import TypeVar

from tests.journeys.traces.screen import Screen, screen

LANES = 2
_Made = TypeVar("_Made")


class Lanes:
    """Screens that wait for work, and what they do with it."""

    def __init__(self, screens: list[Screen]) -> None:
        self._free: Queue[Screen] = Queue()
        for one in screens:
            self._free.put(one)
        self._pool = ThreadPoolExecutor(len(screens))

    def begin(self, work: Callable[[Screen], _Made]) -> "Future[_Made]":
        """Do something on the next screen that is free."""

        def on_a_screen() -> _Made:
            shown = self._free.get()
            try:
                return work(shown)
            finally:
                self._free.put(shown)

        return self._pool.submit(on_a_screen)

    def end(self) -> None:
        """Drop what has not begun, and wait for the rest."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def lanes(folder: Path) -> Iterator[Lanes]:
    """Open the screens until the block ends."""
    with ExitStack() as open_ones:
        made = Lanes(
            [
                open_ones.enter_context(screen(folder / f"screen{n}"))
                for n in range(LANES)
            ]
        )
        open_ones.callback(made.end)
        yield made
