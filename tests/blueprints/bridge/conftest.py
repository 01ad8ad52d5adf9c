"""The bridge as its tests meet it: webhooks, a worker, Twilio's stand-in."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from intake import bridge, bridging, queue
from intake.bridge_tables import BridgedCall, BridgeState
from intake.duty import Worker
from intake.numbers import read_number
from intake.outcomes import Outcome
from intake.sms.twilio_account import Account
from intake.topics import ShownNumber, State
from intake.voice import TwilioVoice
from tests import factories
from tests.factories import HERS, Bureau
from tests.hookup import site, texting
from tests.standin import StandIn
from tests.standin.phones import Telephone
from tests.workbench import Postman
from web.settings import Settings
from web.wiring import Wiring

LINE, PHONE = "+46701740602", read_number("070-174 06 77")
HER_NUMBER = read_number(HERS).e164


@dataclass
class Wire:
    """The site, the carrier, a worker, and a request that Amina holds and may call."""

    bureau: Bureau
    standin: StandIn
    url: str
    reference: str

    def worker(self, line: TwilioVoice | None = None) -> Worker:
        """Return a worker that talks to the stand-in by Twilio's library."""
        account = Account(
            self.standin.sid,
            auth_token=self.standin.token,
            api_url=self.standin.url,
        )
        return Worker(
            engine=self.bureau.engine,
            office=self.bureau.office,
            pair=self.bureau.worker.pair,
            number_key=self.bureau.worker.number_key,
            gateway=None,
            mailer=Postman(),
            status_url="",
            clock=self.bureau.clock,
            line=line or TwilioVoice(account, LINE, f"{self.url}/hooks/voice"),
        )

    def press(self) -> None:
        """Press for a bridged call, as the desk does."""
        with self.bureau.writing() as session:
            desk = self.bureau.desk(session, "amina")
            request = self.bureau.request(session, self.reference)
            bridge.start(desk, request, PHONE, LINE, self.bureau.clock())

    def round(self) -> None:
        """Let a worker take the bridge's step once."""
        bridging.connect(self.worker())

    def rings(self) -> Telephone:
        """Press, let the worker ring Amina, and return her telephone."""
        self.press()
        self.round()
        (call,) = self.standin.calls
        return Telephone(self.standin, call)

    def joined(self) -> Telephone:
        """Go on until the worker has rung the person up."""
        phone = self.rings()
        phone.picks_up()
        phone.presses(self.row().code)
        self.round()
        return phone

    def row(self) -> BridgedCall:
        """Return the bridged call as it stands."""
        with self.bureau.writing() as session:
            # Never what `tried` left: it began at the same moment.
            calls = select(BridgedCall).where(BridgedCall.id.not_like("+%"))
            row = session.scalars(calls.order_by(BridgedCall.started_at)).all()[-1]
            session.expunge_all()
            return row

    def state(self) -> State:
        """Return where the request stands."""
        with self.bureau.writing() as session:
            return self.bureau.request(session, self.reference).state

    def finish(self, outcome: Outcome) -> None:
        """Record an outcome, as the desk does."""
        with self.bureau.writing() as session:
            desk = self.bureau.desk(session, "amina")
            request = self.bureau.request(session, self.reference)
            bridge.finish(desk, request, outcome, self.bureau.clock())

    def may_call(self) -> bool:
        """Say whether her window may be rung again."""
        with self.bureau.writing() as session:
            desk = self.bureau.desk(session, "amina")
            request = self.bureau.request(session, self.reference)
            return not bridge.locks(desk, request, LINE, self.bureau.clock())

    def rung(self) -> list[str]:
        """Return every number that was rung."""
        return [call.to for call in self.standin.calls]


def shown(bureau: Bureau, choice: ShownNumber = ShownNumber.SHOWN) -> str:
    """Send a callback with a choice of number, held and tested by staff."""
    reference = bureau.send(bureau.callback(shown=choice))
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        queue.claim(desk, request, bureau.clock())
        maria = bureau.desk(session, "maria")
        tried(session, request.unit, bureau.clock())
        bridge.record_test(maria, request.unit, LINE, bureau.clock())
    return reference


def tried(session: Session, unit: str, at: datetime, line: str = LINE) -> None:
    """Leave a head's trial that rang both of her phones, and was forgotten."""
    row = BridgedCall(id=f"{line}-{unit}", unit=unit, line=line, code="42")
    row.state, row.started_at, row.deleted_at = BridgeState.OVER, at, at
    session.add(row)
    session.flush()


@pytest.fixture
def bureau(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    factories.quicken(monkeypatch)
    return factories.bureau(engine)


@pytest.fixture
def wire(bureau: Bureau, tmp_path: Path) -> Iterator[Wire]:
    settings: Settings = texting(tmp_path)
    reference = shown(bureau)
    app = site(bureau, settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    with StandIn() as standin:
        wiring: Wiring = app.extensions["stilla"]
        here = replace(
            settings,
            public_url=url,
            voice_number=LINE,
            twilio_auth_token=(standin.token,),
        )
        app.extensions["stilla"] = replace(wiring, settings=here)
        thread.start()
        yield Wire(bureau, standin, url, reference)
        server.shutdown()
        thread.join()
        server.server_close()
