"""What holds texts back: the switch that stops all, the caps, and a dry run."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import text_stops
from intake.alert_outbox import Ways
from intake.alert_tables import OutboundAlert
from intake.duty import Worker
from intake.messages import Delivery, OutboundText
from intake.people import Desk, Member
from intake.sms.gateway import Refused
from intake.store import reading
from intake.text_caps import Caps
from intake.worker import finish_texts, send_alerts, send_texts
from tests.workbench import Carrier, House, Postman, found, minutes, worker_in

WIDE = Caps(a_number=100, an_hour=100, a_day=100)


@pytest.fixture
def house(engine: Engine) -> House:
    """Return a house with three texts that may go out now, to one number."""
    made = found(engine)
    with made.writing() as session:
        request = made.agreed(session)
        session.add_all(made.text_out(request, request.windows[0]) for _ in range(3))
    return made


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def worker(house: House, carrier: Carrier) -> Worker:
    return worker_in(house, carrier)


def stop(house: House) -> None:
    with house.writing() as session:
        member = session.get_one(Member, house.member_id)
        text_stops.stop_texts(session, member, house.clock())


def go(house: House) -> None:
    with house.writing() as session:
        text_stops.let_texts_go(session, None, house.clock())


def states(house: House) -> list[tuple[Delivery, str | None]]:
    with reading(house.engine) as session:
        rows = session.scalars(select(OutboundText).order_by(OutboundText.id))
        return sorted((row.state, row.error) for row in rows)


def told(session: Session) -> list[str]:
    """Return what staff were told of all texts of the one request."""
    events = session.scalars(select(OutboundText)).first().request.events  # type: ignore[union-attr]  # there are three
    return [e.data["status"] for e in events if e.kind == "text-status"]


def test_a_stop_holds_from_the_next_text_on(
    house: House, carrier: Carrier, worker: Worker
) -> None:
    carrier.during = lambda: stop(house)  # pressed while the first is on its way
    send_texts(worker)
    assert len(carrier.taken) == 1
    assert [state for state, _ in states(house)].count(Delivery.WAITING) == 2
    send_texts(worker_in(house, carrier, "another"))
    assert len(carrier.taken) == 1


def test_what_waited_goes_on_when_the_stop_is_lifted(
    house: House, carrier: Carrier, worker: Worker
) -> None:
    stop(house)
    stop(house)  # twice is once
    send_texts(worker)
    go(house)
    go(house)
    carrier.during = None
    send_texts(worker)
    assert len(carrier.taken) == 3


@pytest.mark.rule("S12")
def test_a_stop_outlasts_the_window_and_staff_are_told(
    house: House, carrier: Carrier, worker: Worker
) -> None:
    stop(house)
    house.clock.forward(minutes=94)
    send_texts(worker)
    assert states(house) == [(Delivery.WAITING, None)] * 3
    house.clock.forward(minutes=2)
    send_texts(worker)
    assert states(house) == [(Delivery.EXPIRED, "stopped")] * 3
    go(house)
    send_texts(worker)
    assert not carrier.taken
    with reading(house.engine) as session:
        assert told(session) == ["expired"] * 3


def test_without_a_carrier_staff_are_told_when_the_time_is_over(house: House) -> None:
    house.clock.forward(minutes=96)
    send_texts(worker_in(house, None))
    assert states(house) == [(Delivery.EXPIRED, "late")] * 3


def test_a_stop_says_who_pressed_it(house: House) -> None:
    stop(house)
    stop(house)
    with reading(house.engine) as session:
        holds = session.scalars(select(text_stops.TextStop)).one()
        assert holds is text_stops.stop_that_holds(session)
        assert holds.member is not None
        assert (holds.member.working_name, holds.since) == ("Maria", house.clock())
    go(house)
    with reading(house.engine) as session:
        assert not text_stops.are_stopped(session)


def test_one_number_gets_no_more_than_its_share(
    house: House, carrier: Carrier, worker: Worker
) -> None:
    capped = replace(worker, caps=replace(WIDE, a_number=2))
    send_texts(capped)
    assert len(carrier.taken) == 2
    ended = [(state, error) for state, error in states(house) if error]
    assert ended == [(Delivery.CANCELLED, "cap")]
    with reading(house.engine) as session:
        assert "cancelled" in told(session)


def test_a_share_counts_over_all_requests_of_a_number(
    house: House, carrier: Carrier, worker: Worker
) -> None:
    with house.writing() as session:
        other = house.agreed(session)
        session.add(house.text_out(other, other.windows[0]))
    send_texts(replace(worker, caps=replace(WIDE, a_number=3)))
    assert len(carrier.taken) == 3


@pytest.mark.parametrize(("cap", "later"), [("an_hour", 62), ("a_day", 0)])
def test_the_site_sends_no_more_than_it_may_and_the_rest_waits(
    house: House, carrier: Carrier, worker: Worker, cap: str, later: int
) -> None:
    capped = replace(worker, caps=replace(WIDE, **{cap: 2}))
    send_texts(capped)
    assert len(carrier.taken) == 2
    assert (Delivery.WAITING, None) in states(house)
    house.clock.forward(minutes=later or 62)
    send_texts(capped)
    assert len(carrier.taken) == (3 if later else 2)


def test_what_was_refused_counts_for_nothing(
    house: House, carrier: Carrier, worker: Worker
) -> None:

    carrier.answers = [Refused("21610", permanent=True)] * 2
    send_texts(replace(worker, caps=replace(WIDE, an_hour=1)))
    assert len(carrier.taken) == 1


@pytest.mark.parametrize("with_carrier", [True, False])
def test_a_dry_run_checks_all_and_sends_nothing(
    house: House, carrier: Carrier, with_carrier: bool
) -> None:
    worker = worker_in(house, carrier if with_carrier else None)
    send_texts(replace(worker, dry_run=True))
    finish_texts(worker)
    assert not carrier.taken
    assert states(house) == [(Delivery.CANCELLED, "dry-run")] * 3
    with reading(house.engine) as session:
        assert all(
            row.worker_box is None for row in session.scalars(select(OutboundText))
        )


@pytest.mark.rule("S25")
@pytest.mark.parametrize("held", ["stopped", "dry"])
def test_alerts_go_by_mail_while_no_text_may_leave(
    house: House, carrier: Carrier, worker: Worker, held: str
) -> None:
    alert(house, Ways("+46701740666", "jour@kommun.example"))
    if held == "stopped":
        stop(house)
    send_alerts(replace(worker, dry_run=held == "dry"))
    assert not carrier.taken
    postman = worker.mailer
    assert isinstance(postman, Postman)
    assert postman.sent == ["jour@kommun.example"]


def alert(house: House, ways: Ways) -> None:
    """Let an alert wait that is to reach one person."""
    with house.writing() as session:
        session.add(
            OutboundAlert(
                id="a" * 32,
                desk_id=session.scalars(select(Desk.id)).first(),
                name="Jour",
                count=1,
                worker_box=ways.sealed(house.pair.public),
                state=Delivery.WAITING,
                not_after=house.clock() + minutes(15),
                next_try_at=house.clock(),
                created_at=house.clock(),
            )
        )
