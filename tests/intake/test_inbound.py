"""Texts that come in: kept sealed, read in once, joined by number, never trusted."""

import hmac
import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import inbound
from intake.datafile import read
from intake.errors import SealBroken
from intake.languages import guess
from intake.messages import Delivery, InboundText, OutboundMail, OutboundText
from intake.models import Event, Number, Request, Window
from intake.sms.gateway import TextIn
from intake.stop_words import TRANSLATIONS, stop_words
from intake.store import reading, writing
from intake.tagging import WorkerKeys, tag_number, untagged
from intake.topics import Channel, Contact, Kind, State, Wish
from intake.vault import KeyPair, unseal
from intake.windows import open_window
from tests.workbench import HERS, House, found, waiting_boxes


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


def _read(house: House, sid: str) -> None:
    keys = WorkerKeys(house.pair, house.number_key)
    with house.writing() as session:
        inbound.read_in(session, house.office, keys, sid, house.clock())


def _come(house: House, text: str, sid: str, sender: str = HERS) -> None:
    assert house.text_in(text, sid, sender)
    _read(house, sid)


def _only(session: Session) -> Request:
    return session.scalars(select(Request)).one()


def _kinds(request: Request) -> list[str]:
    return [event.kind for event in request.events]


@pytest.mark.rule("S22")
def test_the_web_keeps_the_id_and_a_box_that_it_cannot_open(house: House) -> None:
    house.text_in("Ring mig, snälla", "SM1")
    with reading(house.engine) as session:
        row = session.scalars(select(InboundText)).one()
        assert row.message_sid == "SM1"
        assert row.request_id is None
        assert HERS.encode() not in (row.box or b"")
        with pytest.raises(SealBroken):
            unseal(row.box or b"", KeyPair.generate())


@pytest.mark.rule("S22")
def test_boxes_of_short_texts_have_one_length(house: House) -> None:
    house.text_in("ja", "SM1")
    house.text_in("Kan ni ringa mig när han har gått till jobbet?", "SM2")
    with reading(house.engine) as session:
        sizes = {len(row.box or b"") for row in session.scalars(select(InboundText))}
    assert len(sizes) == 1


def test_delivered_twice_it_is_kept_once(house: House) -> None:
    assert house.text_in("Ring mig", "SM1")
    assert not house.text_in("Ring mig", "SM1")
    _read(house, "SM1")
    assert not house.text_in("Ring mig", "SM1")
    _read(house, "SM1")
    with reading(house.engine) as session:
        assert len(_only(session).envelopes) == 2  # the text and the number


@pytest.mark.rule("S20")
@pytest.mark.rule("S21")
def test_a_text_becomes_a_request_with_windows_of_its_own(house: House) -> None:
    _come(house, "Can you call me please", "SM1")
    with reading(house.engine) as session:
        request = _only(session)
        asked = (request.channel, request.wish, request.contact, request.language)
        assert asked == (Channel.SMS, Wish.CALL, Contact.ALLOWED, "en")
        assert request.state is State.UNREAD
        assert {window.series for window in request.windows} == {"SM1"}
        first = open_window(request, house.clock())
        assert first is not None
        assert first.ends_at - first.starts_at == timedelta(minutes=60)
        last = max(window.ends_at for window in request.windows)
        assert last <= house.clock() + timedelta(days=7)
        assert session.scalars(select(OutboundMail)).all()


@pytest.mark.rule("S22")
def test_number_and_words_are_sealed_to_the_unit_and_shredded(house: House) -> None:
    _come(house, "Ring mig", "SM1")
    with reading(house.engine) as session:
        request = _only(session)
        texts = {e.kind: house.opened(session, e) for e in request.envelopes}
        assert texts == {Kind.TEXT: "Ring mig", Kind.NUMBER: HERS}
        number = request.numbers[0]
        assert number.worker_box is None
        assert number.tag == hmac.digest(house.number_key, HERS.encode(), "sha256")
        assert number.confirmed_at is None  # S11: a text confirms no number
        row = session.get_one(InboundText, "SM1")
        assert (row.box, row.request_id) == (None, request.id)


@pytest.mark.rule("S22")
def test_without_the_number_key_no_number_fits_a_tag(house: House) -> None:
    _come(house, "Ring mig", "SM1")
    others = (house.office.worker_public, house.office.signer.key, b"")
    with reading(house.engine) as session:
        tag = session.scalars(select(Number.tag)).one()
    series = [f"{HERS[:-3]}{tail:03}" for tail in range(1000)]
    tries = {hmac.digest(k, n.encode(), "sha256") for k in others for n in series}
    assert tag not in tries
    right = {hmac.digest(house.number_key, n.encode(), "sha256") for n in series}
    assert tag in right


