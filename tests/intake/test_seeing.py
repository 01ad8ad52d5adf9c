"""Each opening says what it was for, by a key and without a question to anybody."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import queue, seeing, two_person, uniting
from intake.life import EventKind, broken_at
from intake.models import Event, Request
from intake.queue import LEASE, Desktop
from intake.seeing import SAME_VISIT, Ground
from intake.topics import Danger, Mark, Urgency
from intake.two_person import Opening
from tests.factories import Bureau, text
from tests.intake.two import sitting

WHY = "Hon är på väg hem till honom."
READ = Urgency.NORMAL


@dataclass
class Case:
    """One request, and whoever sits down to look at it."""

    bureau: Bureau
    session: Session
    request: Request

    def desk(self, login: str) -> Desktop:
        return self.bureau.desk(self.session, login)

    def opens(self, login: str) -> None:
        seeing.opened(self.desk(login), self.request, self.bureau.clock())

    def reads(self, login: str) -> None:
        now = self.bureau.clock()
        queue.first_reading(self.desk(login), self.request, READ, now)

    def takes(self, login: str) -> None:
        queue.claim(self.desk(login), self.request, self.bureau.clock())

    def finds(self, login: str) -> None:
        seeing.found(self.desk(login), self.request, self.bureau.clock())

    def breaks(self, login: str) -> None:
        now = self.bureau.clock()
        two_person.break_glass(self.desk(login), self.request, WHY, now)

    def let_in(self, login: str, by: str) -> None:
        now = self.bureau.clock()
        two_person.ask(self.desk(login), self.request, now)
        asked = self.session.scalars(select(Opening)).one()
        two_person.approve(self.desk(by), asked, now)

    def protect(self) -> None:
        self.request.marks = [Mark.PROTECTED_DATA.value]
        self.session.flush()

    def facts(self) -> list[dict[str, object]]:
        """Return what each opening says of itself, the oldest first."""
        opened = select(Event).where(
            Event.request_id == self.request.id,
            Event.kind == EventKind.OPENED.value,
        )
        found = self.session.scalars(opened.order_by(Event.seq))
        return [dict(event.data) for event in found]

    def why(self) -> list[object]:
        return [fact["why"] for fact in self.facts()]


@pytest.fixture
def case(either_bureau: Bureau) -> Iterator[Case]:
    reference = either_bureau.send(text())
    with either_bureau.writing() as session:
        request = either_bureau.request(session, reference)
        yield Case(either_bureau, session, request)


def test_what_nobody_had_read_and_what_lies_at_her_desk(case: Case) -> None:
    case.opens("maria")
    case.reads("maria")
    case.opens("amina")
    assert case.facts() == [{"why": "unread"}, {"why": "colleague"}]


def test_who_has_it_opens_what_she_holds_and_only_while_she_does(case: Case) -> None:
    case.takes("amina")
    case.opens("amina")
    case.finds("amina")  # the same visit, and hers however she came to it
    case.bureau.clock.forward(seconds=LEASE.total_seconds())
    case.opens("amina")
    assert case.why() == [Ground.HOLDS, Ground.UNREAD]


def test_what_was_searched_for_is_told_once_and_as_that(case: Case) -> None:
    case.finds("amina")
    case.opens("amina")  # the page that the search leads to
    assert case.why() == [Ground.FOUND]
    case.bureau.clock.forward(seconds=SAME_VISIT.total_seconds())
    case.reads("maria")
    case.opens("amina")
    assert case.why() == [Ground.FOUND, Ground.COLLEAGUE]


def test_who_has_no_other_way_to_it_reads_as_on_call(bureau: Bureau) -> None:
    reference = bureau.send(text(danger=Danger.NOW))  # to the day unit and on-call
    with bureau.writing() as session:
        case = Case(bureau, session, bureau.request(session, reference))
        case.opens("sara")
        case.opens("amina")
        assert case.why() == [Ground.ON_CALL, Ground.UNREAD]


@pytest.mark.rule("S32")
def test_of_what_takes_two_the_way_in_is_told(case: Case) -> None:
    case.protect()
    case.let_in("amina", by="maria")
    case.takes("amina")  # she holds it too: a colleague let her in before
    case.opens("amina")
    case.breaks("johan")
    case.opens("johan")
    two, glass = case.session.scalars(select(Opening.id).order_by(Opening.id))
    assert case.facts() == [
        {"why": "two", "opening": two},
        {"why": "glass", "opening": glass},
    ]


@pytest.mark.rule("S32")
def test_a_glass_is_told_however_soon_after_another_opening(case: Case) -> None:
    case.opens("amina")
    case.protect()
    for _ in range(2):
        case.breaks("amina")
        case.opens("amina")
        case.opens("amina")
    assert case.why() == [Ground.UNREAD, Ground.GLASS, Ground.GLASS]


@pytest.mark.rule("S32")
def test_a_search_that_ends_at_the_door_is_no_opening(case: Case) -> None:
    case.protect()
    case.finds("amina")
    assert case.facts() == []


@pytest.mark.rule("S32")
def test_who_sets_the_mark_opened_it_as_before(case: Case) -> None:
    case.protect()
    two_person.keep_open(case.desk("amina"), case.request, case.bureau.clock())
    case.opens("amina")
    assert case.facts() == [{"why": "unread"}]


@pytest.mark.rule("S32")
def test_the_chain_holds_keys_and_no_reason(case: Case) -> None:
    case.protect()
    case.breaks("amina")
    case.opens("amina")
    case.session.expire(case.request, ["events"])
    events, signer = case.request.events, case.bureau.office.signer
    assert WHY not in str([event.data for event in events])
    assert broken_at(events, {signer.name: signer.key}) is None


@pytest.mark.rule("S31")
def test_no_ground_tells_that_there_is_another_of_hers(bureau: Bureau) -> None:
    with sitting(bureau) as pair:
        pair.unite()
        uniting.opened(pair.desk, pair.first, bureau.clock())
        first, later = (Case(bureau, pair.session, one) for one in pair.both())
        assert first.facts() == [{"why": "holds"}]
        assert later.facts() == [{"why": "colleague"}]
