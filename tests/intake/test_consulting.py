"""The safety co-ordinator reads both sides' files, one at a time, and acts on none."""

import pytest
from sqlalchemy import select

from intake import consulting, founding, today, two_person
from intake.consulting import READS_FOR, Consultation
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Envelope
from intake.queue import find, visible, waiting
from intake.topics import Audience, Kind, Role, Side
from tests.factories import Bureau, text

pytestmark = pytest.mark.rule("S31")
WHY = "Gemensam bedömning av säkerheten"


def _begin(bureau: Bureau, reference: str, why: str = WHY) -> None:
    with bureau.writing() as session:
        vera = bureau.desk(session, "vera")
        request = consulting.within_reach(vera, reference)
        assert request is not None
        consulting.begin(vera, request, why, bureau.clock())


def _running(bureau: Bureau) -> str | None:
    with bureau.writing() as session:
        row = consulting.running(bureau.desk(session, "vera"), bureau.clock())
        return row.request.reference if row else None


def test_she_holds_keys_to_both_sides_and_sees_no_list(either_bureau: Bureau) -> None:
    bureau = either_bureau
    sent = bureau.send(text()), bureau.send(text(audience=Audience.USES_VIOLENCE))
    with bureau.writing() as session:
        vera = bureau.desk(session, "vera")
        assert {Side.HURT, Side.HURTS} == set(today.sides_of(vera.member))
        assert session.scalars(visible(vera.member.id)).all() == []
        assert waiting(session, vera.member.id) == []
        for reference in sent:
            assert find(session, vera.member.id, reference) is None
            assert consulting.within_reach(vera, reference.lower()) is not None


def test_one_file_is_open_at_a_time_and_not_for_long(either_bureau: Bureau) -> None:
    bureau = either_bureau
    hurt = bureau.send(text())
    hurts = bureau.send(text(audience=Audience.USES_VIOLENCE))
    assert _running(bureau) is None
    _begin(bureau, hurt)
    assert _running(bureau) == hurt
    bureau.clock.forward(minutes=1)
    _begin(bureau, hurts)
    assert _running(bureau) == hurts
    with bureau.writing() as session:
        first, second = session.scalars(
            select(Consultation).order_by(Consultation.id)
        ).all()
        assert first.ends_at == second.began_at == bureau.clock()
    bureau.clock.forward(seconds=READS_FOR.total_seconds())
    assert _running(bureau) is None


def test_each_opening_is_logged_with_a_reason_that_is_sealed(bureau: Bureau) -> None:
    reference = bureau.send(text())
    other = bureau.send(text())
    for slip, said in (
        (" ", "reason-missing"),
        (f"Jämför med {other.lower()}", "names-another"),
    ):
        with pytest.raises(NotAllowed, match=said):
            _begin(bureau, reference, slip)
    assert _running(bureau) is None
    for _ in range(2):
        _begin(bureau, reference)
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        kinds = [event.kind for event in request.events]
        assert kinds.count(EventKind.CONSULTED) == 2
        assert WHY not in str([event.data for event in request.events])
        why = session.scalars(
            select(Envelope).where(Envelope.kind == Kind.CONSULTED)
        ).first()
        assert why is not None
        assert WHY.encode() not in why.box
        # Reading it is no first reading, and starts no child's clock (S26, S38).
        assert request.unread_since is not None
        assert EventKind.OPENED not in kinds


def test_a_reason_may_name_the_file_itself(bureau: Bureau) -> None:
    reference = bureau.send(text())
    _begin(bureau, reference, f"Samråd om {reference}")
    assert _running(bureau) == reference


def test_one_co_ordinator_neither_sees_nor_ends_what_another_reads(
    bureau: Bureau,
) -> None:
    hers, his = bureau.send(text()), bureau.send(text(under_18=True))
    with bureau.writing() as session:
        bureau.member(session, "david").role = Role.COORDINATOR
    _begin(bureau, hers)
    with bureau.writing() as session:
        david, now = bureau.desk(session, "david"), bureau.clock()
        assert consulting.running(david, now) is None
        request = consulting.within_reach(david, his)
        assert request is not None
        consulting.begin(david, request, WHY, now)
    assert _running(bureau) == hers


def test_a_reason_opens_on_the_side_that_it_was_given_for(bureau: Bureau) -> None:
    _begin(bureau, bureau.send(text()))
    with bureau.writing() as session:
        (row,) = session.scalars(select(Consultation.id)).all()
        amina, leila = bureau.desk(session, "amina"), bureau.desk(session, "leila")
        assert consulting.reasons(amina, [row]) == {row: WHY}
        assert consulting.reasons(amina, []) == {}
        assert consulting.reasons(leila, [row]) == {}


def test_who_loses_her_key_loses_the_open_file(bureau: Bureau) -> None:
    reference = bureau.send(text())
    _begin(bureau, reference)
    with bureau.writing() as session:
        for place in bureau.member(session, "vera").memberships:
            place.box = None
    assert _running(bureau) is None


def test_a_file_of_the_closed_circle_is_out_of_her_reach(bureau: Bureau) -> None:
    reference = bureau.send(text(avoid="Amina"))
    with bureau.writing() as session:
        vera = bureau.desk(session, "vera")
        assert consulting.within_reach(vera, reference) is None


def test_she_is_no_holder_of_a_desk(bureau: Bureau) -> None:
    with bureau.writing() as session:
        vera = bureau.member(session, "vera")
        assert vera.role is Role.COORDINATOR
        for place in vera.memberships:
            assert place.box
            assert vera not in founding.holders(session, place.desk)


@pytest.mark.rule("S32")
def test_a_protected_file_takes_a_member_of_its_desk_too(bureau: Bureau) -> None:
    reference = bureau.send(text(protected=True))
    _begin(bureau, reference)
    with bureau.writing() as session:
        vera, leila = bureau.desk(session, "vera"), bureau.desk(session, "leila")
        amina, now = bureau.desk(session, "amina"), bureau.clock()
        request = bureau.request(session, reference)
        assert not two_person.is_open(vera, request, now)
        assert two_person.waits(leila, now).asks == []
        (asked,) = two_person.waits(amina, now).asks
        two_person.approve(amina, asked, now)
        assert two_person.is_open(vera, request, now)
