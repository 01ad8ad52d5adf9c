"""A worker that is killed, without a word, at one point of its steps."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from intake.duty import Worker
from intake.worker import Step
from tests.factories import Bureau
from tests.load.plan import Plan, hurry
from tests.load.someone import on_duty
from tests.standin.account import NUMBER

_CARRIER = ("send", "find", "received", "redact", "delete")


@dataclass(eq=False)  # listeners are told apart by identity
class Points:
    """Counts the points of a round, and ends the process at one of them."""

    fatal: int
    passed: int = 0

    def __call__(self, *_: object) -> None:
        self.passed += 1
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def main(plan_path: str, fatal: int, steps: tuple[Step, ...]) -> None:
    """Take these steps; be killed at the n-th point, if there are so many."""
    hurry(pytest.MonkeyPatch())
    plan = Plan.read(Path(plan_path))
    bureau = plan.bureau()
    worker, point = answering(bureau, plan.carrier_url), Points(fatal)
    _watch(bureau.engine, point)
    _watch_carrier(worker, point)
    for step in steps:
        step(worker)


def answering(bureau: Bureau, carrier_url: str) -> Worker:
    """Return a worker that reads what people text to our number, too."""
    return replace(on_duty(bureau, carrier_url), numbers=(NUMBER,))


def _watch(engine: Engine, point: Points) -> None:
    """Count every statement and every commit."""
    event.listen(engine, "before_cursor_execute", point)
    event.listen(engine, "commit", point)


def _watch_carrier(worker: Worker, point: Points) -> None:
    """Count that the carrier is asked for something, and that it has answered."""
    gateway: Any = worker.gateway
    for name in _CARRIER:
        setattr(gateway, name, _fragile(getattr(gateway, name), point))


def _fragile(ask: Callable[..., object], point: Points) -> Callable[..., object]:
    def fragile(*what: object, **more: object) -> object:
        point()
        try:
            return ask(*what, **more)
        finally:
            point()

    return fragile
