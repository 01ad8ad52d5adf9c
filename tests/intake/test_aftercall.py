"""What she says in a call: taken down only after one, and then it holds (S9, S10)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy.orm import Session

from intake import aftercall, calls, decisions, queue, replies, returning
from intake.aftercall import Said
from intake.envelopes import current_number
from intake.errors import NotAllowed, NotHeld
from intake.hours import Slot
from intake.life import EventKind, standing
from intake.messages import Delivery
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import TALKS, Outcome
from intake.queue import Desktop
from intake.returning import Return
from intake.safe_contact import Words, agreed_words, safe_contact
from intake.submissions import CallWish, Submission
from intake.topics import (
    Contact,
    Kind,
    Opening,
    Origin,
    Phone,
    ShownNumber,
    State,
    Urgency,
    Voice,
    Wish,
)
from intake.vault import KeyPair
from intake.windows import SlotFull, coming, free
from tests.factories import HERS, Bureau

OTHER = "070-174 06 77"
NEW = Words("blåbär", "lördag")
WORDS = Words("äppelkaka", "onsdag")  # as the bureau's callback agrees them


@dataclass
class Talk:
    """A request that Amina holds, and her calls to it."""

    bureau: Bureau
    session: Session
    desk: Desktop
    request: Request

    def ring(self, outcome: Outcome) -> None:
        """Call and record what it came to."""
        calls.start(self.desk, self.request, self.bureau.clock())
        calls.finish(self.desk, self.request, outcome, self.bureau.clock())

    def agree(self, words: Words = NEW) -> None:
        aftercall.agree_words(self.desk, self.request, words, self.bureau.clock())

    def say(self, said: Said) -> None:
        aftercall.take_down(self.desk, self.request, said, self.bureau.clock())

    def say_none(self) -> None:
        self.say(Said(none_safe=True))

    def later(self, hours: int = 1) -> tuple[Slot, ...]:
        """Return one of the unit's own times with a free place."""
        unit, now = self.bureau.office.units[self.request.unit], self.bureau.clock()
        return tuple(free(self.session, unit, self.request, now))[hours : hours + 1]

    def change(self, call: CallWish) -> None:
        """Let someone with the receipt change the call."""
        self.bureau.clock.forward(minutes=1)
        wish = Submission("sv", call=call)
        office, now = self.bureau.office, self.bureau.clock()
        returning.change_callback(self.session, office, self.visit(), wish, now)

    def visit(self) -> Return:
        return Return(0, self.request, KeyPair.generate())

    def read(self) -> None:
        now = self.bureau.clock()
        queue.first_reading(self.desk, self.request, Urgency.NORMAL, now)


@pytest.fixture
def before(either_bureau: Bureau) -> Iterator[Talk]:
    """Return a request with agreed words that may be called now; nobody called yet."""
    reference = either_bureau.send(either_bureau.callback(texts=True))
    with either_bureau.writing() as session:
        desk = either_bureau.desk(session, "amina")
        request = either_bureau.request(session, reference)
        talk = Talk(either_bureau, session, desk, request)
        talk.read()
        queue.claim(desk, request, either_bureau.clock())
        yield talk


@pytest.fixture
def talk(before: Talk) -> Talk:
    """Return the same after a call in which the word came."""
    before.ring(Outcome.WORD_CAME)
    return before


# Words


@pytest.mark.rule("S10")
def test_words_agreed_in_a_call_hold_from_then_on(talk: Talk) -> None:
    talk.agree()
    assert agreed_words(talk.desk, talk.request) == NEW


@pytest.mark.rule("S10")
def test_an_empty_second_box_leaves_her_not_now_word(talk: Talk) -> None:
    talk.agree(Words("blåbär", ""))
    assert agreed_words(talk.desk, talk.request) == Words("blåbär", WORDS.not_now_word)


