"""Two who act on one request at once, each in a session of its own, on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import suppress
from dataclasses import replace
from datetime import UTC

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from intake import (
    calls,
    decisions,
    founding,
    links,
    outbox,
    queue,
    returning,
    staffing,
)
from intake.access import SignedIn, approve, set_password
from intake.deliveries import advance, hold
from intake.errors import NotAllowed, UnknownReceipt
from intake.life import EventKind, broken_at, record
from intake.messages import Delivery, OutboundMail, OutboundText
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import LIFTABLE
from intake.people import Membership, UnitRecord
from intake.queue import Desktop
from intake.returning import Return
from intake.sms.gateway import TextStatus
from intake.store import writing
from intake.submissions import CallWish, Submission
from intake.text_caps import Caps
from intake.topics import Contact, Opening, Phone, State, Urgency
from intake.vault import KeyPair, seal
from intake.windows import refresh
from tests.factories import HERS, Bureau, text

pytestmark = pytest.mark.postgres
WAIT = 0.5  # seconds in which the one who waits would have come through


@pytest.mark.rule("S35")
def test_the_chain_holds_whatever_time_the_server_speaks(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        name = bureau.engine.url.database
        zone = f"ALTER DATABASE {name} SET timezone TO 'Europe/Stockholm'"
        session.connection().exec_driver_sql(zone)
    bureau.engine.dispose()  # the next connection asks for the server's zone anew
    with bureau.writing() as session:
        events = bureau.request(session, reference).events
        assert [event.at.tzinfo for event in events] == [UTC]
        signer = bureau.office.signer
        assert broken_at(events, {signer.name: signer.key}) is None


def entered(bureau: Bureau, session: Session, digits: str) -> Return:
    return returning.enter(session, bureau.peppers, digits, "", bureau.clock())


def take_back(bureau: Bureau, session: Session, digits: str) -> None:
    visit = entered(bureau, session, digits)
    returning.take_back(session, bureau.office, visit, bureau.clock())


def cancel(bureau: Bureau, session: Session, digits: str) -> None:
    visit = entered(bureau, session, digits)
    returning.cancel_callback(session, bureau.office, visit, bureau.clock())


def change(bureau: Bureau, session: Session, digits: str) -> None:
    wish = CallWish(read_number("070-174 06 77"), bureau.around())
    visit, form = entered(bureau, session, digits), Submission("sv", call=wish)
    office, now = bureau.office, bureau.clock()
    returning.change_callback(session, office, visit, form, now)


def write_more(bureau: Bureau, session: Session, digits: str) -> None:
    visit, form = entered(bureau, session, digits), text("Ring inte, han har numret")
    returning.write_more(session, bureau.office, visit, form, bureau.clock())


Act = Callable[[Bureau, Session, str], None]


def meet(
    bureau: Bureau, digits: str, first: Callable[[Session], None], second: Act
) -> Future[None]:
    """Let the second act begin before the first one's transaction ends; both end."""

    def act() -> None:
        with bureau.writing() as session:
            second(bureau, session, digits)

    with ThreadPoolExecutor(1) as pool, writing(bureau.engine) as session:
        first(session)
        acting = pool.submit(act)
        with pytest.raises(StillWaiting):
            acting.result(WAIT)
        session.commit()
        acting.exception(20)
    return acting


@pytest.mark.rule("S5")
@pytest.mark.parametrize("second", [change, write_more, cancel, take_back])
def test_who_comes_behind_a_taking_back_finds_the_door_closed(
    bureau: Bureau, second: Act
) -> None:
    digits = bureau.digits()
    reference = bureau.send(bureau.callback(), digits)
    acted = meet(bureau, digits, lambda s: take_back(bureau, s, digits), second)
    assert isinstance(acted.exception(), UnknownReceipt)
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        stands = (request.state, request.contact)
        assert stands == (State.TAKEN_BACK, Contact.TAKEN_BACK)


@pytest.mark.rule("S5")
def test_a_kept_handle_waits_for_a_taking_back(bureau: Bureau) -> None:
    digits = bureau.digits()
    bureau.send(text(), digits)
    with bureau.writing() as session:
        visit = entered(bureau, session, digits)
        door, secret = visit.door_id, visit.answers.secret

    def again(bureau: Bureau, session: Session, _: str) -> None:
        returning.re_enter(session, door, secret, bureau.clock())

    acted = meet(bureau, digits, lambda s: take_back(bureau, s, digits), again)
    assert isinstance(acted.exception(), UnknownReceipt)


