"""A text that the carrier says reached no phone: tried again, in its window only."""

import pytest
from sqlalchemy import Engine, select

from intake.deliveries import advance
from intake.messages import Delivery, OutboundText
from intake.retrying import UNREACHED
from intake.sms.gateway import TextStatus
from intake.store import reading
from intake.worker import clean_texts, finish_texts, send_texts
from tests.workbench import Carrier, House, found, worker_in


@pytest.fixture
def house(engine: Engine) -> House:
    """Return a house with one text that may go out now."""
    made = found(engine)
    with made.writing() as session:
        request = made.agreed(session)
        session.add(made.text_out(request, request.windows[0]))
    return made


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


def round_(house: House, carrier: Carrier, error: str) -> None:
    """Send what is due; the carrier tells later that each text reached no phone."""
    worker = worker_in(house, carrier)
    send_texts(worker)
    with house.writing() as session:
        for row in session.scalars(select(OutboundText)).all():
            if row.state is Delivery.SENT:
                undelivered = TextStatus.UNDELIVERED
                advance(session, row.id, row.provider_sid or "", undelivered, error)
    finish_texts(worker)


def rows(house: House) -> list[tuple[Delivery, str | None, bool]]:
    """Return how each text stands, its fault, and whether its number is kept."""
    with reading(house.engine) as session:
        ordered = select(OutboundText).order_by(OutboundText.next_try_at)
        found_ = session.scalars(ordered).all()
        return [(r.state, r.error, r.worker_box is not None) for r in found_]


@pytest.mark.parametrize("error", sorted(UNREACHED))
def test_what_reached_no_phone_is_tried_again_as_another_text(
    house: House, carrier: Carrier, error: str
) -> None:
    round_(house, carrier, error)
    assert len(carrier.taken) == 1
    assert rows(house) == [
        (Delivery.FAILED, error, False),
        (Delivery.WAITING, None, True),
    ]
    send_texts(worker_in(house, carrier))
    assert len(carrier.taken) == 1  # not at once
    house.clock.forward(seconds=31)
    send_texts(worker_in(house, carrier))
    first, second = carrier.taken
    assert first.own_id != second.own_id
    assert (first.to, first.body) == (second.to, second.body)
    assert second.valid_for < first.valid_for


@pytest.mark.rule("S12")
def test_it_is_tried_a_few_times_and_never_outside_the_window(
    house: House, carrier: Carrier
) -> None:
    for _ in range(30):
        round_(house, carrier, "30003")
        house.clock.forward(minutes=6)
    assert len(carrier.taken) == 4
    assert all(state is Delivery.FAILED for state, _, _ in rows(house))


@pytest.mark.rule("S12")
def test_near_the_windows_end_it_is_not_tried_again(
    house: House, carrier: Carrier
) -> None:
    house.clock.forward(minutes=94, seconds=40)
    round_(house, carrier, "30003")
    assert rows(house) == [(Delivery.FAILED, "30003", False)]


@pytest.mark.parametrize("error", ["30008", "30005", "30007", "30002", ""])
def test_what_may_have_got_there_or_never_will_is_not_tried_again(
    house: House, carrier: Carrier, error: str
) -> None:
    round_(house, carrier, error)
    assert [state for state, _, _ in rows(house)] == [Delivery.FAILED]


@pytest.mark.rule("S12")
def test_the_next_try_passes_every_check_again(house: House, carrier: Carrier) -> None:
    round_(house, carrier, "30003")
    with house.writing() as session:
        row = session.scalars(select(OutboundText)).first()
        assert row is not None
        row.request.numbers[0].withdrawn_at = house.clock.forward(minutes=1)
    send_texts(worker_in(house, carrier))
    assert len(carrier.taken) == 1
    assert (Delivery.CANCELLED, "number", False) in rows(house)


def test_the_first_try_is_forgotten_and_nobody_has_to_deal_with_it(
    house: House, carrier: Carrier
) -> None:
    round_(house, carrier, "30003")
    clean_texts(worker_in(house, carrier))
    assert carrier.forgotten == ["SM1 emptied", "SM1 deleted"]
    with reading(house.engine) as session:
        settled = session.scalars(select(OutboundText.settled_at)).all()
    assert sorted(settled, key=bool) == [None, house.clock()]
