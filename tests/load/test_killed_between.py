"""A worker killed between any two steps: never two texts, never none unseen.

A real process, a real carrier's HTTP, and SIGKILL before every statement and every
commit, before the carrier is asked, while it has the text, and after it has answered:
in sending, in asking about a text in doubt, and in forgetting one that is over.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from intake.dead_letters import undelivered
from intake.deliveries import advance
from intake.life import EventKind
from intake.messages import Delivery, OutboundText
from intake.models import Request, RequestKey
from intake.sms.gateway import TextStatus
from intake.topics import Side
from intake.worker import clean_texts, finish_texts, send_texts
from tests.load.between import go_on, is_killed, start
from tests.load.many import Outbox, outbox
from tests.load.someone import on_duty
from tests.standin import Answer

MOST = 60  # points that a round may have
_LATER = timedelta(hours=1)
_ASKED_ENOUGH = timedelta(minutes=10)  # a doubt is shown by then


@pytest.fixture
def waiting(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outbox]:
    """Return an outbox of which nothing is due yet, and staff who see its requests."""
    with outbox(database_url, tmp_path / "load", 2 * MOST, monkeypatch) as made:
        with made.bureau.writing() as session:
            soon = made.bureau.clock() + _LATER
            session.execute(update(OutboundText).values(next_try_at=soon))
            _hand_out_keys(session)
        yield made


@pytest.mark.rule("S12")
@pytest.mark.timeout(600)
def test_killed_before_any_step_it_is_sent_once_or_staff_are_told(
    waiting: Outbox,
) -> None:
    ends: set[tuple[int, bool]] = set()
    for fatal in range(1, MOST):
        (own_id,) = _make_due(waiting)
        killed = is_killed(waiting, fatal, send_texts)
        before = _sent(waiting, own_id)
        state = _next_worker(waiting, own_id)
        after = _sent(waiting, own_id)
        assert after <= 1, f"sent twice when killed before step {fatal}"
        assert after == 1 or state is Delivery.UNKNOWN, f"not seen at step {fatal}"
        assert _is_shown(waiting, own_id) is (state is Delivery.UNKNOWN)
        ends.add((before, after == 1))
        _ask_no_more(waiting, own_id)
        if not killed:
            break
    assert not killed, "the round has more steps than were tried"
    # Nothing had gone out and it was sent, or staff were told; or it had.
    assert ends == {(0, True), (0, False), (1, True)}


@pytest.mark.rule("S12")
def test_killed_while_the_carrier_has_it_it_is_found_and_not_sent_again(
    waiting: Outbox,
) -> None:
    (own_id,) = _make_due(waiting)
    waiting.carrier.conduct.late = 30
    waiting.carrier.conduct.answers.append(Answer.SLOW)
    process = start(waiting, 0, send_texts)
    while not waiting.carrier.messages:
        assert process.is_alive()
        time.sleep(0.02)
    process.kill()
    process.join()
    assert _next_worker(waiting, own_id) in (Delivery.SENT, Delivery.DELIVERED)
    assert _sent(waiting, own_id) == 1


@pytest.mark.rule("S12")
@pytest.mark.timeout(600)
def test_killed_while_it_asks_what_went_out_is_found_and_what_was_lost_is_seen(
    waiting: Outbox,
) -> None:
    for fatal in range(1, MOST):
        taken, lost = _in_doubt(waiting, Answer.DROPPED, Answer.LOST)
        killed = is_killed(waiting, fatal, send_texts)
        # Nobody may ever ask again: staff see both until something is known.
        assert _is_shown(waiting, lost), f"not seen at {fatal}"
        known = _state(waiting, taken) is not Delivery.UNKNOWN
        assert known or _is_shown(waiting, taken), f"not seen at {fatal}"
        assert _next_worker(waiting, taken) in (Delivery.SENT, Delivery.DELIVERED)
        assert _next_worker(waiting, lost) is Delivery.UNKNOWN
        assert [_sent(waiting, one) for one in (taken, lost)] == [1, 1]
        assert [_told(waiting, one) for one in (taken, lost)] == [2, 1]
        assert [_is_shown(waiting, one) for one in (taken, lost)] == [False, True]
        _ask_no_more(waiting, lost)
        if not killed:
            break
    assert not killed, "the round has more steps than were tried"


@pytest.mark.rule("S22")
@pytest.mark.timeout(600)
def test_killed_while_it_forgets_nothing_is_left_here_or_at_the_carrier(
    waiting: Outbox,
) -> None:
    carrier, steps = waiting.carrier, (finish_texts, clean_texts)
    for fatal in range(1, MOST):
        own_id, sid = _delivered(waiting)
        killed = is_killed(waiting, fatal, *steps)
        with waiting.bureau.writing() as session:
            row = session.get_one(OutboundText, own_id)
            # The carrier forgets what is over here, and is believed when it has.
            assert row.worker_box is None or carrier.get(sid).body
            assert row.deleted_at is None or sid in carrier.deleted
        _wait_for(waiting, own_id)
        go_on(waiting, *steps)
        with waiting.bureau.writing() as session:
            row = session.get_one(OutboundText, own_id)
            assert (row.state, row.worker_box) == (Delivery.DELIVERED, None)
            assert row.redacted_at, f"not noted at {fatal}"
            assert row.deleted_at, f"not noted at {fatal}"
        assert _told(waiting, own_id) == 2  # that it went, and that it got there
        assert carrier.messages == []
        assert (carrier.redacted[-1], carrier.deleted.count(sid)) == (sid, 1)
        assert _sent(waiting, own_id) == 1
        if not killed:
            break
    assert not killed, "the round has more steps than were tried"


def _hand_out_keys(session: Session) -> None:
    """Let who holds a key to the one true request see those made after it."""
    keys = session.scalars(select(RequestKey)).all()
    columns = [column.key for column in RequestKey.__table__.columns]
    (first,) = {one.request_id for one in keys}
    others = session.scalars(select(Request.id).where(Request.id != first)).all()
    alike = [{name: getattr(one, name) for name in columns} for one in keys]
    rows = [row | {"request_id": other} for other in others for row in alike]
    session.execute(insert(RequestKey), rows)


def _make_due(waiting: Outbox, count: int = 1) -> list[str]:
    """Let some more texts be due, and no others; returns their ids in order."""
    waits = select(OutboundText).where(OutboundText.state == Delivery.WAITING)
    with waiting.bureau.writing() as session:
        texts = session.scalars(waits.order_by(OutboundText.id).limit(count)).all()
        for late, text in enumerate(reversed(texts)):
            text.next_try_at = waiting.bureau.clock() - timedelta(seconds=late)
        return [text.id for text in texts]


def _in_doubt(waiting: Outbox, *answers: Answer) -> list[str]:
    """Send texts that are answered badly; returns their ids."""
    own_ids = _make_due(waiting, len(answers))
    waiting.carrier.conduct.answers.extend(answers)
    send_texts(on_duty(waiting.bureau, waiting.carrier.url))
    assert {_state(waiting, one) for one in own_ids} == {Delivery.UNKNOWN}
    return own_ids


def _delivered(waiting: Outbox) -> tuple[str, str]:
    """Send a text that gets there; returns its id and the carrier's."""
    (own_id,) = _make_due(waiting)
    send_texts(on_duty(waiting.bureau, waiting.carrier.url))
    waiting.carrier.settle()
    (message,) = waiting.carrier.messages
    with waiting.bureau.writing() as session:
        assert advance(session, own_id, message.sid, TextStatus.DELIVERED)
    return own_id, message.sid