@pytest.mark.rule("S10")
@pytest.mark.parametrize("new", [Words("ja", " JA"), Words("Onsdag", "")])
def test_one_word_never_means_two_things(talk: Talk, new: Words) -> None:
    with pytest.raises(NotAllowed, match="same-words"):
        talk.agree(new)
    assert agreed_words(talk.desk, talk.request) == WORDS


@pytest.mark.rule("S9", "S10")
@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in TALKS])
def test_without_a_talk_nothing_is_taken_down(before: Talk, outcome: Outcome) -> None:
    if outcome in calls.allowed_outcomes(before.request):
        before.ring(outcome)
    for act in (before.agree, before.say_none):
        with pytest.raises(NotAllowed, match="no-talk"):
            act()
    assert agreed_words(before.desk, before.request) == WORDS


@pytest.mark.rule("S9", "S10", "S13")
def test_nothing_is_taken_down_before_the_outcome(before: Talk) -> None:
    for act in (before.agree, before.say_none):
        with pytest.raises(NotAllowed, match="no-talk"):
            act()
    calls.start(before.desk, before.request, before.bureau.clock())
    for act in (before.agree, before.say_none):
        with pytest.raises(NotAllowed, match="call-without-outcome"):
            act()


def give_back(talk: Talk) -> None:
    queue.release(talk.desk, talk.request, talk.bureau.clock())
    queue.claim(talk.desk, talk.request, talk.bureau.clock())


def lapse_to_another(talk: Talk) -> None:
    for login in ("maria", "amina"):
        now = talk.bureau.clock.forward(minutes=31)
        queue.claim(talk.bureau.desk(talk.session, login), talk.request, now)


@pytest.mark.rule("S10")
@pytest.mark.parametrize("then", [give_back, lapse_to_another])
def test_a_talk_counts_for_who_had_it_until_she_gives_it_back(
    talk: Talk, then: Callable[[Talk], None]
) -> None:
    assert aftercall.talked(talk.desk, talk.request)
    then(talk)
    with pytest.raises(NotAllowed, match="no-talk"):
        talk.agree()


@pytest.mark.rule("S9", "S10")
def test_who_was_held_up_takes_it_again_and_writes_what_was_said(talk: Talk) -> None:
    talk.bureau.clock.forward(minutes=31)  # the lease ran out over the form
    queue.claim(talk.desk, talk.request, talk.bureau.clock())
    talk.say_none()
    assert talk.request.contact is Contact.NONE_SAFE


@pytest.mark.rule("S10")
def test_a_later_call_without_a_talk_ends_what_may_be_written(talk: Talk) -> None:
    talk.say(Said(slots=talk.later()))
    talk.bureau.clock.now = talk.request.windows[-1].starts_at
    queue.claim(talk.desk, talk.request, talk.bureau.clock())
    talk.ring(Outcome.NO_ANSWER)
    with pytest.raises(NotAllowed, match="no-talk"):
        talk.agree()


@pytest.fixture
def doubted(before: Talk) -> Talk:
    """Return a talk after the head lifted a stop: a call had gone to another."""
    before.ring(Outcome.NO_WORD)
    maria, now = before.bureau.desk(before.session, "maria"), before.bureau.clock()
    decisions.decide(maria, before.request, Contact.ALLOWED, "Hon skrev", now)
    before.change(CallWish(slots=before.bureau.around()))
    before.read()
    queue.claim(before.desk, before.request, before.bureau.clock())
    before.ring(Outcome.WORD_CAME)
    return before


@pytest.mark.rule("S10")
@pytest.mark.parametrize(
    "kept", [Words("blåbär", ""), Words("Äppelkaka", "lördag"), Words("x", "onsdag")]
)
def test_after_a_doubt_both_words_are_new(doubted: Talk, kept: Words) -> None:
    assert aftercall.doubted(doubted.desk, doubted.request)
    with pytest.raises(NotAllowed, match="both-words-new"):
        doubted.agree(kept)
    doubted.agree()
    assert agreed_words(doubted.desk, doubted.request) == NEW
    assert not aftercall.doubted(doubted.desk, doubted.request)
    doubted.agree(Words("hallon", ""))  # renewed: from here on one may be kept


