"""What was missed by us is raised to the heads in person, until one knows (S37)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake import missed
from intake.alert_tables import OutboundAlert
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Window
from intake.topics import Role, Side
from tests.factories import Bureau
from tests.intake.test_alerts import on_list

pytestmark = pytest.mark.rule("S37")


def _missed(bureau: Bureau, many: int = 1) -> list[str]:
    """Let promised times go by, and a worker find them."""
    asked = [bureau.callback(bureau.around(hours)) for hours in range(many)]
    references = [bureau.send(one) for one in asked]
    bureau.clock.now += timedelta(hours=many)
    with bureau.writing() as session:
        for reference in references:
            request = bureau.request(session, reference)
            now = bureau.clock()
            missed.mark_missed(session, bureau.office, request.id, now)
    return references


def _told(bureau: Bureau) -> list[tuple[str, int]]:
    with bureau.writing() as session:
        return [(one.name, one.count) for one in session.scalars(select(OutboundAlert))]


def test_the_heads_on_its_list_are_alerted_and_no_others(bureau: Bureau) -> None:
    on_list(bureau, "adult", "Chefen", "+46701740677", is_head=True)
    on_list(bureau, "adult", "Jour", "+46701740678")
    on_list(bureau, "adult", "Fel", "+46701740679", side=Side.HURTS, is_head=True)
    _missed(bureau)
    assert _told(bureau) == [("Chefen", 1)]


def test_several_make_one_alert(either_bureau: Bureau) -> None:
    bureau = either_bureau
    on_list(bureau, "adult", "Chefen", "+46701740677", is_head=True)
    on_list(bureau, "adult", "Andra", "+46701740678", is_head=True)
    _missed(bureau, 3)
    assert sorted(_told(bureau)) == [("Andra", 3), ("Chefen", 3)]


def test_it_stands_there_for_heads_until_one_has_taken_note(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    (reference,) = _missed(bureau)
    with bureau.writing() as session:
        maria, amina, leila = (
            bureau.desk(session, who) for who in ("maria", "amina", "leila")
        )
        (window,) = missed.raised(maria, Side.HURT)
        assert window.request.reference == reference
        assert missed.count_raised(maria) == {Side.HURT: 1}
        assert missed.raised(maria, Side.HURTS) == []
        for desk in (amina, leila):
            assert missed.raised(desk, Side.HURT) == []
            with pytest.raises(NotAllowed, match="missed-seen"):
                missed.take_note(desk, window, bureau.clock())
        missed.take_note(maria, window, bureau.clock())
        assert missed.raised(bureau.desk(session, "johan"), Side.HURT) == []
        with pytest.raises(NotAllowed, match="missed-seen"):
            missed.take_note(maria, window, bureau.clock())
        last = window.request.events[-1]
        assert (last.kind, last.member_id) == (EventKind.MISSED_SEEN, maria.member.id)
        assert window.missed_seen_by == maria.member.id


def test_nothing_is_raised_to_other_heads_nor_before_its_time(bureau: Bureau) -> None:
    bureau.send(bureau.callback(bureau.around(9)))
    _missed(bureau)
    with bureau.writing() as session:
        leila, maria = (bureau.desk(session, who) for who in ("leila", "maria"))
        leila.member.role = Role.HEAD  # of the other side
        session.flush()
        assert missed.raised(leila, Side.HURT) == []
        assert len(missed.raised(maria, Side.HURT)) == 1


def test_where_no_head_holds_it_a_colleague_takes_note(bureau: Bureau) -> None:
    _missed(bureau)
    with bureau.writing() as session:
        amina = bureau.desk(session, "amina")
        for head in ("maria", "johan"):
            bureau.member(session, head).active = False
        session.flush()
        (window,) = missed.raised(amina, Side.HURT)
        missed.take_note(amina, window, bureau.clock())
    with bureau.writing() as session:
        assert session.scalars(select(Window.missed_seen_by)).all() != [None]
