"""The whole way of a text over HTTP: site, worker, and a stand-in for the carrier."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from werkzeug.serving import make_server

from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.sms.elks import USER
from intake.store import reading
from intake.topics import Channel
from intake.worker import STEPS, Worker
from tests.hookup import SENDER, site, texting
from tests.standin import Answer, Callbacks, ElksStandIn, StandIn
from tests.standin.client import CARRIERS, PASSWORD, gateway_of
from tests.workbench import HERS, House, found, worker_in
from web.environment import SmsCarrier
from web.readers import networks
from web.settings import Settings
from web.wiring import Wiring


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine, datetime.now(UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return texting(tmp_path)


@dataclass
class Wire:
    """Everything over HTTP: the site, the stand-in for the carrier, and a worker."""

    house: House
    standin: StandIn
    url: str

    def worker(self) -> Worker:
        """Return a worker that talks to the stand-in by the carrier's own API."""
        worker = worker_in(self.house, gateway_of(self.standin))
        return replace(worker, status_url=f"{self.url}/hooks/status")

    def round(self) -> None:
        """Let a worker take every step once, and every callback come."""
        for step in STEPS:
            step(self.worker())
        self.standin.settle()

    def text_in(self, body: str, sid: str) -> int:
        """Text the printed number; returns what the site answered."""
        hook = f"{self.url}/hooks/sms"
        if isinstance(self.standin, ElksStandIn):
            hook = hook.replace("//", f"//{USER}:{PASSWORD}@")
        return self.standin.incoming(HERS, body, hook, sid=sid).status

    def taken(self) -> int:
        """Count the texts that the carrier has taken, deleted ones too."""
        out = [m for m in self.standin.messages if m.direction != "inbound"]
        return len(out) + len(self.standin.deleted)


@pytest.fixture(params=CARRIERS)
def wire(
    house: House, settings: Settings, request: pytest.FixtureRequest
) -> Iterator[Wire]:
    app = site(house, settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    with CARRIERS[request.param](senders=[SENDER]) as standin:
        wiring: Wiring = app.extensions["stilla"]
        here = replace(
            settings,
            public_url=url,
            sms_gateway=SmsCarrier(request.param),
            twilio_auth_token=(standin.token,),
            elks_hook_password=(PASSWORD,),
            elks_addresses=networks("127.0.0.1"),
        )
        app.extensions["stilla"] = replace(wiring, settings=here)
        thread.start()
        yield Wire(house, standin, url)
        standin.settle()
        server.shutdown()
        thread.join()
        server.server_close()


def _row(house: House) -> OutboundText:
    with reading(house.engine) as session:
        return session.scalars(select(OutboundText)).one()


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
    assert wire.standin.deleted == [row.provider_sid]
    if not isinstance(wire.standin, ElksStandIn):  # which is given no words to keep
        assert wire.standin.redacted == [row.provider_sid]
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
    assert row.state is Delivery.FAILED
    # 46elks gives no reason.
    assert row.error == (None if isinstance(wire.standin, ElksStandIn) else "30006")