@pytest.mark.rule("S10")
def test_where_none_was_agreed_words_come_after_what_she_said_unasked(
    either_bureau: Bureau,
) -> None:
    wish = either_bureau.callback(word="", not_now_word="")
    reference = either_bureau.send(wish)
    with either_bureau.writing() as session:
        desk = either_bureau.desk(session, "amina")
        request = either_bureau.request(session, reference)
        queue.claim(desk, request, either_bureau.clock())
        first = Talk(either_bureau, session, desk, request)
        first.ring(Outcome.SAID_UNASKED)
        first.agree(Words("blåbär", ""))
        assert agreed_words(desk, request) == Words("blåbär", "")


# Times


@pytest.mark.rule("S9")
def test_new_times_take_the_place_of_the_old_ones(talk: Talk) -> None:
    talk.say(Said(slots=(old := talk.later(1))))
    talk.say(Said(slots=(new := talk.later(2))))
    assert old != new
    waits = coming(talk.request, talk.bureau.clock())
    assert [(w.starts_at, w.origin) for w in waits] == [
        (new[0].starts_at, Origin.STAFF)
    ]
    assert all(window.place is not None for window in waits)
    assert talk.request.callable_until == new[0].ends_at
    assert talk.request.contact is Contact.ALLOWED
    assert talk.request.state is State.OPEN


@pytest.mark.rule("S9")
def test_none_is_safe_ends_every_call(talk: Talk) -> None:
    talk.say(Said(slots=talk.later()))
    talk.say(Said(none_safe=True))
    assert coming(talk.request, talk.bureau.clock()) == []
    assert talk.request.contact is Contact.NONE_SAFE
    assert "contact" in calls.locks(talk.desk, talk.request, talk.bureau.clock())


@pytest.mark.rule("S9")
def test_new_times_are_given_after_all_in_the_same_call(talk: Talk) -> None:
    talk.say_none()
    talk.say(Said(slots=talk.later()))
    assert talk.request.contact is Contact.ALLOWED


@pytest.mark.rule("S37")
def test_a_full_time_is_refused_and_the_old_ones_stay(talk: Talk) -> None:
    talk.say(Said(slots=(kept := talk.later(1))))
    full, unit = talk.later(2), talk.bureau.office.units[talk.request.unit]
    talk.session.commit()
    for _ in range(unit.calendar.slot_capacity):
        talk.bureau.send(talk.bureau.callback(full))
    assert full[0] not in free(talk.session, unit, talk.request, talk.bureau.clock())
    with pytest.raises(SlotFull):
        talk.say(Said(slots=full))
    talk.session.rollback()
    waits = coming(talk.request, talk.bureau.clock())
    assert [window.starts_at for window in waits] == [kept[0].starts_at]


@pytest.mark.rule("S9")
def test_where_she_stands_follows_from_the_events(talk: Talk) -> None:
    for said in (Said(slots=talk.later()), Said(none_safe=True)):
        talk.say(said)
        talk.session.expire(talk.request, ["events"])
        told = standing(talk.request.events)
        assert (told.state, told.contact) == (talk.request.state, talk.request.contact)
    last = talk.request.events[-1]
    assert (last.kind, last.member_id) == (EventKind.WINDOWS, talk.desk.member.id)


# Number and phone


