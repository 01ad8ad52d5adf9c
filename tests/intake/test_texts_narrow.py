"""Whatever a text says, it never widens, moves, confirms or closes anything (S15, S20).

Hypothesis writes the texts, out of the words of all languages, times and noise, and the
state that they meet. What S21 gives every text, one ring of its own, is taken apart.
"""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, object_session

from intake import inbound
from intake.alerts import needs
from intake.apart import CLOSED_CIRCLE
from intake.arrivals import accept
from intake.hours import Slot
from intake.life import standing
from intake.messages import Delivery, InboundText, OutboundText
from intake.models import Request, Window
from intake.numbers import read_number
from intake.store import reading
from intake.submissions import CallWish, Submission
from intake.tagging import WorkerKeys, tag_number
from intake.topics import (
    Audience,
    Channel,
    Contact,
    Danger,
    Kind,
    Mark,
    Phone,
    Side,
    State,
    Urgency,
    Wish,
)
from tests.intake.test_heard import DAYS, SAID
from tests.workbench import House, found, minutes

NUMBERS = itertools.count(1000)
WORDS = sorted({w for *_, w in SAID} | {w for *_, w in DAYS})
STOPS = ["stop", "sluta", "ring inte", "لا", "нет", "no thanks", "คุณหยุด"]
TIMES = ["18", "18-20", "kl 9", "6 pm", "23:59", "٢١", "24", "0-24", "7-7"]
PLEAS = ["nej, ring mig ändå", "yes", "ja tack", "START", "avboka", "bekräfta", "ok 1"]
PIECES = st.one_of(st.sampled_from(WORDS + STOPS + TIMES + PLEAS), st.text(max_size=12))
TEXTS = st.lists(PIECES, max_size=4).map(" ".join)
STATES = [State.UNREAD, State.OPEN, State.DECISION, State.CALLING]


@dataclass(frozen=True)
class Before:
    """What a request allowed: by its windows, its number, and its state."""

    windows: dict[int, tuple[datetime, datetime, bool]]
    numbers: list[tuple[int, datetime | None, datetime | None]]
    sealed: set[int]
    contact: Contact
    state: State
    urgency: Urgency
    texts: dict[str, Delivery]


def _seen(session: Session, request: Request) -> Before:
    texts = select(OutboundText).where(OutboundText.request_id == request.id)
    return Before(
        {
            w.id: (w.starts_at, w.ends_at, w.withdrawn_at is None and not w.rung_at)
            for w in request.windows
        },
        [(n.id, n.confirmed_at, n.withdrawn_at) for n in request.numbers],
        {e.id for e in request.envelopes},
        request.contact,
        request.state,
        request.urgency,
        {text.id: text.state for text in session.scalars(texts)},
    )


def _by_form(house: House, e164: str, contact: Contact, state: State) -> int:
    slots = tuple(house.office.units["adult"].calendar.slots(house.clock())[:3])
    around = Slot(house.clock() - minutes(10), house.clock() + minutes(110))
    submission = Submission(
        language="sv",
        audience=Audience.EXPOSED,
        channel=Channel.CALLBACK,
        wish=Wish.CALL,
        call=CallWish(read_number(e164), (around, *slots), phone=Phone.OWN, texts=True),
    )
    keys = WorkerKeys(house.pair, house.number_key)
    with house.writing() as session:
        session.execute(update(Window).values(place=None))  # those of earlier examples
        request, _ = accept(session, house.office, submission, house.clock())
        for number in request.numbers:
            tag_number(session, keys, number.id)
        session.add(house.text_out(request, request.windows[0]))
        request.contact, request.state = contact, state
        return request.id


def _text(house: House, e164: str, text: str) -> None:
    sid = f"SM{next(NUMBERS)}"
    house.text_in(text, sid, e164)
    keys = WorkerKeys(house.pair, house.number_key)
    with house.writing() as session:
        inbound.read_in(session, house.office, keys, sid, house.clock())


def _check(before: Before, after: Before, born_by_text: bool) -> None:
    for window, (starts, ends, rings) in before.windows.items():
        assert after.windows[window][:2] == (starts, ends)  # none is moved
        assert rings or not after.windows[window][2]  # none comes back
    new = after.windows.keys() - before.windows.keys()
    assert born_by_text or not new  # S21's ring is the text's own request's alone
    assert after.numbers == before.numbers  # neither confirmed, changed, nor renewed
    assert after.sealed >= before.sealed
    rank = list(Contact).index
    assert rank(after.contact) >= rank(before.contact)
    assert after.state not in (State.CLOSED, State.TAKEN_BACK)
    assert (before.state is State.CALLING) == (after.state is State.CALLING)
    assert before.state is not State.DECISION or after.state is State.DECISION
    assert list(Urgency).index(after.urgency) >= list(Urgency).index(before.urgency)
    assert after.texts.keys() == before.texts.keys()
    for text, state in after.texts.items():
        assert state in (before.texts[text], Delivery.CANCELLED)


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


