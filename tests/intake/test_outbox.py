"""Texts that go out: once or not at all, and only while she said that it is safe."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import founding, outbox, sending
from intake.deliveries import advance
from intake.life import EventKind, record
from intake.line_tests import Line, record_test, withdraw_test
from intake.messages import Delivery, OutboundText
from intake.models import Request, StoppedNumber
from intake.people import UnitRecord
from intake.sms.gateway import Ambiguous, Misconfigured, Refused, Sent, TextStatus
from intake.sms.texts import FILE, SHIPPED, load_texts
from intake.stopped_numbers import stop_number
from intake.store import reading
from intake.topics import Contact, Role, State
from intake.vault import seal
from intake.windows import withdraw
from intake.worker import finish_texts, send_texts
from tests.workbench import HERS, Carrier, House, found, minutes, worker_in

Change = Callable[[House, Session, Request], None]


@pytest.fixture
def house(engine: Engine) -> House:
    """Return a house with one text that may go out now."""
    made = found(engine)
    with made.writing() as session:
        request = made.agreed(session)
        session.add(made.text_out(request, request.windows[0]))
    return made


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


def _text(session: Session) -> OutboundText:
    return session.scalars(select(OutboundText)).one()


def _stands(house: House) -> tuple[Delivery, str | None]:
    with reading(house.engine) as session:
        text = _text(session)
        return text.state, text.error


def _told(house: House) -> list[str]:
    """Return what staff were told of the text, in order."""
    with reading(house.engine) as session:
        events = _text(session).request.events
        return [e.data["status"] for e in events if e.kind == "text-status"]


def test_it_is_sent_with_its_own_id_and_a_validity(
    house: House, carrier: Carrier
) -> None:
    send_texts(worker_in(house, carrier))
    (text,) = carrier.taken
    assert text.to == HERS
    assert text.body == "Hej! Träningen blir inte av. Vi provar igen senare."
    assert text.status_url == f"https://stod.example/hooks/status/{text.own_id}"
    assert text.valid_for == minutes(110)
    assert _stands(house) == (Delivery.SENT, None)
    with reading(house.engine) as session:
        row = _text(session)
        assert (row.provider_sid, row.provider_status) == ("SM1", "queued")
    assert _told(house) == ["sent"]


@pytest.mark.rule("S12")
def test_no_transaction_is_open_while_the_carrier_is_asked(
    house: House, carrier: Carrier
) -> None:
    seen: list[Delivery] = []

    def look() -> None:
        with house.writing() as session:  # would wait for ever on SQLite
            seen.append(_text(session).state)

    carrier.during = look
    send_texts(worker_in(house, carrier))
    assert seen == [Delivery.SENDING]


def _withdraw(house: House, session: Session, request: Request) -> None:
    withdraw(session, request, house.clock())


def _stop(house: House, session: Session, request: Request) -> None:
    tag = request.numbers[0].tag or b""
    stop_number(session, tag, house.clock())


def _set(**values: object) -> Change:
    def change(_: House, __: Session, request: Request) -> None:
        for name, value in values.items():
            setattr(request, name, value)

    return change


def _number(**values: object) -> Change:
    def change(house: House, _: Session, request: Request) -> None:
        for name, value in values.items():
            setattr(request.numbers[0], name, value or house.clock())

    return change


def _unconfirm(_: House, __: Session, request: Request) -> None:
    request.numbers[0].confirmed_at = None


def _untest(_: House, session: Session, request: Request) -> None:
    session.get_one(UnitRecord, request.unit).call_tested_at = None


def _untest_texts(house: House, session: Session, request: Request) -> None:
    withdraw_test(session, request.unit, Line.TEXTS)
    # Nor does the bridge's test say anything of a text.
    line = (request.unit, Line.CALLS, house.office.sender)
    record_test(session, *line, house.member_id, house.clock())


def _other_sender(house: House, session: Session, request: Request) -> None:
    line = (request.unit, Line.TEXTS, "+46701740699")
    record_test(session, *line, house.member_id, house.clock())


def _comes(kind: EventKind, **data: str) -> Change:
    def change(house: House, session: Session, request: Request) -> None:
        now = house.clock.forward(minutes=1)
        record(session, request, kind, house.office.signer, now, None, **data)

    return change


@pytest.mark.rule("S4", "S12", "S17", "S20")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_withdraw, "window"),
        (_stop, "number-stopped"),
        (_number(withdrawn_at=None), "number"),
        (_number(tag=b"another number's tag"), "number"),
        (_unconfirm, "number"),
        (_untest, "calls-untested"),
        (_untest_texts, "texts-untested"),
        (_other_sender, "texts-untested"),
        (_set(contact=Contact.SAID_STOP), "contact"),
        (_set(contact=Contact.ANOTHER_ANSWERED), "contact"),
        (_set(state=State.TAKEN_BACK), "closed"),
        (_set(state=State.CLOSED), "closed"),
        (_set(state=State.CALLING), "calling"),
        (_set(state=State.DECISION), "decision"),
        (_set(set_aside=True), "set-aside"),
        (_comes(EventKind.JOINED, origin="receipt"), "newer-words"),
        (_comes(EventKind.HEARD, heard="later"), "newer-words"),
    ],
)
def test_what_changed_since_it_was_written_stops_it(
    house: House, carrier: Carrier, change: Change, reason: str
) -> None:
    with house.writing() as session:
        change(house, session, _text(session).request)
    send_texts(worker_in(house, carrier))
    assert not carrier.taken
    assert _stands(house) == (Delivery.CANCELLED, reason)
    assert _told(house) == ["cancelled"]
    with reading(house.engine) as session:
        assert _text(session).worker_box is None


@pytest.mark.rule("S12")
@pytest.mark.parametrize(("after", "goes"), [(94, True), (96, False), (200, False)])
def test_it_goes_only_while_the_window_leaves_time(
    house: House, carrier: Carrier, after: int, goes: bool
) -> None:
    house.clock.forward(minutes=after)
    send_texts(worker_in(house, carrier))
    assert bool(carrier.taken) is goes
    assert _stands(house)[0] is (Delivery.SENT if goes else Delivery.EXPIRED)


def test_before_its_window_it_waits(house: House, carrier: Carrier) -> None:
    house.clock.forward(minutes=-30)
    send_texts(worker_in(house, carrier))
    assert not carrier.taken
    assert _stands(house) == (Delivery.WAITING, None)


@pytest.mark.parametrize(
    "refusal", [Refused("20429", permanent=False), Misconfigured("20003")]
)
def test_a_refusal_that_may_pass_is_tried_again_inside_the_window(
    house: House, carrier: Carrier, refusal: Exception
) -> None:
    carrier.answers = [refusal]
    worker = worker_in(house, carrier)
    send_texts(worker)
    assert _stands(house)[0] is Delivery.WAITING
    send_texts(worker)
    assert not carrier.taken
    house.clock.forward(seconds=31)
    send_texts(worker)
    assert len(carrier.taken) == 1


@pytest.mark.rule("S12")
def test_no_try_is_planned_outside_the_window(house: House, carrier: Carrier) -> None:
    carrier.answers = [Refused("30001", permanent=False)] * 100
    worker = worker_in(house, carrier)
    for _ in range(60):
        send_texts(worker)
        house.clock.forward(minutes=3)
    state, error = _stands(house)
    assert (state, error) == (Delivery.EXPIRED, "30001")
    with reading(house.engine) as session:
        row = _text(session)
        assert row.next_try_at < row.window.ends_at - timedelta(minutes=15)


def test_a_lasting_refusal_ends_it_and_is_told(house: House, carrier: Carrier) -> None:
    carrier.answers = [Refused("21610", permanent=True)]
    send_texts(worker_in(house, carrier))
    assert _stands(house) == (Delivery.FAILED, "21610")
    assert _told(house) == ["failed"]


def test_a_template_without_words_fails_and_is_told(
    house: House, carrier: Carrier
) -> None:
    with house.writing() as session:
        _text(session).template = "at-time"  # no later window, so no time to tell
    send_texts(worker_in(house, carrier))
    assert not carrier.taken
    assert _stands(house) == (Delivery.FAILED, "no-text")


def test_after_an_ambiguous_answer_it_is_never_sent_again(
    house: House, carrier: Carrier
) -> None:
    carrier.answers = [Ambiguous("no-answer")]
    worker = worker_in(house, carrier)
    for _ in range(10):
        send_texts(worker)
        finish_texts(worker)
        house.clock.forward(minutes=20)
    assert len(carrier.taken) == 1
    assert carrier.asked
    assert _stands(house)[0] is Delivery.UNKNOWN
    assert _told(house) == ["unknown"]
    with reading(house.engine) as session:
        assert _text(session).worker_box is None  # not kept for ever


def test_what_the_carrier_knows_of_settles_the_doubt(
    house: House, carrier: Carrier
) -> None:
    carrier.answers = [Ambiguous("no-answer")]
    worker = worker_in(house, carrier)
    send_texts(worker)
    carrier.found = Sent("SM9", TextStatus.SENT)
    send_texts(worker)
    assert len(carrier.taken) == 1
    assert _stands(house) == (Delivery.SENT, None)
    assert _told(house) == ["unknown", "sent"]


def test_a_worker_killed_after_asking_leaves_a_doubt(
    house: House, carrier: Carrier
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    carrier.during = die
    with pytest.raises(KeyboardInterrupt):
        send_texts(worker_in(house, carrier))
    assert _stands(house)[0] is Delivery.SENDING
    carrier.during = None
    other = worker_in(house, carrier, "two")
    send_texts(other)
    assert _stands(house)[0] is Delivery.SENDING  # its lease still runs
    house.clock.forward(minutes=3)
    send_texts(other)
    assert _stands(house)[0] is Delivery.UNKNOWN
    assert len(carrier.taken) == 1
    assert _told(house) == ["unknown"]


def test_an_answer_after_the_lease_does_not_put_it_back(
    house: House, carrier: Carrier
) -> None:
    """The slow worker was refused, but nobody can wait for it any longer."""
    slow = worker_in(house, carrier, "slow")
    with house.writing() as session:
        text = outbox.take(session, house.office, slow.keys, "slow", house.clock())
    assert text is not None
    house.clock.forward(minutes=3)
    send_texts(worker_in(house, carrier, "two"))
    with house.writing() as session:
        refusal = Refused("30001", permanent=False)
        now = house.clock()
        outbox.refused(session, house.office, text.id, "slow", refusal, now)
    assert _stands(house)[0] is Delivery.UNKNOWN
    assert not carrier.taken


def test_two_workers_at_once_send_each_text_once(
    house: House, carrier: Carrier
) -> None:
    with house.writing() as session:
        request = _text(session).request
        for _ in range(15):
            session.add(house.text_out(request, request.windows[0]))
    workers = [worker_in(house, carrier, name) for name in ("one", "two")]
    threads = [threading.Thread(target=sending.send, args=(w,)) for w in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [text.own_id for text in carrier.taken]
    assert len(sent) == len(set(sent)) == 16


def test_without_a_carrier_nothing_goes_out(house: House) -> None:
    send_texts(worker_in(house, None))
    assert _stands(house)[0] is Delivery.WAITING


def test_a_box_that_does_not_open_fails_and_is_told(
    house: House, carrier: Carrier
) -> None:
    with house.writing() as session:
        _text(session).worker_box = b"broken"
    send_texts(worker_in(house, carrier))
    assert _stands(house) == (Delivery.FAILED, "seal")
    assert _told(house) == ["failed"]


@pytest.mark.rule("S16")
def test_a_stop_is_kept_as_a_tag_only(house: House) -> None:
    with house.writing() as session:
        _stop(house, session, _text(session).request)
    with reading(house.engine) as session:
        stop = session.scalars(select(StoppedNumber)).one()
        assert HERS.encode() not in stop.tag


def test_the_search_skips_what_belongs_to_other_texts(
    house: House, carrier: Carrier
) -> None:
    worker = worker_in(house, carrier)
    send_texts(worker)
    _second(house)
    carrier.answers = [Ambiguous("no-answer")]
    send_texts(worker)
    send_texts(worker)
    assert carrier.asked == [(HERS, frozenset({"SM1"}))]
    # It may have been noted as the first one's only after that was asked.
    carrier.found = Sent("SM1", TextStatus.SENT)
    house.clock.forward(minutes=1)
    send_texts(worker)
    assert set(_states(house)) == {(Delivery.SENT, "SM1"), (Delivery.UNKNOWN, None)}


def _states(house: House) -> list[tuple[Delivery, str | None]]:
    with reading(house.engine) as session:
        every = session.scalars(select(OutboundText).order_by(OutboundText.state))
        return [(text.state, text.provider_sid) for text in every]


def _second(house: House) -> None:
    with house.writing() as session:
        request = _text(session).request
        session.add(house.text_out(request, request.windows[0]))


def test_of_two_doubts_about_one_number_none_takes_what_may_be_the_others(
    house: House, carrier: Carrier
) -> None:
    """The carrier took the second, and can't say which of ours it was."""
    _second(house)
    carrier.answers = [Ambiguous("no-answer"), Ambiguous("no-answer")]
    worker = worker_in(house, carrier)
    send_texts(worker)
    carrier.found = Sent("SM2", TextStatus.SENT)
    send_texts(worker)
    assert _states(house) == [(Delivery.UNKNOWN, None)] * 2
    with house.writing() as session:  # it calls back with our own id
        assert advance(session, carrier.taken[1].own_id, "SM2", TextStatus.DELIVERED)
    house.clock.forward(minutes=2)
    send_texts(worker)
    assert set(_states(house)) == {
        (Delivery.DELIVERED, "SM2"),
        (Delivery.UNKNOWN, None),
    }


