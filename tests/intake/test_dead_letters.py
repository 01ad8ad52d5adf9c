"""Texts that did not get there: seen behind the wall until somebody deals with them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from intake import dead_letters, queue, replies
from intake.errors import NotAllowed
from intake.forgetting import SETTLED_AFTER
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.queue import Desktop
from intake.topics import Opening, Side, State
from tests.factories import Bureau


@dataclass
class Written:
    """A text that staff wrote, and where it may end."""

    bureau: Bureau
    session: Session
    desk: Desktop
    request: Request
    row: OutboundText

    def ends(self, state: Delivery, error: str | None = None) -> None:
        self.row.state, self.row.error = state, error
        self.row.lease_until = self.bureau.clock()
        self.session.flush()

    def seen_by(self, login: str, side: Side = Side.HURT) -> int:
        member = self.bureau.member(self.session, login)
        at = (self.session, member.id, side, self.bureau.clock())
        rows = dead_letters.undelivered(*at)
        assert len(rows) == dead_letters.count_undelivered(*at)
        return len(rows)


@pytest.fixture
def written(bureau: Bureau) -> Iterator[Written]:
    reference = bureau.send(bureau.callback(texts=True))
    with bureau.writing() as session:
        desk = bureau.desk(session, "amina")
        request, now = bureau.request(session, reference), bureau.clock()
        queue.claim(desk, request, now)
        request.numbers[0].confirmed_at = now
        at = (desk, request, "later", Opening.CLUB, True, now)
        row = replies.write_text(*at)
        session.flush()
        yield Written(bureau, session, desk, request, row)


@pytest.mark.parametrize(
    ("state", "error", "lies"),
    [
        (Delivery.FAILED, "30006", True),
        (Delivery.FAILED, "21610", True),
        (Delivery.EXPIRED, "late", True),
        (Delivery.EXPIRED, "stopped", True),
        (Delivery.CANCELLED, "cap", True),
        (Delivery.CANCELLED, "number", True),
        (Delivery.CANCELLED, None, True),
        (Delivery.CANCELLED, "contact", False),
        (Delivery.CANCELLED, "dry-run", False),
        (Delivery.WAITING, None, False),
        (Delivery.SENT, None, False),
        (Delivery.DELIVERED, None, False),
    ],
)
def test_what_did_not_get_there_lies_until_dealt_with(
    written: Written, state: Delivery, error: str | None, lies: bool
) -> None:
    written.ends(state, error)
    assert written.seen_by("amina") == lies


def test_a_doubt_lies_there_once_the_carrier_was_asked(written: Written) -> None:
    written.ends(Delivery.UNKNOWN)
    assert written.seen_by("amina") == 0
    written.bureau.clock.forward(minutes=6)
    assert written.seen_by("amina") == 1


def test_what_nobody_told_of_lies_there_once_its_time_is_over(written: Written) -> None:
    written.ends(Delivery.SENT)
    written.bureau.clock.now = written.row.not_after + SETTLED_AFTER
    assert written.seen_by("amina") == 0  # the carrier is asked first
    written.bureau.clock.forward(minutes=6)
    assert written.seen_by("amina") == 1
    written.ends(Delivery.DELIVERED)
    assert written.seen_by("amina") == 0


@pytest.mark.rule("S31")
def test_behind_the_wall_nothing_of_it_is_seen(written: Written) -> None:
    written.ends(Delivery.FAILED, "30006")
    assert written.seen_by("amina", Side.HURTS) == 0
    assert written.seen_by("erik") == written.seen_by("erik", Side.HURTS) == 0


def test_what_was_dealt_with_lies_there_no_more(written: Written) -> None:
    written.ends(Delivery.FAILED, "30006")
    now = written.bureau.clock()
    with pytest.raises(NotAllowed, match="newer-words"):
        dead_letters.settle(written.desk, written.request, 0, now)
    dead_letters.settle(written.desk, written.request, 1, now)
    assert written.seen_by("amina") == 0
    last = written.request.events[-1]
    assert (last.kind, last.member_id) == ("text-settled", written.desk.member.id)


def test_of_a_closed_request_nothing_is_left_to_do(written: Written) -> None:
    written.ends(Delivery.FAILED, "30006")
    written.request.state = State.CLOSED
    written.session.flush()
    assert written.seen_by("amina") == 0


@pytest.mark.parametrize(
    ("error", "locked"), [("21614", True), ("30004", True), ("30003", False)]
)
def test_a_number_that_no_text_reaches_gets_no_more(
    written: Written, error: str, locked: bool
) -> None:
    written.ends(Delivery.FAILED, error)
    at = (written.desk, written.request, True, written.bureau.clock())
    assert (replies.text_locks(*at) == ["texts-impossible"]) is locked
    # Of the number that she gives instead it says nothing.
    written.request.numbers[0].envelope.at = written.bureau.clock.forward(minutes=1)
    written.session.flush()
    assert replies.text_locks(*at) == []


def test_our_own_fault_is_told_for_a_day(written: Written) -> None:
    at = written.session, written.bureau.clock()
    written.ends(Delivery.FAILED, "30006")
    assert dead_letters.our_fault(*at) is None
    written.ends(Delivery.EXPIRED, "http-503")
    assert dead_letters.our_fault(*at) is None
    written.ends(Delivery.WAITING, "http-401")
    assert dead_letters.our_fault(*at) is written.row
    written.ends(Delivery.WAITING, "20003")
    assert dead_letters.our_fault(*at) is written.row
    later = written.bureau.clock.forward(days=1)
    assert dead_letters.our_fault(written.session, later) is None
