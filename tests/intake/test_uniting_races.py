"""Two who act at once on what staff join, each in a session of its own (S8)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from sqlalchemy.orm import Session

from intake import calls, queue, uniting
from intake.errors import AlreadyHeld, NotAllowed
from intake.models import Request
from intake.people import UnitRecord
from intake.queue import Desktop
from intake.store import writing
from intake.topics import Contact, State
from tests.factories import Bureau
from tests.intake.test_races import WAIT, Act, cancel, take_back
from tests.intake.two import READ, both_called, sitting

pytestmark = [pytest.mark.postgres, pytest.mark.rule("S8")]
Pair = tuple[Desktop, Request, Request]


@pytest.fixture
def digits(bureau: Bureau) -> dict[str, str]:
    """Return two requests that ask for a call now, each read: reference and number."""
    with sitting(bureau, *both_called(bureau)) as pair:
        unit = pair.session.get_one(UnitRecord, pair.first.unit)
        unit.call_tested_at = bureau.clock()
        return pair.digits


def at(bureau: Bureau, session: Session, digits: dict[str, str], login: str) -> Pair:
    first, later = (bureau.request(session, one) for one in digits)
    return bureau.desk(session, login), first, later


def done(bureau: Bureau, digits: dict[str, str], *acts: Callable[[Pair], None]) -> None:
    """Let Maria do some things, each in a transaction of its own."""
    for act in acts:
        with bureau.writing() as session:
            act(at(bureau, session, digits, "maria"))


class Acts:
    """What a member does with the pair, at a time of the bureau's clock."""

    def __init__(self, bureau: Bureau) -> None:
        self.now = bureau.clock

    def take_first(self, pair: Pair) -> None:
        queue.claim(pair[0], pair[1], self.now())

    def take_later(self, pair: Pair) -> None:
        queue.claim(pair[0], pair[2], self.now())

    def hold_first(self, pair: Pair) -> None:
        queue.hold(pair[0], pair[1], self.now())

    def unite(self, pair: Pair) -> None:
        uniting.unite(pair[0], pair[1], pair[2], READ, self.now())

    def unite_from_later(self, pair: Pair) -> None:
        uniting.unite(pair[0], pair[2], pair[1], READ, self.now())

    def part(self, pair: Pair) -> None:
        uniting.part(pair[0], pair[2], self.now())

    def ring_first(self, pair: Pair) -> None:
        calls.start(pair[0], pair[1], self.now())

    def ring_later(self, pair: Pair) -> None:
        calls.start(pair[0], pair[2], self.now())


@pytest.fixture
def acts(bureau: Bureau) -> Acts:
    return Acts(bureau)


@pytest.fixture
def beside(bureau: Bureau, digits: dict[str, str]) -> Callable[..., object]:
    """Let a second act begin while a first one's transaction goes on; both end.

    Returns how the second one ended: an error, or nothing.
    """

    def meet(
        first: Callable[[Pair], None],
        second: Callable[[Pair], None],
        by: str = "maria",
        then: Callable[[Pair], None] = lambda _: None,
    ) -> object:
        def act() -> None:
            with bureau.writing() as session:
                second(at(bureau, session, digits, by))

        with ThreadPoolExecutor(1) as pool, writing(bureau.engine) as session:
            pair = at(bureau, session, digits, "maria")
            first(pair)
            acting = pool.submit(act)
            with pytest.raises(StillWaiting):
                acting.result(WAIT)
            then(pair)
            session.commit()
            return acting.exception(20)

    return meet


def joined(bureau: Bureau, digits: dict[str, str]) -> list[list[str]]:
    """Return what each chain tells of joining and parting."""
    with bureau.writing() as session:
        both = (bureau.request(session, one) for one in digits)
        told = ("united", "parted")
        return [[e.kind for e in one.events if e.kind in told] for one in both]


def test_two_who_join_from_either_end_join_once(
    bureau: Bureau, digits: dict[str, str], acts: Acts, beside: Callable[..., object]
) -> None:
    done(bureau, digits, acts.take_first, acts.take_later)
    # The one who comes behind has locked nothing that the one before still needs.
    ended = beside(acts.hold_first, acts.unite_from_later, then=acts.unite)
    assert isinstance(ended, NotAllowed)
    assert ended.reason == "joined-already"
    assert joined(bureau, digits) == [["united"]] * 2


