"""Staff join requests of one person at one desk, and part them again (S8)."""

from collections.abc import Callable, Iterator

import pytest

from intake import (
    access_log,
    decisions,
    handover,
    queue,
    replies,
    returning,
    seeing,
    sides,
    two_person,
    uniting,
)
from intake.envelopes import current_number
from intake.errors import NotAllowed, NotHeld
from intake.models import Request
from intake.outcomes import Outcome
from intake.submissions import Submission
from intake.topics import (
    Audience,
    Channel,
    HandOverGround,
    JoinGround,
    Mark,
    Side,
    State,
)
from tests.factories import Bureau, text
from tests.intake.two import READ, Two, both_called, sitting

SAID = JoinGround.SAID
pytestmark = pytest.mark.rule("S8")


@pytest.fixture
def pair(either_bureau: Bureau) -> Iterator[Two]:
    """Return two requests in writing."""
    with sitting(either_bureau) as made:
        yield made


def test_the_later_points_to_the_first_and_nothing_moves(pair: Two) -> None:
    before = {
        one.reference: ([key.box for key in one.keys], [e.box for e in one.envelopes])
        for one in (pair.first, pair.later)
    }
    # From the later one's page it comes to the same.
    queue.claim(pair.desk, pair.later, pair.bureau.clock())
    now = pair.bureau.clock()
    uniting.unite(pair.desk, pair.later, pair.first, READ, now)
    assert (pair.later.joined_to, pair.first.joined_to) == (pair.first, None)
    for one in (pair.first, pair.later):
        kept = [key.box for key in one.keys], [e.box for e in one.envelopes]
        assert kept == before[one.reference]
        assert one.state is State.OPEN
        event = one.events[-1]
        assert (event.kind, event.data) == ("united", {"because": "read"})
        assert event.member is pair.desk.member


def test_one_press_undoes_it_and_both_chains_say_so(pair: Two) -> None:
    pair.unite()
    assert list(pair.rows()) == [pair.first.reference]
    uniting.part(pair.desk, pair.later, pair.bureau.clock())
    assert pair.later.joined_to is None
    assert pair.later.joined_because is None
    assert {one.events[-1].kind for one in (pair.first, pair.later)} == {"parted"}
    assert set(pair.rows()) == {pair.first.reference, pair.later.reference}
    with pytest.raises(NotAllowed, match="not-joined"):
        uniting.part(pair.desk, pair.later, pair.bureau.clock())


def test_only_who_holds_one_of_them_joins_or_parts(pair: Two) -> None:
    now = pair.bureau.clock()
    with pytest.raises(NotHeld):
        uniting.unite(pair.desk, pair.first, pair.later, READ, now)
    amina = pair.bureau.desk(pair.session, "amina")
    queue.claim(amina, pair.later, now)
    with pytest.raises(NotAllowed, match="joined-held"):
        pair.unite()
    queue.release(amina, pair.later, now)
    pair.unite()
    with pytest.raises(NotHeld):
        uniting.part(amina, pair.later, now)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (text(audience=Audience.USES_VIOLENCE), "not-one-desk"),
        (text(avoid="Amina"), "not-one-desk"),
        (text(audience=Audience.PROFESSIONAL), "not-one-desk|not-one-person"),
        (text(for_other=True), "not-one-person"),
    ],
)
@pytest.mark.rule("S29", "S30")
def test_never_across_the_wall_nor_with_another_persons(
    either_bureau: Bureau, sent: Submission, why: str
) -> None:
    with (
        sitting(either_bureau, text(), sent) as pair,
        pytest.raises(NotAllowed, match=why),
    ):
        pair.unite()


@pytest.mark.rule("S28")
def test_what_would_not_be_seen_or_said_is_not_joined(pair: Two) -> None:
    now = pair.bureau.clock()
    states: list[tuple[str, Callable[[], None]]] = [
        ("same-request", lambda: None),
        ("closed", lambda: setattr(pair.later, "state", State.CLOSED)),
        ("call-without-outcome", lambda: setattr(pair.later, "state", State.CALLING)),
        ("unread-words", lambda: setattr(pair.later, "unread_since", now)),
        ("set-aside", lambda: setattr(pair.later, "set_aside", True)),
        ("not-one-person", lambda: setattr(pair.later, "channel", Channel.CONCERN)),
        ("not-one-person", lambda: setattr(pair.later, "under_18", True)),
    ]
    for why, make in states:
        with pair.session.begin_nested() as undone:
            make()
            pair.session.flush()
            other = pair.first if why == "same-request" else pair.later
            queue.claim(pair.desk, pair.first, now)
            with pytest.raises(NotAllowed, match=why):
                uniting.unite(pair.desk, pair.first, other, READ, now)
            undone.rollback()
    pair.unite()
    with pytest.raises(NotAllowed, match="joined-already"):
        uniting.unite(pair.desk, pair.first, pair.later, READ, now)


