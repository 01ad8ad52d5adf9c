"""How sending fails, over real HTTP: what is tried again, and what never is."""

import logging
import socket
import ssl
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from intake.sms import wire
from intake.sms.gateway import Ambiguous, Misconfigured, Refused
from intake.sms.twilio import TwilioGateway
from tests.standin import Answer, Callbacks, StandIn
from tests.standin.client import BODY, SENDER, TO, failure, gateway_to, text


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Return a stand-in that tells nobody what becomes of texts."""
    with StandIn(senders=[SENDER], api_keys={"SK1": "key-secret"}) as running:
        running.conduct.callbacks = Callbacks.NONE
        yield running


@pytest.fixture
def gateway(standin: StandIn) -> TwilioGateway:
    """Return a gateway to the stand-in."""
    return gateway_to(standin)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the client give up soon, so that a test doesn't wait for seconds."""
    monkeypatch.setattr(wire, "_PATIENCE", (0.3, 0.3))


@pytest.mark.parametrize("options", [{}, {"api_key": "SK1"}, {"api_secret": "x"}])
def test_without_a_secret_there_is_no_gateway(options: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        TwilioGateway("AC1", SENDER, **options)


@pytest.mark.parametrize(
    ("where", "host"),
    [
        ({}, "https://api.twilio.com"),
        ({"region": "ie1", "edge": "dublin"}, "https://api.dublin.ie1.twilio.com"),
    ],
)
def test_a_region_is_asked_at_its_own_address(
    monkeypatch: pytest.MonkeyPatch, where: dict[str, str], host: str
) -> None:
    asked: list[str] = []

    def nobody_there(base: str, call: object) -> None:
        asked.append(base)
        raise Ambiguous("nobody there")

    monkeypatch.setattr(wire, "ask", nobody_there)
    gateway = TwilioGateway("AC1", SENDER, auth_token="x", **where)
    assert isinstance(failure(lambda: gateway.send(text())), Ambiguous)
    assert asked == [host]


@pytest.mark.parametrize(
    ("code", "permanent"),
    [(21211, True), (21614, True), (21610, True), (30007, True), (30001, False)],
)
def test_refusals(
    standin: StandIn, gateway: TwilioGateway, code: int, permanent: bool
) -> None:
    standin.conduct.refused[TO] = code
    error = failure(lambda: gateway.send(text()))
    assert isinstance(error, Refused)
    assert (error.code, error.permanent) == (str(code), permanent)


def test_a_wrong_number_is_refused(gateway: TwilioGateway) -> None:
    error = failure(lambda: gateway.send(text(to="0701740605")))
    assert (type(error), error.code) == (Refused, "21211")


def test_what_is_ours_to_put_right(standin: StandIn) -> None:
    wrong_token = gateway_to(standin, auth_token="wrong")
    strange = TwilioGateway(
        standin.sid, "+46701740699", auth_token=standin.token, api_url=standin.url
    )
    elsewhere = TwilioGateway("AC1", SENDER, auth_token="x", api_url=standin.url)
    failures = {
        "20003": failure(lambda: wrong_token.send(text())),
        "21606": failure(lambda: strange.send(text())),
    }
    assert [type(error) for error in failures.values()] == [Misconfigured] * 2
    assert [error.code for error in failures.values()] == list(failures)
    assert isinstance(failure(lambda: elsewhere.send(text())), Misconfigured)
    assert standin.messages == []


@pytest.mark.parametrize(
    ("answer", "code"), [(Answer.TOO_MANY, "20429"), (Answer.UNAVAILABLE, "http-503")]
)
def test_what_may_be_tried_again(
    standin: StandIn, gateway: TwilioGateway, answer: Answer, code: str
) -> None:
    standin.conduct.answers.append(answer)
    error = failure(lambda: gateway.send(text()))
    assert isinstance(error, Refused)
    assert (error.code, error.permanent) == (code, False)
    assert standin.messages == []
    gateway.send(text())
    assert len(standin.messages) == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "answer",
    [
        Answer.SERVER_ERROR,
        Answer.TAKEN_SERVER_ERROR,
        Answer.GARBAGE,
        Answer.SILENCE,
        Answer.SLOW,
        Answer.DROPPED,
        Answer.LOST,
    ],
)
def test_what_may_have_gone_out_is_asked_for_and_sent_just_once(
    standin: StandIn, gateway: TwilioGateway, answer: Answer
) -> None:
    standin.conduct.answers.append(answer)
    began = datetime.now(UTC)
    assert isinstance(failure(lambda: gateway.send(text())), Ambiguous)
    posts = [asked for asked in standin.asked if asked.method == "POST"]
    assert len(posts) == 1
    found = gateway.find(TO, began)
    taken = [message.sid for message in standin.messages]
    assert ([found.sid] if found else []) == taken
    lost = answer in (Answer.SERVER_ERROR, Answer.LOST)
    assert len(taken) == (0 if lost else 1)


def test_a_slow_answer_is_waited_for(standin: StandIn, gateway: TwilioGateway) -> None:
    standin.conduct.answers.append(Answer.SLOW)
    assert gateway.send(text()).sid == standin.messages[0].sid


def test_where_nobody_listens_nothing_went_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        gateway = TwilioGateway("AC1", SENDER, auth_token="x", api_url=url)
        error = failure(lambda: gateway.send(text()))
    assert isinstance(error, Refused)
    assert (error.code, error.permanent) == ("no-connection", False)


@pytest.mark.usefixtures("impatient")
def test_where_no_connection_comes_about_nothing_went_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("urllib3.connection.connection.create_connection", never)
    gateway = TwilioGateway("AC1", SENDER, auth_token="x", api_url="http://127.0.0.1:1")
    error = failure(lambda: gateway.send(text()))
    assert isinstance(error, Refused)
    assert not error.permanent


def test_a_stranger_in_twilios_place_is_told_nothing(
    standin: StandIn, gateway: TwilioGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def distrust(*_: object, **__: object) -> None:
        raise requests.exceptions.SSLError from ssl.SSLCertVerificationError()

    monkeypatch.setattr(wire, "_answer", distrust)
    error = failure(lambda: gateway.send(text()))
    assert (type(error), error.code) == (Misconfigured, "certificate")
    assert standin.asked == []


def test_an_address_that_is_none_is_ours_to_put_right() -> None:
    gateway = TwilioGateway("AC1", SENDER, auth_token="x", api_url="nowhere")
    assert isinstance(failure(lambda: gateway.send(text())), Misconfigured)


def test_what_may_be_repeated_is_never_ambiguous(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise Ambiguous("no-answer")

    gateway = gateway_to(standin)
    monkeypatch.setattr(wire, "ask", fails)
    for call in (
        lambda: gateway.find(TO, datetime.now(UTC)),
        lambda: gateway.status("SM1"),
        lambda: gateway.redact("SM1"),
        lambda: gateway.delete("SM1"),
    ):
        error = failure(call)
        assert isinstance(error, Refused)
        assert not error.permanent


def test_neither_logs_nor_errors_repeat_a_number_or_a_text(
    standin: StandIn, gateway: TwilioGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = gateway.send(text())
    gateway.find(TO, datetime.now(UTC))
    standin.settle()
    gateway.delete(sent.sid)
    standin.conduct.refused[TO] = 21610
    error = failure(lambda: gateway.send(text()))
    shown = caplog.text + "".join(traceback.format_exception(error)) + repr(error)
    assert TO not in shown
    assert TO[1:] not in shown
    assert BODY not in shown
    assert error.__context__ is None