@pytest.mark.rule("S15", "S20", "S21")
@settings(
    max_examples=40,
    deadline=None,
    # Each example is a dozen transactions: one that fails is told as it was found.
    phases=(Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    contact=st.sampled_from([c for c in Contact if c is not Contact.TAKEN_BACK]),
    state=st.sampled_from(STATES),
    hour=st.integers(0, 23),
)
def test_no_text_ever_widens(
    house: House, texts: list[str], contact: Contact, state: State, hour: int
) -> None:
    e164 = f"+4670174{next(NUMBERS) % 9000 + 1000}"
    house.clock.forward(hours=hour)
    form = _by_form(house, e164, contact, state)
    for text in texts:
        with reading(house.engine) as session:
            hers = {r.id: _seen(session, r) for r in _since(session, form)}
        _text(house, e164, text)
        with reading(house.engine) as session:
            for request_id, before in hers.items():
                request = session.get_one(Request, request_id)
                by_text = request.channel is Channel.SMS
                _check(before, _seen(session, request), by_text)
            _check_new(house, _since(session, form), set(hers))
        house.clock.forward(minutes=7)
    house.clock.now -= timedelta(hours=hour, minutes=7 * len(texts))


def _since(session: Session, first: int) -> list[Request]:
    return list(session.scalars(select(Request).where(Request.id >= first)))


def _check_new(house: House, requests: list[Request], older: set[int]) -> None:
    """A request born by a text has the windows of S21, or some of them, and no more."""
    for request in requests:
        if request.channel is Channel.SMS:
            _check_series(house, request)
            assert all(n.confirmed_at is None for n in request.numbers)
        if request.id not in older and request.numbers:
            derived = standing(request.events)
            assert derived.contact is request.contact
            assert derived.state is request.state


def _check_series(house: House, request: Request) -> None:
    calendar = house.office.units[request.unit].calendar
    session = object_session(request)
    assert session is not None
    allowed = set()
    for one in {window.series for window in request.windows}:
        row = session.get_one(InboundText, one)
        slots = calendar.text_windows(row.received_at)
        allowed |= {(slot.starts_at, slot.ends_at) for slot in slots}
    assert {(w.starts_at, w.ends_at) for w in request.windows} <= allowed


def _requests(house: House) -> dict[Channel, Request]:
    with reading(house.engine) as session:
        found_ones = {r.channel: r for r in session.scalars(select(Request))}
        for request in found_ones.values():
            assert request.windows is not None
            assert request.events is not None
        return found_ones


def _days(request: Request) -> set[int]:
    return {w.starts_at.day for w in request.windows if not w.withdrawn_at}


HERS = "+46701741999"


@pytest.mark.rule("S20")
@pytest.mark.parametrize("words", ["senare", "not now please", "بعدين", "ทีหลัง"])
def test_later_ends_today_for_every_request_of_the_number(
    house: House, words: str
) -> None:
    _by_form(house, HERS, Contact.ALLOWED, State.OPEN)
    _text(house, HERS, words)
    today = house.clock().day
    for request in _requests(house).values():
        assert today not in _days(request)
        assert request.contact is Contact.ALLOWED
        assert request.unread_since is not None
        (heard,) = [e for e in request.events if e.kind == "heard"]
        assert "later" in str(heard.data["heard"])
    with reading(house.engine) as session:
        text = session.scalars(select(OutboundText)).one()
        assert text.state is Delivery.CANCELLED


@pytest.mark.rule("S20", "S37")
def test_who_is_left_without_any_time_waits_for_a_person(house: House) -> None:
    _by_form(house, HERS, Contact.ALLOWED, State.OPEN)
    with house.writing() as session:
        for window in session.scalars(select(Request)).one().windows[1:]:
            window.withdrawn_at = house.clock()
    _text(house, HERS, "senare")
    form = _requests(house)[Channel.CALLBACK]
    assert not _days(form)
    assert (form.state, form.contact) == (State.DECISION, Contact.ALLOWED)


@pytest.mark.rule("S20", "S21")
def test_a_day_narrows_the_call_that_the_text_asks_for_and_no_other(
    house: House,
) -> None:
    _by_form(house, HERS, Contact.ALLOWED, State.OPEN)
    before = _days(_requests(house)[Channel.CALLBACK])
    _text(house, HERS, "ring mig imorgon 18-20")
    requests = _requests(house)
    assert _days(requests[Channel.CALLBACK]) == before
    assert min(_days(requests[Channel.SMS])) == house.clock().day + 1
    (heard,) = [e for e in requests[Channel.SMS].events if e.kind == "heard"]
    assert heard.data["heard"] == "call,time"
    assert str(heard.data["starts"]).startswith("2026-11-24T18:00")


def _by_text(house: House) -> list[tuple[Urgency, Danger, set[str]]]:
    """Return the requests that texts began: how urgent, and which units open them."""
    with reading(house.engine) as session:
        found_ones = session.scalars(select(Request).order_by(Request.id))
        return [
            (one.urgency, one.danger, {key.desk.unit for key in one.keys})
            for one in found_ones
        ]


def _alerted(house: House) -> set[str]:
    with reading(house.engine) as session:
        return {need.unit for need in needs(session, house.office, house.clock())}


CALM = (Urgency.NORMAL, Danger.UNSAID, {"reception"})
ACUTE = (Urgency.ACUTE, Danger.NOW, {"reception", "on-call"})


@pytest.mark.rule("S23", "S25")
def test_danger_in_a_later_text_is_sealed_to_on_call_too_and_alerts(
    house: House,
) -> None:
    """What joins is sealed to those who hold the first key, and on-call did not."""
    _text(house, HERS, "ring mig")
    assert _by_text(house) == [CALM]
    house.clock.forward(hours=12)
    _text(house, HERS, "112")
    assert _by_text(house) == [CALM, ACUTE]
    assert _alerted(house) == {"on-call"}
    _text(house, HERS, "112, skynda")
    assert _by_text(house) == [CALM, ACUTE]  # from now on she is one with on-call
    with reading(house.engine) as session:
        assert not session.scalars(select(OutboundText)).all()
        acute = session.scalars(select(Request).order_by(Request.id.desc())).first()
        assert acute is not None
        kept = [e for e in acute.envelopes if e.kind is Kind.TEXT]
        assert len(kept) == 2
        assert [n.tag is not None for n in acute.numbers] == [True]


@pytest.mark.rule("S23", "S25")
def test_danger_joins_where_on_call_reads_it_already(house: House) -> None:
    house.clock.forward(hours=12)
    _text(house, HERS, "ring mig")
    _text(house, HERS, "112")
    assert _by_text(house) == [ACUTE]
    assert _alerted(house) == {"on-call"}


@pytest.mark.rule("S14", "S20", "S23")
@pytest.mark.parametrize("before", list(Contact)[1:-1])
def test_danger_that_goes_apart_lifts_nothing(house: House, before: Contact) -> None:
    """On-call reads it; what stood against a call to the number stands there too."""
    _text(house, HERS, "ring mig")
    with house.writing() as session:
        session.scalars(select(Request)).one().contact = before
    house.clock.forward(hours=12)
    _text(house, HERS, "112")
    assert _by_text(house) == [CALM, ACUTE]
    with reading(house.engine) as session:
        for request in session.scalars(select(Request)):
            assert request.contact is before
        assert standing(request.events).contact is before


@pytest.mark.rule("S27", "S32")
def test_danger_that_goes_apart_is_guarded_as_before(house: House) -> None:
    _text(house, HERS, "ring mig")
    with house.writing() as session:
        request = session.scalars(select(Request)).one()
        request.under_18 = request.for_other = True
        request.marks = [Mark.PROTECTED_DATA.value]
    house.clock.forward(hours=12)
    _text(house, HERS, "112")
    with reading(house.engine) as session:
        first, apart = session.scalars(select(Request).order_by(Request.id))
        assert (apart.unit, apart.marks) == (first.unit, first.marks)
        assert apart.under_18
        assert apart.for_other
        # Who rings is led to what was agreed on in the first one.
        said = [e for e in apart.envelopes if e.kind is Kind.TEXT]
        assert first.reference in house.opened(session, said[0])


@pytest.mark.rule("S25")
def test_danger_joins_what_somebody_is_at_work_on(house: House) -> None:
    _text(house, HERS, "ring mig")
    with house.writing() as session:
        request = session.scalars(select(Request)).one()
        request.lease_until = house.clock() + minutes(30)
    _text(house, HERS, "112")
    assert _by_text(house) == [(Urgency.ACUTE, Danger.NOW, {"reception"})]
    house.clock.forward(minutes=31)  # S25: the lease ended, and nobody acted
    assert _alerted(house) == {"reception"}


@pytest.mark.rule("S29", "S30")
@pytest.mark.parametrize("moved", ["unit", "side"])
def test_danger_goes_to_nobody_past_a_wall(house: House, moved: str) -> None:
    """On-call tonight may be whom it was kept from, or of the other side."""
    _text(house, HERS, "ring mig")
    with house.writing() as session:
        request = session.scalars(select(Request)).one()
        values = {"unit": CLOSED_CIRCLE, "side": Side.HURTS}
        setattr(request, moved, values[moved])
    house.clock.forward(hours=12)
    _text(house, HERS, "112")
    assert _by_text(house) == [(Urgency.ACUTE, Danger.NOW, {"reception"})]


@pytest.mark.rule("S21")
@pytest.mark.parametrize("words", ["HELP", "INFO", "hjälp", "caawi", "مساعدة"])
def test_help_is_answered_by_nobody_but_a_person(house: House, words: str) -> None:
    _text(house, HERS, words)
    request = _requests(house)[Channel.SMS]
    assert request.contact is Contact.ALLOWED
    assert "help" in [e.data.get("heard") for e in request.events]
    with reading(house.engine) as session:
        assert not session.scalars(select(OutboundText)).all()
        kinds = {e.kind for e in session.scalars(select(Request)).one().envelopes}
        assert Kind.ANSWER not in kinds
