"""The bridge over HTTP: staff's phone rings first, hers after the digits (S12)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake import bridging
from intake.bridge_calls import next_to_dial, next_to_ring
from intake.bridge_tables import BridgeState
from intake.call_logs import FORGET_EVERY
from intake.duty import turn
from intake.errors import NotAllowed
from intake.outcomes import Outcome
from intake.topics import State
from intake.worker import forget_calls
from tests.blueprints.bridge.conftest import HER_NUMBER, LINE, PHONE, Wire
from tests.standin import Answer
from tests.standin.account import Call
from tests.standin.phones import Telephone


@pytest.mark.rule("S12", "S17", "S22")
def test_staff_ring_first_and_she_only_after_the_digits(wire: Wire) -> None:
    phone = wire.rings()
    assert wire.rung() == [PHONE.e164]
    assert "Gather" in phone.picks_up()
    wire.round()
    assert wire.rung() == [PHONE.e164]  # answered is not enough
    assert "Pause" in phone.presses(wire.row().code)
    assert wire.rung() == [PHONE.e164]  # a webhook rings nobody
    wire.round()
    assert wire.rung() == [PHONE.e164, HER_NUMBER]
    assert phone.hers[0].from_ == LINE
    (joined,) = phone.call.twiml
    assert 'record="do-not-record"' in joined
    assert 'timeout="15"' in joined  # with Twilio's five more: RING_FOR
    row = wire.row()
    assert row.state is BridgeState.DIALLING
    assert row.her_box is None
    assert row.staff_box is None
    for said in (phone.said, *(str(asked.form) for asked in wire.standin.asked[:-1])):
        assert HER_NUMBER not in said


@pytest.mark.rule("S13")
@pytest.mark.parametrize("heard", ["completed", "no-answer", "busy", "failed"])
def test_whatever_the_carrier_says_only_a_person_ends_the_call(
    wire: Wire, heard: str
) -> None:
    phone = wire.joined()
    assert "Hangup" in phone.she(heard)
    phone.hangs_up()
    wire.round()
    assert (wire.row().state, wire.row().heard) == (BridgeState.OVER, heard)
    assert wire.state() is State.CALLING
    wire.finish(Outcome.NO_ANSWER)
    assert wire.state() is State.OPEN
    assert not wire.may_call()  # at most one ring a window


@pytest.mark.rule("S13")
def test_staff_who_hang_up_while_it_rings_leave_a_ring_that_was(wire: Wire) -> None:
    phone = wire.joined()
    phone.hangs_up()
    assert (wire.row().state, wire.row().heard) == (BridgeState.OVER, None)
    assert wire.state() is State.CALLING
    wire.finish(Outcome.LINE_FAULT)
    assert not wire.may_call()


@pytest.mark.rule("S12")
@pytest.mark.parametrize(
    ("how", "error"),
    [
        pytest.param(lambda p: p.picks_up(), "no-code", id="their voicemail"),
        pytest.param(lambda p: None, "no-code", id="nothing"),
    ],
)
def test_their_own_voicemail_reaches_nobody(
    wire: Wire, how: Callable[[Telephone], object], error: str
) -> None:
    phone = wire.rings()
    how(phone)
    phone.hangs_up()
    wire.round()
    assert wire.rung() == [PHONE.e164]
    assert (wire.row().state, wire.row().error) == (BridgeState.FAILED, error)
    assert wire.row().her_box is None


@pytest.mark.rule("S12")
def test_a_stranger_who_presses_at_random_reaches_nobody(wire: Wire) -> None:
    phone = wire.rings()
    phone.picks_up()
    code = wire.row().code
    assert "Hangup" in phone.presses("00" if code != "00" else "01")
    phone.said = phone.picks_up()
    assert "Gather" not in phone.said  # one guess
    wire.round()
    assert wire.rung() == [PHONE.e164]


@pytest.mark.rule("S13", "S37")
@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_what_never_rang_her_gives_her_time_back_once_a_person_says_so(
    wire: Wire, status: str
) -> None:
    phone = wire.rings()
    phone.hangs_up(status)
    assert wire.row().error == status
    assert wire.state() is State.CALLING
    with pytest.raises(NotAllowed, match="never-rung"):
        wire.finish(Outcome.NO_ANSWER)  # an attempt that was none
    assert wire.state() is State.CALLING
    wire.finish(Outcome.LINE_FAULT)
    assert wire.may_call()


@pytest.mark.rule("S12", "S13")
def test_webhooks_that_come_twice_or_late_ring_her_once(wire: Wire) -> None:
    phone = wire.rings()
    asked = phone.picks_up()
    code = wire.row().code
    assert phone.presses(code)
    phone.said = asked
    assert "Pause" in phone.presses(code)  # our first answer was lost
    wire.round()
    phone.said = asked
    assert "Hangup" in phone.presses(code).replace("Pause", "")
    wire.round()
    phone.she("no-answer")
    phone.she("no-answer")
    phone.hangs_up()
    phone.hangs_up()
    phone.said = asked
    phone.presses(code)
    wire.round()
    assert wire.rung() == [PHONE.e164, HER_NUMBER]
    assert wire.row().heard == "no-answer"


def _killed_before_ringing(wire: Wire) -> None:
    wire.press()
    worker = wire.worker()
    with turn(worker) as session:
        assert next_to_ring(session, worker.keys, worker.clock())


def _killed_before_dialling(wire: Wire) -> None:
    phone = wire.rings()
    phone.picks_up()
    phone.presses(wire.row().code)
    worker = wire.worker()
    with turn(worker) as session:
        assert next_to_dial(session, worker.keys, LINE, worker.clock())


@pytest.mark.rule("S13")
@pytest.mark.parametrize(
    ("killed", "rung", "gives_back"),
    [(_killed_before_ringing, 0, True), (_killed_before_dialling, 1, False)],
)
def test_a_killed_worker_repeats_no_step_and_a_person_ends_it(
    wire: Wire, killed: Callable[[Wire], None], rung: int, gives_back: bool
) -> None:
    killed(wire)
    for _ in range(3):
        wire.round()
        wire.bureau.clock.forward(minutes=2)
    assert len(wire.rung()) == rung  # hers never
    assert wire.state() is State.CALLING
    wire.finish(Outcome.LINE_FAULT)
    assert wire.may_call() == gives_back


@pytest.mark.rule("S13")
def test_an_unclear_answer_of_the_carrier_is_never_asked_again(wire: Wire) -> None:
    wire.standin.conduct.answers.append(Answer.TAKEN_SERVER_ERROR)
    phone = wire.rings()  # it did ring, and tells its name by itself
    phone.picks_up()
    assert wire.row().provider_sid == phone.call.sid
    phone.presses(wire.row().code)
    wire.standin.conduct.answers.append(Answer.TAKEN_SERVER_ERROR)
    wire.round()
    wire.round()
    assert wire.rung() == [PHONE.e164, HER_NUMBER]
    assert not wire.row().state.never_rang


@pytest.mark.rule("S13")
def test_a_carrier_that_refuses_rings_nobody_and_gives_the_time_back(
    wire: Wire,
) -> None:
    phone = wire.rings()
    phone.picks_up()
    phone.presses(wire.row().code)
    phone.call.status = "completed"  # staff hung up a moment ago
    wire.round()
    assert wire.rung() == [PHONE.e164]
    assert (wire.row().state, wire.row().error) == (BridgeState.FAILED, "21220")
    wire.finish(Outcome.LINE_FAULT)
    assert wire.may_call()


@pytest.mark.rule("S22")
def test_every_leg_is_deleted_at_the_carrier_once_it_is_over(wire: Wire) -> None:
    phone = wire.joined()
    assert bridging.clean(wire.worker()) == 0  # it goes on
    phone.she("completed")
    assert bridging.clean(wire.worker()) == 1  # asked too early: refused
    assert wire.row().deleted_at is None
    phone.hangs_up()
    wire.bureau.clock.forward(minutes=10)
    bridging.clean(wire.worker())
    assert wire.standin.calls == []
    assert wire.row().deleted_at
    assert bridging.clean(wire.worker()) == 0


@pytest.mark.rule("S22")
def test_who_rang_the_line_back_is_forgotten_with_it(wire: Wire) -> None:
    wire.standin.calls.append(Call(LINE, HER_NUMBER))
    worker = wire.worker()
    assert forget_calls(worker) == 1
    assert wire.standin.calls == []
    wire.standin.calls.append(Call(LINE, HER_NUMBER))
    wire.bureau.clock.now += FORGET_EVERY - timedelta(seconds=1)
    assert forget_calls(worker) == 0


@pytest.mark.rule("S17")
def test_who_rings_back_hears_a_busy_line(wire: Wire) -> None:
    phone = Telephone(wire.standin, Call(LINE, HER_NUMBER))
    assert '<Reject reason="busy"' in phone.ask(f"{wire.url}/hooks/voice/back")


def test_what_the_carrier_did_not_sign_moves_nothing(wire: Wire) -> None:
    phone = wire.rings()
    phone.picks_up()
    hook, code = phone.call.form["Url"], wire.row().code
    for path in ("", "/code", "/rung", "/over"):
        forged = phone.post(f"{hook}{path}", token="another", Digits=code)
        assert forged.status == 403
    # Signed, but by another call of the same account.
    other = phone.ask(f"{hook}/code", sid="CA" + "0" * 32, Digits=code)
    assert "Pause" not in other
    assert phone.post(f"{hook}/code", sid="x/y", Digits=code).status == 400
    assert wire.row().state is BridgeState.RINGING


@pytest.mark.rule("S17")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, ""),
        ({"voice_url": "https://demo.twilio.com/welcome/voice/"}, "rings it back"),
        ({"voice_application_sid": "AP1"}, "rings it back"),
        ({"trunk_sid": "TK1"}, "rings it back"),
        ({"voice_method": "GET"}, "by GET"),
        ({"sms_url": "https://demo.twilio.com/welcome/sms/reply"}, "texts to it"),
        ({"sms_application_sid": "AP1"}, "texts to it"),
        ({"phone_number": "+46701740699"}, "not among"),
    ],
)
def test_what_who_calls_back_would_meet_is_looked_at_when_the_worker_starts(
    wire: Wire, wrong: dict[str, str | None], said: str
) -> None:
    right: dict[str, str | None] = {
        "phone_number": LINE,
        "voice_url": f"{wire.url}/hooks/voice/back",
    }
    texts = f"{wire.url}/hooks/sms"
    wire.standin.numbers = [right | {"voice_method": "POST", "sms_url": texts} | wrong]
    line = wire.worker().line
    assert line is not None
    told = line.doubts(texts)
    assert [said in one for one in told] == ([True] if said else [])
