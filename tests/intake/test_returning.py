"""Coming back with the number: what it opens, what it may change, what it ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from intake import returning
from intake.arrivals import Result, send
from intake.envelopes import open_door, put
from intake.errors import NotAllowed, SealBroken, UnknownReceipt
from intake.hours import HOME_ZONE, Slot
from intake.life import EventKind, broken_at, record
from intake.messages import Delivery, OutboundMail
from intake.models import Envelope, Event, Request
from intake.returning import Return, Step
from intake.topics import Contact, Kind, Origin, State
from intake.vault import unseal_text
from tests.intake.letters import (
    PEPPERS,
    Posted,
    call,
    letter,
    post,
    receipt,
    token,
)
from tests.workbench import House, found

OTHERS = "+46701740699"


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


def enter(house: House, session: Session, posted: Posted, word: str = "") -> Return:
    digits = posted.digits
    return returning.enter(session, PEPPERS, digits, word, house.clock())


def slots(house: House, count: int) -> list[Slot]:
    return house.office.units["adult"].calendar.slots(house.clock())[:count]


def staff_say(house: House, session: Session, request: Request, text: str) -> None:
    put(session, request, Kind.ANSWER, text, Origin.STAFF, house.clock())
    note(house, session, request, EventKind.ANSWERED)


def note(house: House, session: Session, request: Request, kind: EventKind) -> Event:
    signer = house.office.signer
    return record(session, request, kind, signer, house.clock())


def events(session: Session, request: Request, kind: EventKind) -> list[Event]:
    session.refresh(request)
    return [event for event in request.events if event.kind == kind]


@pytest.mark.rule("S1")
def test_the_number_opens_the_answers_and_none_of_her_words(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 1)))
        staff_say(house, session, posted.request, "Vi hörs.")
        visit = enter(house, session, posted)
        answers = returning.answers(session, house.office, visit, house.clock())
        assert [answer.text for answer in answers] == ["Vi hörs."]
        hers = [e for e in posted.request.envelopes if e.kind is not Kind.ANSWER]
        assert {Kind.ACCOUNT, Kind.NUMBER, Kind.WORD} < {e.kind for e in hers}
        for envelope in hers:
            with pytest.raises(SealBroken):
                unseal_text(envelope.box, visit.answers)


@pytest.mark.rule("S1")
def test_the_thread_has_no_time_of_a_window(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 2)))
        told = returning.story(posted.request, house.clock())
        assert Step.CALL in {one.step for one in told}
        starts = {window.starts_at for window in posted.request.windows}
        assert not starts & {one.at for one in told}


@pytest.mark.rule("S2")
def test_a_wrong_word_looks_like_an_unknown_number(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, letter(), word="körsbär")
        said = set()
        for digits, word in (
            (posted.digits, ""),
            (posted.digits, "plommon"),
            (receipt("other")[0], "körsbär"),
        ):
            with pytest.raises(UnknownReceipt) as unknown:
                returning.enter(session, PEPPERS, digits, word, house.clock())
            said.add(str(unknown.value))
        assert len(said) == 1
        assert enter(house, session, posted, "KÖRSBÄR").request is posted.request


@pytest.mark.rule("S2")
def test_making_the_number_useless_closes_the_door_alone(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 1)))
        rows = session.scalar(select(func.count()).select_from(Envelope))
        visit = enter(house, session, posted)
        returning.make_useless(session, house.office, visit, house.clock())
        with pytest.raises(UnknownReceipt):
            enter(house, session, posted)
        secret, now = visit.answers.secret, house.clock()
        with pytest.raises(UnknownReceipt):
            returning.re_enter(session, visit.door_id, secret, now)
        assert session.scalar(select(func.count()).select_from(Envelope)) == rows
        assert posted.request.contact is Contact.ALLOWED
        assert posted.request.callable_until is not None


@pytest.mark.rule("S4")
def test_a_changed_number_is_marked_and_the_words_stay(house: House) -> None:
    first, second = slots(house, 2)
    with house.writing() as session:
        posted = post(house, session, call(first))
        visit = enter(house, session, posted)
        changed = call(second, number=OTHERS)
        now = house.clock.forward(minutes=1)
        returning.change_callback(session, house.office, visit, changed, now)
        request = posted.request
        old, new = request.numbers
        assert (old.withdrawn_at, old.worker_box) == (now, None)
        assert (new.origin, new.confirmed_at) == (Origin.RECEIPT, None)
        assert [w.origin for w in request.windows if not w.withdrawn_at] == [
            Origin.RECEIPT
        ]
        words = [e for e in request.envelopes if e.kind is Kind.WORD]
        assert [house.opened(session, word) for word in words] == ["körsbär"]
        (event,) = events(session, request, EventKind.NUMBER)
        assert event.data["origin"] == "receipt"


@pytest.mark.rule("S4")
def test_words_are_not_changed_by_number_nor_by_sending_that_again(
    house: House,
) -> None:
    """Once a form joined by number, its token must not pass for its first writer's."""
    with house.writing() as session:
        request = post(house, session, call()).request
        forged = call()
        for content, onto in (("one", request), ("two", request), ("three", None)):
            ticket, now = token("second", content), house.clock.forward(minutes=1)
            send(session, house.office, forged, ticket, None, now, onto=onto)
        origins = [e.origin for e in request.envelopes if e.kind is Kind.WORD]
        assert origins == [Origin.FORM]


