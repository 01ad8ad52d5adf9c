"""The real client, over real HTTP, against the stand-in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from intake.sms.gateway import Refused, SmsGateway, TextStatus
from intake.sms.twilio import TwilioGateway, empty_twiml
from tests.standin import Callbacks, StandIn
from tests.standin.account import NUMBER
from tests.standin.client import (
    BODY,
    HOUR,
    SENDER,
    STATUS_URL,
    TO,
    failure,
    gateway_to,
    text,
)

HOOK = "https://stod.kommun.example/hooks/sms"


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


def test_a_text_goes_out(standin: StandIn, gateway: TwilioGateway) -> None:
    protocol: SmsGateway = gateway
    sent = protocol.send(text())
    (message,) = standin.messages
    assert sent.sid == message.sid
    assert sent.status is TextStatus.QUEUED
    assert (message.to, message.from_, message.body) == (TO, SENDER, BODY)
    assert message.status_callback == STATUS_URL
    assert message.validity_period == 3600


@pytest.mark.rule("S12")
@pytest.mark.parametrize(
    ("valid_for", "seconds"),
    [
        (timedelta(minutes=-3), 1),
        (timedelta(), 1),
        (timedelta(seconds=59.9), 59),
        (timedelta(hours=10), 36_000),
        (timedelta(days=3), 36_000),
    ],
)
def test_a_text_is_valid_no_longer_than_her_window(
    standin: StandIn, gateway: TwilioGateway, valid_for: timedelta, seconds: int
) -> None:
    gateway.send(text(valid_for=valid_for))
    assert standin.messages[0].validity_period == seconds


@pytest.mark.parametrize(
    "body", ["😀 " * 200, "مرحبًا! سنحاول مرة أخرى.", "a&b=c+d%20;"]
)
def test_every_letter_arrives(
    standin: StandIn, gateway: TwilioGateway, body: str
) -> None:
    gateway.send(text(body=body))
    assert standin.messages[0].body == body


def test_an_api_key_is_let_in_too(standin: StandIn) -> None:
    gateway_to(standin, api_key="SK1", api_secret="key-secret").send(text())
    assert len(standin.messages) == 1


def test_a_messaging_service_may_send(standin: StandIn) -> None:
    service = "MG" + "0" * 32
    gateway = TwilioGateway(
        standin.sid, service, auth_token=standin.token, api_url=standin.url
    )
    sent = gateway.send(text())
    assert sent.status is TextStatus.ACCEPTED
    assert standin.messages[0].service == service
    assert gateway.find(TO, datetime.now(UTC)) is not None


def test_others_texts_are_not_found(standin: StandIn, gateway: TwilioGateway) -> None:
    began = datetime.now(UTC)
    first, second = gateway.send(text()), gateway.send(text())
    gateway.send(text(to="+46701740606"))
    standin.incoming(TO, "hej", "http://127.0.0.1:9/")
    found = gateway.find(TO, began)
    assert found is not None
    assert found.sid == first.sid
    known = gateway.find(TO, began, "own", [first.sid])
    assert known is not None
    assert known.sid == second.sid
    assert gateway.find(TO, began, "own", [first.sid, second.sid]) is None
    assert gateway.find(TO, datetime.now(UTC) + HOUR) is None


@pytest.mark.rule("S22")
def test_a_text_is_emptied_and_then_forgotten(
    standin: StandIn, gateway: TwilioGateway
) -> None:
    sent = gateway.send(text())
    standin.settle()
    gateway.redact(sent.sid)
    assert standin.messages[0].body == ""
    gateway.delete(sent.sid)
    assert standin.messages == []
    assert (standin.redacted, standin.deleted) == ([sent.sid], [sent.sid])
    # Told again, after a worker was stopped in between, it is fine.
    gateway.redact(sent.sid)
    gateway.delete(sent.sid)


def test_what_is_not_over_is_forgotten_later(
    standin: StandIn, gateway: TwilioGateway
) -> None:
    sent = gateway.send(text())
    standin.settle()
    standin.conduct.undeletable = 2
    for forget in (gateway.redact, gateway.delete):
        error = failure(partial(forget, sent.sid))
        assert isinstance(error, Refused)
        assert (error.code, error.permanent) == ("20009", False)
    gateway.delete(sent.sid)


def test_an_answer_without_a_text() -> None:
    assert empty_twiml().endswith("<Response/>")


def test_texts_that_came_in_are_told_again(
    standin: StandIn, gateway: TwilioGateway
) -> None:
    """A webhook that failed is not called again: the carrier's own list is asked."""
    began = datetime.now(UTC).replace(microsecond=0)
    gateway.send(text())
    standin.incoming(TO, "ring 😀", "http://127.0.0.1:9/", sid="SM1", media=["x"])
    standin.incoming(TO, "till en annan", "http://127.0.0.1:9/", to="+46701740609")
    (one,) = gateway.received(NUMBER, began)
    assert (one.sid, one.sender, one.text, one.media) == ("SM1", TO, "ring 😀", 1)
    assert one.arrived_at is not None
    assert one.arrived_at >= began
    assert TO not in repr(one)
    assert gateway.received(NUMBER, datetime.now(UTC) + HOUR) == []


def _set_up(**other: str | None) -> dict[str, str | None]:
    good = {"phone_number": NUMBER, "sms_url": HOOK, "sms_method": "POST"}
    return {**good, "sms_fallback_url": f"{HOOK}?again", **other}


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (_set_up(), ""),
        (_set_up(phone_number="+46701740609"), "not among the account's own"),
        (_set_up(sms_url="https://other.example/"), "not handed in at"),
        (_set_up(sms_application_sid="AP1"), "not handed in at"),
        (_set_up(sms_method="GET"), "by GET"),
        (_set_up(sms_fallback_url=""), "no fallback"),
    ],
)
def test_what_is_wrong_with_the_numbers_set_up_is_told(
    standin: StandIn,
    gateway: TwilioGateway,
    number: dict[str, str | None],
    told: str,
) -> None:
    standin.numbers = [number]
    *doubts, unseen = gateway.doubts(NUMBER, HOOK)
    assert [told in doubt for doubt in doubts] == ([True] if told else [])
    assert "in English by itself" in unseen
    assert NUMBER not in " ".join([*doubts, unseen])