@pytest.mark.rule("S21")
def test_a_text_that_comes_late_is_called_as_of_when_it_was_written(
    house: House,
) -> None:
    """What was safe for an hour this morning is not safe because we hear it now."""
    written = house.clock()
    house.clock.forward(hours=3)
    with house.writing() as session:
        late = TextIn("SM1", HERS, "ring nu", arrived_at=written)
        inbound.receive(session, house.pair.public, late, house.clock())
    _read(house, "SM1")
    with reading(house.engine) as session:
        assert session.get_one(InboundText, "SM1").received_at == written
        request = _only(session)
        assert open_window(request, house.clock()) is None
        tomorrow = open_window(request, written + timedelta(days=1, minutes=5))
        assert tomorrow is not None


def test_a_carriers_clock_that_is_fast_starts_nothing_later(house: House) -> None:
    ahead = house.clock() + timedelta(hours=2)
    with house.writing() as session:
        text = TextIn("SM1", HERS, "ring", arrived_at=ahead)
        inbound.receive(session, house.pair.public, text, house.clock())
    with reading(house.engine) as session:
        assert session.get_one(InboundText, "SM1").received_at == house.clock()


def test_later_texts_join_and_wake_the_request(house: House) -> None:
    _come(house, "Ring mig", "SM1")
    with house.writing() as session:
        _only(session).unread_since = None
    house.clock.forward(minutes=5)
    _come(house, "eller i morgon", "SM2", sender="0701740655")
    with reading(house.engine) as session:
        request = _only(session)
        assert _kinds(request) == ["arrived", "heard", "joined", "heard"]
        texts = [e for e in request.envelopes if e.kind is Kind.TEXT]
        assert house.opened(session, texts[1]) == "eller i morgon"
        assert request.unread_since == house.clock()


@pytest.mark.rule("S21")
def test_a_flood_from_one_number_is_one_request_and_one_ring(house: House) -> None:
    for n in range(12):
        _come(house, "ring", f"SM{n}")
        house.clock.forward(minutes=1)
    with reading(house.engine) as session:
        request = _only(session)
        assert {window.series for window in request.windows} == {"SM0"}


@pytest.mark.rule("S36")
def test_a_flood_is_kept_whole_and_troubles_nobody_again(house: House) -> None:
    """Each text is kept; what is mailed and recorded of them stops at a number."""
    for n in range(inbound.FLOOD):
        _come(house, "ring", f"SM{n}")
    with reading(house.engine) as session:
        events = len(_only(session).events)
        mails = len(session.scalars(select(OutboundMail)).all())
    for n in range(30):
        _come(house, "ring", f"SMx{n}")
    with reading(house.engine) as session:
        request = _only(session)
        texts = [e for e in request.envelopes if e.kind is Kind.TEXT]
        assert len(texts) == inbound.FLOOD + 30
        assert len(request.events) == events
        assert len(session.scalars(select(OutboundMail)).all()) == mails
    house.clock.forward(minutes=61)
    _come(house, "ring", "SMlast")
    with reading(house.engine) as session:
        assert len(_only(session).events) == events + 2


@pytest.mark.rule("S15", "S20", "S23", "S36")
def test_what_matters_is_heard_in_a_flood_and_once(house: House) -> None:
    for n in range(inbound.FLOOD + 1):
        _come(house, "hej", f"SM{n}")
    with house.writing() as session:
        # Somebody has it, so that danger joins it: else it would go its own way (S25).
        _only(session).lease_until = house.clock() + timedelta(minutes=30)
    for word in ("112", "senare", "stop"):
        told = []
        for n in range(3):
            _come(house, word, f"SM{word}{n}")
            with reading(house.engine) as session:
                told.append(len(_only(session).events))
        assert told[1] == told[2]
    with reading(house.engine) as session:
        request = _only(session)
        assert request.urgency.value == "acute"
        today = house.clock().day
        assert all(w.withdrawn_at for w in request.windows if w.starts_at.day == today)
        assert request.contact is Contact.SAID_STOP


@pytest.mark.rule("S21")
def test_after_its_ring_the_next_text_may_be_called_once_more(house: House) -> None:
    _come(house, "ring", "SM1")
    with house.writing() as session:
        window = open_window(_only(session), house.clock())
        assert window is not None
        window.rung_at = house.clock()
    house.clock.forward(minutes=20)
    _come(house, "jag hann inte svara, ring igen", "SM2")
    with reading(house.engine) as session:
        again = open_window(_only(session), house.clock())
        assert again is not None
        assert again.series == "SM2"
        assert again.ends_at == house.clock() + timedelta(minutes=60)


