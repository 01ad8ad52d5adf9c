"""A worker that is killed, without a word, at one step of sending."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from intake.duty import Worker
from intake.sms.gateway import OutgoingText, Sent
from intake.worker import send_texts
from tests.load.plan import Plan, hurry
from tests.load.someone import on_duty


@dataclass(eq=False)  # listeners are told apart by identity
class Steps:
    """Counts the steps of a round, and ends the process before one of them."""

    fatal: int
    taken: int = 0

    def __call__(self, *_: object) -> None:
        self.taken += 1
        if self.taken == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def main(plan_path: str, fatal: int) -> None:
    """Do one round of sending; be killed before its n-th step, if it has so many."""
    hurry(pytest.MonkeyPatch())
    plan = Plan.read(Path(plan_path))
    bureau = plan.bureau()
    worker, step = on_duty(bureau, plan.carrier_url), Steps(fatal)
    _watch(bureau.engine, step)
    _watch_carrier(worker, step)
    send_texts(worker)


def _watch(engine: Engine, step: Steps) -> None:
    """Count every statement and every commit."""
    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)


def _watch_carrier(worker: Worker, step: Steps) -> None:
    """Count that the carrier is asked, and that it has answered."""
    gateway: Any = worker.gateway
    send: Callable[[OutgoingText], Sent] = gateway.send

    def fragile(text: OutgoingText) -> Sent:
        step()
        sent = send(text)
        step()
        return sent

    gateway.send = fragile