def test_a_doubt_takes_nothing_while_another_goes_to_its_number(
    house: House, carrier: Carrier
) -> None:
    carrier.answers = [Ambiguous("no-answer")]
    worker = worker_in(house, carrier)
    send_texts(worker)
    _second(house)
    # One worker is about to hear that its text was taken, as another one asks.
    carrier.during = lambda: _ask_once(house, carrier)
    send_texts(worker)
    assert set(_states(house)) == {(Delivery.SENT, "SM2"), (Delivery.UNKNOWN, None)}


def _ask_once(house: House, carrier: Carrier) -> None:
    carrier.during, carrier.found = None, Sent("SM2", TextStatus.QUEUED)
    house.clock.forward(minutes=1)
    before = len(carrier.asked)
    assert sending.ask(worker_in(house, carrier, "two")) == 0
    assert len(carrier.asked) > before


def test_another_number_leaves_a_doubt_to_be_settled(
    house: House, carrier: Carrier
) -> None:
    with house.writing() as session:
        other = house.text_out(_text(session).request, _text(session).window)
        other.worker_box = seal(b"+46701740699", house.pair.public)
        other.state, other.lease_until = Delivery.UNKNOWN, house.clock() + minutes(2)
        other.next_try_at = house.clock() + minutes(60)
        session.add(other)
    carrier.answers = [Ambiguous("no-answer")]
    worker = worker_in(house, carrier)
    send_texts(worker)
    carrier.found = Sent("SM9", TextStatus.SENT)
    send_texts(worker)
    assert set(_states(house)) == {(Delivery.SENT, "SM9"), (Delivery.UNKNOWN, None)}


def test_what_is_shown_of_an_outgoing_text_has_no_number(
    house: House, carrier: Carrier
) -> None:
    worker = worker_in(house, carrier)
    with house.writing() as session:
        now: datetime = house.clock()
        text = outbox.take(session, house.office, worker.keys, "one", now)
    assert HERS not in repr(text)
    assert HERS not in repr(worker)


def test_a_text_that_names_a_new_colleague_never_goes_out(
    house: House, carrier: Carrier, tmp_path: Path
) -> None:
    """Between its offer and its hour somebody of that name has come to work here."""
    folder = tmp_path / "sv"
    folder.mkdir()
    line = "Hej! Vi ses hos Lindqvist en annan dag."
    (folder / FILE).write_text(f'[text.later]\nclub = "{line}"\n', "utf-8")
    texts = load_texts(SHIPPED, tmp_path)
    assert texts.own
    house.office = replace(house.office, texts=texts)
    with house.writing() as session:
        who = ("new", "Karin", "Karin Lindqvist", Role.STAFF)
        founding.add_member(session, *who, [], house.clock())
    send_texts(worker_in(house, carrier))
    assert (carrier.taken, _stands(house)) == ([], (Delivery.CANCELLED, "names-us"))