@pytest.mark.rule("S4")
def test_new_times_alone_keep_the_number_and_are_marked(house: House) -> None:
    first, second = slots(house, 2)
    with house.writing() as session:
        posted = post(house, session, call(first))
        visit = enter(house, session, posted)
        _change_times(house, session, visit, second)
        standing = [w for w in posted.request.windows if not w.withdrawn_at]
        assert [(w.starts_at, w.origin) for w in standing] == [
            (second.starts_at, Origin.RECEIPT)
        ]
        assert len(posted.request.numbers) == 1
        (event,) = events(session, posted.request, EventKind.WINDOWS)
        assert event.data["origin"] == "receipt"


@pytest.mark.rule("S14")
@pytest.mark.parametrize("contact", [Contact.WRONG_NUMBER, Contact.NOT_HER_PHONE])
def test_new_times_do_not_unlock_a_number_that_was_wrong(
    house: House, contact: Contact
) -> None:
    first, second = slots(house, 2)
    with house.writing() as session:
        posted = post(house, session, call(first))
        posted.request.contact = contact
        visit = enter(house, session, posted)
        _change_times(house, session, visit, second)
        assert posted.request.contact is contact
        assert posted.request.callable_until is None


def test_times_without_a_number_that_can_be_rung_are_refused(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 1)))
        for number in posted.request.numbers:
            number.tag = number.worker_box = None  # as closing does
        visit = enter(house, session, posted)
        with pytest.raises(NotAllowed):
            _change_times(house, session, visit, slots(house, 2)[1])


@pytest.mark.rule("S5")
def test_taking_back_ends_all_contact_and_deletes_nothing(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 2)))
        request = posted.request
        text = house.text_out(request, request.windows[0])
        session.add(text)
        visit = enter(house, session, posted)
        boxes = session.scalar(select(func.count()).select_from(Envelope))
        mails = session.scalar(select(func.count()).select_from(OutboundMail))
        returning.take_back(session, house.office, visit, house.clock())
        assert (request.state, request.contact) == (
            State.TAKEN_BACK,
            Contact.TAKEN_BACK,
        )
        assert all(window.withdrawn_at for window in request.windows)
        assert (text.state, text.worker_box) == (Delivery.CANCELLED, None)
        assert request.hold_until == house.clock() + timedelta(days=7)
        with pytest.raises(UnknownReceipt):
            enter(house, session, posted)
        assert session.scalar(select(func.count()).select_from(Envelope)) == boxes
        told = session.scalar(select(func.count()).select_from(OutboundMail))
        assert told == (mails or 0) + 1


@pytest.mark.rule("S5")
def test_sending_the_form_again_does_not_undo_it(house: House) -> None:
    slot, other = slots(house, 2)
    with house.writing() as session:
        posted = post(house, session, call(slot))
        visit = enter(house, session, posted)
        returning.take_back(session, house.office, visit, house.clock())
        again = post(house, session, call(other), content="changed")
        assert again.result is Result.SPENT
        assert posted.request.contact is Contact.TAKEN_BACK


@pytest.mark.rule("S13")
def test_taking_back_does_not_end_a_call_without_an_outcome(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 1)))
        note(house, session, posted.request, EventKind.CALL_STARTED)
        visit = enter(house, session, posted)
        returning.take_back(session, house.office, visit, house.clock())
        assert posted.request.state is State.CALLING
        assert posted.request.contact is Contact.TAKEN_BACK


