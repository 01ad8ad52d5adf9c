"""The call guide: sealed answers that add up, and what is weighed of who uses it."""

import pytest
from sqlalchemy import select

from intake.errors import NotAllowed, NotHeld, SealBroken
from intake.guide import Asked, OfWhoUses, Question, told, write_guide
from intake.handover import ChildDecision, decide_child
from intake.life import EventKind
from intake.models import Request
from intake.topics import Kind
from tests.factories import Bureau, text
from tests.intake.walls import USES, Held, hold, sit


def put_down(held: Held, **said: str) -> None:
    answers: dict[Asked, str] = {}
    for name, words in said.items():
        question = Question(name) if name in set(Question) else OfWhoUses(name)
        answers[question] = words
    write_guide(held.desk, held.request, answers, held.bureau.clock())


@pytest.mark.rule("S1", "S35")
def test_what_was_told_is_sealed_and_adds_up(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        put_down(held, soon="En natt borta", network=" ")
        put_down(held, soon="Ny telefon", acute="Inte i natt")
        assert (held.last().kind, held.last().data) == (EventKind.GUIDE.value, {})
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        found = told(held.desk, held.request)
        said = {q: [(t.text, t.author) for t in every] for q, every in found.items()}
        assert said == {
            Question.ACUTE: [("Inte i natt", "Maria")],
            Question.SOON: [("En natt borta", "Maria"), ("Ny telefon", "Maria")],
        }
        boxes = [one.box for one in held.request.envelopes if one.kind is Kind.GUIDE]
        assert not any(b"telefon" in box or b"soon" in box for box in boxes)
        outside = sit(bureau, session, "leila", reference)
        with pytest.raises(SealBroken):
            told(outside.desk, outside.request)


def test_nothing_is_put_down_of_nothing_or_by_who_has_it_not(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", reference)
        with pytest.raises(NotAllowed, match="nothing-said"):
            put_down(held, soon=" ")
        with pytest.raises(NotHeld):
            put_down(sit(bureau, session, "amina", reference), soon="Nej")
        assert told(held.desk, held.request) == {}


def test_risk_is_weighed_only_of_who_uses_violence(bureau: Bureau) -> None:
    hers, his = bureau.send(text()), bureau.send(text(audience=USES))
    with bureau.writing() as session:
        with pytest.raises(NotAllowed, match="not-of-who-uses"):
            put_down(hold(bureau, session, "maria", hers), relapse="Stor")
        held = hold(bureau, session, "leila", his)
        put_down(held, **dict.fromkeys(OfWhoUses, "Ja"))
        assert list(told(held.desk, held.request)) == list(OfWhoUses)


@pytest.mark.rule("S30")
def test_what_is_weighed_of_him_goes_into_no_other_file(bureau: Bureau) -> None:
    his = bureau.send(text(audience=USES, children=True))
    with bureau.writing() as session:
        held = hold(bureau, session, "leila", his)
        put_down(held, relapse="Stor")
        report = ChildDecision(reported=True, text="Anmält")
        decide_child(held.desk, held.request, report, bureau.clock())
    with bureau.writing() as session:
        weighed = {
            request.reference: [e for e in request.envelopes if e.kind is Kind.GUIDE]
            for request in session.scalars(select(Request))
        }
        assert len(weighed) == 2
        assert [one for one, boxes in weighed.items() if boxes] == [his]
