"""Alerts as they go out: by whom, once or in doubt, and what is kept of them."""

import pytest
from sqlalchemy import select

from intake import worker
from intake.alert_outbox import Ways
from intake.alert_tables import OutboundAlert
from intake.forgetting import never_cleaned
from intake.messages import Delivery
from intake.models import Request
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    Refused,
    Sent,
    TextStatus,
)
from intake.store import reading
from intake.vault import KeyPair
from tests.factories import Bureau
from tests.intake.test_alerts import ANNA, BO, Duty, acute, on_list, unit_mails
from tests.workbench import Carrier

pytestmark = pytest.mark.rule("S25")


@pytest.fixture
def bureau(either_bureau: Bureau) -> Bureau:
    """Open a bureau on SQLite and on PostgreSQL in turn."""
    return either_bureau


@pytest.fixture
def duty(bureau: Bureau) -> Duty:
    """Return a worker with two names on a list."""
    on_list(bureau, "adult", "Anna", ANNA)
    on_list(bureau, "adult", "Bo", BO)
    return Duty(bureau, Carrier())


def die() -> None:
    raise KeyboardInterrupt


def boxes(bureau: Bureau, name: str) -> list[bool]:
    """Say of each alert to somebody whether the number is kept."""
    with reading(bureau.engine) as session:
        kept = select(OutboundAlert.worker_box).where(OutboundAlert.name == name)
        return [box is not None for box in session.scalars(kept)]


def test_who_can_not_be_reached_gives_the_turn_to_the_next_at_once(
    bureau: Bureau,
) -> None:
    on_list(bureau, "adult", "Anna", ANNA)
    on_list(bureau, "adult", "Bo", mail="bo@kommun.example")
    duty = Duty(bureau)  # no gateway: a number alone reaches nobody
    bureau.send(acute())
    duty.round()
    assert duty.state_of("Anna") is Delivery.FAILED
    duty.round(seconds=1)
    assert duty.postman.sent == ["bo@kommun.example"]
    duty.round(minutes=14)
    assert unit_mails(bureau) == []


def test_a_refused_text_goes_by_mail_to_the_same_person(bureau: Bureau) -> None:
    on_list(bureau, "adult", "Anna", ANNA, "anna@kommun.example")
    duty = Duty(bureau, Carrier([Refused("21211", permanent=True)]))
    bureau.send(acute())
    duty.round()
    assert duty.postman.sent == ["anna@kommun.example"]


def test_an_account_that_is_wrong_is_tried_again_and_then_the_next_is_told(
    bureau: Bureau, duty: Duty
) -> None:
    duty.carrier = Carrier([Misconfigured("20003")] * 3)
    duty = Duty(bureau, duty.carrier)
    bureau.send(acute())
    assert duty.round() == []
    assert duty.round(seconds=30) == []
    assert duty.round(seconds=30) == []
    assert duty.state_of("Anna") is Delivery.FAILED
    assert duty.round(seconds=1) == [BO]


def test_what_may_have_gone_out_is_never_sent_again_and_the_next_is_told(
    bureau: Bureau, duty: Duty
) -> None:
    duty = Duty(bureau, Carrier([Ambiguous("timeout")]))
    bureau.send(acute())
    assert duty.round() == [ANNA]  # perhaps
    assert duty.state_of("Anna") is Delivery.UNKNOWN
    assert duty.round(seconds=1) == [BO]
    assert duty.round(minutes=14) == []


def test_killed_while_it_sends_another_worker_doubts_it(
    bureau: Bureau, duty: Duty
) -> None:
    killed = Duty(bureau, Carrier(during=die))
    bureau.send(acute())
    with pytest.raises(KeyboardInterrupt):
        killed.round()
    assert duty.round(minutes=1) == []  # its lease runs still
    assert duty.round(minutes=1) == []
    assert duty.state_of("Anna") is Delivery.UNKNOWN
    assert duty.round(seconds=1) == [BO]


@pytest.mark.rule("S22")
@pytest.mark.parametrize("lost", [False, True], ids=["taken", "answer lost"])
def test_the_carrier_is_made_to_forget_an_alert(
    bureau: Bureau, duty: Duty, lost: bool
) -> None:
    carrier = Carrier([Ambiguous("timeout")] if lost else [])
    carrier.found, carrier.keeps = Sent("SM1", TextStatus.SENT), True
    duty = Duty(bureau, carrier)
    bureau.send(acute())
    duty.round()
    worker.clean_texts(duty.worker)
    assert carrier.forgotten == ["SM1 emptied"]
    carrier.keeps = False
    worker.clean_texts(duty.worker)  # it refused, and is left alone for an hour
    assert carrier.forgotten == ["SM1 emptied"]
    bureau.clock.forward(hours=1)
    worker.clean_texts(duty.worker)
    worker.clean_texts(duty.worker)
    assert carrier.forgotten == ["SM1 emptied", "SM1 emptied", "SM1 deleted"]


