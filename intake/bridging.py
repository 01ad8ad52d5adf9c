"""Talking to the carrier of calls: never while a transaction is open."""

import logging

from intake import bridge_calls
from intake.bridge_calls import Next
from intake.duty import Worker, look, turn
from intake.sms.gateway import Ambiguous, Misconfigured, Refused
from intake.voice import VoiceLine

_log = logging.getLogger(__name__)
_MOST = 20  # calls a round, so that the other steps have their turn


def connect(worker: Worker) -> int:
    """Ring the members who wait, and hers where they pressed; returns how many."""
    line = worker.line
    if line is None:
        return 0
    with turn(worker) as session:
        bridge_calls.lapse(session, worker.clock())
    return _ring(worker, line) + _dial(worker, line)


def clean(worker: Worker) -> int:
    """Let the carrier forget each call as soon as it is over (S22)."""
    line = worker.line
    if line is None:
        return 0
    ended = look(worker, lambda s: bridge_calls.to_forget(s, worker.clock()))
    for call_id, sid in ended[:_MOST]:
        gone = _forget(line, sid)
        with turn(worker) as session:
            bridge_calls.forgotten(session, call_id, gone, worker.clock())
    return len(ended[:_MOST])


def _ring(worker: Worker, line: VoiceLine) -> int:
    for done in range(_MOST):
        with turn(worker) as session:
            found = bridge_calls.next_to_ring(session, worker.keys, worker.clock())
        if found is None:
            return done
        _ring_one(worker, line, found)
    return _MOST


def _ring_one(worker: Worker, line: VoiceLine, found: Next) -> None:
    try:
        sid = line.ring(found.number, found.id)
    except Ambiguous:
        return  # it may ring: if it does, the carrier asks us what to say
    except (Refused, Misconfigured) as error:
        _refused(worker, found, error)
        return
    with turn(worker) as session:
        bridge_calls.bind(session, found.id, sid)


def _dial(worker: Worker, line: VoiceLine) -> int:
    for done in range(_MOST):
        with turn(worker) as session:
            found = bridge_calls.next_to_dial(
                session, worker.keys, line.number, worker.clock()
            )
        if found is None:
            return done
        _dial_one(worker, line, found)
    return _MOST


def _dial_one(worker: Worker, line: VoiceLine, found: Next) -> None:
    try:
        if found.number:
            line.dial(found.sid, found.number, found.id)
        else:
            line.decline(found.sid)
    except Ambiguous:
        return  # her phone may ring, and is never rung a second time
    except (Refused, Misconfigured) as error:
        if found.number:
            _refused(worker, found, error)


def _refused(worker: Worker, found: Next, error: Refused | Misconfigured) -> None:
    if isinstance(error, Misconfigured):
        _log.error("calls: the carrier refuses our account or settings: %s", error.code)
    with turn(worker) as session:
        bridge_calls.refused(session, found.id, error.code, worker.clock())


def _forget(line: VoiceLine, sid: str) -> bool:
    try:
        line.forget(sid)
    except (Refused, Misconfigured):
        return False  # asked again in a minute, and with its number in an hour
    return True
