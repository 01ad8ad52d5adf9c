"""Texts that no call brought: the carrier is asked, and nothing is lost or doubled."""

import logging
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select

from intake import unheard
from intake.messages import InboundText
from intake.sms.gateway import Misconfigured, Refused, TextIn
from intake.store import reading
from intake.worker import STEPS, Worker
from tests.workbench import HERS, Carrier, House, found, minutes, worker_in

OURS = "+46701740600"


@pytest.fixture
def house(engine: Engine) -> House:
    """Return a house that was set up some days ago."""
    house = found(engine)
    house.clock.forward(days=3)
    return house


def _came(sid: str, at: datetime, text: str = "ring mig") -> TextIn:
    return TextIn(sid, HERS, text, arrived_at=at)


def _worker(house: House, *texts: TextIn) -> Worker:
    return replace(worker_in(house, Carrier(got=list(texts))), numbers=(OURS,))


def _kept(house: House) -> list[str]:
    with reading(house.engine) as session:
        return list(session.scalars(select(InboundText.message_sid)))


def test_what_no_call_brought_is_kept_with_when_it_came(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    came = house.clock() - minutes(40)
    worker = _worker(house, _came("SM1", came))
    assert unheard.fetch(worker) == 1
    with reading(house.engine) as session:
        row = session.scalars(select(InboundText)).one()
        assert (row.message_sid, row.received_at) == ("SM1", came)
    assert "1 texts came in that no call brought" in caplog.text
    assert HERS not in caplog.text
    for step in STEPS:
        step(worker)
    with reading(house.engine) as session:
        assert session.scalars(select(InboundText)).one().request_id


def test_what_a_call_brought_is_not_kept_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    house.text_in("ring mig", "SM1")
    house.clock.forward(minutes=10)
    assert unheard.fetch(_worker(house, _came("SM1", house.clock() - minutes(9)))) == 0
    assert _kept(house) == ["SM1"]
    assert caplog.text == ""


def test_it_is_asked_for_every_five_minutes(house: House) -> None:
    worker = _worker(house)
    assert unheard.fetch(worker) == 0
    assert isinstance(worker.gateway, Carrier)
    worker.gateway.got.append(_came("SM1", house.clock() - minutes(3)))
    house.clock.forward(minutes=4)
    assert unheard.fetch(worker) == 0
    house.clock.forward(minutes=1)
    assert unheard.fetch(worker) == 1


@pytest.mark.parametrize(
    "ago", [minutes(1), minutes(8 * 24 * 60), minutes(4 * 24 * 60)]
)
def test_what_may_be_on_its_way_or_was_meant_for_others_is_let_be(
    house: House, ago: object
) -> None:
    """The number may have been somebody else's before the site was set up."""
    assert isinstance(ago, type(minutes(1)))
    assert unheard.fetch(_worker(house, _came("SM1", house.clock() - ago))) == 0
    assert _kept(house) == []


@pytest.mark.parametrize("error", [Refused("429", permanent=False), Misconfigured("1")])
def test_a_carrier_that_does_not_answer_holds_nothing_up(
    house: House, error: Exception
) -> None:
    worker = _worker(house)

    class Silent(Carrier):
        def received(self, number: str, since: datetime) -> list[TextIn]:
            raise error

    assert unheard.fetch(replace(worker, gateway=Silent())) == 0


def test_without_a_carrier_nobody_is_asked(house: House) -> None:
    assert unheard.fetch(replace(_worker(house), gateway=None)) == 0


def test_two_workers_keep_it_once(house: House) -> None:
    text = _came("SM1", house.clock() - minutes(3))
    for _ in range(2):
        unheard.fetch(_worker(house, text))
    with reading(house.engine) as session:
        assert session.scalar(select(func.count()).select_from(InboundText)) == 1