@pytest.mark.rule("S22")
@pytest.mark.parametrize("killed", [False, True], ids=["no answer", "killed"])
def test_an_alert_that_is_found_later_is_forgotten_then(
    bureau: Bureau, duty: Duty, killed: bool
) -> None:
    carrier = Carrier([Ambiguous("timeout")])
    duty = Duty(bureau, carrier)
    bureau.send(acute())
    if killed:
        carrier.during = die
        with pytest.raises(KeyboardInterrupt):
            duty.round()
        carrier.during = None
        duty.round(minutes=2)
    else:
        duty.round()
    worker.send_alerts(duty.worker)
    worker.clean_texts(duty.worker)
    assert carrier.forgotten == []
    asked = len(carrier.asked)
    worker.send_alerts(duty.worker)  # not in every round
    assert len(carrier.asked) == asked
    carrier.found = Sent("SM7", TextStatus.SENT)
    bureau.clock.forward(minutes=1)
    worker.send_alerts(duty.worker)
    worker.clean_texts(duty.worker)
    assert carrier.forgotten == ["SM7 emptied", "SM7 deleted"]
    assert duty.state_of("Anna") is Delivery.UNKNOWN
    assert boxes(bureau, "Anna") == [False]
    worker.send_alerts(duty.worker)
    assert len(carrier.asked) == asked + 1


@pytest.mark.rule("S22")
@pytest.mark.parametrize("gone", ["over", "no carrier"])
def test_the_number_of_an_alert_in_doubt_is_kept_no_longer_than_it_serves(
    bureau: Bureau, duty: Duty, gone: str
) -> None:
    duty = Duty(bureau, Carrier([Ambiguous("timeout")]))
    bureau.send(acute())
    duty.round()
    worker.send_alerts(duty.worker)
    assert boxes(bureau, "Anna") == [True]
    bureau.clock.forward(minutes=74 if gone == "over" else 1)
    if gone == "no carrier":
        duty = Duty(bureau)
    else:
        worker.send_alerts(duty.worker)
        assert boxes(bureau, "Anna") == [True]
        bureau.clock.forward(minutes=1)
    worker.send_alerts(duty.worker)
    assert boxes(bureau, "Anna") == [False]


@pytest.mark.rule("S22")
def test_an_alert_that_is_not_forgotten_for_two_weeks_is_counted(
    bureau: Bureau, duty: Duty
) -> None:
    carrier = duty.carrier
    assert carrier
    carrier.keeps = True
    bureau.send(acute())
    duty.round()
    worker.clean_texts(duty.worker)
    with reading(bureau.engine) as session:
        assert never_cleaned(session, bureau.clock()) == 0
        assert never_cleaned(session, bureau.clock.forward(days=15)) == 1
    asked = len(carrier.forgotten)
    worker.clean_texts(duty.worker)
    assert len(carrier.forgotten) == asked


def test_two_workers_alert_once(bureau: Bureau, duty: Duty) -> None:
    assert duty.carrier
    bureau.send(acute())
    other = Duty(bureau, duty.carrier)
    worker.raise_alerts(duty.worker)
    worker.raise_alerts(other.worker)
    worker.send_alerts(other.worker)
    worker.send_alerts(duty.worker)
    assert [sent.to for sent in duty.carrier.taken] == [ANNA]


def test_numbers_open_for_the_worker_alone_and_are_shredded(
    bureau: Bureau, duty: Duty
) -> None:
    bureau.send(acute())
    duty.round()
    with reading(bureau.engine) as session:
        sent = session.scalars(select(OutboundAlert)).one()
        assert sent.worker_box is None
        assert (sent.name, sent.state) == ("Anna", Delivery.SENT)
        assert sent.provider_sid == "SM1"
        assert session.scalars(select(Request)).one().reference not in repr(vars(sent))
    ways = Ways(ANNA, "anna@kommun.example")
    assert ANNA not in repr(ways)
    pair = KeyPair.generate()
    assert Ways.opened(ways.sealed(pair.public), pair) == ways


def test_an_alert_that_comes_too_late_is_not_sent(bureau: Bureau, duty: Duty) -> None:
    assert duty.carrier
    bureau.send(acute())
    worker.raise_alerts(duty.worker)
    bureau.clock.forward(minutes=15)
    worker.send_alerts(duty.worker)
    assert duty.carrier.taken == []
    assert duty.state_of("Anna") is Delivery.EXPIRED
