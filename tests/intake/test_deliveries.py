"""What the carrier says of a text, in any order, and how the text is forgotten."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import deliveries
from intake.messages import Delivery, OutboundText
from intake.sms.gateway import Ambiguous, TextStatus
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


def _text(session: Session) -> OutboundText:
    return session.scalars(select(OutboundText)).one()


def _stands(house: House) -> tuple[Delivery, str | None]:
    with reading(house.engine) as session:
        text = _text(session)
        return text.state, text.error


def _told(house: House) -> list[str]:
    """Return what staff were told of the text, in order."""
    with reading(house.engine) as session:
        events = _text(session).request.events
        return [e.data["status"] for e in events if e.kind == "text-status"]


def _advance(house: House, *said: tuple[str, str], sid: str = "SM1") -> None:
    for status, error in said:
        with house.writing() as session:
            text_id = _text(session).id
            deliveries.advance(session, text_id, sid, TextStatus(status), error)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (["sent", "delivered"], Delivery.DELIVERED),
        (["delivered", "sent", "queued"], Delivery.DELIVERED),
        (["delivered", "delivered", "undelivered"], Delivery.DELIVERED),
        (["sent", "failed", "delivered"], Delivery.FAILED),
        (["sent", "sending"], Delivery.SENT),
    ],
)
def test_what_is_said_late_twice_or_in_disorder_never_leads_back(
    house: House, carrier: Carrier, said: list[str], state: Delivery
) -> None:
    send_texts(worker_in(house, carrier))
    _advance(house, *((word, "") for word in said))
    assert _stands(house)[0] is state


def test_what_is_said_too_late_is_not_even_kept(house: House, carrier: Carrier) -> None:
    send_texts(worker_in(house, carrier))
    _advance(house, ("sent", ""), ("sending", ""), ("queued", ""))
    with reading(house.engine) as session:
        assert _text(session).provider_status == "sent"


def test_a_text_that_was_cancelled_is_not_brought_back(house: House) -> None:
    with house.writing() as session:
        _text(session).state = Delivery.CANCELLED
    _advance(house, ("delivered", ""))
    assert _stands(house)[0] is Delivery.CANCELLED


def test_an_error_that_was_told_stays(house: House, carrier: Carrier) -> None:
    send_texts(worker_in(house, carrier))
    _advance(house, ("undelivered", "30003"), ("failed", ""), ("sent", ""))
    assert _stands(house) == (Delivery.FAILED, "30003")


def test_another_message_cannot_speak_for_it(house: House, carrier: Carrier) -> None:
    send_texts(worker_in(house, carrier))
    _advance(house, ("failed", "30007"), sid="SM777")
    assert _stands(house) == (Delivery.SENT, None)


def test_a_callback_may_overtake_the_answer(house: House, carrier: Carrier) -> None:
    carrier.during = lambda: _advance(house, ("delivered", ""))
    worker = worker_in(house, carrier)
    send_texts(worker)
    assert _stands(house)[0] is Delivery.DELIVERED
    finish_texts(worker)
    assert _told(house) == ["delivered"]


def test_a_callback_settles_what_was_ambiguous(house: House, carrier: Carrier) -> None:
    carrier.answers = [Ambiguous("no-answer")]
    send_texts(worker_in(house, carrier))
    _advance(house, ("delivered", ""))
    assert _stands(house)[0] is Delivery.DELIVERED


@pytest.mark.rule("S22")
def test_at_the_end_number_and_text_are_forgotten_everywhere(
    house: House, carrier: Carrier
) -> None:
    worker = worker_in(house, carrier)
    send_texts(worker)
    finish_texts(worker)
    clean_texts(worker)
    assert not carrier.forgotten  # it is still on its way
    _advance(house, ("delivered", ""))
    finish_texts(worker)
    clean_texts(worker)
    assert carrier.forgotten == ["SM1 emptied", "SM1 deleted"]
    with reading(house.engine) as session:
        row = _text(session)
        assert row.worker_box is None
        assert row.redacted_at
        assert row.deleted_at
    house.clock.forward(hours=2)
    clean_texts(worker)
    assert len(carrier.forgotten) == 2


def test_what_the_carrier_will_not_delete_is_asked_of_it_again(
    house: House, carrier: Carrier
) -> None:
    worker = worker_in(house, carrier)
    carrier.keeps = True
    send_texts(worker)
    _advance(house, ("delivered", ""))
    finish_texts(worker)
    clean_texts(worker)
    clean_texts(worker)
    assert carrier.forgotten == ["SM1 emptied"]
    carrier.keeps = False
    house.clock.forward(days=3)
    clean_texts(worker)
    assert carrier.forgotten[-1] == "SM1 deleted"


def test_without_a_last_word_it_is_forgotten_all_the_same(
    house: House, carrier: Carrier
) -> None:
    worker = worker_in(house, carrier)
    send_texts(worker)
    house.clock.forward(hours=3)
    finish_texts(worker)
    clean_texts(worker)
    assert carrier.forgotten == ["SM1 emptied", "SM1 deleted"]
    assert _stands(house)[0] is Delivery.SENT
