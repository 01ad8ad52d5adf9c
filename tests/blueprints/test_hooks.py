"""The carrier's webhooks: signed or refused, and the whole way of a text over HTTP."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from blueprints.callback.hooks import LARGEST, hooks
from intake.messages import Delivery, InboundText, OutboundText
from intake.models import Request
from intake.sms.twilio import TwilioGateway
from intake.store import reading
from intake.topics import Channel
from intake.units import load_municipality
from intake.worker import STEPS, Worker
from tests.standin import Answer, Callbacks, StandIn, sign
from tests.workbench import HERS, House, found, worker_in
from web import key_files
from web.environment import Face, SmsCarrier
from web.limits import Limits
from web.settings import Settings
from web.wiring import Wiring, close_session

NUMBER, SENDER = "+46701740600", "+46701740601"
TOKENS = ("old-token", "new-token")
SITE = "https://stod.kommun.example"
TEXT = {
    "MessageSid": "SM" + "1" * 32,
    "From": HERS,
    "To": NUMBER,
    "Body": "ring mig, snälla",
    "NumMedia": "0",
}


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine, datetime.now(UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    key_files.make(tmp_path / "secrets", key_files.DEMO_MARK, {"STILLA_MODE": "demo"})
    made = Settings.from_env(key_files.read(tmp_path / "secrets", Face.PUBLIC))
    return replace(
        made,
        public_url=SITE,
        sms_gateway=SmsCarrier.TWILIO,
        sms_number=NUMBER,
        sms_sender=SENDER,
        twilio_auth_token=TOKENS,
    )


def _site(house: House, settings: Settings) -> Flask:
    """Return a site that is its two webhooks and no more."""
    app = Flask(__name__)
    home = load_municipality(settings.units)
    app.extensions["stilla"] = Wiring(
        settings, house.engine, house.office, home, Limits(), clock=house.clock
    )
    app.register_blueprint(hooks)
    app.teardown_appcontext(close_session)
    return app


@pytest.fixture
def client(house: House, settings: Settings) -> FlaskClient:
    return _site(house, settings).test_client()


def _post(
    client: FlaskClient,
    form: dict[str, str | list[str]],
    path: str = "/hooks/sms",
    token: str = TOKENS[0],
    signed_url: str = "",
    signed_form: dict[str, str | list[str]] | None = None,
    **headers: str,
) -> TestResponse:
    signature = sign(token, signed_url or SITE + path, signed_form or form)
    headers = {"X-Twilio-Signature": signature, **headers}
    return client.post(path, data=form, headers=headers)


def _kept(house: House) -> int:
    with reading(house.engine) as session:
        return len(session.scalars(select(InboundText)).all())


def test_a_signed_text_is_kept_and_answered_with_silence(
    client: FlaskClient, house: House
) -> None:
    answer = _post(client, {**TEXT})
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert _kept(house) == 1


@pytest.mark.rule("S22")
def test_the_web_stores_the_id_and_nothing_else(
    client: FlaskClient, house: House
) -> None:
    _post(client, {**TEXT})
    with reading(house.engine) as session:
        row = session.scalars(select(InboundText)).one()
        assert row.message_sid == TEXT["MessageSid"]
        for told in (HERS, TEXT["Body"]):
            assert told.encode() not in (row.box or b"")
        assert not session.scalars(select(Request)).all()


def test_sent_twice_it_is_kept_once(client: FlaskClient, house: House) -> None:
    for _ in range(2):
        assert _post(client, {**TEXT}).status_code == 200
    assert _kept(house) == 1


@pytest.mark.parametrize("token", TOKENS)
def test_both_tokens_count_while_they_are_changed(
    client: FlaskClient, house: House, token: str
) -> None:
    assert _post(client, {**TEXT}, token=token).status_code == 200


Forge = Callable[[FlaskClient], TestResponse]


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c.post("/hooks/sms", data=TEXT),
        lambda c: _post(c, {**TEXT}, token="somebody's"),
        lambda c: _post(c, {**TEXT}, signed_url="http://stod.kommun.example/hooks/sms"),
        lambda c: _post(c, {**TEXT}, signed_url=f"{SITE}/x/hooks/sms"),
        lambda c: _post(c, {**TEXT}, signed_url=f"{SITE}:8443/hooks/sms"),
        lambda c: _post(c, {**TEXT}, signed_form={**TEXT, "Body": "another"}),
        lambda c: _post(c, {**TEXT, "Added": "later"}, signed_form={**TEXT}),
        lambda c: _post(c, {**TEXT, "Body": ["ring", "b"]}, signed_form={**TEXT}),
        lambda c: _post(
            c,
            {**TEXT},
            signed_url="https://evil.example/hooks/sms",
            **{"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
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
    client = _site(house, replace(settings, twilio_auth_token=())).test_client()
    assert _post(client, {**TEXT}, token="").status_code == 403


def test_while_texts_are_off_there_is_no_webhook(
    house: House, settings: Settings
) -> None:
    off = replace(settings, sms_gateway=SmsCarrier.OFF)
    assert _post(_site(house, off).test_client(), {**TEXT}).status_code == 404
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
    client: FlaskClient, house: House, more: dict[str, str | list[str]]
) -> None:
    assert _post(client, {**TEXT, **more}).status_code == 200
    assert _kept(house) == 1


def test_a_query_belongs_to_the_signed_address(
    client: FlaskClient, house: House
) -> None:
    assert _post(client, {**TEXT}, path="/hooks/sms?a=b%20c").status_code == 200
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
    form: dict[str, str | list[str]] = {"MessageSid": sid, "MessageStatus": word}
    return _post(client, {**form, **more}, path=f"/hooks/status/{text_id}")


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


@dataclass
class Wire:
    """Everything over HTTP: the site, the stand-in for the carrier, and a worker."""

    house: House
    standin: StandIn
    url: str

    def worker(self) -> Worker:
        """Return a worker that talks to the stand-in by the carrier's own library."""
        gateway = TwilioGateway(
            self.standin.sid,
            SENDER,
            auth_token=self.standin.token,
            api_url=self.standin.url,
        )
        worker = worker_in(self.house, gateway)
        return replace(worker, status_url=f"{self.url}/hooks/status")

    def round(self) -> None:
        """Let a worker take every step once, and every callback come."""
        for step in STEPS:
            step(self.worker())
        self.standin.settle()

    def text_in(self, body: str, sid: str) -> int:
        """Text the printed number; returns what the site answered."""
        reply = self.standin.incoming(HERS, body, f"{self.url}/hooks/sms", sid=sid)
        return reply.status

    def taken(self) -> int:
        """Count the texts that the carrier has taken, deleted ones too."""
        out = [m for m in self.standin.messages if m.direction != "inbound"]
        return len(out) + len(self.standin.deleted)


