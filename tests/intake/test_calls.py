"""Calling: each lock alone, one ring a window, and what every outcome leads to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import calls, decisions, queue, returning, stopped_numbers
from intake.envelopes import current_number, put_number
from intake.errors import NotAllowed, NotHeld
from intake.life import ATTEMPTS
from intake.models import Request, StoppedNumber
from intake.numbers import read_number
from intake.outcomes import CONSEQUENCES, Outcome
from intake.people import UnitRecord
from intake.queue import Desktop
from intake.returning import Return
from intake.submissions import CallWish, Submission
from intake.topics import Contact, Origin, Phone, State, Urgency
from intake.vault import KeyPair
from intake.windows import add_series
from tests.factories import HERS, Bureau, text

LIFTED = (Contact.SAID_STOP, Contact.ANOTHER_ANSWERED)


@dataclass
class Held:
    """A request that a member holds, in an open window, with nothing in the way."""

    bureau: Bureau
    session: Session
    desk: Desktop
    request: Request

    def locks(self) -> list[str]:
        return calls.locks(self.desk, self.request, self.bureau.clock())

    def stands(self) -> tuple[State, Contact]:
        return self.request.state, self.request.contact

    def ring(self, outcome: Outcome, **said: bool) -> None:
        """Call and record what it came to."""
        calls.start(self.desk, self.request, self.bureau.clock())
        calls.finish(self.desk, self.request, outcome, self.bureau.clock(), **said)


def hold(bureau: Bureau, session: Session, login: str, reference: str) -> Held:
    desk = bureau.desk(session, login)
    request = bureau.request(session, reference)
    queue.first_reading(desk, request, Urgency.NORMAL, bureau.clock())
    queue.claim(desk, request, bureau.clock())
    return Held(bureau, session, desk, request)


@pytest.fixture
def held(bureau: Bureau) -> Iterator[Held]:
    """Return a request with an agreed word that Amina, no head, may call now."""
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        yield hold(bureau, session, "amina", reference)


def her_return(held: Held) -> Return:
    return Return(0, held.request, KeyPair.generate())


def untest(held: Held) -> None:
    held.session.get_one(UnitRecord, held.request.unit).call_tested_at = None


def untag(held: Held) -> None:
    for number in held.request.numbers:
        number.tag = None


def stop_number(held: Held) -> None:
    number = current_number(held.request)
    assert number is not None
    assert number.tag is not None
    stopped_numbers.stop_number(held.session, number.tag, held.bureau.clock())


def let_lapse(held: Held) -> None:
    held.request.lease_until = held.bureau.clock()


def ring_once(held: Held) -> None:
    held.ring(Outcome.LINE_FAULT)


def late(held: Held) -> None:
    queue.claim(held.desk, held.request, held.bureau.clock.forward(minutes=45))


def cancel(held: Held) -> None:
    now = held.bureau.clock()
    returning.cancel_callback(held.session, held.bureau.office, her_return(held), now)


def take_back(held: Held) -> None:
    now = held.bureau.clock()
    returning.take_back(held.session, held.bureau.office, her_return(held), now)


def set_aside(held: Held) -> None:
    held.request.set_aside = True


@pytest.mark.rule("S12", "S13", "S16", "S17", "S22")
@pytest.mark.parametrize(
    ("lock", "reasons"),
    [
        pytest.param(let_lapse, {"not-held"}, id="lease"),
        pytest.param(late, {"no-window"}, id="last 15 minutes"),
        pytest.param(ring_once, {"no-window"}, id="one ring a window"),
        pytest.param(cancel, {"contact", "no-window"}, id="cancelled"),
        pytest.param(take_back, None, id="taken back"),
        pytest.param(stop_number, {"number-stopped"}, id="stop in any unit"),
        pytest.param(untag, {"number-not-ready"}, id="no tag yet"),
        pytest.param(untest, {"calls-untested"}, id="nobody tested"),
        pytest.param(set_aside, {"set-aside"}, id="set aside"),
    ],
)
def test_each_lock_alone_keeps_the_number_off_the_screen(
    held: Held, lock: Callable[[Held], None], reasons: set[str] | None
) -> None:
    assert held.locks() == []
    lock(held)
    assert held.locks()
    assert reasons is None or set(held.locks()) == reasons
    with pytest.raises((NotAllowed, NotHeld)):
        calls.start(held.desk, held.request, held.bureau.clock())
    assert calls.call_on(held.desk, held.request) is None


@pytest.mark.rule("S12")
def test_the_number_stands_from_the_call_to_its_outcome_only(held: Held) -> None:
    assert calls.call_on(held.desk, held.request) is None
    call = calls.start(held.desk, held.request, held.bureau.clock())
    assert call.number == read_number(HERS).e164
    assert calls.call_on(held.desk, held.request) == call
    calls.finish(held.desk, held.request, Outcome.NO_ANSWER, held.bureau.clock())
    assert calls.call_on(held.desk, held.request) is None


@pytest.mark.rule("S4", "S12")
def test_words_that_came_behind_the_page_are_read_before_she_is_rung(
    held: Held,
) -> None:
    seen, now = queue.newest(held.session, held.request), held.bureau.clock()
    more = text("Han har min telefon nu. Ring inte.")
    returning.write_more(held.session, held.bureau.office, her_return(held), more, now)
    assert held.locks() == []  # no machine reads what she wrote
    with pytest.raises(NotAllowed, match="newer-words"):
        calls.start(held.desk, held.request, now, seen=seen)
    assert held.request.state is not State.CALLING
    seen = queue.newest(held.session, held.request)
    assert calls.start(held.desk, held.request, now, seen=seen).number


@pytest.mark.rule("S12")
@pytest.mark.parametrize(("minutes", "may"), [(0, True), (44, True), (45, False)])
def test_no_call_starts_in_a_windows_last_quarter(
    held: Held, minutes: int, may: bool
) -> None:
    held.bureau.clock.forward(minutes=minutes)
    queue.claim(held.desk, held.request, held.bureau.clock())
    assert (held.locks() == []) == may


@pytest.mark.rule("S12")
def test_no_call_starts_before_the_window(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback(bureau.around(hours=2)))
    with bureau.writing() as session:
        early = hold(bureau, session, "amina", reference)
        assert early.locks() == ["no-window"]
        bureau.clock.forward(hours=2)
        queue.claim(early.desk, early.request, bureau.clock())
        assert early.locks() == []


@pytest.mark.rule("S13", "S21")
def test_of_a_texts_windows_one_is_rung(held: Held) -> None:
    slots = (*held.bureau.around(), *held.bureau.around(hours=3))
    for window in held.request.windows:
        window.withdrawn_at = held.bureau.clock()
    add_series(held.session, held.request, slots, series="SM1")
    held.ring(Outcome.LINE_FAULT)
    held.bureau.clock.forward(hours=3)
    queue.claim(held.desk, held.request, held.bureau.clock())
    assert held.locks() == ["no-window"]


@pytest.mark.rule("S13")
def test_a_call_without_outcome_starts_no_second_one(held: Held) -> None:
    calls.start(held.desk, held.request, held.bureau.clock())
    assert held.request.state is State.CALLING
    assert "call-without-outcome" in held.locks()
    with pytest.raises(NotAllowed, match="call-without-outcome"):
        calls.start(held.desk, held.request, held.bureau.clock())


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_leads_where_the_registry_says(
    bureau: Bureau, outcome: Outcome
) -> None:
    then = CONSEQUENCES[outcome]
    word = "" if then.needs_word is False else "äppelkaka"
    reference = bureau.send(bureau.callback(word=word))
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        held.ring(outcome)
        request, number = held.request, current_number(held.request)
        assert request.state is then.state
        assert request.contact is (then.contact or Contact.ALLOWED)
        assert request.attempts == int(then.attempt)
        assert number is not None
        assert (number.confirmed_at is not None) == then.confirms_number
        coming = [w for w in request.windows if w.withdrawn_at is None]
        assert bool(coming) == (then.contact is None)


@pytest.mark.rule("S10", "S15")
@pytest.mark.parametrize("word", ["", "äppelkaka"])
def test_outcomes_depend_on_whether_a_word_was_agreed(
    bureau: Bureau, word: str
) -> None:
    reference = bureau.send(bureau.callback(word=word, not_now_word=""))
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        offered = set(calls.allowed_outcomes(held.request))
        assert (Outcome.WORD_CAME in offered) == bool(word)
        assert (Outcome.NO_WORD in offered) == bool(word)
        # S15: without the word, who says no may be anybody.
        assert (Outcome.CANCELLED in offered) == bool(word)
        assert (Outcome.SAID_UNASKED in offered) == (not word)
        calls.start(held.desk, held.request, bureau.clock())
        other = Outcome.SAID_UNASKED if word else Outcome.WORD_CAME
        with pytest.raises(NotAllowed, match="no-call"):
            calls.finish(held.desk, held.request, other, bureau.clock())


def three_tries(held: Held) -> None:
    for _ in range(ATTEMPTS):
        held.ring(Outcome.NO_ANSWER)
        held.bureau.clock.forward(hours=1)
        queue.claim(held.desk, held.request, held.bureau.clock())


@pytest.fixture
def unreached(bureau: Bureau) -> Iterator[Held]:
    """Return a request that was rung three times in four windows."""
    slots = tuple(bureau.around(hours)[0] for hours in range(4))
    reference = bureau.send(bureau.callback(slots))
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        three_tries(held)
        yield held


def test_after_three_tries_a_person_decides(unreached: Held) -> None:
    held, now = unreached, unreached.bureau.clock()
    assert held.request.state is State.DECISION
    assert held.locks() == ["awaiting-decision"]
    with pytest.raises(NotAllowed, match="awaiting-decision"):
        decisions.close(held.desk, held.request, decisions.CHECKED, now)
    with pytest.raises(NotAllowed, match="reason-missing"):
        decisions.decide(held.desk, held.request, Contact.ALLOWED, " ", now)
    decisions.decide(held.desk, held.request, Contact.ALLOWED, "En gång till", now)
    assert (held.request.state, held.request.attempts) == (State.OPEN, 0)
    assert held.locks() == []


def test_later_words_end_no_wait_for_a_decision(unreached: Held) -> None:
    held, now = unreached, unreached.bureau.clock()
    more = Submission(language="sv", text="Jag skriver igen")
    returning.write_more(held.session, held.bureau.office, her_return(held), more, now)
    queue.first_reading(held.desk, held.request, Urgency.NORMAL, now)
    assert held.request.state is State.DECISION
    assert held.locks() == ["awaiting-decision"]


def new_windows(held: Held, number: str | None) -> None:
    """Let her come back with her number and choose times, and a number if given."""
    now = held.bureau.clock.forward(minutes=1)
    call = CallWish(read_number(number) if number else None, held.bureau.around())
    wish = Submission(language="sv", call=replace(call))
    office = held.bureau.office
    returning.change_callback(held.session, office, her_return(held), wish, now)
    held.bureau.tag(held.session)


@pytest.mark.rule("S14", "S15")
@pytest.mark.parametrize(
    "outcome", [Outcome.ANOTHER_ANSWERED, Outcome.NO_WORD, Outcome.SAID_STOP]
)
def test_a_stop_holds_until_she_returns_or_the_head_decides(
    held: Held, outcome: Outcome
) -> None:
    held.ring(outcome)
    now = held.bureau.clock()
    assert held.request.contact in LIFTED
    assert held.request.state is State.DECISION  # the request stays open for a person
    with pytest.raises(NotAllowed, match="head-only"):
        decisions.decide(held.desk, held.request, Contact.ALLOWED, "Ja", now)
    maria = held.bureau.desk(held.session, "maria")
    decisions.decide(maria, held.request, held.request.contact, "Vänta", now)
    assert held.request.contact in LIFTED
    assert "contact" in held.locks()
    decisions.decide(maria, held.request, Contact.ALLOWED, "Talat med henne", now)
    assert held.request.contact is Contact.ALLOWED
    assert held.locks() == ["no-window"]  # the old times are over; she chooses new ones


@pytest.mark.rule("S14")
def test_a_stop_ends_when_she_returns_herself(held: Held) -> None:
    held.ring(Outcome.ANOTHER_ANSWERED)
    new_windows(held, None)
    assert held.locks() == []
    assert held.request.windows[-1].origin is Origin.RECEIPT  # S4: marked


@pytest.mark.rule("S15")
def test_her_own_no_with_the_word_is_lifted_by_nobody_but_her(held: Held) -> None:
    held.ring(Outcome.CANCELLED)
    now, number = held.bureau.clock(), current_number(held.request)
    assert number is not None
    assert (number.confirmed_at, held.request.answer_due_at) == (now, None)
    # Nobody has to decide what she has said; the request stays, for who closes it.
    assert held.stands() == (State.OPEN, Contact.SAID_NO)
    assert {"contact", "no-window"} <= set(held.locks())
    maria = held.bureau.desk(held.session, "maria")
    for contact in (Contact.ALLOWED, Contact.SAID_NO):
        with pytest.raises(NotAllowed, match="nothing-to-decide"):
            decisions.decide(maria, held.request, contact, "Ring ändå", now)
    new_windows(held, None)
    assert held.locks() == []


@pytest.mark.rule("S14")
def test_a_wrong_number_locks_until_a_new_one_comes(held: Held) -> None:
    held.ring(Outcome.WRONG_NUMBER)
    maria = held.bureau.desk(held.session, "maria")
    with pytest.raises(NotAllowed, match="not-to-be-lifted"):
        decisions.decide(
            maria, held.request, Contact.ALLOWED, "Ring ändå", held.bureau.clock()
        )
    new_windows(held, None)
    assert "contact" in held.locks()
    new_windows(held, "070-174 06 77")
    assert held.locks() == []


@pytest.mark.rule("S5")
def test_what_was_taken_back_is_called_by_nobodys_decision(held: Held) -> None:
    take_back(held)
    maria = held.bureau.desk(held.session, "maria")
    with pytest.raises(NotAllowed, match="taken-back"):
        decisions.decide(
            maria, held.request, Contact.ALLOWED, "Ring", held.bureau.clock()
        )


def test_there_is_no_decision_where_nothing_waits_for_one(held: Held) -> None:
    for contact in (Contact.ALLOWED, Contact.SAID_STOP):
        with pytest.raises(NotAllowed, match="nothing-to-decide"):
            decisions.decide(
                held.desk, held.request, contact, "Skäl", held.bureau.clock()
            )


@pytest.mark.rule("S13")
def test_taking_back_while_it_rings_waits_for_the_outcome(held: Held) -> None:
    calls.start(held.desk, held.request, held.bureau.clock())
    take_back(held)
    assert held.stands() == (State.CALLING, Contact.TAKEN_BACK)
    calls.finish(held.desk, held.request, Outcome.NO_ANSWER, held.bureau.clock())
    assert held.stands() == (State.TAKEN_BACK, Contact.TAKEN_BACK)


@pytest.fixture
def changed(held: Held) -> Held:
    """Return a call during which someone with the receipt set another number."""
    calls.start(held.desk, held.request, held.bureau.clock())
    new_windows(held, "070-174 06 77")
    return held


@pytest.mark.rule("S4", "S12")
def test_a_call_stays_with_the_number_that_was_rung(changed: Held) -> None:
    call = calls.call_on(changed.desk, changed.request)
    assert call is not None
    assert call.number == read_number(HERS).e164
    assert not call.stands


@pytest.mark.rule("S4", "S11")
def test_a_word_said_on_one_number_confirms_no_other(changed: Held) -> None:
    now = changed.bureau.clock()
    calls.finish(changed.desk, changed.request, Outcome.WORD_CAME, now)
    assert [number.confirmed_at for number in changed.request.numbers] == [None, None]


@pytest.mark.rule("S16", "S22")
@pytest.mark.parametrize("meanwhile", [None, take_back])
def test_a_stop_is_put_on_the_number_that_was_rung(
    held: Held, meanwhile: Callable[[Held], None] | None
) -> None:
    number = current_number(held.request)
    assert number is not None
    calls.start(held.desk, held.request, held.bureau.clock())
    (meanwhile or (lambda one: new_windows(one, "070-174 06 77")))(held)
    now = held.bureau.clock()
    calls.finish(held.desk, held.request, Outcome.NO_ANSWER, now, never_again=True)
    stopped = held.session.scalars(select(StoppedNumber.tag)).all()
    assert stopped == [number.tag]


@pytest.mark.rule("S19", "S27")
@pytest.mark.parametrize(
    ("phone", "told", "may"),
    [
        (Phone.PARENT, "under_18", False),
        (Phone.OTHER_KNOWS, "under_18", False),
        (Phone.OWN, "under_18", True),
        (Phone.SHARED, "for_other", False),
        (Phone.UNSAID, "for_other", False),
        (Phone.OTHER_KNOWS, "for_other", True),
        (Phone.OWN, "for_other", True),
    ],
)
def test_what_is_told_later_locks_a_phone_that_is_not_hers(
    bureau: Bureau, phone: Phone, told: str, may: bool
) -> None:
    reference = bureau.send(bureau.callback(phone=phone))
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        assert held.locks() == []
        more = text("Jag är 14", **{told: True})
        now, office = bureau.clock(), bureau.office
        returning.write_more(session, office, her_return(held), more, now)
        assert held.locks() == ([] if may else ["not-her-phone"])


@pytest.mark.rule("S16")
def test_never_again_holds_in_every_unit_and_tells_none_why(held: Held) -> None:
    held.ring(Outcome.SAID_STOP, never_again=True)
    assert len(held.session.scalars(select(StoppedNumber)).all()) == 1
    held.session.commit()
    other = held.bureau.send(replace(held.bureau.callback(), under_18=True))
    theirs = hold(held.bureau, held.session, "sara", other)
    assert theirs.request.unit == "children"
    assert theirs.locks() == ["number-stopped"]


def test_a_number_changed_by_receipt_has_to_be_confirmed_anew(held: Held) -> None:
    held.ring(Outcome.WORD_CAME)
    number = put_number(
        held.session,
        held.bureau.office,
        held.request,
        read_number("070-174 06 77"),
        Origin.RECEIPT,
        held.bureau.clock() + timedelta(minutes=1),
    )
    assert current_number(held.request) is number
    assert number.confirmed_at is None
    assert number.tag is None
