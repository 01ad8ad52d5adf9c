"""The carrier's webhooks: signed for our own address, or refused with nothing kept."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from blueprints.callback.hooks import LARGEST
from intake.messages import Delivery, InboundText, OutboundText
from intake.models import Envelope, Request
from intake.sms.segments import segments
from intake.store import reading
from intake.topics import Kind
from intake.worker import read_inbound
from tests.apps import public_app
from tests.hookup import NUMBER, SENDER, SITE, TOKENS, site, texting
from tests.standin import sign
from tests.workbench import HERS, House, found, worker_in
from web.environment import SmsCarrier
from web.settings import Settings

TEXT = {
    "MessageSid": "SM" + "1" * 32,
    "From": HERS,
    "To": NUMBER,
    "Body": "ring mig, snälla",
    "NumMedia": "0",
}
Form = Mapping[str, str | list[str]]


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine, datetime.now(UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return texting(tmp_path)


@pytest.fixture
def client(house: House, settings: Settings) -> FlaskClient:
    return site(house, settings).test_client()


def _post(
    client: FlaskClient,
    form: Form,
    path: str = "/hooks/sms",
    token: str = TOKENS[0],
    signed_url: str = "",
    signed_form: Form | None = None,
    headers: Mapping[str, str] | None = None,
) -> TestResponse:
    signature = sign(token, signed_url or SITE + path, signed_form or form)
    sent = {"X-Twilio-Signature": signature, **(headers or {})}
    return client.post(path, data=form, headers=sent)


def _kept(house: House) -> int:
    with reading(house.engine) as session:
        return len(session.scalars(select(InboundText)).all())


def test_a_signed_text_is_kept_and_answered_with_silence(
    client: FlaskClient, house: House
) -> None:
    answer = _post(client, TEXT)
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert _kept(house) == 1


@pytest.mark.rule("S22")
def test_the_web_stores_the_id_and_nothing_else(
    client: FlaskClient, house: House
) -> None:
    _post(client, TEXT)
    with reading(house.engine) as session:
        row = session.scalars(select(InboundText)).one()
        assert row.message_sid == TEXT["MessageSid"]
        for told in (HERS, TEXT["Body"]):
            assert told.encode() not in (row.box or b"")
        assert not session.scalars(select(Request)).all()


def test_sent_twice_it_is_kept_once(client: FlaskClient, house: House) -> None:
    for _ in range(2):
        assert _post(client, TEXT).status_code == 200
    assert _kept(house) == 1


@pytest.mark.parametrize("token", TOKENS)
def test_both_tokens_count_while_they_are_changed(
    client: FlaskClient, house: House, token: str
) -> None:
    assert _post(client, TEXT, token=token).status_code == 200


Forge = Callable[[FlaskClient], TestResponse]


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c.post("/hooks/sms", data=TEXT),
        lambda c: _post(c, TEXT, token="somebody's"),
        lambda c: _post(c, TEXT, signed_url="http://stod.kommun.example/hooks/sms"),
        lambda c: _post(c, TEXT, signed_url=f"{SITE}/x/hooks/sms"),
        lambda c: _post(c, TEXT, signed_url=f"{SITE}:8443/hooks/sms"),
        lambda c: _post(c, TEXT, signed_form={**TEXT, "Body": "another"}),
        lambda c: _post(c, {**TEXT, "Added": "later"}, signed_form=TEXT),
        lambda c: _post(c, {**TEXT, "Body": ["ring", "b"]}, signed_form=TEXT),
        lambda c: _post(
            c,
            TEXT,
            signed_url="https://evil.example/hooks/sms",
            headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
        ),
        lambda c: c.post(
            "/hooks/sms",
            json=TEXT,
            headers={"X-Twilio-Signature": sign(TOKENS[0], f"{SITE}/hooks/sms", TEXT)},
        ),
    ],
)
def test_what_is_not_signed_for_our_address_is_refused_and_not_kept(
    client: FlaskClient, house: House, forge: Forge
) -> None:
    assert forge(client).status_code == 403
    assert _kept(house) == 0


def test_without_a_token_nothing_is_let_in(house: House, settings: Settings) -> None:
    client = site(house, replace(settings, twilio_auth_token=())).test_client()
    assert _post(client, TEXT, token="").status_code == 403


def test_while_texts_are_off_there_is_no_webhook(
    house: House, settings: Settings
) -> None:
    off = replace(settings, sms_gateway=SmsCarrier.OFF)
    assert _post(site(house, off).test_client(), TEXT).status_code == 404
    assert _kept(house) == 0


@pytest.mark.parametrize(
    "more",
    [
        {"Invented": "next year", "AddOns": "{}"},
        {"Body": ["one", "two"]},
        {"Body": "æøå 🙏🏽 سلام"},
    ],
)
def test_parameters_nobody_knew_of_and_repeated_ones_are_signed_too(
    client: FlaskClient, house: House, more: Form
) -> None:
    assert _post(client, {**TEXT, **more}).status_code == 200
    assert _kept(house) == 1


def test_a_long_text_of_emoji_is_opened_afterwards_letter_by_letter(
    client: FlaskClient, house: House
) -> None:
    """The carrier joins its parts, tells how many there were, and hands in one."""
    # A family of joined figures, a flag, a skin, a heart, a key cap, beyond the BMP.
    written = "👩‍👩‍👧‍👦 🇸🇪 🙏🏽 ❤️ 1️⃣ 𐐷 \u00e9 e\u0301\n" * 8 + "snälla, ring 🙏🏽"
    parts = segments(written)
    assert (parts.encoding, parts.count) == ("UCS-2", 5)
    long = {**TEXT, "Body": written, "NumSegments": str(parts.count)}
    assert _post(client, long).status_code == 200
    assert read_inbound(worker_in(house, None)) == 1
    with house.writing() as session:
        asked = select(Envelope).where(Envelope.kind == Kind.TEXT)
        assert house.opened(session, session.scalars(asked).one()) == written


def test_a_query_belongs_to_the_signed_address(
    client: FlaskClient, house: House
) -> None:
    assert _post(client, TEXT, path="/hooks/sms?a=b%20c").status_code == 200
    assert _kept(house) == 1


def test_what_went_to_another_number_is_let_be(
    client: FlaskClient, house: House
) -> None:
    answer = _post(client, {**TEXT, "To": "+46701740688"})
    assert answer.status_code == 200
    assert _kept(house) == 0


def test_an_answer_to_the_sending_number_is_kept(
    client: FlaskClient, house: House
) -> None:
    _post(client, {**TEXT, "To": SENDER})
    assert _kept(house) == 1


@pytest.mark.parametrize("sid", ["", "x" * 41, "SM 1", "SM1\n"])
def test_without_a_name_nothing_can_be_kept_once(
    client: FlaskClient, house: House, sid: str
) -> None:
    assert _post(client, {**TEXT, "MessageSid": sid}).status_code == 400
    assert _kept(house) == 0


def test_too_much_is_refused(client: FlaskClient, house: House) -> None:
    assert _post(client, {**TEXT, "Body": "x" * LARGEST}).status_code == 413
    assert _kept(house) == 0


def test_a_get_is_no_webhook(client: FlaskClient) -> None:
    assert client.get("/hooks/sms").status_code in (404, 405)


def _status(
    client: FlaskClient, text_id: str, word: str, sid: str = "SM1", **more: str
) -> TestResponse:
    form = {"MessageSid": sid, "MessageStatus": word, **more}
    return _post(client, form, path=f"/hooks/status/{text_id}")


def _sending(house: House) -> str:
    """Return the id of a text that the carrier was asked to take."""
    with house.writing() as session:
        request = house.agreed(session)
        text = house.text_out(request, request.windows[0])
        text.state = Delivery.SENDING
        session.add(text)
        return text.id


def _row(house: House) -> OutboundText:
    with reading(house.engine) as session:
        return session.scalars(select(OutboundText)).one()


def test_what_became_of_a_text_is_noted(client: FlaskClient, house: House) -> None:
    text_id = _sending(house)
    for word in ("sent", "delivered", "sent", "undelivered"):
        assert _status(client, text_id, word, ErrorCode="30003").status_code == 200
    row = _row(house)
    assert (row.state, row.provider_sid) == (Delivery.DELIVERED, "SM1")


@pytest.mark.parametrize("word", ["", "teleported", "DELIVERED"])
def test_a_strange_status_changes_nothing(
    client: FlaskClient, house: House, word: str
) -> None:
    text_id = _sending(house)
    assert _status(client, text_id, word).status_code == 200
    assert _row(house).state is Delivery.SENDING


def test_an_unknown_text_is_answered_all_the_same(client: FlaskClient) -> None:
    assert _status(client, "f" * 32, "delivered").status_code == 200


def test_a_status_that_was_not_signed_is_refused(
    client: FlaskClient, house: House
) -> None:
    text_id = _sending(house)
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert client.post(f"/hooks/status/{text_id}", data=form).status_code == 403
    assert _row(house).state is Delivery.SENDING


def test_a_status_signed_for_another_text_is_refused(
    client: FlaskClient, house: House
) -> None:
    text_id = _sending(house)
    answer = _post(
        client,
        {"MessageSid": "SM1", "MessageStatus": "delivered"},
        path=f"/hooks/status/{text_id}",
        signed_url=f"{SITE}/hooks/status/{'f' * 32}",
    )
    assert answer.status_code == 403


def test_the_whole_site_lets_the_carrier_in_by_name(tmp_path: Path) -> None:
    """No other POST comes in without a token, an origin or the browser's word."""
    app = public_app(
        tmp_path,
        sms_gateway="twilio",
        sms_number=NUMBER,
        sms_sender=SENDER,
        twilio_auth_token=TOKENS[0],
    )
    url = app.extensions["stilla"].settings.public_url
    client = app.test_client()
    answer = _post(client, TEXT, signed_url=f"{url}/hooks/sms")
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert "Set-Cookie" not in answer.headers
    assert _post(client, TEXT, token="somebody's").status_code == 403