@pytest.mark.rule("S21")
def test_at_night_no_window_opens_before_the_day(house: House) -> None:
    house.clock.forward(hours=13)
    _come(house, "ring", "SM1")
    with reading(house.engine) as session:
        request = _only(session)
        assert open_window(request, house.clock()) is None
        assert request.windows[0].starts_at > house.clock() + timedelta(hours=7)


@pytest.mark.rule("S20")
def test_a_text_moves_no_window_that_was_given_by_form(house: House) -> None:
    keys = WorkerKeys(house.pair, house.number_key)
    slots = tuple(house.office.units["adult"].calendar.slots(house.clock())[:2])
    with house.writing() as session:
        house.callback(session, slots)
        for number in untagged(session):
            tag_number(session, keys, number)
    _come(house, "ring nu i stället", "SM1")
    with reading(house.engine) as session:
        form, text = session.scalars(select(Request).order_by(Request.id)).all()
        assert [(w.starts_at, w.ends_at) for w in form.windows] == list(slots)
        assert _kinds(form) == ["arrived"]
        assert form.numbers[0].confirmed_at is None
        assert (form.channel, text.channel) == (Channel.CALLBACK, Channel.SMS)


@pytest.mark.rule("S15")
@pytest.mark.parametrize(
    "words", ["STOP", "Sluta!", "ring inte", "إلغاء", "لا تتصلوا بي"]
)
def test_stop_pauses_contact_and_closes_nothing(house: House, words: str) -> None:
    _come(house, "ring mig", "SM1")
    _come(house, words, "SM2")
    with reading(house.engine) as session:
        request = _only(session)
        assert (request.state, request.contact) == (State.DECISION, Contact.SAID_STOP)
        assert request.unread_since is not None
        assert not [w for w in request.windows if w.withdrawn_at]
        assert {w.series for w in request.windows} == {"SM1"}
        assert _kinds(request)[-1] == "stop"


@pytest.mark.rule("S15")
@pytest.mark.rule("S20")
def test_stop_reaches_every_request_of_the_number(house: House) -> None:
    keys = WorkerKeys(house.pair, house.number_key)
    slots = tuple(house.office.units["adult"].calendar.slots(house.clock())[:1])
    with house.writing() as session:
        request = house.callback(session, slots)
        for number in untagged(session):
            tag_number(session, keys, number)
        session.add(house.text_out(request, request.windows[0]))
    _come(house, "stop", "SM1")
    with reading(house.engine) as session:
        stopped = session.scalars(select(Request)).all()
        assert {r.contact for r in stopped} == {Contact.SAID_STOP}
        assert not [r for r in stopped if r.state is State.CLOSED]
        assert not session.scalars(select(Window.withdrawn_at)).first()
        text = session.scalars(select(OutboundText)).one()
        assert text.state is Delivery.CANCELLED


@pytest.mark.rule("S20")
def test_after_stop_only_a_person_lets_contact_go_on(house: House) -> None:
    _come(house, "ring mig", "SM1")
    _come(house, "stop", "SM2")
    _come(house, "nej, ring mig ändå", "SM3")
    with reading(house.engine) as session:
        assert _only(session).contact is Contact.SAID_STOP


@pytest.mark.rule("S14")
@pytest.mark.rule("S20")
@pytest.mark.rule("S27")
@pytest.mark.parametrize("before", list(Contact)[2:-1])
def test_stop_loosens_nothing_that_stood_before(house: House, before: Contact) -> None:
    """What a head may lift, or new times by receipt, must not hide what they can't."""
    _come(house, "ring mig", "SM1")
    with house.writing() as session:
        _only(session).contact = before
    _come(house, "stop", "SM2")
    with reading(house.engine) as session:
        request = _only(session)
        assert (request.state, request.contact) == (State.DECISION, before)


@pytest.mark.rule("S13")
def test_a_text_ends_no_call_that_is_on(house: House) -> None:
    _come(house, "ring mig", "SM1")
    with house.writing() as session:
        _only(session).state = State.CALLING
    _come(house, "stop", "SM2")
    with reading(house.engine) as session:
        request = _only(session)
        assert (request.state, request.contact) == (State.CALLING, Contact.SAID_STOP)


def test_a_closed_request_is_not_joined(house: House) -> None:
    _come(house, "ring mig", "SM1")
    with house.writing() as session:
        _only(session).state = State.CLOSED
    _come(house, "hej igen", "SM2")
    with reading(house.engine) as session:
        assert len(session.scalars(select(Request)).all()) == 2


