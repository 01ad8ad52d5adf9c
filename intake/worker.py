"""The worker: it reads texts in, tags numbers, sends what is due, looks after hours.

Each step works in transactions of its own and can be killed at any moment: what it
had not finished is found again, and what may have gone out is never sent twice.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from intake import (
    alert_doubts,
    alert_outbox,
    alerts,
    anchors,
    bridging,
    call_logs,
    forgetting,
    inbound,
    mail,
    missed,
    outbox,
    pages_once,
    tagging,
    unheard,
)
from intake import sending as texts
from intake.access import IDLE, LONGEST
from intake.arrivals import REPEATS
from intake.duty import Worker, each, look, turn
from intake.hours import HOME_ZONE
from intake.mail import Batch, MailFailed, MailRefused
from intake.models import Sending
from intake.people import SignIn
from intake.store import forget

__all__ = ["STEPS", "Worker", "run"]

PAUSE = 1.0  # seconds between two rounds
REST = timedelta(seconds=15)  # of a step that failed, so that the log stays readable
FORGET_EVERY = timedelta(minutes=1)  # the other processes shred, too
_log = logging.getLogger(__name__)
Step = Callable[[Worker], int]  # returns how many things were done


def run(worker: Worker, stop: threading.Event, pause: float = PAUSE) -> None:
    """Take every step, round after round, until `stop` is set."""
    rests: dict[Step, datetime] = {}
    forget_at = worker.clock()
    while not stop.is_set():
        done = sum(_try(worker, step, rests) for step in STEPS if not stop.is_set())
        if done or worker.clock() >= forget_at:
            _try(worker, forget_shredded, rests)
            forget_at = worker.clock() + FORGET_EVERY
        stop.wait(pause)


def tag_numbers(worker: Worker) -> int:
    """Tag every new number and shred the worker's copy of it (S22)."""

    def tag(session: Session, number_id: int) -> None:
        tagging.tag_number(session, worker.keys, number_id)

    return each(worker, look(worker, tagging.untagged), tag)


def read_inbound(worker: Worker) -> int:
    """Make every text that came in a request, or part of one."""

    def read(session: Session, sid: str) -> None:
        inbound.read_in(session, worker.office, worker.keys, sid, worker.clock())

    return each(worker, look(worker, inbound.unread), read)


def send_texts(worker: Worker) -> int:
    """Send what is due and still allowed; ask about what may have gone out."""
    with turn(worker) as session:
        outbox.lapse(session, worker.office, worker.clock())
        outbox.expire(session, worker.office, worker.clock())
    return texts.ask(worker) + texts.send(worker)


def finish_texts(worker: Worker) -> int:
    """Tell staff how texts ended, and shred their numbers."""
    over = look(worker, lambda s: forgetting.unfinished(s, worker.clock()))

    def finish(session: Session, text_id: str) -> None:
        forgetting.finish(session, worker.office, text_id, worker.clock())

    return each(worker, over, finish)


def clean_texts(worker: Worker) -> int:
    """Let the carrier forget the texts that are over."""
    return texts.clean(worker)


def forget_calls(worker: Worker) -> int:
    """Let the carrier forget who rang our numbers."""
    return call_logs.forget(worker)


def send_mails(worker: Worker) -> int:
    """Send each unit that has something new its constant mail."""
    with turn(worker) as session:
        batches = mail.take(session, worker.name, worker.clock())
    failed: MailFailed | None = None
    for batch in batches:
        # A server that did not answer once would only hold up the other steps.
        is_tried = failed is None or isinstance(failed, MailRefused)
        failed = _mail(worker, batch) if is_tried else failed
        with turn(worker) as session:
            if failed is None:
                mail.sent(session, batch, worker.clock())
            else:
                mail.put_back(session, batch, worker.clock(), is_tried)
    return len(batches)


def raise_alerts(worker: Worker) -> int:
    """Alert whoever is on call of what is urgent and waits (S25)."""
    due = look(worker, lambda s: alerts.due(s, worker.office, worker.clock()))

    def advance(session: Session, desk_id: int) -> None:
        alerts.advance(session, worker.office, desk_id, worker.clock())

    return each(worker, due, advance)


def send_alerts(worker: Worker) -> int:
    """Send the alerts that wait, each once; ask about what may have gone out."""
    return alert_doubts.ask(worker) + alert_outbox.send(worker)


def mark_missed(worker: Worker) -> int:
    """Mark windows that ended uncalled as missed by us (S37)."""
    over = look(worker, lambda s: missed.ended_uncalled(s, worker.clock()))

    def mark(session: Session, request_id: int) -> None:
        missed.mark_missed(session, worker.office, request_id, worker.clock())

    return each(worker, over, mark)


def sweep_pages(worker: Worker) -> int:
    """Delete pages, spent tokens and sign-ins whose time is over (S3)."""
    # A token older than this is refused wherever it comes; its row says no more.
    old = delete(Sending).where(Sending.sent_at < worker.clock() - 2 * REPEATS)
    idle = SignIn.seen_at < worker.clock() - IDLE
    # Each holds a member's key; who only shuts the browser never signs out.
    over = delete(SignIn).where(or_(idle, SignIn.started_at < worker.clock() - LONGEST))
    with turn(worker) as session:
        swept = pages_once.sweep(session, worker.clock())
        swept += len(session.execute(over.returning(SignIn.token_hash)).all())
        return swept + len(session.execute(old.returning(Sending.token_hash)).all())


def anchor_chains(worker: Worker) -> int:
    """Write the chains' heads into the file beside the database, once a day."""
    path, day = worker.anchors, worker.clock().astimezone(HOME_ZONE).date()
    written = path and anchors.last_day(path)
    if path is None or (written and written >= day):
        return 0
    key = worker.office.signer.key
    return look(worker, lambda session: anchors.write(session, path, key, day))


def forget_shredded(worker: Worker) -> int:
    """Let the database's log keep nothing of what was shredded."""
    forget(worker.engine)
    return 0


# One round is enough this way: numbers are tagged before any text goes out, and what a
# step has to tell the units is mailed after it.
STEPS: tuple[Step, ...] = (
    # First: a member holds the line, and her time runs.
    bridging.connect,
    tag_numbers,
    unheard.fetch,
    read_inbound,
    # Before the texts: a carrier that is slow with those must not hold these up.
    raise_alerts,
    send_alerts,
    send_texts,
    finish_texts,
    clean_texts,
    bridging.clean,
    forget_calls,
    mark_missed,
    send_mails,
    sweep_pages,
    anchor_chains,
)


def _try(worker: Worker, step: Step, rests: dict[Step, datetime]) -> int:
    """Take a step; one that fails rests a while, and the others go on."""
    if rests.get(step, worker.clock()) > worker.clock():
        return 0
    try:
        return step(worker)
    except Exception as error:
        # The name of its class only: a message could hold what somebody typed.
        failed = type(error).__name__
    rests[step] = worker.clock() + REST
    _log.error("worker: %s failed: %s", step.__name__, failed)
    return 0


def _mail(worker: Worker, batch: Batch) -> MailFailed | None:
    to = mail.address(worker.office.units, batch.unit)
    if to is None:
        return None  # a unit that is no more; nobody is left to be told
    try:
        worker.mailer.send(to, worker.clock())
    except MailFailed as failed:
        return failed
    return None
