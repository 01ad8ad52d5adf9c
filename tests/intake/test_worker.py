"""The worker's rounds: every step can be killed, and none holds up another."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import pages_once, worker
from intake.forgetting import never_cleaned
from intake.hours import Slot
from intake.messages import Delivery, InboundText, OutboundMail, OutboundText
from intake.models import Number, OnePage, Request, Sending, Window
from intake.numbers import read_number, tag
from intake.pages_once import Shown
from intake.people import SignIn
from intake.store import connect, reading
from intake.tagging import untagged
from intake.topics import Contact, State
from intake.vault import seal
from intake.windows import add_series
from intake.worker import STEPS, Step, Worker, run
from tests.workbench import HERS, Carrier, House, Postman, found, minutes, worker_in


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


@pytest.fixture
def ours(house: House) -> Worker:
    return worker_in(house, Carrier())


def _rounds(ours: Worker, count: int) -> None:
    for step in STEPS * count:
        step(ours)


def _callback(house: House, *slots: Slot) -> None:
    with house.writing() as session:
        house.callback(session, slots)


def _slot(house: House, starts: float, ends: float) -> Slot:
    return Slot(house.clock() + minutes(starts), house.clock() + minutes(ends))


def _windows(session: Session) -> list[Window]:
    return list(session.scalars(select(Window).order_by(Window.starts_at)))


def _count(house: House, kind: str) -> int:
    with reading(house.engine) as session:
        requests = session.scalars(select(Request)).all()
        return sum(event.kind == kind for r in requests for event in r.events)


@pytest.mark.rule("S22")
def test_a_new_number_is_tagged_and_its_copy_shredded(
    house: House, ours: Worker
) -> None:
    _callback(house, _slot(house, 60, 120))
    assert worker.tag_numbers(ours) == 1
    with reading(house.engine) as session:
        number = session.scalars(select(Number)).one()
        assert number.tag == tag(read_number("070-174 06 55").e164, house.number_key)
        assert number.worker_box is None
    assert worker.tag_numbers(ours) == 0


@pytest.mark.rule("S22")
def test_what_was_shredded_is_not_in_the_file_or_its_log(
    sqlite_url: str, tmp_path: Path
) -> None:
    """PostgreSQL forgets in its own time: docs/operations.md."""
    engine = connect(sqlite_url)
    house = found(engine)
    ours = worker_in(house, None)
    _callback(house, _slot(house, 60, 120))
    with reading(engine) as session:
        box = session.scalars(select(Number.worker_box)).one() or b""
    files = [tmp_path / f"stilla.db{end}" for end in ("", "-wal")]
    assert any(box in file.read_bytes() for file in files)
    worker.tag_numbers(ours)
    worker.forget_shredded(ours)
    assert not any(box in file.read_bytes() for file in files)
    engine.dispose()


def test_a_number_that_does_not_open_holds_up_no_other(
    house: House, ours: Worker
) -> None:
    for _ in range(2):
        _callback(house, _slot(house, 60, 120))
    with house.writing() as session:
        session.get_one(Number, untagged(session)[0]).worker_box = b"broken"
    with pytest.raises(Exception, match="does not open"):
        worker.tag_numbers(ours)
    with reading(house.engine) as session:
        assert len(untagged(session)) == 1


def test_a_text_that_does_not_open_holds_up_no_other(
    house: House, ours: Worker
) -> None:
    with house.writing() as session:
        old = house.clock() - minutes(5)
        session.add(InboundText(message_sid="SM0", received_at=old, box=b"broken"))
    house.text_in("ring mig", "SM1")
    with pytest.raises(Exception, match="does not open"):
        worker.read_inbound(ours)
    with reading(house.engine) as session:
        assert session.scalars(select(Request)).one()


@pytest.mark.rule("S37")
def test_a_window_that_ended_uncalled_is_missed_by_us(
    house: House, ours: Worker
) -> None:
    _callback(house, _slot(house, 60, 120), _slot(house, 180, 240))
    worker.send_mails(ours)
    house.clock.forward(minutes=119)
    worker.mark_missed(ours)
    assert _count(house, "missed") == 0
    house.clock.forward(minutes=1)
    worker.mark_missed(ours)
    worker.mark_missed(ours)
    assert _count(house, "missed") == 1
    with reading(house.engine) as session:
        first, second = _windows(session)
        assert (first.missed_at, second.missed_at) == (house.clock(), None)
        request = session.scalars(select(Request)).one()
        assert request.callable_until == second.ends_at
        assert request.attempts == 0
        assert request.state is State.UNREAD
        mails = select(OutboundMail).where(OutboundMail.sent_at.is_(None))
        # The unit is told, and for want of a head on its list its urgent mail goes too.
        told = [(mail.unit, mail.urgent) for mail in session.scalars(mails)]
        assert sorted(told) == [(request.unit, False), (request.unit, True)]


def _rung(window: Window, house: House) -> None:
    window.rung_at = house.clock()


def _withdrawn(window: Window, house: House) -> None:
    window.withdrawn_at = house.clock()


def _closed(window: Window, _: House) -> None:
    window.request.state = State.CLOSED


@pytest.mark.rule("S37")
@pytest.mark.parametrize("change", [_rung, _withdrawn, _closed])
def test_what_was_called_withdrawn_or_closed_was_not_missed(
    house: House, ours: Worker, change: Callable[[Window, House], None]
) -> None:
    _callback(house, _slot(house, 60, 120))
    with house.writing() as session:
        change(_windows(session)[0], house)
    house.clock.forward(minutes=121)
    assert worker.mark_missed(ours) == 0
    assert _count(house, "missed") == 0


@pytest.mark.rule("S37")
def test_of_several_only_the_uncalled_one_was_missed(
    house: House, ours: Worker
) -> None:
    _callback(house, _slot(house, 60, 120), _slot(house, 120, 180))
    with house.writing() as session:
        _windows(session)[0].rung_at = house.clock() + minutes(61)
    house.clock.forward(minutes=181)
    worker.mark_missed(ours)
    with reading(house.engine) as session:
        rung, missed = _windows(session)
        assert rung.missed_at is None
        assert missed.missed_at == house.clock()


@pytest.mark.rule("S37")
def test_while_nobody_may_call_nothing_is_missed(house: House, ours: Worker) -> None:
    _callback(house, _slot(house, 60, 120))
    with house.writing() as session:
        session.scalars(select(Request)).one().contact = Contact.SAID_STOP
    house.clock.forward(minutes=121)
    worker.mark_missed(ours)
    assert _count(house, "missed") == 0
    with reading(house.engine) as session:
        assert session.scalars(select(Request.callable_until)).one() is None
    assert worker.mark_missed(ours) == 0


@pytest.mark.rule("S21")
def test_one_ring_answers_for_every_window_of_a_text(
    house: House, ours: Worker
) -> None:
    with house.writing() as session:
        request = house.callback(session, ())
        request.contact = Contact.ALLOWED
        slots = [_slot(house, 0, 60), _slot(house, 1440, 1500)]
        add_series(session, request, slots, series="SM1")
        _windows(session)[0].rung_at = house.clock()
    house.clock.forward(days=2)
    assert worker.mark_missed(ours) == 0
    assert _count(house, "missed") == 0


def test_pages_and_tokens_are_swept_when_their_time_is_over(
    house: House, ours: Worker
) -> None:
    _callback(house)
    with house.writing() as session:
        pages_once.keep(session, Shown("receipt", {}), house.clock())
        request = session.scalars(select(Request)).one()
        spent = Sending(
            token_hash=b"t",
            content_hash=b"c",
            request_id=request.id,
            sent_at=house.clock(),
        )
        session.add(spent)
    house.clock.forward(minutes=4)
    assert worker.sweep_pages(ours) == 0
    house.clock.forward(minutes=1)
    assert worker.sweep_pages(ours) == 1
    house.clock.forward(hours=47)
    assert worker.sweep_pages(ours) == 0
    house.clock.forward(hours=2)
    assert worker.sweep_pages(ours) == 1
    with reading(house.engine) as session:
        assert not session.scalars(select(OnePage)).all()
        assert not session.scalars(select(Sending)).all()


def test_sign_ins_are_swept_when_they_are_over(house: House, ours: Worker) -> None:
    """Who shuts the browser without signing out leaves a copy of her key there."""
    start = house.clock()

    def sign_in(name: bytes, seen: float) -> SignIn:
        return SignIn(
            token_hash=name,
            member_id=house.member_id,
            box=b"key",
            started_at=start,
            seen_at=start + minutes(seen),
        )

    with house.writing() as session:
        session.add_all([sign_in(b"idle", 0), sign_in(b"busy", 599)])
    house.clock.forward(minutes=30)
    assert worker.sweep_pages(ours) == 0
    house.clock.forward(minutes=1)
    assert worker.sweep_pages(ours) == 1
    house.clock.forward(minutes=570)
    assert worker.sweep_pages(ours) == 1  # ten hours are the most, however busy
    with reading(house.engine) as session:
        assert not session.scalars(select(SignIn)).all()


def _kept(house: House) -> InboundText:
    with reading(house.engine) as session:
        return session.scalars(select(InboundText)).one()


@pytest.mark.rule("S22")
def test_what_came_in_is_forgotten_at_the_carrier_once_it_is_read(
    house: House, ours: Worker
) -> None:
    house.text_in("ring mig", "SM1")
    carrier = ours.gateway
    assert isinstance(carrier, Carrier)
    worker.clean_texts(ours)
    assert not carrier.forgotten  # nobody has read it: theirs may be the only copy
    worker.read_inbound(ours)
    worker.clean_texts(ours)
    worker.clean_texts(ours)
    assert carrier.forgotten == ["SM1 emptied", "SM1 deleted"]
    assert _kept(house).deleted_at == house.clock()


@pytest.mark.rule("S22")
def test_a_carrier_that_will_not_forget_is_asked_again(
    house: House, ours: Worker
) -> None:
    house.text_in("ring mig", "SM1")
    carrier = ours.gateway
    assert isinstance(carrier, Carrier)
    carrier.keeps = True
    worker.read_inbound(ours)
    worker.clean_texts(ours)
    worker.clean_texts(ours)
    assert carrier.forgotten == ["SM1 emptied"]
    assert _kept(house).deleted_at is None
    carrier.keeps = False
    house.clock.forward(hours=1)
    worker.clean_texts(ours)
    assert carrier.forgotten[-1] == "SM1 deleted"
    assert _kept(house).deleted_at == house.clock()


@pytest.mark.rule("S22")
def test_what_a_carrier_keeps_after_14_days_is_told_and_asked_no_more(
    house: House, ours: Worker
) -> None:
    house.text_in("ring mig", "SM1")
    carrier = ours.gateway
    assert isinstance(carrier, Carrier)
    carrier.keeps = True
    worker.read_inbound(ours)
    for days, kept in ((13, 0), (2, 1)):
        house.clock.forward(days=days)
        asked = len(carrier.forgotten)
        worker.clean_texts(ours)
        assert (len(carrier.forgotten) > asked) is (kept == 0)
        with reading(house.engine) as session:
            assert never_cleaned(session, house.clock()) == kept


def _busy(house: House) -> None:
    """Give every step something to do."""
    with house.writing() as session:
        request = house.agreed(session)
        session.add(house.text_out(request, request.windows[0]))
        request.numbers[0].tag = None
        request.numbers[0].worker_box = seal(HERS.encode(), house.pair.public)
    _callback(house, _slot(house, -120, -60))
    house.text_in("ring mig", "SM1")


def _outcome(house: House) -> tuple[object, ...]:
    with reading(house.engine) as session:
        text = session.scalars(select(OutboundText)).one()
        return (
            len(session.scalars(select(Request)).all()),
            len(untagged(session)),
            text.state,
            len([w for w in _windows(session) if w.missed_at]),
            session.scalars(select(InboundText.box)).one(),
        )


@pytest.mark.rule("S20")
@pytest.mark.rule("S37")
@pytest.mark.parametrize("killed_after", range(1, 14))
def test_killed_at_any_commit_nothing_is_lost_or_done_twice(
    house: House, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies at its n-th commit; another one finishes what it left."""
    _busy(house)
    carrier = Carrier()
    commits = 0
    real = Session.commit

    def commit(session: Session) -> None:
        nonlocal commits
        commits += 1
        if commits == killed_after:
            raise KeyboardInterrupt
        real(session)

    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", commit)
        with pytest.raises(KeyboardInterrupt):
            _rounds(worker_in(house, carrier, "killed"), 3)
    house.clock.forward(minutes=3)
    _rounds(worker_in(house, carrier, "next"), 2)
    requests, numbers, state, missed, box = _outcome(house)
    assert (requests, numbers, missed, box) == (3, 0, 1, None)
    assert len(carrier.taken) == 1
    assert state in (Delivery.SENT, Delivery.UNKNOWN)
    assert _count(house, "missed") == 1
    told = _count(house, "text-status")
    assert told == 1