@pytest.mark.rule("S5")
@pytest.mark.rule("S12")
@pytest.mark.parametrize("second", [take_back, cancel, change])
def test_a_call_and_her_no_never_wait_for_each_other(
    bureau: Bureau, second: Act
) -> None:
    digits = bureau.digits()
    reference = bureau.send(bureau.callback(), digits)
    with bureau.writing() as session:
        desk = bureau.desk(session, "amina")
        queue.claim(desk, bureau.request(session, reference), bureau.clock())
        unit = session.get_one(UnitRecord, desk.member.memberships[0].desk.unit)
        unit.call_tested_at = bureau.clock()

    def act() -> None:
        with bureau.writing() as session:
            second(bureau, session, digits)

    with ThreadPoolExecutor(1) as pool, writing(bureau.engine) as session:
        desk, request = _desk(bureau, session, reference)
        queue.hold(desk, request, bureau.clock())
        acting = pool.submit(act)
        with pytest.raises(StillWaiting):
            acting.result(WAIT)
        calls.start(desk, request, bureau.clock())
        session.commit()
        acting.result(20)
    with bureau.writing() as session:
        assert bureau.request(session, reference).state is State.CALLING


def _desk(
    bureau: Bureau, session: Session, reference: str, login: str = "amina"
) -> tuple[Desktop, Request]:
    return bureau.desk(session, login), bureau.request(session, reference)


@pytest.mark.rule("S38")
def test_words_that_come_beside_a_first_reading_stay_unread(bureau: Bureau) -> None:
    digits = bureau.digits()
    reference = bureau.send(text(), digits)

    def read(session: Session) -> None:
        desk, request = _desk(bureau, session, reference)
        queue.first_reading(desk, request, Urgency.NORMAL, bureau.clock())

    meet(bureau, digits, read, write_more).result()
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        assert request.unread_since == bureau.clock()
        assert request.state is State.UNREAD


@pytest.mark.rule("S14", "S19")
def test_who_lifts_a_stop_sees_what_came_meanwhile(bureau: Bureau) -> None:
    digits, hers = bureau.digits(), bureau.callback(phone=Phone.OTHER_KNOWS)
    reference = bureau.send(replace(hers, for_other=True), digits)
    with bureau.writing() as session:
        request, now = bureau.request(session, reference), bureau.clock()
        record(
            session,
            request,
            EventKind.STOP,
            bureau.office.signer,
            now,
            state=State.DECISION.value,
            contact=Contact.SAID_STOP.value,
        )
    with bureau.writing() as session:
        head, request = _desk(bureau, session, reference, "maria")
        assert request.contact in LIFTABLE
        with bureau.writing() as other:
            change(bureau, other, digits)  # and does not say whose phone it is
        with pytest.raises(NotAllowed):
            decisions.decide(head, request, Contact.ALLOWED, "Talat", bureau.clock())
        assert request.contact is Contact.NOT_HER_PHONE


def _texted(bureau: Bureau, reference: str, text_id: str = "t1") -> None:
    """Write a text into the outbox, due now and agreed on, after a ring."""
    with bureau.writing() as session:
        request, now = bureau.request(session, reference), bureau.clock()
        request.numbers[0].confirmed_at = request.windows[0].rung_at = now
        refresh(session, request)
        session.get_one(UnitRecord, request.unit).call_tested_at = now
        number = read_number(HERS).e164.encode()
        session.add(
            OutboundText(
                id=text_id,
                request_id=request.id,
                window_id=request.windows[0].id,
                member_id=bureau.member(session, "amina").id,
                template="later",
                opening=Opening.CLUB,
                language="sv",
                worker_box=seal(number, bureau.worker.pair.public),
                state=Delivery.WAITING,
                not_after=request.windows[0].ends_at,
                next_try_at=now,
                created_at=now,
            )
        )


def _take(bureau: Bureau, session: Session, caps: Caps | None = None) -> str | None:
    office, keys, now = bureau.office, bureau.worker, bureau.clock()
    taken = outbox.take(session, office, keys, "one", now, caps)
    return taken.id if taken else None


