"""Protected personal data: opened by two, or by one who breaks the glass (S32)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake import access, founding, two_person
from intake.access import SignedIn
from intake.alert_tables import OutboundAlert
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.messages import OutboundMail
from intake.queue import find
from intake.topics import Protection, Side
from intake.two_person import APPROVED_WITHIN, OPEN_FOR, Opening
from tests.factories import Bureau, text
from tests.intake.test_alerts import on_list
from tests.workbench import minutes

pytestmark = pytest.mark.rule("S32")
WHY = "Hon är på väg hem till honom."


def _steps(bureau: Bureau, reference: str) -> list[str]:
    with bureau.writing() as session:
        events = bureau.request(session, reference).events
        return [e.data["step"] for e in events if e.kind == EventKind.TWO_PERSON]


def _ask(bureau: Bureau, login: str = "amina") -> str:
    reference = bureau.send(text(protected=True))
    with bureau.writing() as session:
        desk = bureau.desk(session, login)
        two_person.ask(desk, bureau.request(session, reference), bureau.clock())
    return reference


def _is_open(bureau: Bureau, login: str, reference: str) -> bool:
    with bureau.writing() as session:
        desk, request = bureau.desk(session, login), bureau.request(session, reference)
        return two_person.is_open(desk, request, bureau.clock())


def _approve(bureau: Bureau, login: str) -> None:
    with bureau.writing() as session:
        opening = session.scalars(select(Opening)).one()
        two_person.approve(bureau.desk(session, login), opening, bureau.clock())


def test_only_what_is_marked_takes_two(bureau: Bureau) -> None:
    assert _is_open(bureau, "amina", bureau.send(text()))
    assert not _is_open(bureau, "amina", bureau.send(text(protected=True)))


def test_a_colleague_of_the_same_desk_lets_her_in(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = _ask(bureau)
    _approve(bureau, "maria")
    assert _is_open(bureau, "amina", reference)
    assert not _is_open(bureau, "maria", reference)  # she has not asked
    assert _steps(bureau, reference) == ["asked", "approved"]
    bureau.clock.forward(seconds=OPEN_FOR.total_seconds())
    assert not _is_open(bureau, "amina", reference)


def test_nobody_approves_herself_nor_from_another_desk(bureau: Bureau) -> None:
    reference = _ask(bureau)
    for login in ("amina", "leila", "sara"):
        with pytest.raises(NotAllowed, match="two-person-late"):
            _approve(bureau, login)
    assert not _is_open(bureau, "amina", reference)


def test_who_reads_it_at_another_desk_is_no_colleague_of_hers(bureau: Bureau) -> None:
    with bureau.writing() as session:
        # Sara gets a key to the reception's desk, where the request does not lie.
        who = bureau.member(session, "sara")
        place = founding.ask(session, who, "reception", Side.HURT, bureau.clock())
        amina = bureau.desk(session, "amina")
        pair = SignedIn(amina.member, amina.keyring.pair)
        access.approve(place, pair, bureau.clock())
    _ask(bureau)
    with pytest.raises(NotAllowed):
        _approve(bureau, "sara")


def test_on_call_lets_in_nobody_of_the_day(bureau: Bureau) -> None:
    bureau.clock.forward(hours=10)  # closed: on-call has a key as well
    reference = _ask(bureau)
    with bureau.writing() as session:
        sara = bureau.desk(session, "sara")
        assert find(session, sara.member.id, reference)
    with pytest.raises(NotAllowed):
        _approve(bureau, "sara")
    _approve(bureau, "maria")


def test_after_fifteen_minutes_it_is_asked_anew(bureau: Bureau) -> None:
    reference = _ask(bureau)
    bureau.clock.forward(seconds=APPROVED_WITHIN.total_seconds())
    with pytest.raises(NotAllowed, match="two-person-late"):
        _approve(bureau, "maria")
    assert not _is_open(bureau, "amina", reference)


def test_the_glass_opens_at_once_and_the_head_is_told(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = bureau.send(text(protected=True))
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        before = len(session.scalars(select(OutboundMail)).all())
        with pytest.raises(NotAllowed, match="reason-missing"):
            two_person.break_glass(desk, request, " ", bureau.clock())
        two_person.break_glass(desk, request, WHY, bureau.clock())
        mails = session.scalars(select(OutboundMail).order_by(OutboundMail.id)).all()
        assert (len(mails) - before, mails[-1].urgent) == (1, True)
        opening = session.scalars(select(Opening)).one()
        assert opening.reason
        assert WHY.encode() not in opening.reason.box
        assert desk.keyring.text(opening.reason) == WHY
    assert _is_open(bureau, "amina", reference)


def test_a_reason_opens_to_who_holds_a_key_to_the_request(bureau: Bureau) -> None:
    _ask(bureau, "johan")
    _approve(bureau, "amina")
    reference = bureau.send(text(protected=True))
    with bureau.writing() as session:
        request, now = bureau.request(session, reference), bureau.clock()
        two_person.break_glass(bureau.desk(session, "amina"), request, WHY, now)
        approved, broken = session.scalars(select(Opening.id).order_by(Opening.id))
        told = {
            login: two_person.reasons(bureau.desk(session, login), [approved, broken])
            for login in ("maria", "leila")
        }
        assert told == {"maria": {broken: WHY}, "leila": {}}
        assert two_person.reasons(bureau.desk(session, "maria"), [approved]) == {}


def test_a_head_on_the_list_is_alerted_and_nobody_elses(bureau: Bureau) -> None:
    on_list(bureau, "adult", "Chefen", "+46701740677", is_head=True)
    on_list(bureau, "adult", "Jour", "+46701740678")
    on_list(bureau, "reception", "Fel", "+46701740679", is_head=True)
    reference = bureau.send(text(protected=True))
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        two_person.break_glass(desk, request, WHY, bureau.clock())
        (told,) = session.scalars(select(OutboundAlert)).all()
        assert (told.name, told.to_head, told.count) == ("Chefen", True, 1)


def test_it_waits_for_another_head_until_it_is_signed(bureau: Bureau) -> None:
    reference = bureau.send(text(protected=True))
    with bureau.writing() as session:
        maria, johan, amina = (
            bureau.desk(session, who) for who in ("maria", "johan", "amina")
        )
        request = bureau.request(session, reference)
        two_person.break_glass(maria, request, WHY, bureau.clock())
        now = bureau.clock() + timedelta(days=9)
        (opening,) = two_person.waits(johan, now).breaks
        due = opening.review_due_at
        assert due is not None
        assert due - bureau.clock() == timedelta(days=1, hours=14)  # tomorrow's end
        for desk in (maria, amina):
            assert two_person.waits(desk, now).breaks == []
            with pytest.raises(NotAllowed, match="two-person-reviewed"):
                two_person.review(desk, opening, now)
        two_person.review(johan, opening, now)
        assert two_person.waits(johan, now).breaks == []
    assert _steps(bureau, reference) == ["broken", "reviewed"]


def test_who_sets_the_mark_goes_on_reading(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        request.marks = ["protected-data"]
        two_person.keep_open(desk, request, bureau.clock())
    bureau.clock.now += minutes(30)
    assert _is_open(bureau, "amina", reference)
    assert not _is_open(bureau, "maria", reference)


def test_with_no_other_head_a_colleague_reviews_it(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = bureau.send(text(protected=True))
    with bureau.writing() as session:
        maria, johan, amina = (
            bureau.desk(session, who) for who in ("maria", "johan", "amina")
        )
        request = bureau.request(session, reference)
        two_person.break_glass(maria, request, WHY, bureau.clock())
        assert two_person.waits(amina, bureau.clock()).breaks == []
        johan.member.active = False
        session.flush()
        (opening,) = two_person.waits(amina, bureau.clock()).breaks
        assert two_person.waits(maria, bureau.clock()).breaks == []
        two_person.review(amina, opening, bureau.clock())
        assert opening.reviewed_by == amina.member.id


@pytest.mark.parametrize("who", ["own", "child"])
def test_a_level_takes_two_the_childs_as_well(bureau: Bureau, who: str) -> None:
    reference = bureau.send(text())
    level = Protection.ASSUMED_IDENTITY
    with bureau.writing() as session:
        amina, maria = (bureau.desk(session, one) for one in ("amina", "maria"))
        request, now = bureau.request(session, reference), bureau.clock()
        own, child = (level, None) if who == "own" else (None, level)
        two_person.record_levels(amina, request, own, child, now)
        assert (request.protection, request.child_protection) == (own, child)
        assert request.marks == ["protected-data"]
        for marks in (request.marks, []):  # a mark that fell lets nobody in alone
            request.marks = marks
            assert two_person.is_open(amina, request, now)
            assert not two_person.is_open(maria, request, now)
        # What level it is stands in no event.
        assert level not in str([event.data for event in request.events])
        two_person.record_levels(amina, request, None, None, now)
        assert two_person.is_open(maria, request, now)
