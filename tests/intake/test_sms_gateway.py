"""The carriers' protocol: states never go back, the console tells nobody."""

import io
import logging
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from intake.sms.console import ConsoleGateway
from intake.sms.faults import Fault, fault_of, judge
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    OutgoingText,
    Refused,
    Sent,
    SmsError,
    SmsGateway,
    TextStatus,
)

TO, BODY = "+46701740605", "Hej! Vi provar igen senare."
TEXT = OutgoingText("own", TO, BODY, timedelta(hours=1), "")
FINAL = {"delivered", "undelivered", "failed", "canceled", "read"}


@pytest.mark.parametrize(("first", "then"), [*product(TextStatus, repeat=2)])
def test_states_never_go_back(first: TextStatus, then: TextStatus) -> None:
    may = then in first.allowed_next
    assert may == (first in then.allowed_before)
    assert not (may and first in then.allowed_next)
    assert not (may and first.is_final)


def test_final_states_are_final_and_reached_from_all_others() -> None:
    final = {status for status in TextStatus if status.is_final}
    assert final == {*FINAL, "partially_delivered"}
    for status in set(TextStatus) - final:
        assert status.allowed_next >= final


def test_a_strange_status_is_none() -> None:
    assert TextStatus.read_from("delivered") is TextStatus.DELIVERED
    assert TextStatus.read_from("exploded") is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (21211, Fault.BAD_NUMBER),
        ("30006", Fault.BAD_NUMBER),
        (21610, Fault.BLOCKED),
        ("30008", Fault.TEMPORARY),
        (20003, Fault.OURS),
        (99999, Fault.STRANGE),
        (None, Fault.STRANGE),
        ("", Fault.STRANGE),
        ("²", Fault.STRANGE),
        ("9" * 5000, Fault.STRANGE),
    ],
)
def test_faults_of_codes(code: int | str | None, fault: Fault) -> None:
    assert fault_of(code) is fault


@pytest.mark.parametrize(
    ("status", "code", "kind", "permanent"),
    [
        (400, 21211, Refused, True),
        (400, 21610, Refused, True),
        (400, 77777, Refused, True),
        (429, 20429, Refused, False),
        (429, None, Refused, False),
        (503, None, Refused, False),
        (401, 20003, Misconfigured, None),
        (401, None, Misconfigured, None),
        (404, None, Misconfigured, None),
        # A server that failed may have taken the text before it did.
        (500, 20500, Ambiguous, None),
        (502, None, Ambiguous, None),
        (302, None, Ambiguous, None),
    ],
)
def test_answers_are_judged(
    status: int, code: int | None, kind: type[SmsError], permanent: bool | None
) -> None:
    error = judge(status, code)
    assert type(error) is kind
    assert error.code == (str(code) if code else f"http-{status}")
    assert getattr(error, "permanent", None) is permanent


def test_the_console_tells_neither_number_nor_words(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    stream = io.StringIO()
    gateway: SmsGateway = ConsoleGateway(stream)
    sent = gateway.send(TEXT)
    ConsoleGateway().send(TEXT)
    assert sent == Sent("console-own", TextStatus.DELIVERED)
    assert gateway.find(TO, datetime.now(UTC)) is None
    gateway.redact(sent.sid)
    gateway.delete(sent.sid)
    assert stream.getvalue() == capsys.readouterr().out == "a text would go out now\n"
    assert caplog.text == ""


def test_a_text_to_send_shows_neither_number_nor_words() -> None:
    assert TO not in repr(TEXT)
    assert BODY not in repr(TEXT)
