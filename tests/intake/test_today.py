"""The desk's piles: nothing is left out, nothing lies twice, the soonest lies first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from intake import calls, decisions, handover, queue, replies, returning, seeing
from intake.missed import mark_missed
from intake.outcomes import Outcome
from intake.piles import Beside, Pile, View
from intake.queue import CHILD_CLOCK, LEASE, Desktop
from intake.returning import Return
from intake.store import reading
from intake.today import Row, Today, count_unread, sides_of, today
from intake.topics import Audience, Danger, HandOverGround, Side, Urgency
from intake.vault import KeyPair
from tests.factories import Bureau, text

RIGHT_UNIT = HandOverGround.RIGHT_UNIT
Play = Callable[[Bureau, Desktop, str], None]


def look(bureau: Bureau, login: str, side: Side = Side.HURT) -> Today:
    with reading(bureau.engine) as session:
        view = View(bureau.member(session, login).id, side, bureau.clock())
        return today(session, view)


def row_of(bureau: Bureau, reference: str) -> Row:
    """Return the one row of a request, as Maria sees it."""
    piles = look(bureau, "maria").piles
    rows = [row for lying in piles.values() for row in lying]
    found = [row for row in rows if row.request.reference == reference]
    assert len(found) == 1
    return found[0]


def play(bureau: Bureau, login: str, reference: str, act: Play | None = None) -> None:
    """Let a member read a request, and then do something with it."""
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, login),
            bureau.request(session, reference),
        )
        least = Urgency.of(request.danger)
        queue.first_reading(desk, request, least, bureau.clock())
        if act is not None:
            act(bureau, desk, reference)


def take(bureau: Bureau, desk: Desktop, reference: str) -> None:
    queue.claim(desk, bureau.request(desk.session, reference), bureau.clock())


def ring(bureau: Bureau, desk: Desktop, reference: str) -> None:
    request = bureau.request(desk.session, reference)
    take(bureau, desk, reference)
    calls.start(desk, request, bureau.clock())


def reach(bureau: Bureau, desk: Desktop, reference: str) -> None:
    request = bureau.request(desk.session, reference)
    ring(bureau, desk, reference)
    calls.finish(desk, request, Outcome.WORD_CAME, bureau.clock())
    queue.release(desk, request, bureau.clock())


def hear_stop(bureau: Bureau, desk: Desktop, reference: str) -> None:
    request = bureau.request(desk.session, reference)
    ring(bureau, desk, reference)
    calls.finish(desk, request, Outcome.SAID_STOP, bureau.clock())
    queue.release(desk, request, bureau.clock())


def take_back(bureau: Bureau, desk: Desktop, reference: str) -> None:
    request = bureau.request(desk.session, reference)
    visit = Return(0, request, KeyPair.generate())
    returning.take_back(desk.session, bureau.office, visit, bureau.clock())
    queue.first_reading(desk, request, Urgency.NORMAL, bureau.clock())


def apart(bureau: Bureau) -> str:
    """Ask to be called in a window of its own: the places of each are few."""
    bureau.clock.forward(seconds=1)
    return bureau.send(bureau.callback())


@pytest.mark.rule("S37", "S38")
def test_each_request_lies_in_the_pile_that_fits(bureau: Bureau) -> None:
    sent = {
        Pile.UNREAD: (bureau.send(text()), None),
        Pile.MINE: (bureau.send(text()), take),
        Pile.CALLABLE: (bureau.send(bureau.callback()), None),
        Pile.COMING: (bureau.send(bureau.callback(bureau.around(hours=3))), None),
        Pile.ONGOING: (apart(bureau), reach),
        Pile.DECISION: (apart(bureau), None),
        Pile.TAKEN_BACK: (bureau.send(text()), take_back),
        Pile.ASIDE: (bureau.send(text(set_aside=True)), None),
    }
    acts = {Pile.DECISION: hear_stop}
    for pile, (reference, act) in sent.items():
        if pile is not Pile.UNREAD:
            play(bureau, "maria", reference, acts.get(pile, act))
    piles = look(bureau, "maria").piles
    assert list(piles) == list(Pile)
    assert next(iter(piles)) is Pile.UNREAD
    for pile, (reference, _) in sent.items():
        lying = [row.request.reference for row in piles[pile]]
        assert lying == [reference], pile


def test_whatever_happens_every_open_request_lies_once(bureau: Bureau) -> None:
    acts: list[Play | None] = [None, take, ring, reach, hear_stop, take_back]
    for act in acts:
        play(bureau, "maria", apart(bureau), act)
    for hours in (0, 2, 12, 72):
        bureau.clock.forward(hours=hours)
        rows = [r for pile in look(bureau, "maria").piles.values() for r in pile]
        assert len({row.request.id for row in rows}) == len(rows) == len(acts)


@pytest.mark.rule("S37")
def test_the_end_of_the_window_sorts_and_the_acute_unread_is_first(
    bureau: Bureau,
) -> None:
    late = bureau.send(bureau.callback(bureau.around(hours=3)))
    soon = bureau.send(bureau.callback(bureau.around(hours=1)))
    for reference in (late, soon):
        play(bureau, "maria", reference)
    plain, acute = bureau.send(text()), bureau.send(text(danger=Danger.NOW))
    piles = look(bureau, "maria").piles
    order = {
        pile: [row.request.reference for row in rows] for pile, rows in piles.items()
    }
    assert order[Pile.COMING] == [soon, late]
    assert order[Pile.UNREAD] == [acute, plain]


@pytest.mark.rule("S37")
@pytest.mark.parametrize("marked", [True, False])
def test_a_window_that_ended_uncalled_is_missed_by_us(
    bureau: Bureau, marked: bool
) -> None:
    reference = bureau.send(bureau.callback())
    play(bureau, "maria", reference)
    bureau.clock.forward(minutes=45)  # a call can't start any more
    assert row_of(bureau, reference).pile is Pile.LATE
    bureau.clock.forward(minutes=20)
    if marked:
        with bureau.writing() as session:
            request = bureau.request(session, reference)
            mark_missed(session, bureau.office, request.id, bureau.clock())
            assert request.attempts == 0
    row = row_of(bureau, reference)
    assert (row.pile, row.is_missed) == (Pile.LATE, True)
    play(bureau, "maria", reference, answer)
    assert row_of(bureau, reference).pile is Pile.ONGOING


def answer(bureau: Bureau, desk: Desktop, reference: str) -> None:
    request = bureau.request(desk.session, reference)
    take(bureau, desk, reference)
    bureau.clock.forward(minutes=1)
    replies.answer(desk, request, "Hej", bureau.clock())
    queue.release(desk, request, bureau.clock())


def test_what_is_due_is_late_until_it_is_answered(bureau: Bureau) -> None:
    reference = bureau.send(text())
    assert row_of(bureau, reference).due is not None
    play(bureau, "maria", reference)
    row = row_of(bureau, reference)
    assert row.due == row.request.due_at
    assert not row.is_late
    bureau.clock.forward(days=7)
    late = row_of(bureau, reference)
    assert (late.pile, late.is_late) == (Pile.LATE, True)
    play(bureau, "maria", reference, answer)
    assert row_of(bureau, reference).due is None


def write(bureau: Bureau, reference: str) -> None:
    """Let her write more with her number."""
    with bureau.writing() as session:
        visit = Return(0, bureau.request(session, reference), KeyPair.generate())
        now, more = bureau.clock.forward(hours=1), text("Han vet nu")
        returning.write_more(session, bureau.office, visit, more, now)


def close(bureau: Bureau, desk: Desktop, reference: str) -> None:
    take(bureau, desk, reference)
    request = bureau.request(desk.session, reference)
    decisions.close(desk, request, decisions.CHECKED, bureau.clock())


def close_answered(bureau: Bureau, desk: Desktop, reference: str) -> None:
    answer(bureau, desk, reference)
    close(bureau, desk, reference)


def move(bureau: Bureau, desk: Desktop, reference: str) -> None:
    request = bureau.request(desk.session, reference)
    take(bureau, desk, reference)
    handover.hand_over(desk, request, "adult", RIGHT_UNIT, "Rätt", bureau.clock())


@pytest.mark.rule("S33", "S38")
@pytest.mark.parametrize("ends", [answer, close, close_answered])
def test_what_she_writes_after_an_answer_is_due_again_though_it_was_read(
    bureau: Bureau, ends: Play
) -> None:
    reference = bureau.send(text())
    play(bureau, "maria", reference, ends)
    bureau.clock.forward(days=3)
    write(bureau, reference)
    calendar = bureau.office.units["adult"].calendar
    due = calendar.due_after(bureau.clock(), 960)
    play(bureau, "amina", reference)
    row = row_of(bureau, reference)
    assert (row.pile, row.due, row.is_late) == (Pile.ONGOING, due, False)
    write(bureau, reference)  # again: that moves nothing
    play(bureau, "amina", reference)
    assert row_of(bureau, reference).due == due > row.request.due_at
    bureau.clock.now = due
    assert row_of(bureau, reference).pile is Pile.LATE
    play(bureau, "maria", reference, answer)
    row = row_of(bureau, reference)
    assert (row.pile, row.due) == (Pile.ONGOING, None)


@pytest.mark.rule("S33")
def test_what_was_never_answered_keeps_its_first_due_time(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=Audience.RELATIVE))
    due = due_of(bureau, reference)
    bureau.clock.forward(days=5)
    for _ in range(2):
        write(bureau, reference)
        assert due_of(bureau, reference) == due
    play(bureau, "johan", reference, move)
    play(bureau, "maria", reference)
    row = row_of(bureau, reference)
    assert (row.pile, row.due) == (Pile.LATE, due) == (Pile.LATE, row.request.due_at)


@pytest.mark.rule("S33")
def test_who_is_handed_what_was_answered_has_a_due_time(bureau: Bureau) -> None:
    reference = bureau.send(text(audience=Audience.RELATIVE))
    play(bureau, "johan", reference, answer)
    assert due_of(bureau, reference) is None
    play(bureau, "johan", reference, move)
    due = due_of(bureau, reference)
    play(bureau, "amina", reference)
    assert row_of(bureau, reference).due == due is not None


def due_of(bureau: Bureau, reference: str) -> datetime | None:
    with reading(bureau.engine) as session:
        return bureau.request(session, reference).answer_due_at


def test_who_has_it_stands_in_the_row_until_the_lease_ends(bureau: Bureau) -> None:
    reference = bureau.send(text())
    play(bureau, "amina", reference, take)
    assert row_of(bureau, reference).holder == "Amina"
    bureau.clock.forward(seconds=LEASE.total_seconds())
    assert row_of(bureau, reference).holder == ""


@pytest.mark.rule("S26")
def test_a_child_stays_listed_until_something_is_decided(bureau: Bureau) -> None:
    reference = bureau.send(text(children=True))
    assert (
        look(bureau, "maria").beside[Beside.CHILDREN] == []
    )  # nobody has opened it yet
    play(bureau, "maria", reference, open_page)
    for later in (timedelta(0), CHILD_CLOCK, timedelta(days=30)):
        bureau.clock.now += later
        rows = look(bureau, "maria").beside[Beside.CHILDREN]
        assert [row.request.reference for row in rows] == [reference]
    play(bureau, "maria", reference, decide_child)
    assert look(bureau, "maria").beside[Beside.CHILDREN] == []


def open_page(bureau: Bureau, desk: Desktop, reference: str) -> None:
    seeing.opened(desk, bureau.request(desk.session, reference), bureau.clock())


def decide_child(bureau: Bureau, desk: Desktop, reference: str) -> None:
    take(bureau, desk, reference)
    request = bureau.request(desk.session, reference)
    reason = handover.ChildDecision(False, "Barnen är vuxna.")
    handover.decide_child(desk, request, reason, bureau.clock())


@pytest.mark.rule("S31")
def test_the_two_sides_are_never_listed_together(bureau: Bureau) -> None:
    hurt = bureau.send(text(under_18=True))
    hurts = bureau.send(text(under_18=True, audience=Audience.USES_VIOLENCE))
    for side, reference in ((Side.HURT, hurt), (Side.HURTS, hurts)):
        piles = look(bureau, "sara", side).piles
        assert [r.request.reference for r in piles[Pile.UNREAD]] == [reference]
    with bureau.writing() as session:
        sara, amina = bureau.member(session, "sara"), bureau.member(session, "amina")
        assert sides_of(sara) == [Side.HURT, Side.HURTS]
        assert sides_of(amina) == [Side.HURT]
        assert count_unread(session, sara, Side.HURTS) == 1
        assert count_unread(session, amina, Side.HURTS) == 0


def test_what_is_closed_lies_nowhere(bureau: Bureau) -> None:
    reference = bureau.send(text())
    play(bureau, "maria", reference, close)
    assert [row for rows in look(bureau, "maria").piles.values() for row in rows] == []


@pytest.mark.rule("S36", "S38")
def test_danger_now_is_counted_and_stands_first_even_set_aside(bureau: Bureau) -> None:
    bureau.send(text())
    bureau.send(text(set_aside=True))
    assert next(iter(look(bureau, "maria").piles)) is Pile.UNREAD
    reference = bureau.send(text(set_aside=True, danger=Danger.NOW))
    piles = look(bureau, "maria").piles
    assert list(piles) == [Pile.ASIDE, *(one for one in Pile if one is not Pile.ASIDE)]
    assert piles[Pile.ASIDE][0].request.reference == reference
    with reading(bureau.engine) as session:
        maria = bureau.member(session, "maria")
        assert count_unread(session, maria, Side.HURT) == 2
