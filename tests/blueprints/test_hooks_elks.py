"""46elks' calls at the site: a password and an address, or 403 and nothing kept."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from intake.messages import InboundText
from intake.sms.elks import ADDRESSES, USER
from intake.store import reading
from tests.apps import public_app
from tests.hookup import NUMBER, SENDER, site, texting
from tests.workbench import HERS, House, found
from web.environment import SmsCarrier
from web.settings import Settings

PASSWORD = "password-that-46elks-shows"
TEXT = {
    "direction": "incoming",
    "id": "s" + "1" * 32,
    "from": HERS,
    "to": NUMBER,
    "created": "2026-11-21T13:57:23.741000",
    "message": "ring mig, snälla",
}


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine, datetime.now(UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        texting(tmp_path),
        sms_gateway=SmsCarrier.ELKS,
        elks_hook_password=(PASSWORD,),
        twilio_auth_token=(),
    )


@pytest.fixture
def client(house: House, settings: Settings) -> FlaskClient:
    return site(house, settings).test_client()


def _post(
    client: FlaskClient,
    form: dict[str, str],
    path: str = "/hooks/sms",
    password: str = PASSWORD,
    address: str = ADDRESSES[0],
) -> TestResponse:
    return client.post(
        path,
        data=form,
        auth=(USER, password),
        environ_overrides={"REMOTE_ADDR": address},
    )


def _kept(house: House) -> list[InboundText]:
    with reading(house.engine) as session:
        return list(session.scalars(select(InboundText)).all())


def test_a_text_is_kept_once_and_answered_without_a_word(
    client: FlaskClient, house: House
) -> None:
    for _ in range(2):
        answer = _post(client, TEXT)
        assert (answer.status_code, answer.data) == (200, b"")
    (row,) = _kept(house)
    assert row.message_sid == TEXT["id"]
    assert row.received_at == datetime(2026, 11, 21, 13, 57, 23, 741000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "address"),
    [("", ADDRESSES[0]), ("somebody's", ADDRESSES[0]), (PASSWORD, "192.0.2.1")],
)
def test_who_lacks_the_password_or_calls_from_elsewhere_is_refused(
    client: FlaskClient, house: House, password: str, address: str
) -> None:
    for path in ("/hooks/sms", f"/hooks/status/{'f' * 32}"):
        answer = _post(client, TEXT, path, password=password, address=address)
        assert answer.status_code == 403
    assert client.post("/hooks/sms", data=TEXT).status_code == 403
    assert not _kept(house)


def test_what_went_to_another_number_is_let_be(
    client: FlaskClient, house: House
) -> None:
    assert _post(client, {**TEXT, "to": "+46701740688"}).status_code == 200
    assert not _kept(house)
    _post(client, {**TEXT, "to": SENDER})
    assert len(_kept(house)) == 1


def test_a_call_that_claims_another_address_is_refused(tmp_path: Path) -> None:
    """Only what our own proxies add counts; the rest of the header anybody writes."""
    app = public_app(
        tmp_path,
        sms_gateway="46elks",
        sms_number=NUMBER,
        sms_sender=SENDER,
        elks_hook_password=PASSWORD,
        trusted_proxies="1",
    )
    client = app.test_client()

    def status(forwarded: str) -> int:
        return client.post(
            "/hooks/sms",
            data=TEXT,
            auth=(USER, PASSWORD),
            headers={"X-Forwarded-For": forwarded},
        ).status_code

    assert status(f"192.0.2.1, {ADDRESSES[0]}") == 200
    assert status(f"{ADDRESSES[0]}, 192.0.2.1") == 403
    assert status("") == 403
