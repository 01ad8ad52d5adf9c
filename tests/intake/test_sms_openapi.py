"""What the real client asks, against Twilio's published description of its API."""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.sms.gateway import OutgoingText
from intake.sms.twilio import TwilioGateway
from tests.standin import Asked, Callbacks, StandIn
from tests.standin.account import Call

ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT.parent / "shared" / "twilio" / "twilio_api_v2010.json"
DESCRIPTION = Path(os.environ.get("STILLA_TWILIO_OPENAPI", BESIDE))
FORM = "application/x-www-form-urlencoded"
SENDER, TO = "+46701740601", "+46701740605"


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    """Return the description's paths."""
    if not DESCRIPTION.is_file():
        pytest.skip("Twilio's description is not here; STILLA_TWILIO_OPENAPI names it")
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))["paths"]
    return described


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    """Return every kind of request that the gateway makes."""
    with StandIn() as standin:
        standin.conduct.callbacks = Callbacks.NONE
        for sender in (SENDER, "MG" + "0" * 32):
            gateway = TwilioGateway(
                standin.sid, sender, auth_token=standin.token, api_url=standin.url
            )
            text = OutgoingText("1", TO, "hej", timedelta(1), "https://x.se/hooks/1")
            sent = gateway.send(text)
            gateway.find(TO, datetime.now(UTC))
            gateway.received(SENDER, datetime.now(UTC))
            gateway.doubts(SENDER, "https://x.se/hooks/sms")
            standin.calls.append(Call(SENDER, TO))
            gateway.forget_calls(SENDER)
            standin.settle()
            gateway.redact(sent.sid)
            gateway.delete(sent.sid)
        return standin.asked


def described(paths: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Return the operation that a request is one of; none fails the test."""
    for path, operations in paths.items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        if re.fullmatch(pattern, asked.path) and asked.method.lower() in operations:
            operation: dict[str, Any] = operations[asked.method.lower()]
            return operation
    pytest.fail(f"Twilio has no {asked.method} {asked.path}")


def schema(operation: dict[str, Any]) -> dict[str, Any]:
    """Return what an operation's form may hold."""
    body = operation.get("requestBody", {"content": {FORM: {"schema": {}}}})
    found: dict[str, Any] = body["content"][FORM]["schema"]
    return found


def faults(operation: dict[str, Any], asked: Asked) -> Iterator[str]:
    """Yield what of a request the description does not have, or has otherwise."""
    queries = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
    yield from asked.query.keys() - queries
    form = schema(operation)
    properties = form.get("properties", {})
    yield from asked.form.keys() - properties.keys()
    yield from set(form.get("required", [])) - asked.form.keys()
    for name, given in asked.form.items():
        described = properties.get(name, {})
        if described.get("type") == "integer" and not given[0].isdecimal():
            yield name
        if not re.search(described.get("pattern", ""), given[0]):
            yield name


def test_every_request_is_as_described(
    paths: dict[str, Any], asked: list[Asked]
) -> None:
    made = {(one.method, one.path.count("/")) for one in asked}
    assert made == {("POST", 4), ("GET", 4), ("POST", 5), ("DELETE", 5)}
    for one in asked:
        assert list(faults(described(paths, one), one)) == []


def test_what_is_not_described_is_found(paths: dict[str, Any]) -> None:
    path = "/2010-04-01/Accounts/AC1/Messages.json"
    wrong = Asked("POST", path, {"Page": "1"}, {"Color": ["red"]})
    assert set(faults(described(paths, wrong), wrong)) == {"Page", "Color", "To"}
    sid = Asked("POST", path, {}, {"To": [TO], "MessagingServiceSid": ["MG1"]})
    assert list(faults(described(paths, sid), sid)) == ["MessagingServiceSid"]


def test_the_stand_in_answers_as_described(paths: dict[str, Any]) -> None:
    document = json.loads(DESCRIPTION.read_text("utf-8"))
    message = document["components"]["schemas"]["api.v2010.account.message"]
    with StandIn() as standin:
        standin.incoming(TO, "hej", "http://127.0.0.1:1/")
        shown = standin.messages[0].as_json()
    assert shown.keys() == message["properties"].keys()
    statuses = document["components"]["schemas"]["message_enum_status"]["enum"]
    assert shown["status"] in statuses