@pytest.mark.rule("S6")
def test_a_number_given_by_voice_ends(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, letter())
        digits, key = receipt("by voice")
        ends = house.clock() + timedelta(hours=48)
        open_door(session, posted.request, key, b"s" * 32, ends_at=ends)
        later = house.clock.forward(hours=47)
        visit = returning.enter(session, PEPPERS, digits, "", later)
        end = house.clock.forward(hours=1)
        with pytest.raises(UnknownReceipt):
            returning.enter(session, PEPPERS, digits, "", end)
        with pytest.raises(UnknownReceipt):  # nor by a handle that was kept
            returning.re_enter(session, visit.door_id, b"s" * 32, end)


@pytest.mark.rule("S7")
def test_that_an_answer_was_opened_is_noted_by_its_day(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, letter())
        visit = enter(house, session, posted)
        returning.answers(session, house.office, visit, house.clock())
        assert events(session, posted.request, EventKind.ANSWER_OPENED) == []
        staff_say(house, session, posted.request, "Vi hörs.")
        for minutes in (1, 7, 24 * 60):
            now = house.clock.forward(minutes=minutes)
            returning.answers(session, house.office, visit, now)
            session.expire(posted.request, ["events"])
        opened = events(session, posted.request, EventKind.ANSWER_OPENED)
        assert noted(opened) == ["23 00:00", "24 00:00"]
        assert all(event.member_id is None for event in opened)


@pytest.mark.rule("S7")
@pytest.mark.parametrize("month", [1, 7])
def test_an_answer_opened_after_midnight_is_noted_on_the_new_day(
    house: House, month: int
) -> None:
    evening = datetime(2027, month, 12, 22, 30, tzinfo=HOME_ZONE)
    house.clock.now = evening.astimezone(UTC)
    with house.writing() as session:
        posted = post(house, session, letter())
        visit = enter(house, session, posted)
        staff_say(house, session, posted.request, "Vi hörs.")
        for hours in (0, 2, 24):  # 22.30, 00.30, and 00.30 again
            now = house.clock.forward(hours=hours)
            returning.answers(session, house.office, visit, now)
            session.expire_all()
        opened = events(session, posted.request, EventKind.ANSWER_OPENED)
        assert noted(opened) == ["12 00:00", "13 00:00", "14 00:00"]
        signer = house.office.signer
        assert broken_at(posted.request.events, {signer.name: signer.key}) is None


def noted(opened: list[Event]) -> list[str]:
    """Return when openings are noted, by the Swedish clock."""
    return [one.at.astimezone(HOME_ZONE).strftime("%d %H:%M") for one in opened]


@pytest.mark.rule("S15")
def test_cancelling_ends_calls_and_leaves_the_request_open(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 2)))
        visit = enter(house, session, posted)
        returning.cancel_callback(session, house.office, visit, house.clock())
        request = posted.request
        assert (request.state, request.contact) == (State.UNREAD, Contact.CANCELLED)
        assert request.callable_until is None
        (event,) = events(session, request, EventKind.CANCELLED)
        assert event.data["origin"] == "receipt"
        assert enter(house, session, posted).request is request


@pytest.mark.rule("S8")
def test_more_words_wake_a_closed_request(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, letter())
        request = posted.request
        request.unread_since = None
        note(house, session, request, EventKind.CLOSED)
        visit = enter(house, session, posted)
        later = house.clock.forward(days=1)
        returning.write_more(session, house.office, visit, letter("Mer."), later)
        assert request.state is State.UNREAD
        assert request.unread_since == later
        assert request.reading_due_at > later


@pytest.mark.rule("S33")
@pytest.mark.rule("S37")
def test_the_thread_tells_what_happened_in_order(house: House) -> None:
    with house.writing() as session:
        posted = post(house, session, call(*slots(house, 1)))
        request = posted.request
        for kind in (EventKind.READ, EventKind.HANDED_OVER, EventKind.MISSED):
            house.clock.forward(minutes=1)
            note(house, session, request, kind)
        staff_say(house, session, request, "Förlåt.")
        session.refresh(request)
        steps = [one.step for one in returning.story(request, house.clock())]
        assert steps == [
            *(Step.READ, Step.MOVED, Step.MISSED, Step.ANSWERED),
            *(Step.UNREAD, Step.CALL),
        ]
        late = returning.story(request, request.reading_due_at + timedelta(minutes=1))
        assert Step.LATE in [one.step for one in late]


def _change_times(house: House, session: Session, visit: Return, slot: Slot) -> None:
    wish = call(slot)
    assert wish.call is not None
    times = replace(letter(), call=replace(wish.call, number=None))
    now = house.clock.forward(minutes=1)
    returning.change_callback(session, house.office, visit, times, now)
