"""The bridge over HTTP: the site's webhooks, a worker, and Twilio's stand-in (S12).

Staff's phone rings first; hers only after the digits, and after every lock again.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from intake import bridge, bridging, calls, queue, returning
from intake.bridge_calls import HOLD, LATEST, next_to_dial, next_to_ring
from intake.bridge_tables import BridgedCall, BridgeState
from intake.call_logs import FORGET_EVERY
from intake.duty import Worker, turn
from intake.envelopes import current_number
from intake.errors import NotAllowed
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import Outcome
from intake.people import UnitRecord
from intake.returning import Return
from intake.sms.twilio_account import Account
from intake.topics import Contact, ShownNumber, State
from intake.vault import KeyPair
from intake.voice import TwilioVoice
from intake.worker import forget_calls
from tests import factories
from tests.factories import HERS, Bureau
from tests.hookup import site, texting
from tests.standin import Answer, StandIn
from tests.standin.account import Call
from tests.standin.phones import Telephone
from tests.workbench import Postman
from web.settings import Settings
from web.wiring import Wiring

LINE, PHONE = "+46701740602", read_number("070-174 06 77")
HER_NUMBER = read_number(HERS).e164


@dataclass
class Wire:
    """The site, the carrier, a worker, and a request that Amina holds and may call."""

    bureau: Bureau
    standin: StandIn
    url: str
    reference: str

    def worker(self, line: TwilioVoice | None = None) -> Worker:
        """Return a worker that talks to the stand-in by Twilio's library."""
        account = Account(
            self.standin.sid,
            auth_token=self.standin.token,
            api_url=self.standin.url,
        )
        return Worker(
            engine=self.bureau.engine,
            office=self.bureau.office,
            pair=self.bureau.worker.pair,
            number_key=self.bureau.worker.number_key,
            gateway=None,
            mailer=Postman(),
            status_url="",
            clock=self.bureau.clock,
            line=line or TwilioVoice(account, LINE, f"{self.url}/hooks/voice"),
        )

    def press(self) -> None:
        """Press for a bridged call, as the desk does."""
        with self.bureau.writing() as session:
            desk = self.bureau.desk(session, "amina")
            request = self.bureau.request(session, self.reference)
            bridge.start(desk, request, PHONE, LINE, self.bureau.clock())

    def round(self) -> None:
        """Let a worker take the bridge's step once."""
        bridging.connect(self.worker())

    def rings(self) -> Telephone:
        """Press, let the worker ring Amina, and return her telephone."""
        self.press()
        self.round()
        (call,) = self.standin.calls
        return Telephone(self.standin, call)

    def joined(self) -> Telephone:
        """Go on until the worker has rung the person up."""
        phone = self.rings()
        phone.picks_up()
        phone.presses(self.row().code)
        self.round()
        return phone

    def row(self) -> BridgedCall:
        """Return the bridged call as it stands."""
        with self.bureau.writing() as session:
            rows = session.scalars(select(BridgedCall)).all()
            session.expunge_all()
            return rows[-1]

    def state(self) -> State:
        """Return where the request stands."""
        with self.bureau.writing() as session:
            return self.bureau.request(session, self.reference).state

    def finish(self, outcome: Outcome) -> None:
        """Record an outcome, as the desk does."""
        with self.bureau.writing() as session:
            desk = self.bureau.desk(session, "amina")
            request = self.bureau.request(session, self.reference)
            bridge.finish(desk, request, outcome, self.bureau.clock())

    def may_call(self) -> bool:
        """Say whether her window may be rung again."""
        with self.bureau.writing() as session:
            desk = self.bureau.desk(session, "amina")
            request = self.bureau.request(session, self.reference)
            return not bridge.locks(desk, request, LINE, self.bureau.clock())

    def rung(self) -> list[str]:
        """Return every number that was rung."""
        return [call.to for call in self.standin.calls]


def shown(bureau: Bureau) -> str:
    """Send a callback that lets the number be shown, held and tested by staff."""
    reference = bureau.send(bureau.callback(shown=ShownNumber.SHOWN))
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        queue.claim(desk, request, bureau.clock())
        maria = bureau.desk(session, "maria")
        bridge.record_test(maria, request.unit, LINE, bureau.clock())
    return reference


@pytest.fixture
def bureau(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    factories.quicken(monkeypatch)
    return factories.bureau(engine)


@pytest.fixture
def wire(bureau: Bureau, tmp_path: Path) -> Iterator[Wire]:
    settings: Settings = texting(tmp_path)
    reference = shown(bureau)
    app = site(bureau, settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    with StandIn() as standin:
        wiring: Wiring = app.extensions["stilla"]
        here = replace(
            settings,
            public_url=url,
            voice_number=LINE,
            twilio_auth_token=(standin.token,),
        )
        app.extensions["stilla"] = replace(wiring, settings=here)
        thread.start()
        yield Wire(bureau, standin, url, reference)
        server.shutdown()
        thread.join()
        server.server_close()


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
    queue.stop_number(session, number.tag, wire.bureau.clock())


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
    bridge.withdraw_test(wire.bureau.desk(session, "maria"), request.unit)


def set_aside(wire: Wire, session: Session, request: Request) -> None:
    request.set_aside = True


def forbid(wire: Wire, session: Session, request: Request) -> None:
    request.contact = Contact.SAID_STOP


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
    wire.bureau.clock.forward(minutes=1)
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


def never_shown(wire: Wire, session: Session, request: Request) -> None:
    wire.reference = wire.bureau.send(wire.bureau.callback())
    held = wire.bureau.request(session, wire.reference)
    queue.claim(wire.bureau.desk(session, "amina"), held, wire.bureau.clock())


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
def test_hidden_is_never_bridged_nor_shown_by_whoever_has_the_receipt(
    bureau: Bureau,
) -> None:
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        queue.claim(desk, request, bureau.clock())
        maria = bureau.desk(session, "maria")
        bridge.record_test(maria, request.unit, LINE, bureau.clock())
        now = bureau.clock()
        assert bridge.locks(desk, request, LINE, now) == ["bridge-hidden"]
        assert bridge.locks(desk, request, "", now)[0] == "bridge-off"
        # Tested was another number.
        other = bridge.locks(desk, request, "+46701740603", now)
        assert other == ["bridge-untested", "bridge-hidden"]


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
