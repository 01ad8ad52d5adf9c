"""What of one holds for all that staff joined it with: the most careful wins (S8)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from intake import calls, outbox, queue, replies, returning, seeing, uniting
from intake.envelopes import current_number
from intake.errors import AlreadyHeld, NotAllowed
from intake.messages import Delivery, OutboundText
from intake.missed import mark_missed
from intake.outcomes import Outcome
from intake.piles import Beside, Pile, View
from intake.queue import LEASE
from intake.submissions import Submission
from intake.today import count_unread, today
from intake.topics import Contact, Danger, Phone, Side, Urgency
from tests.factories import Bureau, text
from tests.intake.two import OTHER, Two, both_called, sitting

pytestmark = pytest.mark.rule("S8")


@pytest.fixture
def pair(either_bureau: Bureau) -> Iterator[Two]:
    """Return two requests in writing."""
    with sitting(either_bureau) as made:
        yield made


@pytest.mark.rule("S15", "S14")
@pytest.mark.parametrize(
    "outcome", [Outcome.SAID_STOP, Outcome.ANOTHER_ANSWERED, Outcome.WRONG_NUMBER]
)
def test_a_stop_in_one_holds_for_calls_and_texts_of_both(
    either_bureau: Bureau, outcome: Outcome
) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        pair.unite()
        assert pair.locks(pair.first) == pair.locks(pair.later) == []
        pair.ring(pair.later, outcome)
        now = pair.bureau.clock()
        assert {"joined-contact", "joined-decision"} <= set(pair.locks(pair.first))
        assert "joined-contact" in replies.text_locks(pair.desk, pair.first, True, now)
        assert pair.first.contact is Contact.ALLOWED  # it is lifted by parting them
        with pytest.raises(NotAllowed):
            calls.start(pair.desk, pair.first, now)
        uniting.part(pair.desk, pair.later, now)
        assert pair.locks(pair.first) == []


@pytest.mark.rule("S5", "S15")
@pytest.mark.parametrize("act", ["take_back", "cancel_callback"])
def test_what_came_by_one_receipt_is_heeded_for_both(
    either_bureau: Bureau, act: str
) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        pair.unite()
        now, office = pair.bureau.clock(), pair.bureau.office
        getattr(returning, act)(pair.session, office, pair.visit(pair.later), now)
        assert pair.locks(pair.first) == ["joined-contact"]
        row = pair.rows()[pair.first.reference]
        assert row.pile is Pile.UNREAD  # what came is read by a person, at the first
        assert not row.window_is_open
        assert count_unread(pair.session, pair.desk.member, Side.HURT) == 1


@pytest.mark.rule("S13")
def test_she_is_rung_once_in_an_hour_that_both_asked_for(
    either_bureau: Bureau,
) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        pair.unite()
        queue.claim(pair.desk, pair.later, pair.bureau.clock())
        call = calls.start(pair.desk, pair.later, pair.bureau.clock())
        assert call.number == OTHER.e164  # each window its own number
        assert "joined-calling" in pair.locks(pair.first)
        calls.finish(pair.desk, pair.later, Outcome.NO_ANSWER, pair.bureau.clock())
        assert pair.locks(pair.first) == ["joined-rung"]
        pair.bureau.clock.forward(hours=2)
        assert "joined-rung" not in pair.locks(pair.first)


@pytest.mark.rule("S13")
def test_nobody_else_takes_the_other_one(pair: Two) -> None:
    pair.unite()
    amina = pair.bureau.desk(pair.session, "amina")
    with pytest.raises(AlreadyHeld) as told:
        queue.claim(amina, pair.later, pair.bureau.clock())
    assert told.value.holder == pair.desk.member.working_name
    pair.bureau.clock.forward(minutes=LEASE.seconds // 60 + 1)
    queue.claim(amina, pair.later, pair.bureau.clock())
    with pytest.raises(AlreadyHeld):
        queue.claim(pair.desk, pair.first, pair.bureau.clock())


@pytest.mark.rule("S11", "S19")
def test_the_more_careful_answer_about_a_phone_holds(either_bureau: Bureau) -> None:
    asked = either_bureau.callback()
    shared = either_bureau.callback(phone=Phone.SHARED)
    with sitting(either_bureau, asked, shared) as pair:
        pair.unite()
        pair.first.for_other = True
        pair.session.flush()
        assert "not-her-phone" in pair.locks(pair.first)
        assert "not-her-phone" in pair.locks(pair.later)
        pair.first.for_other = False
        pair.ring(pair.first, Outcome.WORD_CAME)
        now = pair.bureau.clock()
        held = replies.text_locks(pair.desk, pair.first, True, now)
        assert "number-not-confirmed" in held  # it stands unconfirmed in the other
        number = current_number(pair.later)
        assert number is not None
        number.confirmed_at = now
        held = replies.text_locks(pair.desk, pair.first, True, now)
        assert "number-not-confirmed" not in held


@pytest.mark.rule("S26", "S37")
def test_the_most_urgent_counts_in_the_piles(either_bureau: Bureau) -> None:
    asked = either_bureau.callback(slots=either_bureau.around(hours=1))
    sent = text(), replace(asked, children=True)
    with sitting(either_bureau, *sent) as pair:
        now = pair.bureau.clock()
        pair.later.answer_due_at = now - timedelta(minutes=1)
        pair.later.urgency = Urgency.HIGH
        pair.unite()
        seeing.opened(pair.desk, pair.later, now)
        queue.release(pair.desk, pair.first, now)
        row = pair.rows()[pair.first.reference]
        assert (row.urgency, row.has_child, row.joined) == (Urgency.HIGH, True, 1)
        assert (row.pile, row.due) == (Pile.LATE, pair.later.answer_due_at)
        pair.bureau.clock.forward(minutes=70)
        row = pair.rows()[pair.first.reference]
        assert row.pile is Pile.CALLABLE
        assert row.window is not None
        assert row.window.request_id == pair.later.id
        view = View(pair.desk.member.id, Side.HURT, pair.bureau.clock())
        (child,) = today(pair.session, view).beside[Beside.CHILDREN]
        assert child.request is pair.first
        assert child.place.soonest == pair.later.child_due_at


@pytest.mark.rule("S37")
def test_a_time_that_a_stop_closed_was_not_missed(either_bureau: Bureau) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        pair.unite()
        pair.ring(pair.first, Outcome.SAID_STOP)
        now = pair.bureau.clock.forward(hours=2)
        mark_missed(pair.session, pair.bureau.office, pair.later.id, now)
        (window,) = pair.later.windows
        assert window.missed_at is None
        assert window.withdrawn_at == now


@pytest.mark.rule("S37")
def test_a_time_in_which_her_number_was_rung_beside_was_not_missed(
    either_bureau: Bureau,
) -> None:
    asked = either_bureau.callback()
    with sitting(either_bureau, asked, asked) as pair:
        pair.unite()
        pair.ring(pair.first, Outcome.NO_ANSWER)
        now = pair.bureau.clock.forward(hours=2)
        mark_missed(pair.session, pair.bureau.office, pair.later.id, now)
        (window,) = pair.later.windows
        assert (window.missed_at, window.withdrawn_at) == (None, now)


@pytest.mark.rule("S37")
def test_a_time_in_which_another_number_was_rung_was_missed(
    either_bureau: Bureau,
) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        pair.unite()
        pair.ring(pair.first, Outcome.NO_ANSWER)
        now = pair.bureau.clock.forward(hours=2)
        mark_missed(pair.session, pair.bureau.office, pair.later.id, now)
        assert pair.later.windows[0].missed_at == now


@pytest.mark.rule("S12", "S15")
@pytest.mark.parametrize("stopped", [True, False])
def test_a_text_that_waits_goes_only_while_nothing_beside_is_stopped(
    either_bureau: Bureau, stopped: bool
) -> None:
    asked = either_bureau.callback(texts=True)
    with sitting(either_bureau, asked, either_bureau.callback()) as pair:
        pair.unite()
        pair.ring(pair.later, Outcome.SAID_STOP if stopped else Outcome.WORD_CAME)
        number, now = current_number(pair.first), pair.bureau.clock()
        assert number is not None
        number.confirmed_at = now
        pair.session.add(pair.text_out())
        pair.session.flush()
        office, keys = pair.bureau.office, pair.bureau.worker
        taken = outbox.take(pair.session, office, keys, "one", now)
        row = pair.session.get_one(OutboundText, "t1")
        if stopped:
            assert (taken, row.state, row.error) == (None, Delivery.CANCELLED, "joined")
        else:
            assert row.state is Delivery.SENDING


@pytest.mark.rule("S8", "S12")
def test_words_that_come_beside_call_off_a_text_that_waits(
    either_bureau: Bureau,
) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        pair.unite()
        number, more = current_number(pair.first), Submission("sv", text="Inga sms.")
        assert number is not None
        number.confirmed_at = pair.bureau.clock()
        pair.session.add(pair.text_out())
        office, keys = pair.bureau.office, pair.bureau.worker
        now = pair.bureau.clock.forward(minutes=1)
        returning.write_more(pair.session, office, pair.visit(pair.later), more, now)
        assert outbox.take(pair.session, office, keys, "one", now) is None
        row = pair.session.get_one(OutboundText, "t1")
        assert (row.state, row.error) == (Delivery.CANCELLED, "newer-words")


def test_what_comes_to_the_later_is_unread_at_the_first(pair: Two) -> None:
    pair.unite()
    now, office = pair.bureau.clock(), pair.bureau.office
    more = Submission("sv", text="Mer", danger=Danger.SOON)
    returning.write_more(pair.session, office, pair.visit(pair.later), more, now)
    row = pair.rows()[pair.first.reference]
    assert (row.pile, row.is_unread, row.urgency) == (Pile.UNREAD, True, Urgency.HIGH)
    queue.first_reading(pair.desk, pair.later, Urgency.HIGH, now)
    assert pair.rows()[pair.first.reference].pile is Pile.MINE
