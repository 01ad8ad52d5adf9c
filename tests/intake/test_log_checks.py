"""The check of the log: a sample of others' openings, signed into the chain."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import access_log, departures, log_checks
from intake.errors import NotAllowed
from intake.keyring import desk_of
from intake.life import EventKind, broken_at
from intake.log_checks import LineFinding, LogCheck
from intake.models import Event
from intake.people import Desk
from intake.queue import Desktop, claim
from intake.seeing import Ground, opened
from intake.topics import Audience, Side
from tests.factories import Bureau, text


def _first(events: Sequence[Event], size: int) -> Sequence[Event]:
    return events[:size]


def _open(bureau: Bureau, login: str, reference: str, takes: bool = False) -> None:
    with bureau.writing() as session:
        desk, request = bureau.desk(session, login), bureau.request(session, reference)
        opened(desk, request, bureau.clock())
        if takes:
            claim(desk, request, bureau.clock())


def _place(session: Session) -> Desk:
    return desk_of(session, "adult", Side.HURT)


def _draw(bureau: Bureau, session: Session, login: str, size: int = 20) -> LogCheck:
    desk, place = bureau.desk(session, login), _place(session)
    log_checks.draw(desk, place, size, _first, bureau.clock())
    return session.scalars(select(LogCheck)).one()


def _december(bureau: Bureau) -> None:
    bureau.clock.forward(days=14)


def test_the_log_tells_real_names_and_what_was_done(either_bureau: Bureau) -> None:
    bureau, reference = either_bureau, either_bureau.send(text())
    _open(bureau, "amina", reference, takes=True)
    bureau.clock.forward(hours=1)
    _open(bureau, "johan", reference)
    with bureau.writing() as session:
        last, first = access_log.newest(session, _place(session))
        assert (first.real_name, first.did) == ("Amina Exempel", (EventKind.CLAIMED,))
        assert (last.real_name, last.did) == ("Johan Påhittad", ())
        assert (first.ground, last.ground) == (Ground.UNREAD, Ground.UNREAD)
        older = access_log.newest(session, _place(session), last.event_id)
        assert [line.event_id for line in older] == [first.event_id]


@pytest.mark.rule("S31")
def test_the_log_of_a_desk_holds_its_own_requests_only(bureau: Bureau) -> None:
    theirs = bureau.send(text(audience=Audience.USES_VIOLENCE))
    _open(bureau, "leila", theirs)
    with bureau.writing() as session:
        assert access_log.newest(session, _place(session)) == []
        maria = bureau.desk(session, "maria")
        other = desk_of(session, "adult", Side.HURTS)
        assert access_log.own_desk(maria, other.id) is None


def test_a_sample_is_of_last_month_and_of_others_only(either_bureau: Bureau) -> None:
    bureau, reference = either_bureau, either_bureau.send(text())
    for login in ("maria", "amina", "johan"):
        _open(bureau, login, reference)
    _december(bureau)
    _open(bureau, "amina", reference)  # in December: next time
    with bureau.writing() as session:
        check = _draw(bureau, session, "maria")
        assert check.month == "2026-11"
        who = {line.event.member.login for line in check.lines if line.event.member}
        assert (who, len(check.lines)) == ({"amina", "johan"}, 2)
        with pytest.raises(NotAllowed, match="check-drawn"):
            _draw(bureau, session, "johan")


def test_a_sample_is_no_larger_than_was_set(bureau: Bureau) -> None:
    for _ in range(3):
        _open(bureau, "amina", bureau.send(text()))
    _december(bureau)
    with bureau.writing() as session:
        assert len(_draw(bureau, session, "maria", size=2).lines) == 2


def test_a_signed_check_stands_in_each_requests_chain(either_bureau: Bureau) -> None:
    bureau, reference = either_bureau, either_bureau.send(text())
    _open(bureau, "amina", reference)
    _december(bureau)
    with bureau.writing() as session:
        check = _draw(bureau, session, "maria")
        maria, johan = (bureau.desk(session, who) for who in ("maria", "johan"))
        found = {line.event_id: LineFinding.ASK for line in check.lines}
        with pytest.raises(NotAllowed, match="check-unmarked"):
            log_checks.sign(maria, check, {}, bureau.clock())
        with pytest.raises(NotAllowed, match="check-anothers"):
            log_checks.sign(johan, check, found, bureau.clock())
        log_checks.sign(maria, check, found, bureau.clock())
        with pytest.raises(NotAllowed, match="check-signed"):
            log_checks.sign(maria, check, found, bureau.clock())
        request = bureau.request(session, reference)
        event = request.events[-1]
        assert (event.kind, event.data) == ("checked", {"line": 2, "finding": "ask"})
        signer = bureau.office.signer
        assert broken_at(request.events, {signer.name: signer.key}) is None


def test_what_waits_to_be_signed_comes_before_the_next_month(bureau: Bureau) -> None:
    _december(bureau)
    with bureau.writing() as session:
        drawn = _draw(bureau, session, "maria")
        now = bureau.clock() + timedelta(days=31)
        assert log_checks.current(session, _place(session), now) is drawn
        log_checks.sign(bureau.desk(session, "maria"), drawn, {}, now)
        assert log_checks.current(session, _place(session), now) is None


def test_who_draws_needs_no_more_than_a_desk(bureau: Bureau) -> None:
    with bureau.writing() as session:
        desk: Desktop = bureau.desk(session, "maria")
        assert [place.unit for place in access_log.own_desks(desk)] == [
            "adult",
            "closed-circle",
            "closed-circle",
        ]


def test_what_a_head_drew_and_did_not_sign_is_drawn_anew_when_she_leaves(
    either_bureau: Bureau,
) -> None:
    bureau, reference = either_bureau, either_bureau.send(text())
    _open(bureau, "amina", reference)
    _december(bureau)
    with bureau.writing() as session:
        assert _draw(bureau, session, "maria").lines
    with bureau.writing() as session:
        maria, now = bureau.member(session, "maria"), bureau.clock()
        departures.leave(session, bureau.office.signer, maria, now)
    with bureau.writing() as session:
        assert log_checks.current(session, _place(session), bureau.clock()) is None
        check = _draw(bureau, session, "johan")
        findings = {line.event_id: LineFinding.FINE for line in check.lines}
        signs = bureau.desk(session, "johan")
        log_checks.sign(signs, check, findings, bureau.clock())
    with bureau.writing() as session:
        johan, now = bureau.member(session, "johan"), bureau.clock()
        departures.leave(session, bureau.office.signer, johan, now)
        # What is signed stays, whoever leaves.
        assert session.scalars(select(LogCheck)).one().signed_at is not None
