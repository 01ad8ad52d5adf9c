"""Asked about violence: of the person and of each child, and what a yes leads to."""

from datetime import date, timedelta

import pytest

from intake import handover, queue
from intake.asked import About, Asked, Reply, latest, write_asked
from intake.decisions import needs_child_decision
from intake.errors import NotAllowed, NotHeld
from intake.life import EventKind
from intake.queue import CHILD_CLOCK
from intake.tallies import tallies
from intake.topics import Urgency
from tests.factories import Bureau, text
from tests.intake.walls import Held, hold, sit

MONDAY = date(2026, 11, 23)


def ask(held: Held, asked: Asked) -> None:
    write_asked(held.desk, held.request, asked, held.bureau.clock())


def test_the_latest_answer_holds_of_each_and_both_questions(
    either_bureau: Bureau,
) -> None:
    reference = either_bureau.send(text())
    with either_bureau.writing() as session:
        held = hold(either_bureau, session, "maria", reference)
        sunday = MONDAY - timedelta(days=1)
        ask(held, Asked(0, sunday, Reply.NOT_SAFE, Reply.NO))
        ask(held, Asked(0, MONDAY, exposed=Reply.YES))
        ask(held, Asked(2, MONDAY, using=Reply.NO))
    with either_bureau.writing() as session:
        request = either_bureau.request(session, reference)
        told = [
            (r.child, r.about, r.reply, r.asked_on) for r in latest(session, request)
        ]
    assert told == [
        (0, About.EXPOSED, Reply.YES, MONDAY),
        (0, About.USING, Reply.NO, sunday),
        (2, About.USING, Reply.NO, MONDAY),
    ]


@pytest.mark.rule("S35")
def test_the_log_tells_that_it_was_asked_and_nothing_more(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        ask(held, Asked(1, MONDAY, Reply.NO))
        event = held.last()
        assert (event.kind, event.data) == (EventKind.ASKED.value, {})
        assert event.member_id == held.desk.member.id


@pytest.mark.rule("S26")
def test_a_childs_yes_starts_the_task_with_its_clock(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        ask(held, Asked(1, MONDAY, Reply.NO, Reply.NOT_SAFE))
        ask(held, Asked(0, MONDAY, Reply.YES))
        assert not held.request.child_mark  # the adult's own yes is no child's
        began = bureau.clock()
        ask(held, Asked(1, MONDAY, Reply.YES))
        assert held.request.child_mark
        assert held.request.child_due_at == began + CHILD_CLOCK
        bureau.clock.forward(minutes=20)
        ask(held, Asked(2, MONDAY, using=Reply.YES))
        assert held.request.child_due_at == began + CHILD_CLOCK


@pytest.mark.rule("S26")
def test_a_childs_yes_asks_again_where_none_was_reported(bureau: Bureau) -> None:
    reference = bureau.send(text(children=True))
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        none = handover.ChildDecision(False, "Barnen bor inte där.")
        handover.decide_child(held.desk, held.request, none, bureau.clock())
        bureau.clock.forward(hours=30)
        queue.claim(held.desk, held.request, bureau.clock())
        ask(held, Asked(1, MONDAY, Reply.YES))
        assert held.request.child_decision is None
        assert held.request.child_due_at == bureau.clock() + CHILD_CLOCK
        report = handover.ChildDecision(True, "Barnet berättade själv.")
        handover.decide_child(held.desk, held.request, report, bureau.clock())
        ask(held, Asked(1, MONDAY, Reply.YES))
        assert held.request.child_decision == handover.REPORTED


@pytest.mark.rule("S26")
def test_each_child_is_asked_for_in_its_own_right(either_bureau: Bureau) -> None:
    """A report for one child did not know of the other, nor of what one does."""
    bureau = either_bureau
    reference = bureau.send(text())
    report = handover.ChildDecision(True, "Barnet berättade själv.")
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        for news in (
            Asked(1, MONDAY, exposed=Reply.YES),
            Asked(2, MONDAY, exposed=Reply.YES),
            Asked(2, MONDAY, using=Reply.YES),
        ):
            bureau.clock.forward(hours=30)
            queue.claim(held.desk, held.request, bureau.clock())
            ask(held, news)
            assert needs_child_decision(held.request)
            assert held.request.child_due_at == bureau.clock() + CHILD_CLOCK
            made = handover.decide_child(
                held.desk, held.request, report, bureau.clock()
            )
            assert made is not None
            # What is known is asked again: it was decided, and no press reports twice.
            ask(held, Asked(news.child, MONDAY, news.exposed, news.using))
            ask(held, Asked(1, MONDAY, exposed=Reply.NO))
            ask(held, Asked(1, MONDAY, exposed=Reply.YES))
            assert not needs_child_decision(held.request)
            with pytest.raises(NotAllowed, match="child-reported"):
                handover.decide_child(held.desk, held.request, report, bureau.clock())


@pytest.mark.rule("S26")
def test_a_report_is_counted_whatever_is_decided_for_another_child(
    bureau: Bureau,
) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        for child, reported in ((1, True), (2, False)):
            ask(held, Asked(child, MONDAY, exposed=Reply.YES))
            made = handover.ChildDecision(reported, "Skäl")
            handover.decide_child(held.desk, held.request, made, bureau.clock())
        assert tallies(session, [held.request])["child"] == {handover.REPORTED: 1}


def test_nothing_is_recorded_of_nothing_or_of_a_day_to_come(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        with pytest.raises(NotAllowed, match="nothing-said"):
            ask(held, Asked(0, MONDAY))
        with pytest.raises(NotAllowed, match="day-to-come"):
            ask(held, Asked(0, MONDAY + timedelta(days=1), Reply.NO))
        with pytest.raises(NotHeld):
            ask(sit(bureau, session, "amina", reference), Asked(0, MONDAY, Reply.NO))
        assert latest(session, held.request) == []
        assert held.request.urgency is Urgency.NORMAL
