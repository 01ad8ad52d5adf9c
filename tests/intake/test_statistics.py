"""Yearly figures: what is counted, and what is shown of a count."""

import pytest

from intake import asked, calls
from intake.asked import Reply
from intake.assessments import Assessment, Method, Police, write_assessment
from intake.consents import Consent, Giver, Plan, take_back, write_consent
from intake.danger import (
    Disclosure,
    Law,
    Recipient,
    decide_disclosure,
    mark_danger,
)
from intake.endings import Guided, Whither, guide_on
from intake.life import EventKind
from intake.outcomes import Outcome
from intake.queue import note
from intake.statistics import _shown
from intake.tallies import tallies
from intake.topics import Mark
from tests.factories import Bureau, text
from tests.intake.walls import hold


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (13, 15)]
)
def test_counts_are_rounded_and_small_ones_left_out(
    count: int, shown: int | None
) -> None:
    assert _shown(count) == shown


def test_what_was_asked_decided_and_done_is_counted_once_a_request(
    bureau: Bureau,
) -> None:
    sent = [bureau.send(text()) for _ in range(2)]
    now, day = bureau.clock(), bureau.clock().date()
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", sent[0])
        at = held.desk, held.request
        for reply in (Reply.YES, Reply.NOT_SAFE):  # the latest holds
            asked.write_asked(*at, asked.Asked(0, day, reply), now)
        asked.write_asked(*at, asked.Asked(1, day, Reply.YES), now)
        for _ in range(2):
            made = Assessment(0, day, Method.FREDA_SHORT, Police.YES)
            write_assessment(*at, made, now)
            guide_on(*at, Guided(Whither.POLICE), now)
        mark_danger(*at, now)
        kept = Disclosure(Recipient.POLICE, False, Law.SECRECY, "skäl")
        told = Disclosure(Recipient.EMERGENCY, True, Law.NECESSITY, "skäl")
        for decided in (kept, told):
            decide_disclosure(*at, decided, now)
        consent = Consent(Plan.SIP, Giver.PERSON, day, "Vården")
        write_consent(*at, consent, now)
        take_back(*at, Plan.SIP, day, now)
    with bureau.writing() as session:
        both = [bureau.request(session, one) for one in sent]
        counted = tallies(session, both)
    assert counted == {
        "asked-exposed": {"not-safe": 1, "unasked": 1},
        "asked-using": {"unasked": 2},
        "child-exposed": {"yes": 1},
        "child-using": {},
        "method": {"freda-short": 1},
        "police": {"yes": 1},
        "child": {"undecided": 1},
        "position": {},
        "marks": {},
        "whither": {"police": 1},
        "disclosed": {"emergency": 1},
        "consent": {"sip": 1},
        "attempts": {},
        "happened": {"guided": 1, "danger": 1},
    }


def test_other_requests_count_for_nothing_and_calls_each(bureau: Bureau) -> None:
    hers, other = bureau.send(bureau.callback()), bureau.send(text())
    with bureau.writing() as session:
        held = hold(bureau, session, "maria", hers)
        calls.start(held.desk, held.request, bureau.clock())
        calls.finish(held.desk, held.request, Outcome.WORD_CAME, bureau.clock())
        mine = tallies(session, [held.request])
        theirs = tallies(session, [bureau.request(session, other)])
    assert mine["outcome"] == {"word-came": 1}
    assert "outcome" not in theirs


def test_attempts_are_counted_by_request_and_from_three_on_as_one(
    bureau: Bureau,
) -> None:
    ends = {"state": "open", "outcome": Outcome.NO_ANSWER.value}
    every = []
    for tries in ([True, False, True], [True] * 4, [False]):
        reference = bureau.send(text())
        with bureau.writing() as session:
            held = hold(bureau, session, "maria", reference)
            for attempt in tries:
                now, kind = bureau.clock(), EventKind.OUTCOME
                note(held.desk, held.request, kind, now, attempt=attempt, **ends)
            every.append(tallies(session, [held.request])["attempts"])
    assert every == [{"2": 1}, {"3": 1}, {}]


def test_who_was_moved_over_the_wall_is_no_figure(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        request.marks = [Mark.MAY_BE_WHO_HURTS.value, Mark.HONOUR.value]
        counted = tallies(session, [request])
    assert counted["marks"] == {"honour": 1}
