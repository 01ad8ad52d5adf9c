"""Who rang our numbers: the carrier is made to forget it."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from intake import call_logs
from intake.sms.gateway import Refused
from intake.worker import forget_calls
from tests.standin import StandIn
from tests.standin.account import Call
from tests.standin.client import SENDER, TO, gateway_to
from tests.workbench import Carrier, found, worker_in

OTHER = "+46701740699"
pytestmark = pytest.mark.rule("S22")


def test_calls_to_and_from_our_numbers_are_forgotten_once_they_ended(
    engine: Engine,
) -> None:
    house = found(engine)
    with StandIn() as standin:
        kept = Call(SENDER, TO, "in-progress"), Call(OTHER, TO)
        standin.calls += [Call(SENDER, TO, "no-answer"), Call(TO, SENDER), *kept]
        worker = worker_in(house, gateway_to(standin))
        worker = replace(worker, numbers=(SENDER,))
        assert forget_calls(worker) == 2
        # Another service's number in the same account is none of ours.
        assert standin.calls == list(kept)
        kept[0].status = "completed"
        assert forget_calls(worker) == 0  # asked once an hour
        house.clock.forward(hours=1)
        assert forget_calls(worker) == 1
        assert standin.calls == [kept[1]]


def test_a_carrier_that_refuses_is_asked_again_and_one_without_a_log_never(
    engine: Engine,
) -> None:
    class Refusing(Carrier):
        asked_for = 0

        def forget_calls(self, number: str) -> int:
            self.asked_for += 1
            raise Refused("20429", permanent=False)

    house, refusing = found(engine), Refusing()
    worker = replace(worker_in(house, refusing), numbers=(SENDER,))
    for _ in range(2):
        assert call_logs.forget(worker) == 0
        house.clock.forward(hours=1)
    assert refusing.asked_for == 2
    assert call_logs.forget(worker_in(house, Carrier())) == 0
    assert call_logs.forget(worker_in(house, None)) == 0
