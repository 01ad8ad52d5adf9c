"""A worker killed between any two steps of sending: never two texts, never none unseen.

A real process, a real carrier's HTTP, and SIGKILL before every statement and every
commit, before the carrier is asked, while it has the text, and after it has answered.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import select, update

from intake.life import EventKind
from intake.messages import Delivery, OutboundText
from intake.worker import send_texts
from tests.load import fragile
from tests.load.crowd import CONTEXT
from tests.load.many import Outbox, outbox
from tests.load.plan import TEXT_LEASE, RealClock
from tests.load.someone import on_duty
from tests.standin import Answer

MOST = 60  # steps that a round of sending may have
_KILLED = -9
_LATER = timedelta(hours=1)


@pytest.fixture
def waiting(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outbox]:
    """Return an outbox of which nothing is due yet."""
    with outbox(database_url, tmp_path / "load", MOST, monkeypatch) as made:
        with made.bureau.writing() as session:
            soon = made.bureau.clock() + _LATER
            session.execute(update(OutboundText).values(next_try_at=soon))
        yield made


@pytest.mark.rule("S12")
@pytest.mark.timeout(600)
def test_killed_before_any_step_it_is_sent_once_or_staff_are_told(
    waiting: Outbox,
) -> None:
    ends: set[tuple[int, bool]] = set()
    for fatal in range(1, MOST):
        own_id = _make_due(waiting)
        killed = _work(waiting, fatal)
        before = _sent(waiting, own_id)
        state = _next_worker(waiting, own_id)
        after = _sent(waiting, own_id)
        assert after <= 1, f"sent twice when killed before step {fatal}"
        assert after == 1 or state is Delivery.UNKNOWN, f"not seen at step {fatal}"
        ends.add((before, after == 1))
        if not killed:
            break
    assert not killed, "the round has more steps than were tried"
    # Nothing had gone out and it was sent, or staff were told; or it had.
    assert ends == {(0, True), (0, False), (1, True)}


@pytest.mark.rule("S12")
def test_killed_while_the_carrier_has_it_it_is_found_and_not_sent_again(
    waiting: Outbox,
) -> None:
    own_id = _make_due(waiting)
    waiting.carrier.conduct.late = 30
    waiting.carrier.conduct.answers.append(Answer.SLOW)
    process = _start(waiting, 0)
    while not waiting.carrier.messages:
        assert process.is_alive()
        time.sleep(0.02)
    process.kill()
    process.join()
    assert _next_worker(waiting, own_id) in (Delivery.SENT, Delivery.DELIVERED)
    assert _sent(waiting, own_id) == 1


def _make_due(waiting: Outbox) -> str:
    """Let one more text be due, and no other; returns its id."""
    waits = select(OutboundText).where(OutboundText.state == Delivery.WAITING)
    with waiting.bureau.writing() as session:
        text = session.scalars(waits.order_by(OutboundText.id).limit(1)).one()
        text.next_try_at = waiting.bureau.clock()
        return text.id


def _start(waiting: Outbox, fatal: int) -> ForkServerProcess:
    process = CONTEXT.Process(
        target=fragile.main, args=(str(waiting.crowd.plan), fatal)
    )
    process.start()
    return process


def _work(waiting: Outbox, fatal: int) -> bool:
    """Let a worker do a round; says whether it was killed in it."""
    process = _start(waiting, fatal)
    process.join()
    assert process.exitcode in (0, _KILLED)
    return process.exitcode == _KILLED


def _next_worker(waiting: Outbox, own_id: str) -> Delivery:
    """Let another one work when the lease is over; returns what staff are told."""
    last = on_duty(waiting.bureau, waiting.carrier.url)
    with waiting.bureau.writing() as session:
        # A database that is busy may not have seen yet that the killed one is gone.
        request = session.get_one(OutboundText, own_id).request
        session.refresh(request, with_for_update=True)
    send_texts(replace(last, clock=lambda: RealClock()() + TEXT_LEASE))
    with waiting.bureau.writing() as session:
        text = session.get_one(OutboundText, own_id)
        *_, told = (e for e in text.request.events if e.kind == EventKind.TEXT_STATUS)
        assert told.data["status"] == text.state
        return text.state


def _sent(waiting: Outbox, own_id: str) -> int:
    """Return how often the carrier was handed a text."""
    posts = [one.form for one in waiting.carrier.asked if one.method == "POST"]
    return sum(form["StatusCallback"][0].endswith(own_id) for form in posts)
