"""A child's protection assessment: from first reading on, and nothing ends without."""

from datetime import timedelta

import pytest

from intake import decisions, queue
from intake.assessments import Assessment, Method, write_assessment
from intake.errors import NotAllowed
from intake.handover import ChildDecision, decide_child
from intake.piles import Beside, View
from intake.protection import begun_at, is_missing
from intake.queue import CHILD_CLOCK
from intake.today import today
from intake.topics import Side, Urgency
from tests.factories import Bureau, text
from tests.intake.walls import hold, sit

pytestmark = pytest.mark.rule("S27")
NONE = ChildDecision(reported=False, text="Ingen anmälan")


def test_it_begins_at_first_reading_with_its_own_clock(bureau: Bureau) -> None:
    reference = bureau.send(text(under_18=True))
    with bureau.writing() as session:
        held = sit(bureau, session, "sara", reference)
        assert begun_at(session, held.request) is None
        now = bureau.clock()
        queue.first_reading(held.desk, held.request, Urgency.NORMAL, now)
        bureau.clock.forward(hours=1)
        queue.first_reading(held.desk, held.request, Urgency.HIGH, bureau.clock())
        assert begun_at(session, held.request) == now
        assert held.request.child_due_at == now + CHILD_CLOCK


def test_it_stands_on_today_and_nothing_closes_until_it_is_made(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    reference, day = bureau.send(text(under_18=True)), bureau.clock().date()
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        at, now = (held.desk, held.request), bureau.clock()
        decide_child(*at, NONE, now)
        view = View(held.desk.member.id, Side.HURT, now + timedelta(hours=1))
        (row,) = today(session, view).beside[Beside.CHILDREN]
        assert row.request is held.request
        write_assessment(*at, Assessment(0, day, Method.FREDA_SHORT), now)
        with pytest.raises(NotAllowed, match="protection-missing"):
            decisions.close(*at, decisions.CHECKED, now)
        write_assessment(*at, Assessment(0, day, Method.PROTECTION), now)
        assert not is_missing(session, held.request)
        assert today(session, view).beside[Beside.CHILDREN] == []
        decisions.close(*at, decisions.CHECKED, now)


def test_an_adults_request_has_none(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        assert begun_at(session, held.request) is None
        assert not is_missing(session, held.request)
        decisions.close(held.desk, held.request, decisions.CHECKED, bureau.clock())
