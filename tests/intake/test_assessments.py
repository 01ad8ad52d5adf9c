"""That an assessment was made: of whom, when, how; nothing of what it found."""

from datetime import date, timedelta

import pytest

from intake.assessments import (
    Assessment,
    Method,
    Police,
    assessments,
    write_assessment,
)
from intake.errors import NotAllowed, NotHeld
from intake.life import EventKind
from intake.piles import Beside, View
from intake.today import today
from intake.topics import Side
from tests.factories import Bureau, text
from tests.intake.walls import hold, sit

MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)


def test_each_assessment_stands_with_whom_it_is_of(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference, now = bureau.send(text()), bureau.clock()
    child = Assessment(1, MONDAY, Method.NOT_STANDARD)
    hers = Assessment(0, MONDAY, Method.FREDA_DANGER, Police.YES, MONDAY + WEEK)
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        for made in (child, hers):
            write_assessment(held.desk, held.request, made, now)
        assert (held.last().kind, held.last().data) == (EventKind.ASSESSED.value, {})
    with bureau.writing() as session:
        rows = assessments(session, bureau.request(session, reference))
        told = [
            Assessment(r.child, r.made_on, r.method, r.police, r.next_on) for r in rows
        ]
    assert told == [hers, child]


def test_days_must_fit_and_only_the_holder_records(bureau: Bureau) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    fits = Assessment(0, MONDAY, Method.FREDA_SHORT)
    later = Assessment(0, MONDAY + WEEK, Method.FREDA_SHORT)
    same = Assessment(0, MONDAY, Method.FREDA_SHORT, next_on=MONDAY)
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        for made, why in ((later, "day-to-come"), (same, "next-not-after")):
            with pytest.raises(NotAllowed, match=why):
                write_assessment(held.desk, held.request, made, now)
        other = sit(bureau, session, "amina", reference)
        with pytest.raises(NotHeld):
            write_assessment(other.desk, other.request, fits, now)
        assert assessments(session, held.request) == []


def test_a_next_one_that_is_late_stands_on_today_until_it_is_made(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    reference, now = bureau.send(text()), bureau.clock()

    def late(login: str = "maria", side: Side = Side.HURT) -> list[str]:
        with bureau.writing() as session:
            view = View(bureau.member(session, login).id, side, bureau.clock())
            shown = today(session, view)
            found = shown.beside[Beside.ASSESSMENTS]
            rows = [row.request.reference for row in found]
        assert shown.beside_counts[Beside.ASSESSMENTS] == len(rows)
        return rows

    def write(*made: Assessment) -> None:
        with bureau.writing() as session:
            held = hold(bureau, session, "maria", reference)
            for one in made:
                write_assessment(held.desk, held.request, one, bureau.clock())

    first = Assessment(0, MONDAY, Method.FREDA_SHORT, next_on=MONDAY + WEEK)
    write(first, Assessment(1, MONDAY, Method.NOT_STANDARD))
    bureau.clock.forward(days=7)
    assert late() == []  # it may be made today
    bureau.clock.forward(days=1)
    assert late() == [reference]
    assert late("erik", Side.HURTS) == []
    day = (now + WEEK + timedelta(days=1)).date()
    write(Assessment(1, day, Method.NOT_STANDARD))  # of the child, not of her
    assert late() == [reference]
    write(Assessment(0, day, Method.FREDA_SHORT))
    assert late() == []