@pytest.mark.rule("S9", "S11", "S22")
def test_a_new_number_is_locked_unconfirmed_and_ticked_for_nothing(talk: Talk) -> None:
    old = current_number(talk.request)
    assert old is not None
    assert old.confirmed_at is not None
    number = read_number(OTHER)
    talk.say(Said(slots=talk.later(), number=number, phone=Phone.OWN))
    new = current_number(talk.request)
    assert new is not None
    assert (new.origin, new.tag, new.confirmed_at) == (Origin.STAFF, None, None)
    assert new.worker_box is not None
    assert old.withdrawn_at is not None
    assert talk.desk.keyring.text(new.envelope) == number.e164
    assert "number-not-ready" in calls.locks(
        talk.desk, talk.request, talk.bureau.clock()
    )
    assert not safe_contact(talk.desk, talk.request).texts
    talk.bureau.tag(talk.session)
    assert new.tag is not None
    talk.bureau.clock.now = coming(talk.request, talk.bureau.clock())[0].starts_at
    queue.claim(talk.desk, talk.request, talk.bureau.clock())
    rung = calls.start(talk.desk, talk.request, talk.bureau.clock())
    assert rung.number == number.e164


@pytest.mark.rule("S9", "S19", "S27")
def test_a_new_number_says_whose_it_is_and_when(talk: Talk) -> None:
    number, slots = read_number(OTHER), talk.later()
    for part in (
        Said(number=number, slots=slots),
        Said(number=number, phone=Phone.OWN),
    ):
        with pytest.raises(NotAllowed, match="number-not-whole"):
            talk.say(part)
    assert len(talk.request.numbers) == 1


@pytest.mark.rule("S19", "S27")
@pytest.mark.parametrize(
    ("told", "phone", "may"),
    [
        ("under_18", Phone.SHARED, False),
        ("under_18", Phone.OTHER_KNOWS, False),
        ("under_18", Phone.OWN, True),
        ("for_other", Phone.PARENT, False),
        ("for_other", Phone.OTHER_KNOWS, True),
    ],
)
def test_a_phone_that_is_not_hers_ends_calls_to_it(
    talk: Talk, told: str, phone: Phone, may: bool
) -> None:
    setattr(talk.request, told, True)
    talk.say(Said(slots=talk.later(), number=read_number(OTHER), phone=phone))
    expected = Contact.ALLOWED if may else Contact.NOT_HER_PHONE
    assert talk.request.contact is expected
    assert bool(coming(talk.request, talk.bureau.clock())) == may


@pytest.mark.rule("S27")
def test_whose_phone_it_is_may_be_said_of_the_number_that_stands(talk: Talk) -> None:
    talk.say(Said(slots=talk.later()))
    talk.request.under_18 = True
    talk.say(Said(phone=Phone.SHARED))
    assert talk.request.contact is Contact.NOT_HER_PHONE
    assert coming(talk.request, talk.bureau.clock()) == []
    talk.say(Said(slots=talk.later(), phone=Phone.OWN))  # only another number does
    assert talk.request.contact is Contact.NOT_HER_PHONE


@pytest.mark.rule("S11", "S27")
@pytest.mark.parametrize("phone", [Phone.SHARED, Phone.PARENT])
def test_on_a_phone_that_others_hold_no_yes_counts(talk: Talk, phone: Phone) -> None:
    talk.say(Said(phone=phone, texts=True, voicemail=True))
    read = safe_contact(talk.desk, talk.request)
    assert (read.phone, read.texts, read.voicemail) == (phone, False, False)


# Choices