def _wait_for(waiting: Outbox, own_id: str) -> None:
    """Wait for what a killed one still holds: a database may be late to see it."""
    with waiting.bureau.writing() as session:
        text = session.get_one(OutboundText, own_id)
        session.refresh(text.request, with_for_update=True)
        session.refresh(text, with_for_update=True)


def _next_worker(waiting: Outbox, own_id: str) -> Delivery:
    """Let another one send when the lease is over; returns what staff are told."""
    _wait_for(waiting, own_id)
    go_on(waiting, send_texts)
    with waiting.bureau.writing() as session:
        text = session.get_one(OutboundText, own_id)
        *_, told = (e for e in text.request.events if e.kind == EventKind.TEXT_STATUS)
        assert told.data["status"] == text.state
        return text.state


def _ask_no_more(waiting: Outbox, own_id: str) -> None:
    with waiting.bureau.writing() as session:
        later = waiting.bureau.clock() + _LATER
        session.get_one(OutboundText, own_id).next_try_at = later


def _state(waiting: Outbox, own_id: str) -> Delivery:
    with waiting.bureau.writing() as session:
        return session.get_one(OutboundText, own_id).state


def _told(waiting: Outbox, own_id: str) -> int:
    """Return how often staff were told where a text stands."""
    with waiting.bureau.writing() as session:
        events = session.get_one(OutboundText, own_id).request.events
        return sum(event.kind == EventKind.TEXT_STATUS for event in events)


def _is_shown(waiting: Outbox, own_id: str) -> bool:
    """Say whether a text soon lies among those that staff must deal with."""
    soon = waiting.bureau.clock() + _ASKED_ENOUGH
    with waiting.bureau.writing() as session:
        amina = waiting.bureau.member(session, "amina").id
        lying = undelivered(session, amina, Side.HURT, soon)
        return own_id in [text.id for text in lying]


def _sent(waiting: Outbox, own_id: str) -> int:
    """Return how often the carrier was handed a text."""
    posts = [one.form for one in waiting.carrier.asked if one.method == "POST"]
    handed = [form["StatusCallback"][0] for form in posts if "To" in form]
    return sum(url.endswith(own_id) for url in handed)
