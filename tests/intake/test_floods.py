"""Many texts of one number: told of as one, and none of them passes for read (S38)."""

import itertools

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake import calls, decisions, inbound, queue
from intake.errors import NotAllowed
from intake.messages import Delivery, OutboundMail, OutboundText
from intake.models import Request
from intake.outcomes import Outcome
from intake.people import UnitRecord
from intake.queue import newest
from intake.sms.gateway import TextIn
from intake.topics import Channel, Urgency
from tests.factories import Bureau
from tests.intake.walls import Held, hold, sit
from tests.workbench import written

NUMBERS = itertools.count(1)
KNIFE = "Han står utanför med kniv"


def texts(bureau: Bureau, words: str = "hej", many: int = 1) -> str:
    """Let her text some times in a minute; returns the request's reference."""
    for _ in range(many):
        came = TextIn(f"FL{next(NUMBERS)}", "+46701740655", words, 0)
        now = bureau.clock.forward(seconds=2)
        with bureau.writing() as session:
            assert inbound.receive(session, bureau.worker.pair.public, came, now)
            at_work = session, bureau.office, bureau.worker
            inbound.read_in(*at_work, came.sid, now)
    with bureau.writing() as session:
        found = select(Request).where(Request.channel == Channel.SMS)
        return session.scalars(found).one().reference


def read(held: Held, seen: int | None = None) -> None:
    now = held.bureau.clock()
    queue.first_reading(held.desk, held.request, Urgency.NORMAL, now, seen)


def mails(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(OutboundMail)).one()


@pytest.fixture
def flooded(either_bureau: Bureau) -> tuple[Bureau, str]:
    """Let so many texts come that those to come count as one."""
    return either_bureau, texts(either_bureau, many=inbound.FLOOD + 1)


@pytest.mark.rule("S36", "S38")
def test_after_a_reading_the_next_text_of_a_flood_is_unread(
    flooded: tuple[Bureau, str],
) -> None:
    bureau, reference = flooded
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        before, counted = len(held.request.events), mails(session)
    texts(bureau, KNIFE)
    texts(bureau, many=5)
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        assert held.request.unread_since is not None
        # One joined, and told of it; what came behind it lies unread with it.
        assert len(held.request.events) == before + 1
        assert mails(session) == counted + 1
        seen = newest(session, held.request)
        with pytest.raises(NotAllowed, match="unread-words"):
            decisions.close(
                *(held.desk, held.request, decisions.CHECKED, bureau.clock()),
                drops_times=True,
                seen=seen,
            )
        read(held, seen)
        assert held.request.unread_since is None


@pytest.mark.rule("S36", "S38")
def test_a_text_that_comes_behind_the_page_is_not_read_with_it(
    flooded: tuple[Bureau, str],
) -> None:
    bureau, reference = flooded
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        seen, events = newest(session, held.request), len(held.request.events)
    texts(bureau, KNIFE)
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        assert len(held.request.events) == events
        with pytest.raises(NotAllowed, match="newer-words"):
            read(held, seen)
        assert held.request.unread_since is not None
        read(held, newest(session, held.request))


@pytest.mark.rule("S20", "S36")
def test_a_text_of_a_flood_calls_off_ours_too(flooded: tuple[Bureau, str]) -> None:
    bureau, reference = flooded
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        window, by = held.request.windows[0], held.desk.member.id
        session.add(written(held.request, window, b"box", by, bureau.clock()))
        events = held.last().seq
    texts(bureau)
    with bureau.writing() as session:
        row = session.scalars(select(OutboundText)).one()
        assert (row.state, row.error) == (Delivery.CANCELLED, "newer-words")
        assert sit(bureau, session, "amina", reference).last().seq == events


@pytest.mark.rule("S25", "S36")
def test_what_was_rung_before_it_was_read_is_told_of_again(
    flooded: tuple[Bureau, str],
) -> None:
    """What ends an alert may come before a reading; her next words begin one again."""
    bureau, reference = flooded
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        session.get_one(UnitRecord, "adult").call_tested_at = bureau.clock()
        queue.claim(held.desk, held.request, bureau.clock())
        calls.start(held.desk, held.request, bureau.clock())
        calls.finish(held.desk, held.request, Outcome.NO_ANSWER, bureau.clock())
        assert held.request.unread_since is not None
        events = held.last().seq
    texts(bureau, KNIFE)
    texts(bureau)
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        assert len(held.request.events) == events + 1