@pytest.mark.rule("S9", "S18")
def test_what_she_said_holds_and_what_she_did_not_stays(talk: Talk) -> None:
    before = safe_contact(talk.desk, talk.request)
    talk.say(Said(note="Aldrig på fredagar"))
    read = safe_contact(talk.desk, talk.request)
    assert read == replace(before, note="Aldrig på fredagar")
    talk.say(
        Said(
            voicemail=True,
            texts=False,
            opening=Opening.CLUB,
            voice=Voice.MAN,
            shown=ShownNumber.SHOWN,
            interpreter_note="kvinna, dari",
            wish=Wish.MEETING,
        )
    )
    read = safe_contact(talk.desk, talk.request)
    assert (read.voicemail, read.texts, read.opening) == (True, False, Opening.CLUB)
    assert (read.voice, read.shown) == (Voice.MAN, ShownNumber.SHOWN)
    assert (read.interpreter, read.note) == ("kvinna, dari", "Aldrig på fredagar")
    assert (talk.request.wish, talk.request.interpreter) == (Wish.MEETING, True)
    talk.say(Said(interpreter=False))
    assert safe_contact(talk.desk, talk.request).interpreter == ""
    assert not talk.request.interpreter
    paper = [one for one in talk.request.envelopes if one.kind is Kind.SAFETY][-1]
    assert (paper.origin, paper.author_id) == (Origin.STAFF, talk.desk.member.id)


def test_nothing_said_is_nothing_taken_down(talk: Talk) -> None:
    with pytest.raises(NotAllowed, match="nothing-said"):
        talk.say(Said())


@pytest.mark.rule("S11", "S12")
def test_texts_that_wait_are_called_off(talk: Talk) -> None:
    talk.say(Said(slots=talk.later(), texts=True))
    now, opening = talk.bureau.clock(), Opening.SURVEY
    row = replies.write_text(talk.desk, talk.request, "later", opening, True, now)
    talk.say(Said(texts=False))
    talk.session.refresh(row)
    assert (row.state, row.worker_box) == (Delivery.CANCELLED, None)


# What came from others meanwhile


@pytest.mark.rule("S15")
def test_what_stopped_contact_since_the_call_began_is_not_lifted(before: Talk) -> None:
    calls.start(before.desk, before.request, before.bureau.clock())
    now, office = before.bureau.clock(), before.bureau.office
    returning.cancel_callback(before.session, office, before.visit(), now)
    calls.finish(before.desk, before.request, Outcome.WORD_CAME, now)
    before.read()
    with pytest.raises(NotAllowed, match="contact"):
        before.say(Said(slots=before.later()))
    assert before.request.contact is Contact.CANCELLED


@pytest.mark.rule("S5")
def test_what_was_taken_back_takes_nothing_more(before: Talk) -> None:
    calls.start(before.desk, before.request, before.bureau.clock())
    now, office = before.bureau.clock(), before.bureau.office
    returning.take_back(before.session, office, before.visit(), now)
    calls.finish(before.desk, before.request, Outcome.WORD_CAME, now)
    for act in (before.agree, before.say_none):
        with pytest.raises(NotAllowed, match="taken-back"):
            act()


@pytest.mark.rule("S4")
def test_what_came_after_the_call_is_read_first(talk: Talk) -> None:
    talk.change(CallWish(slots=talk.later()))
    with pytest.raises(NotAllowed, match="unread-words"):
        talk.say(Said(none_safe=True))
    talk.read()
    talk.say(Said(none_safe=True))


@pytest.mark.rule("S9")
def test_only_who_holds_it_takes_anything_down(talk: Talk) -> None:
    talk.bureau.clock.forward(minutes=31)
    with pytest.raises(NotHeld):
        talk.say(Said(none_safe=True))
    with pytest.raises(NotHeld):
        talk.agree()


@pytest.mark.rule("S13")
def test_a_head_who_took_a_call_over_ends_it(before: Talk) -> None:
    call = calls.start(before.desk, before.request, before.bureau.clock())
    maria = before.bureau.desk(before.session, "maria")
    now = before.bureau.clock.forward(minutes=15)
    decisions.take_over(maria, before.request, "Amina blev sjuk", now)
    assert calls.call_on(maria, before.request) == call
    assert call.number == read_number(HERS).e164
    calls.finish(maria, before.request, Outcome.WORD_CAME, now)
    number = current_number(before.request)
    assert number is not None
    assert number.confirmed_at == now
    assert not aftercall.talked(before.desk, before.request)
    with pytest.raises(NotHeld):
        before.agree()