@pytest.mark.rule("S12")
@pytest.mark.parametrize("second", [cancel, take_back])
def test_a_text_that_is_going_out_is_not_called_cancelled(
    bureau: Bureau, second: Act
) -> None:
    """What the carrier says of it must still reach staff, and its body be deleted."""
    digits = bureau.digits()
    reference = bureau.send(bureau.callback(texts=True), digits)
    _texted(bureau, reference)

    def taken(session: Session) -> None:
        assert _take(bureau, session) == "t1"

    meet(bureau, digits, taken, second).result()
    with bureau.writing() as session:
        assert session.get_one(OutboundText, "t1").state is Delivery.SENDING
        assert advance(session, "t1", "SM1", TextStatus.QUEUED)


@pytest.mark.rule("S12")
def test_a_worker_takes_no_text_of_a_request_that_is_being_stopped(
    bureau: Bureau,
) -> None:
    digits = bureau.digits()
    reference = bureau.send(bureau.callback(texts=True), digits)
    _texted(bureau, reference)
    with writing(bureau.engine) as stopping, writing(bureau.engine) as working:
        entered(bureau, stopping, digits)
        assert _take(bureau, working) is None  # and it waits for nobody
        visit = entered(bureau, stopping, digits)
        returning.cancel_callback(stopping, bureau.office, visit, bureau.clock())
        stopping.commit()
        working.rollback()
        assert _take(bureau, working) is None
        assert working.get_one(OutboundText, "t1").state is Delivery.CANCELLED


def _place(bureau: Bureau, session: Session) -> Membership:
    """Return the place that Amina waits at, in the adult unit."""
    place = bureau.member(session, "amina").memberships[0]
    place.box = place.approved_at = None
    return place


@pytest.mark.rule("S33")
def test_a_reset_ends_a_place_that_is_given_beside_it(bureau: Bureau) -> None:
    with bureau.writing() as session:
        at = identity_key(instance=_place(bureau, session))[1]
    with bureau.writing() as session:
        amina = bureau.member(session, "amina")
        assert None in [place.box for place in amina.memberships]
        with bureau.writing() as other:
            maria = bureau.desk(other, "maria")
            me = SignedIn(maria.member, maria.keyring.pair)
            approve(other.get_one(Membership, at), me, bureau.clock())
        links.reset(session, amina, bureau.clock())
    with bureau.writing() as session:
        assert session.get_one(Membership, at).box is None


@pytest.mark.rule("S33")
def test_a_desk_whose_place_is_given_beside_a_reset_is_told_too(bureau: Bureau) -> None:
    with bureau.writing() as session:
        places = bureau.member(session, "amina").memberships
        place = next(one for one in places if one.desk.unit == "reception")
        place.box = place.approved_at = None
        at = identity_key(instance=place)[1]
    with bureau.writing() as session:
        amina = bureau.member(session, "amina")
        assert None in [place.box for place in amina.memberships]
        with bureau.writing() as other:
            place = other.get_one(Membership, at)
            (holder,) = founding.holders(other, place.desk)
            me = SignedIn(holder, bureau.pairs[holder.login])
            approve(place, me, bureau.clock())
        _, thin = founding.reset(session, amina, bureau.clock())
        assert "reception" in [desk.unit for desk in thin]
        told = session.scalars(select(OutboundMail)).all()
        assert ("reception", True) in [(mail.unit, mail.urgent) for mail in told]


@pytest.mark.rule("S33")
def test_two_resets_at_once_tell_the_desk_that_is_left_with_one(
    bureau: Bureau,
) -> None:
    with bureau.writing() as session:
        places = bureau.member(session, "amina").memberships
        desk = next(one.desk for one in places if one.desk.unit == "reception")
        held = [holder.login for holder in founding.holders(session, desk)]
        third = next(login for login in bureau.pairs if login not in held)
        member, now = bureau.member(session, third), bureau.clock()
        place = founding.ask(session, member, desk.unit, desk.side, now)
        me = SignedIn(bureau.member(session, "amina"), bureau.pairs["amina"])
        approve(place, me, now)

    def second(bureau: Bureau, session: Session, _: str) -> None:
        founding.reset(session, bureau.member(session, third), bureau.clock())

    def first(session: Session) -> None:
        founding.reset(session, bureau.member(session, "amina"), bureau.clock())

    assert meet(bureau, "", first, second).exception() is None
    with bureau.writing() as session:
        told = session.scalars(select(OutboundMail)).all()
        assert ("reception", True) in [(mail.unit, mail.urgent) for mail in told]