@pytest.fixture
def wire(house: House, settings: Settings) -> Iterator[Wire]:
    app = _site(house, settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    with StandIn(senders=[SENDER]) as standin:
        wiring: Wiring = app.extensions["stilla"]
        here = replace(settings, public_url=url, twilio_auth_token=(standin.token,))
        app.extensions["stilla"] = replace(wiring, settings=here)
        thread.start()
        yield Wire(house, standin, url)
        standin.settle()
        server.shutdown()
        thread.join()
        server.server_close()


def _text_out(house: House) -> None:
    with house.writing() as session:
        request = house.agreed(session)
        session.add(house.text_out(request, request.windows[0]))


@pytest.mark.rule("S20")
def test_a_text_sent_twice_becomes_one_request(wire: Wire) -> None:
    sid = "SM" + "7" * 32
    assert wire.text_in("ring mig", sid) == 200
    wire.round()
    assert wire.text_in("ring mig", sid) == 200
    wire.round()
    with reading(wire.house.engine) as session:
        assert session.scalars(select(Request)).one().channel is Channel.SMS


@pytest.mark.parametrize("callbacks", list(Callbacks))
def test_however_it_is_told_a_text_goes_out_once_and_is_forgotten(
    wire: Wire, callbacks: Callbacks
) -> None:
    wire.standin.conduct.callbacks = callbacks
    wire.standin.conduct.late = 0.1
    _text_out(wire.house)
    wire.round()
    wire.round()
    if callbacks is Callbacks.NONE:
        assert _row(wire.house).state is Delivery.SENT
        wire.house.clock.forward(hours=3)
        wire.round()
    else:
        assert _row(wire.house).state is Delivery.DELIVERED
    row = _row(wire.house)
    assert row.worker_box is None
    assert row.deleted_at
    assert wire.standin.deleted == wire.standin.redacted == [row.provider_sid]
    assert wire.taken() == 1


@pytest.mark.rule("S12")
@pytest.mark.parametrize(
    "answer", [a for a in Answer if a not in (Answer.SLOW, Answer.SILENCE)]
)
def test_however_it_is_answered_a_text_goes_out_at_most_once(
    wire: Wire, answer: Answer
) -> None:
    wire.standin.conduct.answers.append(answer)
    _text_out(wire.house)
    for _ in range(4):
        wire.round()
        wire.house.clock.forward(minutes=1)
    row = _row(wire.house)
    assert wire.taken() <= 1
    assert row.state in (Delivery.DELIVERED, Delivery.UNKNOWN)
    if row.state is Delivery.UNKNOWN:
        assert wire.taken() == 0  # what was taken is always found
        with reading(wire.house.engine) as session:
            text = session.scalars(select(OutboundText)).one()
            told = [e.data.get("status") for e in text.request.events]
        assert "unknown" in told  # nothing was sent, and staff see it


def test_a_number_that_texts_cannot_reach_is_told(wire: Wire) -> None:
    wire.standin.conduct.failing[HERS] = 30006
    _text_out(wire.house)
    wire.round()
    row = _row(wire.house)
    assert (row.state, row.error) == (Delivery.FAILED, "30006")
