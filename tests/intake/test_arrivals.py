"""What is sent becomes one sealed request, once, at the right desks and no other."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from intake.arrivals import Result, accept, burn, send
from intake.hours import Slot
from intake.life import EventKind, broken_at
from intake.messages import OutboundMail
from intake.models import Envelope, Number, Request, Window
from intake.submissions import NOBODY_NAMED
from intake.topics import (
    Audience,
    Contact,
    Danger,
    Kind,
    Origin,
    Phone,
    Side,
    State,
    Urgency,
)
from intake.vault import unseal
from intake.windows import SlotFull
from tests.intake.letters import WORDS, call, letter, post, receipt, token
from tests.workbench import HERS, House, found

SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


def desks(request: Request) -> set[tuple[str, Side]]:
    """Return the desks that hold a key to a request."""
    return {(key.desk.unit, key.desk.side) for key in request.keys}


def count(session: Session, table: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def texts(house: House, session: Session, request: Request) -> dict[Kind, str]:
    """Open every envelope as a member of the unit would."""
    session.refresh(request)
    return {e.kind: house.opened(session, e) for e in request.envelopes}


def next_slots(house: House, unit: str = "adult") -> Sequence[Slot]:
    return house.office.units[unit].calendar.slots(house.clock())


@pytest.mark.rule("S3")
def test_sending_again_is_one_request_with_one_number(house: House) -> None:
    with house.writing() as session:
        first = post(house, session, letter())
    house.clock.forward(hours=23)
    with house.writing() as session:
        again = post(house, session, letter())
        assert (first.result, again.result) == (Result.NEW, Result.AGAIN)
        assert again.digits == first.digits
        assert again.sending.door is not None
        assert again.sending.door.tag == again.receipt.tag
        assert [count(session, t) for t in (Request, Envelope)] == [1, 1]


@pytest.mark.rule("S3")
def test_two_presses_at_the_same_moment_are_one_request(house: House) -> None:
    together = Barrier(2)

    def press(_: int) -> Result:
        together.wait()
        with house.writing() as session:
            return post(house, session, letter()).result

    with ThreadPoolExecutor(2) as presses:
        results = set(presses.map(press, range(2)))
    assert results == {Result.NEW, Result.AGAIN}
    with house.writing() as session:
        assert count(session, Request) == 1


@pytest.mark.rule("S3")
def test_changed_text_joins_the_first(house: House) -> None:
    with house.writing() as session:
        first = post(house, session, letter())
        more = post(house, session, letter("Och mer."), content="changed")
        assert more.result is Result.JOINED
        assert more.request is first.request
        opened = texts(house, session, first.request)
        assert opened == {Kind.ACCOUNT: WORDS, Kind.MORE: "Och mer."}
        third = post(house, session, letter("Och mer."), content="changed")
        assert third.result is Result.AGAIN


@pytest.mark.rule("S3")
def test_a_burned_number_is_never_shown_again(house: House) -> None:
    with house.writing() as session:
        sending = post(house, session, letter()).sending
        burn(session, sending.token_hash, house.clock())
        for content in ("content", "changed"):
            again = post(house, session, letter("Annat."), content=content)
            assert again.result is Result.SPENT
        assert count(session, Envelope) == 1


@pytest.mark.rule("S3")
def test_after_a_day_the_form_is_spent(house: House) -> None:
    with house.writing() as session:
        post(house, session, letter())
        house.clock.forward(hours=24, seconds=1)
        assert post(house, session, letter()).result is Result.SPENT


@pytest.mark.rule("S3")
def test_the_database_keeps_no_number_and_no_token(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, letter())
        door = posted.sending.door
        assert door is not None
        kept = [door.tag, door.answer_box, posted.sending.token_hash]
        for form in (posted.digits.encode(), b"form", posted.receipt.pair.secret):
            assert all(form not in value for value in kept)


@pytest.mark.rule("S22")
def test_a_number_is_sealed_to_unit_and_worker(house: House) -> None:
    with house.writing() as session:
        request = post(house, session, call(next_slots(house)[0])).request
        (number,) = request.numbers
        assert house.opened(session, number.envelope) == HERS
        assert number.worker_box is not None
        assert unseal(number.worker_box, house.pair).decode() == HERS
        assert number.tag is None


@pytest.mark.rule("S29")
@pytest.mark.parametrize("danger", [Danger.UNSAID, Danger.NOW])
def test_what_somebody_there_must_not_see_goes_round_them(
    house: House, danger: Danger
) -> None:
    house.clock.now = SATURDAY_NIGHT
    kept_from = replace(letter(), avoid=True, avoid_text="En i växeln", danger=danger)
    with house.writing() as session:
        request = post(house, session, kept_from).request
        assert desks(request) == {("closed-circle", Side.HURT)}
        told = {mail.unit for mail in session.scalars(select(OutboundMail))}
        assert told == {"closed-circle"}
        assert texts(house, session, request)[Kind.AVOID] == "En i växeln"


@pytest.mark.rule("S29")
def test_where_it_is_the_head_another_unit_opens_it(house: House) -> None:
    with house.writing() as session:
        hidden = replace(letter(), avoid=True, elsewhere=True)
        request = post(house, session, hidden).request
        assert request.unit == "reception"
        assert {unit for unit, _ in desks(request)} == {"reception"}


@pytest.mark.rule("S29")
def test_the_tick_alone_leaves_its_trace(house: House) -> None:
    with house.writing() as session:
        request = post(house, session, replace(letter(), avoid=True)).request
        assert texts(house, session, request)[Kind.AVOID] == NOBODY_NAMED


@pytest.mark.rule("S26")
def test_an_adult_with_children_stays_with_the_adult_unit(house: House) -> None:
    with house.writing() as session:
        request = post(house, session, replace(letter(), children=True)).request
        assert desks(request) == {("adult", Side.HURT)}
        assert request.child_mark
        assert request.child_due_at is None  # the clock runs from the first opening


@pytest.mark.rule("S26")
@pytest.mark.parametrize("audience", [Audience.EXPOSED, Audience.USES_VIOLENCE])
def test_a_childs_own_request_goes_to_the_childrens_unit(
    house: House, audience: Audience
) -> None:
    childs = replace(letter(), audience=audience, under_18=True, children=True)
    with house.writing() as session:
        request = post(house, session, childs).request
        assert desks(request) == {("children", Side.of(audience))}
        assert not request.child_mark  # the child mark is about an adult's request


def test_at_night_on_call_can_open_it_too(house: House) -> None:
    house.clock.now = SATURDAY_NIGHT
    with house.writing() as session:
        request = post(house, session, letter()).request
        assert desks(request) == {("adult", Side.HURT), ("on-call", Side.HURT)}


@pytest.mark.rule("S23")
def test_danger_told_raises_urgency_and_the_alert(house: House) -> None:
    with house.writing() as session:
        request = post(house, session, replace(letter(), danger=Danger.NOW)).request
        assert request.urgency is Urgency.ACUTE
        assert ("on-call", Side.HURT) in desks(request)
        mails = session.scalars(select(OutboundMail)).all()
        assert {(mail.unit, mail.urgent) for mail in mails} == {
            ("adult", True),
            ("on-call", True),
        }


@pytest.mark.rule("S23")
def test_danger_now_is_read_by_whoever_is_open_first(house: House) -> None:
    """On a Saturday on-call reads within minutes; the day unit would on Monday."""
    with house.writing() as session:
        days_to_saturday = (5 - house.clock().weekday()) % 7
        house.clock.forward(minutes=days_to_saturday * 24 * 60)
        now = house.clock()
        acute = post(house, session, replace(letter(), danger=Danger.NOW)).request
        assert acute.reading_due_at - now < timedelta(hours=1)


@pytest.mark.rule("S23")
def test_later_words_can_only_raise(house: House) -> None:
    with house.writing() as session:
        soon = replace(letter(), danger=Danger.SOON, protected=True)
        request = post(house, session, soon).request
        due = request.reading_due_at
        house.clock.forward(minutes=5)
        calmer = replace(letter("Mer."), danger=Danger.NOT_NOW)
        post(house, session, calmer, content="calmer")
        urgencies = [request.urgency]
        assert request.marks == ["protected-data"]
        assert request.reading_due_at == due
        urgencies.append(request.urgency)
        assert urgencies == [Urgency.HIGH, Urgency.HIGH]


@pytest.mark.rule("S27")
@pytest.mark.parametrize("phone", [Phone.SHARED, Phone.PARENT, Phone.UNSAID])
def test_a_childs_phone_that_others_use_is_never_rung(
    house: House, phone: Phone
) -> None:
    slot = next_slots(house, "children")[0]
    childs = replace(call(slot, phone=phone), under_18=True)
    with house.writing() as session:
        request = post(house, session, childs).request
        assert request.contact is Contact.NOT_HER_PHONE
        assert request.windows == []


@pytest.mark.rule("S19")
def test_anothers_number_is_rung_only_if_that_person_knows(house: House) -> None:
    slot = next_slots(house)[0]
    with house.writing() as session:
        for phone, contact in (
            (Phone.UNSAID, Contact.NOT_HER_PHONE),
            (Phone.OTHER_KNOWS, Contact.ALLOWED),
        ):
            wish = replace(call(slot, phone=phone), for_other=True)
            request = post(house, session, wish, form=phone).request
            assert request.contact is contact


@pytest.mark.rule("S9")
def test_a_number_without_a_safe_time_is_not_rung(house: House) -> None:
    with house.writing() as session:
        request = post(house, session, call()).request
        assert request.contact is Contact.NONE_SAFE
        assert request.callable_until is None


@pytest.mark.rule("S37")
def test_a_full_window_takes_nothing_in(house: House) -> None:
    slot, other = next_slots(house)[:2]
    capacity = house.office.units["adult"].calendar.slot_capacity
    with house.writing() as session:
        for n in range(capacity):
            post(house, session, call(slot), form=str(n))
    with house.writing() as session:
        with pytest.raises(SlotFull):
            post(house, session, call(other, slot), form="late")
        assert count(session, Request) == capacity
        assert count(session, Number) == capacity
        assert count(session, Window) == capacity
        later = post(house, session, call(other), form="late")
        assert later.result is Result.NEW


@pytest.mark.rule("S8")
def test_a_form_with_an_earlier_number_joins_and_counts_once(house: House) -> None:
    with house.writing() as session:
        before = post(house, session, letter()).request
        for result in (Result.NEW, Result.AGAIN):
            _, key = receipt("second")
            said = letter("Mer."), token("second"), key, house.clock.forward(minutes=1)
            sent = send(session, house.office, *said, onto=before)
            assert (sent[0], sent[1].request, sent[1].door) == (result, before, None)
        assert count(session, Request) == 1
        assert [e.kind for e in before.envelopes] == [Kind.ACCOUNT, Kind.MORE]
        assert before.envelopes[1].origin is Origin.RECEIPT


@pytest.mark.rule("S35")
def test_the_chain_tells_keys_only(house: House) -> None:
    with house.writing() as session:
        request = post(house, session, call(next_slots(house)[0])).request
        post(house, session, letter("Mer."), content="more")
        session.refresh(request)
        kinds = [EventKind(event.kind) for event in request.events]
        assert kinds == [EventKind.ARRIVED, EventKind.JOINED]
        assert "hemma" not in str([event.data for event in request.events])
        signer = house.office.signer
        assert broken_at(request.events, {signer.name: signer.key}) is None
        request.events[0].data = {**request.events[0].data, "rule": "other"}
        assert broken_at(request.events, {signer.name: signer.key}) == 1


@pytest.mark.rule("S35")
def test_due_times_do_not_tell_the_minute_of_arrival(house: House) -> None:
    house.clock.now += timedelta(minutes=17, seconds=23)
    with house.writing() as session:
        request = post(house, session, letter()).request
        dues = [request.reading_due_at, request.due_at]
        request.unread_since = None
        house.clock.forward(minutes=8)
        post(house, session, letter("Mer."), content="more")
        dues.append(request.reading_due_at)
        assert {(due.minute % 30, due.second) for due in dues} == {(0, 0)}
        assert all(due > house.clock() for due in dues)


def test_due_times_are_counted_in_open_minutes(house: House) -> None:
    house.clock.now = SATURDAY_NIGHT
    with house.writing() as session:
        request, door = accept(session, house.office, letter(), house.clock())
        monday = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
        assert request.reading_due_at == monday + timedelta(hours=4)
        assert request.due_at > request.reading_due_at
        assert request.state is State.UNREAD
        assert door is None