@pytest.mark.rule("S32")
def test_a_protected_one_takes_two_before_and_after(pair: Two) -> None:
    pair.later.marks = [Mark.PROTECTED_DATA.value]
    with pytest.raises(NotAllowed, match="joined-two-first"):
        pair.unite()
    two_person.keep_open(pair.desk, pair.later, pair.bureau.clock())
    pair.unite()
    now = pair.bureau.clock()
    assert uniting.shown_with(pair.desk, pair.first, now) == [pair.later]
    amina = pair.bureau.desk(pair.session, "amina")
    assert uniting.shown_with(amina, pair.first, now) == []
    assert uniting.known(amina, pair.first) == [pair.later]


@pytest.mark.rule("S35")
def test_who_reads_the_first_is_in_the_log_of_both(pair: Two) -> None:
    pair.later.child_mark = True
    pair.unite()
    amina = pair.bureau.desk(pair.session, "amina")
    uniting.opened(amina, pair.first, pair.bureau.clock())
    for one in (pair.first, pair.later):
        last = one.events[-1]
        assert (last.kind, last.member) == ("opened", amina.member)
    assert pair.later.child_due_at is not None  # S26: from the first opening


@pytest.mark.rule("S1", "S6")
def test_by_what_we_read_each_number_shows_its_own_answers(pair: Two) -> None:
    pair.unite()
    replies.answer(pair.desk, pair.first, "Vi ses i morgon", pair.bureau.clock())
    assert pair.answers(pair.first) == ["Vi ses i morgon"]
    assert pair.answers(pair.later) == []


@pytest.mark.rule("S1", "S6")
def test_after_the_word_in_both_either_number_shows_them(
    either_bureau: Bureau,
) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        pair.ring(pair.first, Outcome.WORD_CAME)
        with pytest.raises(NotAllowed, match="joined-unsaid"):
            pair.unite(SAID)
        pair.ring(pair.later, Outcome.WORD_CAME)
        pair.unite(SAID)
        keys = pair.first.answer_public, pair.later.answer_public
        assert keys[0] != keys[1]  # each receipt opens with a key of its own
        told = [len(returning.story(one, pair.bureau.clock())) for one in pair.both()]
        replies.answer(pair.desk, pair.first, "Vi ses i morgon", pair.bureau.clock())
        for one in pair.both():
            assert pair.answers(one) == ["Vi ses i morgon"]
        uniting.part(pair.desk, pair.later, pair.bureau.clock())
        after = [len(returning.story(one, pair.bureau.clock())) for one in pair.both()]
        # Of the joining her thread tells nothing: an answer came, and no more.
        assert after == [count + 1 for count in told]


@pytest.mark.rule("S6")
def test_a_number_that_changed_since_says_nothing(either_bureau: Bureau) -> None:
    with sitting(either_bureau, *both_called(either_bureau)) as pair:
        for one in pair.both():
            pair.ring(one, Outcome.WORD_CAME)
        number = current_number(pair.later)
        assert number is not None
        number.confirmed_at = None  # as another that came by receipt
        with pytest.raises(NotAllowed, match="joined-unsaid"):
            pair.unite(SAID)


@pytest.mark.rule("S30", "S31", "S33")
@pytest.mark.parametrize("goes", ["first", "later"])
@pytest.mark.parametrize("way", ["mark", "side", "unit"])
def test_what_leaves_the_desk_is_parted_and_named_nowhere(
    either_bureau: Bureau, goes: str, way: str
) -> None:
    with sitting(either_bureau) as pair:
        pair.unite()
        gone, stays = pair.first, pair.later
        if goes == "later":
            gone, stays = stays, gone
        now = pair.bureau.clock()
        queue.claim(pair.desk, gone, now)
        if way == "mark":
            sides.mark_may_hurt(pair.desk, gone, now)
        elif way == "side":
            sides.correct_side(pair.desk, gone, Side.HURTS, "Skäl", now)
        else:
            ground = HandOverGround.RIGHT_UNIT
            handover.hand_over(pair.desk, gone, "children", ground, "", now)
        assert pair.later.joined_to is None
        assert list(pair.rows()) == [stays.reference]
        told = [str(event.data) for event in gone.events]
        assert not any(stays.reference in one for one in told)


@pytest.mark.rule("S30", "S31")
def test_the_log_across_the_wall_tells_of_no_joining(pair: Two) -> None:
    seeing.opened(pair.desk, pair.later, pair.bureau.clock())
    pair.unite()

    def did(request: Request) -> set[str]:
        seen = [one for one in request.events if one.kind == "opened"]
        lines = access_log.lines(pair.session, seen)
        return {kind.value for line in lines for kind in line.did}

    assert "united" in did(pair.later)
    queue.claim(pair.desk, pair.later, pair.bureau.clock())
    sides.mark_may_hurt(pair.desk, pair.later, pair.bureau.clock())
    pair.session.expire(pair.later, ["events"])
    assert not did(pair.later) & {"united", "parted"}
    assert "mark" in did(pair.later)


@pytest.mark.rule("S5", "S15")
def test_what_is_joined_is_neither_closed_nor_lost_with_the_first(pair: Two) -> None:
    pair.unite()
    now = pair.bureau.clock()
    decisions.close(pair.desk, pair.first, decisions.CHECKED, now)
    assert pair.later.state is State.OPEN
    assert list(pair.rows()) == [pair.later.reference]
