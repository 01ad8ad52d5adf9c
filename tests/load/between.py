"""One worker is killed between two of its steps, and another one goes on."""

from dataclasses import replace
from multiprocessing.context import ForkServerProcess

from intake.worker import Step
from tests.load import fragile
from tests.load.crowd import CONTEXT
from tests.load.many import Outbox
from tests.load.plan import TEXT_LEASE, RealClock

_KILLED = -9


def start(place: Outbox, fatal: int, *steps: Step) -> ForkServerProcess:
    """Let a worker of its own process begin; 0 is fatal nowhere."""
    process = CONTEXT.Process(
        target=fragile.main, args=(str(place.crowd.plan), fatal, steps)
    )
    process.start()
    return process


def is_killed(place: Outbox, fatal: int, *steps: Step) -> bool:
    """Let a worker take steps; says whether it was killed at its n-th point."""
    process = start(place, fatal, *steps)
    process.join()
    assert process.exitcode in (0, _KILLED)
    return process.exitcode == _KILLED


def go_on(place: Outbox, *steps: Step) -> None:
    """Let another worker take the steps when the killed one's lease is over."""
    next_one = fragile.answering(place.bureau, place.carrier.url)
    next_one = replace(next_one, clock=lambda: RealClock()() + TEXT_LEASE)
    for step in steps:
        step(next_one)