def test_a_failing_step_rests_and_the_others_go_on(
    house: House,
    ours: Worker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop, rounds = threading.Event(), 0

    def broken(_: Worker) -> int:
        raise ValueError("han heter Zebra, +46701740655")

    def count(_: Worker) -> int:
        nonlocal rounds
        rounds += 1
        if rounds == 5:
            stop.set()
        return 0

    steps: tuple[Step, ...] = (broken, count)
    monkeypatch.setattr(worker, "STEPS", steps)
    with caplog.at_level(logging.DEBUG):
        run(ours, stop, pause=0)
    assert rounds == 5
    assert [record.getMessage() for record in caplog.records] == [
        "worker: broken failed: ValueError"
    ]
    assert "Zebra" not in caplog.text


def test_it_stops_when_asked(house: House, ours: Worker) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(ours, stop))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_full_run_logs_nothing_typed(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    _busy(house)
    stop = threading.Event()
    carrier = Carrier(during=stop.set)
    mute = replace(worker_in(house, carrier), mailer=Postman(refuses=True))
    with caplog.at_level(logging.DEBUG):
        run(mute, stop, pause=0)
    assert len(carrier.taken) == 1
    assert "70174" not in caplog.text
    assert "ring" not in caplog.text


def test_a_round_does_all_there_is_to_do(house: House, ours: Worker) -> None:
    _busy(house)
    _rounds(ours, 1)
    requests, numbers, state, missed, box = _outcome(house)
    assert (requests, numbers, missed, box) == (3, 0, 1, None)
    assert state is Delivery.SENT
    assert isinstance(ours.mailer, Postman)
    assert ours.mailer.sent
