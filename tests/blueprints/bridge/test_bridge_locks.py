"""What keeps the bridge from her phone: every lock alone, at the start and again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import bridge, calls, queue, returning, stopped_numbers
from intake.bridge_calls import HOLD, LATEST
from intake.bridge_tables import BridgeState
from intake.envelopes import current_number
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.line_tests import Line, withdraw_test
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import Outcome
from intake.people import UnitRecord
from intake.returning import Return
from intake.safe_contact import safe_contact
from intake.topics import Contact, ShownNumber, State
from intake.vault import KeyPair
from tests.blueprints.bridge.conftest import LINE, PHONE, Wire, shown
from tests.factories import HERS, Bureau, text


def cancel(wire: Wire, session: Session, request: Request) -> None:
    back = Return(0, request, KeyPair.generate())
    returning.cancel_callback(session, wire.bureau.office, back, wire.bureau.clock())


def take_back(wire: Wire, session: Session, request: Request) -> None:
    back = Return(0, request, KeyPair.generate())
    returning.take_back(session, wire.bureau.office, back, wire.bureau.clock())


def stop(wire: Wire, session: Session, request: Request) -> None:
    number = current_number(request)
    assert number is not None
    assert number.tag is not None
    stopped_numbers.stop_number(session, number.tag, wire.bureau.clock())


def change_number(wire: Wire, session: Session, request: Request) -> None:
    number = current_number(request)
    assert number is not None
    number.tag = b"x" * 32


def withdraw(wire: Wire, session: Session, request: Request) -> None:
    for window in request.windows:
        window.withdrawn_at = wire.bureau.clock()


def withdraw_number(wire: Wire, session: Session, request: Request) -> None:
    for number in request.numbers:
        number.withdrawn_at = wire.bureau.clock()


def untest(wire: Wire, session: Session, request: Request) -> None:
    session.get_one(UnitRecord, request.unit).call_tested_at = None


def untest_bridge(wire: Wire, session: Session, request: Request) -> None:
    withdraw_test(session, request.unit, Line.CALLS)


def set_aside(wire: Wire, session: Session, request: Request) -> None:
    request.set_aside = True


def forbid(wire: Wire, session: Session, request: Request) -> None:
    request.contact = Contact.SAID_STOP


def stop_beside(wire: Wire, session: Session, request: Request) -> None:
    beside = session.scalars(select(Request).where(Request.id != request.id)).one()
    beside.joined_to_id, beside.contact = request.id, Contact.SAID_STOP


def take_over(wire: Wire, session: Session, request: Request) -> None:
    maria = wire.bureau.desk(session, "maria")
    queue.note(maria, request, EventKind.CLAIMED, wire.bureau.clock(), taken_over=True)


def finish(wire: Wire, session: Session, request: Request) -> None:
    desk = wire.bureau.desk(session, "amina")
    bridge.finish(desk, request, Outcome.LINE_FAULT, wire.bureau.clock())


@pytest.mark.rule("S12", "S13", "S15", "S16", "S17")
@pytest.mark.parametrize(
    ("lock", "error"),
    [
        pytest.param(cancel, "contact", id="cancelled"),
        pytest.param(take_back, "contact", id="taken back"),
        pytest.param(forbid, "contact", id="contact alone"),
        pytest.param(stop, "number-stopped", id="stop on the number"),
        pytest.param(change_number, "number", id="another tag"),
        pytest.param(withdraw_number, "number", id="number withdrawn"),
        pytest.param(withdraw, "window", id="window withdrawn"),
        pytest.param(untest, "calls-untested", id="call test"),
        pytest.param(untest_bridge, "bridge-untested", id="bridge test"),
        pytest.param(set_aside, "set-aside", id="set aside"),
        pytest.param(stop_beside, "joined", id="a stop in what it is joined with"),
        pytest.param(take_over, "over", id="another has it now"),
        pytest.param(finish, "outcome", id="an outcome came first"),
    ],
)
def test_each_lock_is_checked_again_before_her_phone_rings(
    wire: Wire,
    lock: Callable[[Wire, Session, Request], None],
    error: str,
) -> None:
    phone = wire.rings()
    phone.picks_up()
    phone.presses(wire.row().code)
    wire.bureau.send(text())
    with wire.bureau.writing() as session:
        lock(wire, session, wire.bureau.request(session, wire.reference))
    wire.round()
    assert wire.rung() == [PHONE.e164]
    assert (wire.row().state, wire.row().error) == (BridgeState.FAILED, error)
    assert wire.row().her_box is None
    if error != "outcome":
        assert "Samtalet kopplas inte" in phone.call.twiml[-1]
        assert wire.state() is State.CALLING


@pytest.mark.rule("S12")
def test_no_ring_in_the_last_15_minutes_of_her_time(wire: Wire) -> None:
    wire.bureau.clock.forward(minutes=44)
    with wire.bureau.writing() as session:
        amina = wire.bureau.desk(session, "amina")
        request = wire.bureau.request(session, wire.reference)
        queue.claim(amina, request, wire.bureau.clock())
    phone = wire.rings()
    phone.picks_up()
    wire.bureau.clock.forward(minutes=1)
    phone.presses(wire.row().code)
    wire.round()
    assert wire.rung() == [PHONE.e164]
    assert wire.row().error == "window"


@pytest.mark.rule("S12")
def test_a_worker_that_was_away_rings_nobody_out_of_the_blue(wire: Wire) -> None:
    wire.press()
    wire.bureau.clock.now += LATEST
    wire.round()
    assert wire.rung() == []
    assert wire.row().error == "late"
    assert wire.row().her_box is None


@pytest.mark.rule("S12")
def test_who_held_the_line_too_long_is_not_joined(wire: Wire) -> None:
    phone = wire.rings()
    phone.picks_up()
    phone.presses(wire.row().code)
    wire.bureau.clock.now += HOLD
    wire.round()
    assert wire.rung() == [PHONE.e164]
    assert wire.row().error == "late"


@pytest.mark.rule("S12")
def test_digits_that_come_too_late_hold_nothing(wire: Wire) -> None:
    phone = wire.rings()
    phone.picks_up()
    wire.bureau.clock.now += LATEST
    assert "Pause" not in phone.presses(wire.row().code)


@pytest.mark.rule("S16", "S17")
@pytest.mark.parametrize(
    ("lock", "reason"),
    [
        pytest.param(untest_bridge, "bridge-untested", id="bridge test"),
        pytest.param(untest, "calls-untested", id="call test"),
        pytest.param(stop, "number-stopped", id="stop"),
        pytest.param(set_aside, "set-aside", id="set aside"),
    ],
)
def test_each_lock_alone_keeps_the_bridge_from_starting(
    wire: Wire, lock: Callable[[Wire, Session, Request], None], reason: str
) -> None:
    assert wire.may_call()
    with wire.bureau.writing() as session:
        lock(wire, session, wire.bureau.request(session, wire.reference))
    with pytest.raises(NotAllowed, match=reason):
        wire.press()
    assert wire.state() is not State.CALLING


@pytest.mark.rule("S17")
def test_who_chose_hidden_is_never_bridged(
    bureau: Bureau,
) -> None:
    reference, now = shown(bureau, ShownNumber.HIDDEN), bureau.clock()
    with bureau.writing() as session:
        desk = bureau.desk(session, "amina")
        request = bureau.request(session, reference)
        assert bridge.locks(desk, request, LINE, now) == ["bridge-hidden"]
        assert bridge.locks(desk, request, "", now)[0] == "bridge-off"
        # Tested was another number.
        other = bridge.locks(desk, request, "+46701740603", now)
        assert other == ["bridge-untested", "bridge-hidden"]


@pytest.mark.rule("S4", "S17")
def test_whoever_has_the_receipt_does_not_choose_that_a_number_is_shown(
    bureau: Bureau,
) -> None:
    reference, now = shown(bureau), bureau.clock()
    with bureau.writing() as session:
        desk = bureau.desk(session, "amina")
        request = bureau.request(session, reference)
        assert "bridge-hidden" not in bridge.locks(desk, request, LINE, now)
        back, change = Return(0, request, KeyPair.generate()), returning.change_callback
        asked = bureau.callback(shown=ShownNumber.SHOWN)
        change(session, bureau.office, back, asked, now)
        assert safe_contact(desk, request).by_receipt
        assert "bridge-hidden" in bridge.locks(desk, request, LINE, now)


def test_her_own_number_is_not_taken_for_staffs(wire: Wire) -> None:
    with wire.bureau.writing() as session:
        desk = wire.bureau.desk(session, "amina")
        request = wire.bureau.request(session, wire.reference)
        with pytest.raises(NotAllowed, match="bridge-same-phone"):
            bridge.start(desk, request, read_number(HERS), LINE, wire.bureau.clock())


@pytest.mark.rule("S12")
def test_the_number_is_not_even_opened_for_a_bridged_call(wire: Wire) -> None:
    wire.press()
    with wire.bureau.writing() as session:
        desk = wire.bureau.desk(session, "amina")
        on = calls.call_on(desk, wire.bureau.request(session, wire.reference))
        assert on is not None
        assert on.number == ""
        assert on.bridge is not None