@pytest.mark.rule("S33")
def test_a_place_is_given_to_the_key_that_she_has_now(bureau: Bureau) -> None:
    with bureau.writing() as session:
        at = identity_key(instance=_place(bureau, session))[1]
    new = KeyPair.generate()
    with bureau.writing() as session:
        maria, amina = (bureau.desk(session, one) for one in ("maria", "amina"))
        assert amina.member.public_key
        with bureau.writing() as other:
            set_password(bureau.member(other, "amina"), "tolv tecken", new)
        place = staffing.place_to_give(maria, *at)
        assert place is not None
        assert place.member.public_key == new.public


def _unsure(bureau: Bureau, session: Session) -> None:
    outbox.unsure(session, bureau.office, "t1", "one", bureau.clock())


def _lapse(bureau: Bureau, session: Session) -> None:
    outbox.lapse(session, bureau.office, bureau.clock() + outbox.LEASE)


@pytest.mark.rule("S12")
@pytest.mark.parametrize("second", [_unsure, _lapse])
def test_what_the_carrier_tells_meets_no_worker_head_on(
    bureau: Bureau, second: Callable[[Bureau, Session], None]
) -> None:
    """Each takes the request first, then its text: they never wait for each other."""
    reference = bureau.send(bureau.callback(texts=True), bureau.digits())
    _texted(bureau, reference)
    with bureau.writing() as session:
        assert _take(bureau, session) == "t1"

    def act() -> None:
        with bureau.writing() as session:
            second(bureau, session)

    with ThreadPoolExecutor(1) as pool, writing(bureau.engine) as telling:
        hold(telling, "t1")
        acting = pool.submit(act)
        with suppress(StillWaiting):
            acting.result(WAIT)
        assert advance(telling, "t1", "SM1", TextStatus.DELIVERED)
        telling.commit()
        acting.result(20)
    with bureau.writing() as session:
        assert session.get_one(OutboundText, "t1").state is Delivery.DELIVERED


@pytest.mark.parametrize(
    ("an_hour", "second"), [(1, None), (2, "t2")], ids=["full", "one left"]
)
def test_two_workers_pass_no_cap_together(
    bureau: Bureau, an_hour: int, second: str | None
) -> None:
    caps = Caps(a_number=9, an_hour=an_hour, a_day=9)
    for text_id in ("t1", "t2"):
        reference = bureau.send(bureau.callback(texts=True), bureau.digits())
        _texted(bureau, reference, text_id)

    def act() -> str | None:
        with bureau.writing() as session:
            return _take(bureau, session, caps)

    with ThreadPoolExecutor(1) as pool, writing(bureau.engine) as first:
        assert _take(bureau, first, caps) == "t1"
        taking = pool.submit(act)
        with pytest.raises(StillWaiting):
            taking.result(WAIT)
        first.commit()
        assert taking.result(20) == second


@pytest.mark.parametrize(
    ("share", "second"), [(1, None), (2, "t2")], ids=["full", "one left"]
)
def test_two_workers_pass_no_share_of_a_number_together(
    bureau: Bureau, share: int, second: str | None
) -> None:
    caps = Caps(a_number=share, an_hour=900, a_day=900)
    for text_id in ("t1", "t2"):
        reference = bureau.send(bureau.callback(texts=True), bureau.digits())
        _texted(bureau, reference, text_id)
    with writing(bureau.engine) as first:
        assert _take(bureau, first, caps) == "t1"
        with bureau.writing() as session:
            assert _take(bureau, session, caps) is None  # at once: it holds a request
            left = session.get_one(OutboundText, "t2")
            assert (left.state, left.attempts) == (Delivery.WAITING, 0)
        first.commit()
    bureau.clock.forward(seconds=1)
    with bureau.writing() as session:
        assert _take(bureau, session, caps) == second
