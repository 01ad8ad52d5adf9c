"""What the real client asks, against Twilio's published description of its API."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.sms.gateway import OutgoingText
from intake.sms.twilio import TwilioGateway
from intake.sms.twilio_account import Account
from intake.voice import TwilioVoice
from tests.standin import Asked, Callbacks, StandIn
from tests.standin.account import Call

ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT.parent / "shared" / "twilio" / "twilio_api_v2010.json"
DESCRIPTION = Path(os.environ.get("STILLA_TWILIO_OPENAPI", BESIDE))
FORM = "application/x-www-form-urlencoded"
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
SENDER, TO, STAFF = "+46701740601", "+46701740605", "+46701740677"
# Every request that a town with texts and a bridge makes, by the described path.
MADE = {
    ("GET", "/IncomingPhoneNumbers.json"),
    ("POST", "/Messages.json"),
    ("GET", "/Messages.json"),
    ("GET", "/Messages/{Sid}.json"),
    ("POST", "/Messages/{Sid}.json"),
    ("DELETE", "/Messages/{Sid}.json"),
    ("POST", "/Calls.json"),
    ("GET", "/Calls.json"),
    ("POST", "/Calls/{Sid}.json"),
    ("DELETE", "/Calls/{Sid}.json"),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the description."""
    if not DESCRIPTION.is_file():
        pytest.skip("Twilio's description is not here; STILLA_TWILIO_OPENAPI names it")
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    return described


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    """Return every kind of request that the gateway and the bridge make."""
    with StandIn() as standin:
        standin.conduct.callbacks = Callbacks.NONE
        for sender in (SENDER, "MG" + "0" * 32):
            text_and_forget(standin, sender)
        call_and_forget(standin)
        return standin.asked


def text_and_forget(standin: StandIn, sender: str) -> None:
    """Do all that a worker does with texts."""
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
    gateway.status(sent.sid)
    gateway.redact(sent.sid)
    gateway.delete(sent.sid)


def call_and_forget(standin: StandIn) -> None:
    """Do all that a worker does with bridged calls."""
    account = Account(standin.sid, auth_token=standin.token, api_url=standin.url)
    line = TwilioVoice(account, SENDER, "https://x.se/hooks/voice")
    line.doubts("https://x.se/hooks/sms")
    sid = line.ring(STAFF, "1")
    standin.calls[-1].status = "in-progress"
    line.dial(sid, TO, "1")
    line.decline(sid)
    for call in standin.calls:
        call.status = "completed"
    line.forget(sid)
    line.forget_calls(SENDER)
    assert standin.calls == []


def described(document: dict[str, Any], asked: Asked) -> tuple[str, dict[str, Any]]:
    """Return the path and operation that a request is one of; none fails the test."""
    for path, operations in document["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        if re.fullmatch(pattern, asked.path) and asked.method.lower() in operations:
            return path, operations[asked.method.lower()]
    pytest.fail(f"Twilio has no {asked.method} {asked.path}")


def form_of(operation: dict[str, Any]) -> dict[str, Any]:
    """Return what an operation's form may hold."""
    body = operation.get("requestBody", {"content": {FORM: {"schema": {}}}})
    found: dict[str, Any] = body["content"][FORM]["schema"]
    return found


def faults(document: dict[str, Any], asked: Asked) -> Iterator[str]:
    """Yield what of a request the description does not have, or has otherwise."""
    _, operation = described(document, asked)
    in_query = [p for p in operation["parameters"] if p["in"] == "query"]
    queries = {p["name"]: p["schema"] for p in in_query}
    query = {name: [given] for name, given in asked.query.items()}
    form = form_of(operation)
    yield from set(form.get("required", [])) - asked.form.keys()
    for known, given in (
        (queries, query),
        (form.get("properties", {}), asked.form),
    ):
        for name, values in given.items():
            if name not in known or not all(
                fits(document, known[name], value) for value in values
            ):
                yield name


def fits(document: dict[str, Any], schema: Mapping[str, Any], given: str) -> bool:
    """Say whether a value is one of those that are described."""
    name = schema.get("$ref", "").rpartition("/")[2]
    schema = document["components"]["schemas"][name] if name else schema
    checks = {
        "integer": given.isdecimal(),
        "boolean": given in ("true", "false"),
    }
    return (
        checks.get(schema.get("type", ""), True)
        and given in schema.get("enum", [given])
        and bool(re.search(schema.get("pattern", ""), given))
    )


def test_every_request_is_as_described(
    document: dict[str, Any], asked: list[Asked]
) -> None:
    made = {
        (one.method, described(document, one)[0].removeprefix(ACCOUNT)) for one in asked
    }
    assert made == MADE
    for one in asked:
        assert list(faults(document, one)) == [], one


def test_the_bridges_own_parameters_are_among_them(asked: list[Asked]) -> None:
    """So that what is as described is what the bridge needs, and not less of it."""
    named = {(one.method, name) for one in asked for name in (*one.form, *one.query)}
    assert {("POST", "Record"), ("POST", "Twiml"), ("GET", "ParentCallSid")} <= named


MESSAGES, CALLS = (
    f"/2010-04-01/Accounts/AC1/{kind}.json" for kind in ("Messages", "Calls")
)
CALL = CALLS.replace(".json", "/CA1.json")
RINGS = {"To": [TO], "From": [SENDER]}


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        pytest.param(
            Asked("POST", MESSAGES, {"Page": "1"}, {"Color": ["red"]}),
            {"Page", "Color", "To"},
            id="unknown and missing",
        ),
        pytest.param(
            Asked("POST", MESSAGES, {}, {"To": [TO], "MessagingServiceSid": ["MG1"]}),
            {"MessagingServiceSid"},
            id="pattern",
        ),
        pytest.param(
            Asked("POST", CALLS, {}, {**RINGS, "Timeout": ["soon"]}),
            {"Timeout"},
            id="integer",
        ),
        pytest.param(
            Asked("POST", CALLS, {}, {**RINGS, "Record": ["False"]}),
            {"Record"},
            id="boolean",
        ),
        pytest.param(
            Asked("POST", CALLS, {}, {**RINGS, "Method": ["PUT"]}),
            {"Method"},
            id="enum",
        ),
        pytest.param(
            Asked("POST", CALL, {}, {"Status": ["over"]}),
            {"Status"},
            id="enum elsewhere",
        ),
        pytest.param(
            Asked("POST", CALL, {}, {"TwiML": ["<Response/>"]}),
            {"TwiML"},
            id="case",
        ),
        pytest.param(
            Asked("GET", CALLS, {"ParentCallSID": "CA1", "PageSize": "all"}, {}),
            {"ParentCallSID", "PageSize"},
            id="query",
        ),
    ],
)
def test_what_is_not_described_is_found(
    document: dict[str, Any], wrong: Asked, found: set[str]
) -> None:
    assert set(faults(document, wrong)) == found


def test_the_stand_in_answers_as_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    message = schemas["api.v2010.account.message"]
    with StandIn() as standin:
        standin.incoming(TO, "hej", "http://127.0.0.1:1/")
        shown = standin.messages[0].as_json()
    assert shown.keys() == message["properties"].keys()
    assert shown["status"] in schemas["message_enum_status"]["enum"]
