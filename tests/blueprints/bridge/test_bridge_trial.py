"""A head's trial of the bridge: her own two telephones, before anybody else's (S17)."""

from datetime import timedelta

import pytest

from intake import bridge, bridging
from intake.bridge import FRESH
from intake.bridge_boxes import Leg, shut
from intake.bridge_tables import BridgeState
from intake.errors import NotAllowed
from intake.forgetting import CLEAN_FOR, never_cleaned
from intake.numbers import read_number
from intake.sms.twilio_account import Account
from intake.vault import seal
from intake.voice import TwilioVoice
from tests.blueprints.bridge.conftest import HER_NUMBER, LINE, PHONE, Wire
from tests.standin.phones import Telephone

OTHER, NEW_LINE = read_number("070-174 06 88"), "+46701740603"


@pytest.fixture(autouse=True)
def untried(wire: Wire) -> None:
    """Let every earlier trial be too old to count."""
    wire.bureau.clock.now += FRESH


def asked(wire: Wire, line: str = LINE) -> Telephone:
    """Press for a trial, as a head does, and let the worker ring her phone."""
    with wire.bureau.writing() as session:
        maria = wire.bureau.desk(session, "maria")
        bridge.try_out(maria, "adult", PHONE, OTHER, line, wire.bureau.clock())
    wire.round()
    return Telephone(wire.standin, wire.standin.calls[-1])


def record(wire: Wire, line: str = LINE) -> None:
    with wire.bureau.writing() as session:
        maria = wire.bureau.desk(session, "maria")
        bridge.record_test(maria, "adult", line, wire.bureau.clock())


def through(wire: Wire) -> Telephone:
    phone = asked(wire)
    phone.picks_up()
    phone.presses(wire.row().code)
    wire.round()
    return phone


@pytest.mark.rule("S17")
def test_it_goes_the_way_of_every_call_and_only_then_a_test_is_recorded(
    wire: Wire,
) -> None:
    phone = asked(wire)
    phone.picks_up()
    wire.round()
    assert wire.rung() == [PHONE.e164]  # the other one rings after the digits only
    phone.presses(wire.row().code)
    wire.round()
    assert wire.rung() == [PHONE.e164, OTHER.e164]
    assert (phone.hers[0].from_, wire.row().her_box) == (LINE, None)
    with pytest.raises(NotAllowed, match="bridge-untried"):
        record(wire)  # it rings still
    phone.she("completed")
    record(wire)


@pytest.mark.rule("S17")
def test_what_rang_no_second_phone_or_long_ago_counts_for_nothing(wire: Wire) -> None:
    phone = asked(wire)
    phone.picks_up()
    phone.hangs_up()  # no digits: a voicemail
    assert wire.row().state is BridgeState.FAILED
    with pytest.raises(NotAllowed, match="bridge-untried"):
        record(wire)
    through(wire).she("no-answer")
    wire.bureau.clock.now += FRESH
    with pytest.raises(NotAllowed, match="bridge-untried"):
        record(wire)


@pytest.mark.rule("S17")
def test_it_tries_the_line_that_is_configured_and_counts_for_no_other(
    wire: Wire,
) -> None:
    phone = asked(wire, NEW_LINE)  # the worker calls from the old one still
    phone.picks_up()
    phone.presses(wire.row().code)
    wire.round()
    assert wire.rung() == [PHONE.e164]
    assert (wire.row().state, wire.row().error) == (BridgeState.FAILED, "line")
    through(wire).she("completed")
    with pytest.raises(NotAllowed, match="bridge-untried"):
        record(wire, NEW_LINE)


@pytest.mark.rule("S22")
def test_both_numbers_of_it_are_forgotten_too(wire: Wire) -> None:
    phone = through(wire)
    phone.she("completed")
    phone.hangs_up()
    bridging.clean(wire.worker())
    assert wire.standin.calls == []


@pytest.mark.rule("S22")
def test_a_carrier_that_forgets_nothing_is_asked_for_14_days_and_then_told(
    wire: Wire,
) -> None:
    account = Account("AC0", auth_token="none", api_url=wire.standin.url)
    stranger = TwilioVoice(account, LINE, f"{wire.url}/hooks/voice")
    phone = through(wire)
    phone.hangs_up()
    worker, began = wire.worker(stranger), wire.bureau.clock.now
    assert bridging.clean(worker) == 1
    wire.bureau.clock.now = began + CLEAN_FOR - timedelta(minutes=1)
    assert bridging.clean(worker) == 1
    with wire.bureau.writing() as session:
        assert never_cleaned(session, wire.bureau.clock()) == 0
    wire.bureau.clock.now = began + CLEAN_FOR + timedelta(hours=1)
    assert bridging.clean(worker) == 0
    with wire.bureau.writing() as session:
        assert never_cleaned(session, wire.bureau.clock()) == 1


@pytest.mark.rule("S12", "S22")
@pytest.mark.parametrize("leg", ["staff_box", "her_box"])
def test_a_number_on_file_that_somebody_moved_there_is_never_rung(
    wire: Wire, leg: str
) -> None:
    """As who can write to the database might, without knowing the number."""
    public = wire.bureau.office.worker_public
    on_file = (seal(HER_NUMBER.encode(), public), shut(Leg.HERS, HER_NUMBER, public))
    for box in on_file:
        with wire.bureau.writing() as session:
            maria = wire.bureau.desk(session, "maria")
            at = wire.bureau.clock()
            row = bridge.try_out(maria, "adult", PHONE, OTHER, LINE, at)
            setattr(row, leg, box)
        wire.round()
        if leg == "her_box":
            phone = Telephone(wire.standin, wire.standin.calls[-1])
            phone.picks_up()
            phone.presses(wire.row().code)
            wire.round()
        assert wire.row().error == "seal"
        assert HER_NUMBER not in wire.rung()
        wire.bureau.clock.forward(seconds=1)
