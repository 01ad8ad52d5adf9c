"""What the carrier says of a text, in any order, and how the text is forgotten."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import deliveries
from intake.duty import Worker
from intake.forgetting import never_cleaned
from intake.messages import Delivery, OutboundText
from intake.sms.gateway import Ambiguous, Sent, TextStatus
from intake.store import reading
from intake.worker import clean_texts, finish_texts, send_texts
from tests.workbench import Carrier, House, found, minutes, worker_in


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


def _two_in_doubt(house: House, carrier: Carrier) -> Worker:
    """Leave two texts to one number in doubt: nobody can say which is which."""
    with house.writing() as session:
        text = _text(session)
        session.add(house.text_out(text.request, text.window))
    carrier.answers = [Ambiguous("no-answer")] * 2
    worker = worker_in(house, carrier)
    send_texts(worker)
    return worker


def _round(worker: Worker) -> None:
    send_texts(worker)
    finish_texts(worker)
    clean_texts(worker)


def _in_doubt(house: House) -> list[tuple[bool, bool]]:
    """Return whether each text in doubt has a number still, and is forgotten."""
    with reading(house.engine) as session:
        rows = select(OutboundText).where(OutboundText.state == Delivery.UNKNOWN)
        return [
            (row.worker_box is not None, row.deleted_at is not None)
            for row in session.scalars(rows)
        ]


def _kept(house: House) -> int:
    with reading(house.engine) as session:
        return never_cleaned(session, house.clock())


@pytest.mark.rule("S22")
def test_what_stays_in_doubt_is_found_by_its_number_and_forgotten(
    house: House, carrier: Carrier
) -> None:
    worker = _two_in_doubt(house, carrier)
    carrier.there = [Sent("SM1", TextStatus.DELIVERED), Sent("SM2", TextStatus.SENT)]
    house.clock.forward(minutes=100)
    _round(worker)
    assert (carrier.forgotten, _in_doubt(house)) == ([], [(True, False)] * 2)
    house.clock.forward(hours=2)
    _round(worker)
    assert sorted(carrier.forgotten) == sorted(
        f"{sid} {done}" for sid in ("SM1", "SM2") for done in ("emptied", "deleted")
    )
    assert _in_doubt(house) == [(False, True)] * 2
    house.clock.forward(days=16)
    _round(worker)
    assert (len(carrier.taken), _kept(house)) == (2, 0)


@pytest.mark.rule("S22")
@pytest.mark.parametrize("why", ["down", "keeps", "queued"])
def test_a_doubt_is_asked_about_until_the_carrier_has_nothing_of_it(
    house: House, carrier: Carrier, why: str
) -> None:
    worker = _two_in_doubt(house, carrier)
    carrier.down, carrier.keeps = why == "down", why == "keeps"
    status = TextStatus.QUEUED if why == "queued" else TextStatus.SENT
    carrier.there = [Sent("SM1", status)]
    house.clock.forward(days=3)
    _round(worker)
    assert _in_doubt(house) == [(True, False)] * 2
    asked = len(carrier.asked)
    house.clock.forward(minutes=50)
    _round(worker)
    assert len(carrier.asked) == asked
    carrier.down = carrier.keeps = False
    carrier.there = [Sent("SM1", TextStatus.SENT)]
    house.clock.forward(minutes=10)
    _round(worker)
    assert carrier.forgotten[-1] == "SM1 deleted"
    assert _in_doubt(house) == [(False, True)] * 2


@pytest.mark.rule("S22")
def test_what_the_carrier_can_never_be_asked_is_counted(
    house: House, carrier: Carrier
) -> None:
    worker = _two_in_doubt(house, carrier)
    carrier.down = True
    house.clock.forward(days=14)
    _round(worker)
    assert (_in_doubt(house), _kept(house)) == ([(True, False)] * 2, 0)
    house.clock.forward(hours=4)
    _round(worker)
    assert (_in_doubt(house), _kept(house)) == ([(False, False)] * 2, 2)
    asked = len(carrier.asked)
    house.clock.forward(hours=2)
    _round(worker)
    assert (len(carrier.asked), len(carrier.taken)) == (asked, 2)


def test_a_doubt_that_is_over_takes_nothing_from_one_that_is_not(
    house: House, carrier: Carrier
) -> None:
    worker = _two_in_doubt(house, carrier)
    with house.writing() as session:
        newer = session.scalars(select(OutboundText)).all()[1]
        newer.not_after += minutes(24 * 60)
    carrier.there = [Sent("SM1", TextStatus.DELIVERED)]
    house.clock.forward(hours=4)
    _round(worker)
    assert (carrier.forgotten, _in_doubt(house)) == ([], [(True, False)] * 2)


def test_an_answer_after_a_long_silence_settles_a_doubt_that_is_over(
    house: House, carrier: Carrier
) -> None:
    carrier.answers, carrier.down = [Ambiguous("no-answer")], True
    worker = worker_in(house, carrier)
    send_texts(worker)
    house.clock.forward(days=1)
    _round(worker)
    carrier.down, carrier.there = False, [Sent("SM1", TextStatus.DELIVERED)]
    house.clock.forward(hours=1)
    _round(worker)
    assert _stands(house) == (Delivery.DELIVERED, None)
    assert carrier.forgotten == ["SM1 emptied", "SM1 deleted"]


def test_what_is_told_after_a_doubt_was_given_up_is_forgotten_too(
    house: House, carrier: Carrier
) -> None:
    carrier.answers = [Ambiguous("no-answer")]
    worker = worker_in(house, carrier)
    send_texts(worker)
    house.clock.forward(hours=3)
    _round(worker)
    assert _in_doubt(house) == [(False, True)]
    _advance(house, ("delivered", ""))
    house.clock.forward(hours=1)
    _round(worker)
    assert carrier.forgotten == ["SM1 emptied", "SM1 deleted"]


def test_a_number_that_no_longer_opens_holds_up_no_other(
    house: House, carrier: Carrier
) -> None:
    worker = _two_in_doubt(house, carrier)
    with house.writing() as session:
        session.scalars(select(OutboundText)).all()[0].worker_box = b"broken"
    carrier.there = [Sent("SM1", TextStatus.DELIVERED)]
    house.clock.forward(minutes=1)
    _round(worker)
    assert _in_doubt(house) == [(True, False)] * 2  # it may be the other's
    house.clock.forward(hours=3)
    _round(worker)
    assert sorted(_in_doubt(house)) == [(False, True), (True, False)]
