"""What every carrier of texts must do, each over real HTTP against its stand-in.

The console has none: it must keep what of the contract needs nobody else.
"""

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from intake.sms import wire
from intake.sms.console import ConsoleGateway
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    Refused,
    SmsGateway,
    TextStatus,
)
from intake.sms.twilio import TwilioGateway
from tests.standin import Answer, Callbacks, StandIn
from tests.standin.account import NUMBER
from tests.standin.client import (
    BODY,
    CARRIERS,
    HOUR,
    SENDER,
    TO,
    failure,
    gateway_of,
    text,
)

OTHER, FAILED = "+46701740606", TextStatus.FAILED
NOWHERE = "http://127.0.0.1:9/"
TAKEN = {
    Answer.TAKEN_SERVER_ERROR,
    Answer.GARBAGE,
    Answer.NAMELESS,
    Answer.SILENCE,
    Answer.DROPPED,
    Answer.SLOW,
}


@pytest.fixture(params=CARRIERS)
def standin(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """Return each carrier's stand-in; it tells nobody what becomes of texts."""
    with CARRIERS[request.param](senders=[SENDER, "Anna"]) as running:
        running.conduct.callbacks = Callbacks.NONE
        yield running


@pytest.fixture
def gateway(standin: StandIn) -> SmsGateway:
    """Return the gateway to the stand-in."""
    return gateway_of(standin)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the client give up soon, so that a test doesn't wait for seconds."""
    monkeypatch.setattr(wire, "_PATIENCE", (0.3, 0.3))


@pytest.mark.parametrize("body", [BODY, "😀 " * 200, "مرحبًا!", "a&b=c+d%20;\n"])
def test_a_text_goes_out_once_and_letter_by_letter(
    standin: StandIn, gateway: SmsGateway, body: str
) -> None:
    sent = gateway.send(text(body=body))
    (message,) = standin.messages
    assert (message.to, message.from_, message.body) == (TO, SENDER, body)
    assert (sent.sid, sent.status) == (message.sid, TextStatus.QUEUED)


def test_a_name_may_send(standin: StandIn) -> None:
    gateway_of(standin, "Anna").send(text())
    assert standin.messages[0].from_ == "Anna"


@pytest.mark.rule("S12")
def test_who_does_not_drop_what_is_late_says_so(
    standin: StandIn, gateway: SmsGateway
) -> None:
    gateway.send(text(valid_for=timedelta(minutes=30)))
    dropped = standin.messages[0].validity_period == 30 * 60
    assert gateway.drops_late is dropped


@pytest.mark.parametrize("answer", [Answer.TOO_MANY, Answer.UNAVAILABLE])
def test_what_was_not_taken_may_be_tried_again(
    standin: StandIn, gateway: SmsGateway, answer: Answer
) -> None:
    standin.conduct.answers.append(answer)
    error = failure(lambda: gateway.send(text()))
    assert isinstance(error, Refused)
    assert not error.permanent
    assert standin.messages == []
    assert gateway.send(text())


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("answer", [*sorted(TAKEN), Answer.SERVER_ERROR, Answer.LOST])
def test_what_may_have_been_taken_is_asked_for_and_never_sent_again(
    standin: StandIn, gateway: SmsGateway, answer: Answer
) -> None:
    standin.conduct.answers.append(answer)
    began = datetime.now(UTC)
    assert isinstance(failure(lambda: gateway.send(text())), Ambiguous)
    assert len([asked for asked in standin.asked if asked.method == "POST"]) == 1
    found = gateway.find(TO, began)
    taken = [message.sid for message in standin.messages]
    assert ([found.sid] if found else []) == taken
    assert len(taken) == (answer in TAKEN)


def test_a_number_that_is_refused_stays_so(
    standin: StandIn, gateway: SmsGateway
) -> None:
    standin.conduct.refused[TO] = 21614
    error = failure(lambda: gateway.send(text()))
    assert isinstance(error, Refused)
    assert error.permanent


@pytest.mark.parametrize(("sender", "token"), [(SENDER, "wrong"), ("+46701740699", "")])
def test_what_is_ours_to_put_right_is_told_apart(
    standin: StandIn, sender: str, token: str
) -> None:
    gateway = gateway_of(standin, sender, token)
    assert isinstance(failure(lambda: gateway.send(text())), Misconfigured)
    assert standin.messages == []


def test_only_our_own_texts_since_then_are_found(
    standin: StandIn, gateway: SmsGateway
) -> None:
    began = datetime.now(UTC)
    first, second = gateway.send(text()), gateway.send(text())
    gateway.send(text(to=OTHER))
    gateway_of(standin, "Anna").send(text())
    standin.incoming(TO, "hej", NOWHERE)
    for known, sid in [([], first.sid), ([first.sid], second.sid)]:
        found = gateway.find(TO, began, "own", known)
        assert found is not None
        assert found.sid == sid
    assert gateway.find(TO, began, "own", [first.sid, second.sid]) is None
    assert gateway.find(TO, datetime.now(UTC) + HOUR) is None


@pytest.mark.parametrize(
    ("failing", "ends"),
    [(False, {TextStatus.DELIVERED}), (True, {TextStatus.UNDELIVERED, FAILED})],
)
def test_how_a_text_ended_is_asked_by_its_name(
    standin: StandIn, gateway: SmsGateway, failing: bool, ends: set[TextStatus]
) -> None:
    standin.conduct.failing.update({TO: 30006} if failing else {})
    sent = gateway.send(text())
    standin.settle()
    ended = gateway.status(sent.sid)
    assert ended is not None
    assert (ended.sid, ended.status in ends) == (sent.sid, True)
    # 46elks gives no reason.
    told = "30006" if failing and isinstance(gateway, TwilioGateway) else ""
    assert ended.error == told
    gateway.delete(sent.sid)
    assert gateway.status(sent.sid) is None


@pytest.mark.rule("S22")
def test_the_carrier_forgets_and_may_be_told_so_twice(
    standin: StandIn, gateway: SmsGateway
) -> None:
    sids = [gateway.send(text()).sid]
    standin.incoming(TO, "ring mig", NOWHERE)
    standin.settle()
    sids += [m.sid for m in standin.messages if m.direction == "inbound"]
    for sid in sids * 2:
        gateway.redact(sid)
        gateway.delete(sid)
    assert standin.messages == []
    assert standin.deleted == sids


def test_what_came_in_is_told_again(standin: StandIn, gateway: SmsGateway) -> None:
    """A webhook that failed may not be called again, but the carrier has the text."""
    began = datetime.now(UTC).replace(microsecond=0)
    gateway.send(text(to=NUMBER))
    for body in ("ring 😀", "ring nu"):
        standin.incoming(TO, body, NOWHERE)
    standin.incoming(TO, "till en annan", NOWHERE, to=OTHER)
    texts = gateway.received(NUMBER, began)
    assert {one.text for one in texts} == {"ring 😀", "ring nu"}
    kept = {m.sid for m in standin.messages if m.direction == "inbound"}
    for one in texts:
        assert one.sid in kept
        assert one.sender == TO
        assert one.arrived_at is not None
        assert one.arrived_at >= began
    assert not gateway.received(NUMBER, datetime.now(UTC) + HOUR)


def test_what_a_number_is_set_up_for_is_asked(
    standin: StandIn, gateway: SmsGateway
) -> None:
    *lines, _ = [*gateway.doubts(NUMBER, "https://x.se/hooks/sms"), ""]
    assert "the number is not among the account's own" in lines
    assert NUMBER not in " ".join(lines)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("answer", [None, *Answer])
def test_nothing_is_logged_and_no_error_tells(
    standin: StandIn,
    gateway: SmsGateway,
    answer: Answer | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.conduct.answers.extend([answer] if answer else [])
    told = ""
    try:
        gateway.send(text())
        gateway.find(TO, datetime.now(UTC))
    except (Refused, Ambiguous, Misconfigured) as error:
        told = "".join(traceback.format_exception(error))
    for kept in (told, caplog.text):
        assert TO not in kept
        assert TO[1:] not in kept
        assert BODY not in kept


def test_the_console_keeps_the_contract_alone() -> None:
    gateway: SmsGateway = ConsoleGateway()
    sent = gateway.send(text())
    assert sent.status.is_final
    for _ in range(2):
        gateway.redact(sent.sid)
        gateway.delete(sent.sid)
    assert gateway.find(TO, datetime.now(UTC)) is None
    assert gateway.status(sent.sid) is None
    assert not gateway.received(NUMBER, datetime.now(UTC))
    assert not gateway.doubts(NUMBER, NOWHERE)
    assert gateway.drops_late