@pytest.mark.parametrize("sender", ["Posten", "71700", "", "+46112"])
def test_a_sender_that_cannot_be_rung_is_kept_without_a_number(
    house: House, sender: str
) -> None:
    _come(house, "Hej", "SM1", sender)
    with reading(house.engine) as session:
        request = _only(session)
        assert request.contact is Contact.NOT_ASKED
        assert not request.numbers
        assert not request.windows
        assert sender in house.opened(session, request.envelopes[0])


@pytest.mark.parametrize("text", ["", "  \n", "🙏🏽", "x" * 1600, "\x00", "‮abc"])
def test_whatever_the_text_is_it_stands(house: House, text: str) -> None:
    _come(house, text, "SM1")
    with reading(house.engine) as session:
        kept = house.opened(session, _only(session).envelopes[0])
        assert kept == (text if text.strip() else "(tomt meddelande)")


def test_a_picture_is_told_of_and_not_fetched(house: House) -> None:
    house.text_in("", "SM1", media=2)
    _read(house, "SM1")
    with reading(house.engine) as session:
        assert "bild" in house.opened(session, _only(session).envelopes[0])


def test_killed_before_the_end_it_is_read_again(house: House) -> None:
    house.text_in("ring", "SM1")
    keys = WorkerKeys(house.pair, house.number_key)
    with writing(house.engine) as session:
        inbound.read_in(session, house.office, keys, "SM1", house.clock())
        session.rollback()
    with reading(house.engine) as session:
        assert waiting_boxes(session) == 1
        assert not session.scalars(select(Request)).all()
    _read(house, "SM1")
    with reading(house.engine) as session:
        assert _only(session)


def test_two_workers_at_once_make_one_request_of_one_number(house: House) -> None:
    for n in range(6):
        house.text_in("ring", f"SM{n}")

    def read() -> None:
        for n in range(6):
            _read(house, f"SM{n}")

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(house.engine) as session:
        request = _only(session)
        assert len([e for e in request.envelopes if e.kind is Kind.TEXT]) == 6
        assert waiting_boxes(session) == 0


def test_two_texts_of_one_number_at_the_same_moment_meet(house: House) -> None:
    """The second one waits for the first, whose request it could not see yet."""
    for n in range(2):
        house.text_in("ring", f"SM{n}")
    keys = WorkerKeys(house.pair, house.number_key)
    second = threading.Thread(target=_read, args=(house, "SM1"))
    with writing(house.engine) as session:
        inbound.read_in(session, house.office, keys, "SM0", house.clock())
        second.start()
        second.join(0.3)
        session.commit()
    second.join()
    with reading(house.engine) as session:
        assert _kinds(_only(session)) == ["arrived", "heard", "joined", "heard"]


@pytest.mark.rule("S15")
def test_a_first_text_that_says_stop_asks_for_no_call(house: House) -> None:
    _come(house, "Sluta", "SM1")
    with reading(house.engine) as session:
        request = _only(session)
        assert request.contact is Contact.SAID_STOP
        assert not request.windows


def test_the_events_hold_keys_only(house: House) -> None:
    _come(house, "ring mig, han heter Zebra", "SM1")
    _come(house, "stop", "SM2")
    with reading(house.engine) as session:
        told = " ".join(str(event.data) for event in session.scalars(select(Event)))
    assert "Zebra" not in told
    assert "70174" not in told


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hej kan nån ringa mig", "sv"),
        ("please help me", "en"),
        ("أريد أن أتحدث مع شخص", "ar"),
        ("допоможіть мені", "uk"),
        ("waxaan rabaa caawimaad", "so"),
        ("", "sv"),
        ("😀 12", "sv"),
    ],
)
def test_the_language_is_guessed(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.rule("S15")
@pytest.mark.parametrize("locale", ["fa", "fa_AF", "ckb", "ar"])
def test_stop_is_heard_from_an_arabic_keyboard(locale: str) -> None:
    path = TRANSLATIONS / locale / "texts.toml"
    table = read(path, path.name).table("stop")
    typed = str.maketrans("یێکگەۆڕڵ", "يىككهورل")
    for words in (*table.texts("whole"), *table.texts("anywhere")):
        assert stop_words().stand_in(words.translate(typed)), words


@pytest.mark.rule("S15")
def test_stop_is_heard_where_words_are_written_together() -> None:
    assert stop_words().stand_in("ตอนนี้ช่วยอย่าโทรมานะคะ ขอบคุณ")
    assert not stop_words().stand_in("ช่วยโทรหาฉันด้วยค่ะ")


@pytest.mark.parametrize("text", ["He won't stop, please call", "kan ni stoppa honom"])
def test_asking_for_help_is_not_asking_to_stop(text: str) -> None:
    assert not stop_words().stand_in(text)