def test_a_colleague_who_takes_the_other_one_meanwhile_is_refused(
    bureau: Bureau, digits: dict[str, str], acts: Acts, beside: Callable[..., object]
) -> None:
    done(bureau, digits, acts.take_first)
    assert isinstance(beside(acts.unite, acts.take_later, by="amina"), AlreadyHeld)


@pytest.mark.rule("S13")
def test_two_who_take_one_each_at_once_do_not_both_get_it(
    bureau: Bureau, digits: dict[str, str], acts: Acts, beside: Callable[..., object]
) -> None:
    # They begin with two that nobody holds any more.
    done(bureau, digits, acts.take_first, acts.unite)
    bureau.clock.forward(minutes=queue.LEASE.seconds // 60 + 1)
    ended = beside(acts.take_later, acts.take_first, by="amina")
    assert isinstance(ended, AlreadyHeld)
    done(bureau, digits, acts.take_first)


@pytest.mark.rule("S5", "S15")
@pytest.mark.parametrize("no", [take_back, cancel])
def test_her_no_holds_whether_it_comes_before_the_joining_or_behind(
    bureau: Bureau, digits: dict[str, str], acts: Acts, no: Act
) -> None:
    done(bureau, digits, acts.take_first)
    (_, hers) = digits.values()

    def say() -> None:
        with bureau.writing() as session:
            no(bureau, session, hers)

    with ThreadPoolExecutor(1) as pool, writing(bureau.engine) as session:
        pair = at(bureau, session, digits, "maria")
        acts.unite(pair)
        saying = pool.submit(say)
        with pytest.raises(StillWaiting):
            saying.result(WAIT)
        session.commit()
        saying.result(20)
    with bureau.writing() as session:
        desk, first, later = at(bureau, session, digits, "maria")
        assert later.contact in (Contact.TAKEN_BACK, Contact.CANCELLED)
        assert calls.locks(desk, first, bureau.clock()) == ["joined-contact"]


@pytest.mark.rule("S5")
def test_what_is_being_taken_back_is_not_joined(
    bureau: Bureau, digits: dict[str, str], acts: Acts
) -> None:
    done(bureau, digits, acts.take_first)
    (_, hers) = digits.values()
    with ThreadPoolExecutor(1) as pool, writing(bureau.engine) as session:
        take_back(bureau, session, hers)
        joining = pool.submit(done, bureau, digits, acts.unite)
        with pytest.raises(StillWaiting):
            joining.result(WAIT)
        session.commit()
        with pytest.raises(NotAllowed, match="closed"):
            joining.result(20)
    assert joined(bureau, digits) == [[], []]


@pytest.mark.rule("S12", "S13")
def test_nothing_is_joined_while_a_call_starts(
    bureau: Bureau, digits: dict[str, str], acts: Acts, beside: Callable[..., object]
) -> None:
    done(bureau, digits, acts.take_first, acts.take_later)
    ended = beside(acts.ring_later, acts.unite)
    assert isinstance(ended, NotAllowed)
    assert ended.reason == "call-without-outcome"


@pytest.mark.rule("S12", "S13")
def test_she_is_not_rung_from_two_pages_at_once(
    bureau: Bureau, digits: dict[str, str], acts: Acts, beside: Callable[..., object]
) -> None:
    done(bureau, digits, acts.take_first, acts.take_later, acts.unite)
    ended = beside(acts.ring_first, acts.ring_later)
    assert isinstance(ended, NotAllowed)
    assert ended.reason == "joined-rung"
    with bureau.writing() as session:
        _, first, later = at(bureau, session, digits, "maria")
        assert (first.state, later.state) == (State.CALLING, State.OPEN)


def test_two_who_part_them_at_once_part_them_once(
    bureau: Bureau, digits: dict[str, str], acts: Acts, beside: Callable[..., object]
) -> None:
    done(bureau, digits, acts.take_first, acts.unite)
    ended = beside(acts.part, acts.part)
    assert isinstance(ended, NotAllowed)
    assert ended.reason == "not-joined"
    assert joined(bureau, digits) == [["united", "parted"]] * 2
