"""Ten thousand texts that wait, and four workers who send each of them once."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from intake.life import EventKind
from intake.messages import Delivery, OutboundText
from intake.models import Event
from intake.store import connect, reading
from tests import factories
from tests.factories import Bureau
from tests.load.crowd import Crowd
from tests.load.plan import Plan, RealClock, hurry
from tests.load.queued import queue_texts
from tests.load.someone import SENDER
from tests.standin import Callbacks, Conduct, StandIn

_LOOKS = 0.2  # seconds between two looks at how many are left
_TO_GO = (Delivery.WAITING, Delivery.SENDING)


@dataclass
class Outbox:
    """A database with texts that wait, and a carrier that takes them."""

    bureau: Bureau
    carrier: StandIn
    crowd: Crowd
    count: int

    def rate(self, role: str, names: list[str]) -> float:
        """Let processes send all; returns texts in a second, from the first one on."""
        for name in names:
            self.crowd.start(role, name)
        try:
            self._wait(self.count - 1)
            first, started = self._left(), time.monotonic()
            self._wait(0)
            return first / (time.monotonic() - started)
        finally:
            self.crowd.end()

    def check(self) -> None:
        """Check that each went out once, as the carrier and the database both say."""
        posts = [one.form for one in self.carrier.asked if one.method == "POST"]
        sent = Counter(form["StatusCallback"][0].rsplit("/", 1)[-1] for form in posts)
        assert set(sent.values()) == {1}, "a text went out twice"
        with reading(self.bureau.engine) as session:
            states = set(session.scalars(select(OutboundText.state)))
            told = select(func.count()).where(Event.kind == EventKind.TEXT_STATUS.value)
            ids = set(session.scalars(select(OutboundText.id)))
            assert ids == set(sent)
            assert states == {Delivery.SENT}
            assert session.scalar(told) == self.count
        assert not self.crowd.fallen

    def _left(self) -> int:
        to_go = select(func.count()).where(OutboundText.state.in_(_TO_GO))
        with reading(self.bureau.engine) as session:
            return session.scalar(to_go) or 0

    def _wait(self, most: int) -> None:
        while self._left() > most:
            time.sleep(_LOOKS)


@contextmanager
def outbox(
    address: str, folder: Path, count: int, patch: pytest.MonkeyPatch
) -> Iterator[Outbox]:
    """Fill an outbox on an empty database."""
    hurry(patch)
    folder.mkdir()
    engine = connect(address)
    conduct = Conduct(callbacks=Callbacks.NONE)
    with StandIn(senders=[SENDER], conduct=conduct) as carrier:
        bureau = factories.bureau(engine)
        bureau.clock = RealClock()
        queue_texts(bureau, count)
        plan = Plan.of(bureau, address, carrier.url).write(folder / "plan.json")
        yield Outbox(bureau, carrier, Crowd(plan, folder), count)
    engine.dispose()
