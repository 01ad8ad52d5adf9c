"""What the carrier writes down of calls to and from our numbers: deleted there (S22).

None is recorded. But whoever rings the printed number, or rings back the one that texts
or bridged calls go out from, stands in its log with her own; so do bridged calls.
"""

from datetime import timedelta
from typing import Protocol, runtime_checkable

from intake.duty import Worker
from intake.sms.gateway import Misconfigured, Refused

FORGET_EVERY = timedelta(hours=1)


@runtime_checkable
class CallLog(Protocol):
    """A carrier that lets its log of calls be deleted. Not every carrier does."""

    def forget_calls(self, number: str) -> int:
        """Delete the calls of a number of ours that have ended; returns how many.

        Raises Refused, Misconfigured.
        """
        ...


def forget(worker: Worker) -> int:
    """Let the carrier forget every call that has ended, once an hour."""
    now, last = worker.clock(), worker.seldom.get("calls")
    logs = _logs(worker)
    if not logs or (last and now < last + FORGET_EVERY):
        return 0
    worker.seldom["calls"] = now
    return sum(_forgotten(carrier, number) for carrier, number in logs)


def _logs(worker: Worker) -> list[tuple[CallLog, str]]:
    carrier, line = worker.gateway, worker.line
    logs: list[tuple[CallLog, str]] = []
    if isinstance(carrier, CallLog):
        logs += [(carrier, number) for number in worker.numbers]
    if line is not None:
        logs.append((line, line.number))
    return logs


def _forgotten(carrier: CallLog, number: str) -> int:
    try:
        return carrier.forget_calls(number)
    except (Refused, Misconfigured):
        return 0  # asked again in an hour
