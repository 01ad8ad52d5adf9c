"""A member leaves, or leaves a desk: what ends with her, and what must not be lost."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake import access, calls, departures, founding, links, queue, staff_log
from intake.errors import NotAllowed, SealBroken
from intake.keyring import desk_of
from intake.life import EventKind
from intake.messages import OutboundMail
from intake.outcomes import Outcome
from intake.people import Desk, Member, Membership, SignIn, UnitRecord
from intake.proofs import prove
from intake.staff_log import StaffAct
from intake.submissions import Submission
from intake.topics import Audience, Role, Side, State
from intake.ways_in import OutsideAccount, Passkey, RecoveryCode
from tests.factories import Bureau, text
from web.demo import PASSWORD

NOT_THE_HEAD = text(audience=Audience.USES_VIOLENCE, avoid=True, elsewhere=True)


def add_ways(session: Session, member: Member, now: datetime) -> None:
    """Give a member one of each way in beside password and code."""
    own = member.login.encode()
    session.add_all(
        [
            RecoveryCode(member_id=member.id, mark="A", hashed="x"),
            Passkey(
                member_id=member.id,
                credential=own,
                public_key=own,
                uses=0,
                name="Telefon",
                added_at=now,
            ),
            OutsideAccount(member_id=member.id, tag=own, bound_at=now),
        ]
    )
    session.flush()


def leave(bureau: Bureau, login: str, by: str = "maria") -> list[tuple[str, str]]:
    """Let a member go; returns the desks that too few can open then."""
    with bureau.writing() as session:
        member, actor = bureau.member(session, login), bureau.member(session, by)
        signer, now = bureau.office.signer, bureau.clock()
        thin = departures.leave(session, signer, member, now, actor.id)
        return [(desk.unit, desk.side.value) for desk in thin]


def came_to(bureau: Bureau, submission: Submission) -> set[tuple[str, Side]]:
    """Let something come in; returns the desks that can open it."""
    reference = bureau.send(submission)
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        return {(key.desk.unit, key.desk.side) for key in request.keys}


def end_place(bureau: Bureau, login: str, unit: str, side: Side = Side.HURT) -> None:
    with bureau.writing() as session:
        at = (bureau.member(session, login).id, desk_of(session, unit, side).id)
        place = session.get_one(Membership, at)
        signer, now = bureau.office.signer, bureau.clock()
        departures.end_place(session, signer, place, now)


def claim(bureau: Bureau, login: str, reference: str) -> None:
    with bureau.writing() as session:
        desk, request = bureau.desk(session, login), bureau.request(session, reference)
        queue.claim(desk, request, bureau.clock())


def sign_in(bureau: Bureau, session: Session, login: str) -> str:
    """Sign in; time moves on, for a code counts once."""
    now, key = bureau.clock.forward(seconds=30), bureau.account_key
    code = access.current_code(bureau.member(session, login), key, now)
    return access.sign_in(session, key, prove(session, login, PASSWORD), code, now)


def test_who_left_is_out_everywhere_and_opens_nothing(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = bureau.send(text())
    with bureau.writing() as session:
        token = sign_in(bureau, session, "amina")
        link = links.invite(session, bureau.member(session, "amina"), bureau.clock())
        keyring = bureau.desk(session, "amina").keyring
    leave(bureau, "amina")
    with bureau.writing() as session:
        amina, now = bureau.member(session, "amina"), bureau.clock()
        assert access.signed_in(session, token, now) is None
        mine = select(func.count()).where(SignIn.member_id == amina.id)
        assert session.scalar(mine.select_from(SignIn)) == 0
        with pytest.raises(links.LinkSpent):
            links.invited(session, link, now)
        with pytest.raises(access.SignInRefused):
            sign_in(bureau, session, "amina")
        assert (amina.wrapped_secret, amina.public_key) == (None, None)
        assert amina.memberships == []
        # Her own key, had she kept it, opens no box that is left.
        request = bureau.request(session, reference)
        keyring = type(keyring)(session, amina.id, keyring.pair)
        with pytest.raises(SealBroken):
            keyring.text(request.envelopes[0])


def test_every_other_way_in_ends_with_her_and_nobody_elses(bureau: Bureau) -> None:
    def left(session: Session) -> set[tuple[str, str]]:
        names = {one.id: one.login for one in session.scalars(select(Member))}
        return {
            (way.class_.__name__, names[one])
            for way in (
                RecoveryCode.member_id,
                Passkey.member_id,
                OutsideAccount.member_id,
            )
            for one in session.scalars(select(way))
        }

    with bureau.writing() as session:
        for login in ("amina", "johan"):
            add_ways(session, bureau.member(session, login), bureau.clock())
        before = left(session)
    leave(bureau, "amina")
    with bureau.writing() as session:
        assert left(session) == {one for one in before if one[1] == "johan"}
        assert len(before) == 6


def test_what_she_held_goes_back_to_its_queue(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = bureau.send(text())
    claim(bureau, "amina", reference)
    leave(bureau, "amina")
    with bureau.writing() as session:
        request, maria = (
            bureau.request(session, reference),
            bureau.member(session, "maria"),
        )
        assert (request.holder_id, request.lease_until) == (None, None)
        last = request.events[-1]
        assert (last.kind, last.member_id) == (EventKind.RELEASED, maria.id)
        assert last.data == {"held_by": bureau.member(session, "amina").id}
    claim(bureau, "johan", reference)


@pytest.mark.rule("S13")
def test_a_call_that_she_began_waits_for_a_persons_outcome(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback())
    claim(bureau, "amina", reference)
    with bureau.writing() as session:
        session.get_one(UnitRecord, "adult").call_tested_at = bureau.clock()
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        calls.start(desk, request, bureau.clock())
    leave(bureau, "amina")
    with bureau.writing() as session:
        assert bureau.request(session, reference).state is State.CALLING
    claim(bureau, "johan", reference)
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "johan"),
            bureau.request(session, reference),
        )
        calls.finish(desk, request, Outcome.NO_ANSWER, bureau.clock())
        assert request.state is not State.CALLING


@pytest.mark.rule("S33")
def test_desks_that_too_few_can_open_then_are_told(either_bureau: Bureau) -> None:
    bureau = either_bureau
    assert leave(bureau, "amina") == [("reception", "hurt")]  # Adult has two heads
    with bureau.writing() as session:
        told = session.scalars(select(OutboundMail)).all()
        assert [(mail.unit, mail.urgent) for mail in told] == [("reception", True)]


@pytest.mark.rule("S33")
def test_what_comes_to_a_desk_without_holders_is_there_when_one_comes(
    bureau: Bureau,
) -> None:
    leave(bureau, "leila")
    leave(bureau, "erik")
    reference = bureau.send(text(audience=Audience.USES_VIOLENCE))
    with bureau.writing() as session:
        assert bureau.request(session, reference).state is State.UNREAD
        at = desk_of(session, "adult", Side.HURTS)
        assert founding.holders(session, at) == []


@pytest.mark.rule("S29", "S33")
def test_another_unit_than_the_heads_is_one_that_two_can_open(bureau: Bureau) -> None:
    hidden = replace(NOT_THE_HEAD, under_18=True)
    assert came_to(bureau, hidden) == {("reception", Side.HURTS)}
    end_place(bureau, "leila", "reception", Side.HURTS)
    assert came_to(bureau, hidden) == {("adult", Side.HURTS)}


@pytest.mark.rule("S29", "S33")
def test_another_unit_is_one_that_somebody_can_open_if_no_two_can(
    bureau: Bureau,
) -> None:
    hidden = replace(NOT_THE_HEAD, under_18=True)
    for unit in ("adult", "reception"):
        end_place(bureau, "leila", unit, Side.HURTS)
    end_place(bureau, "erik", "reception", Side.HURTS)
    assert came_to(bureau, hidden) == {("adult", Side.HURTS)}


@pytest.mark.rule("S29", "S33")
def test_where_nobody_else_can_it_waits_and_never_goes_to_the_head(
    bureau: Bureau,
) -> None:
    for login in ("leila", "erik"):
        end_place(bureau, login, "reception", Side.HURTS)
    assert came_to(bureau, NOT_THE_HEAD) == {("reception", Side.HURTS)}


def test_the_desks_key_is_owed_and_the_log_tells_who_let_her_go(
    bureau: Bureau,
) -> None:
    leave(bureau, "amina")
    with bureau.writing() as session:
        owed = session.scalars(select(Desk).where(Desk.owed_since.is_not(None)))
        assert {(one.unit, one.side) for one in owed} == {
            ("adult", Side.HURT),
            ("reception", Side.HURT),
        }
        at = desk_of(session, "adult", Side.HURT)
        (line,) = staff_log.newest(session, [at.id], 10)
        assert (line.act, line.actor, line.member) == (StaffAct.LEFT, "Maria", "Amina")


def test_who_has_no_desk_is_in_the_log_too(bureau: Bureau) -> None:
    with bureau.writing() as session:
        who = ("siv", "Siv", "Siv Påhittad", Role.ADMINISTRATOR)
        founding.add_member(session, *who, [], bureau.clock())
    assert leave(bureau, "siv") == []
    with bureau.writing() as session:
        (event,) = staff_log.chain(session)
        siv = bureau.member(session, "siv").id
        assert (event.act, event.member_id, event.desk_id) == (StaffAct.LEFT, siv, None)


def test_no_unit_keeps_a_key_person_who_has_left(bureau: Bureau) -> None:
    with bureau.writing() as session:
        amina = bureau.member(session, "amina")
        session.get_one(UnitRecord, "adult").key_person_id = amina.id
    leave(bureau, "amina")
    with bureau.writing() as session:
        assert session.get_one(UnitRecord, "adult").key_person_id is None


def test_who_goes_to_another_unit_is_key_person_here_no_more(bureau: Bureau) -> None:
    with bureau.writing() as session:
        amina = bureau.member(session, "amina")
        for unit in ("adult", "reception"):
            session.get_one(UnitRecord, unit).key_person_id = amina.id
    end_place(bureau, "amina", "adult")
    with bureau.writing() as session:
        assert session.get_one(UnitRecord, "adult").key_person_id is None
        amina = bureau.member(session, "amina")
        assert session.get_one(UnitRecord, "reception").key_person_id == amina.id


def test_nobody_leaves_twice(bureau: Bureau) -> None:
    leave(bureau, "amina")
    with pytest.raises(NotAllowed, match="left-already"):
        leave(bureau, "amina")


def test_a_place_ends_and_what_the_others_open_stays_hers(bureau: Bureau) -> None:
    lost = bureau.send(text())
    kept = bureau.send(text(audience=Audience.RELATIVE))
    with bureau.writing() as session:
        units = [bureau.request(session, one).unit for one in (lost, kept)]
    assert units == ["adult", "reception"]
    for reference in (lost, kept):
        claim(bureau, "amina", reference)
    end_place(bureau, "amina", "adult")
    with bureau.writing() as session:
        amina = bureau.member(session, "amina")
        assert amina.active
        assert bureau.request(session, lost).holder_id is None
        assert bureau.request(session, kept).holder_id == amina.id
        assert queue.find(session, amina.id, lost) is None
        assert queue.find(session, amina.id, kept) is not None
        events = [event.act for event in staff_log.chain(session)]
        assert events == [StaffAct.PLACE_ENDED]


@pytest.mark.parametrize(
    ("by", "whom", "may"),
    [
        ("maria", "amina", True),  # at a desk that the head holds
        ("maria", "leila", False),  # across the wall
        ("maria", "sara", False),  # another unit's
        ("maria", "maria", False),  # herself
        ("amina", "johan", False),  # no head
        ("siv", "leila", True),  # an administrator: everybody
        ("siv", "siv", False),
    ],
)
def test_who_may_let_whom_go(bureau: Bureau, by: str, whom: str, may: bool) -> None:
    with bureau.writing() as session:
        who = ("siv", "Siv", "Siv Påhittad", Role.ADMINISTRATOR)
        siv = founding.add_member(session, *who, [], bureau.clock())
        members = {login: bureau.member(session, login) for login in bureau.pairs}
        members["siv"] = siv
        desk = bureau.desk(session, "maria")
        actor = queue.Desktop(session, bureau.office, members[by], desk.keyring)
        assert departures.can_let_go(actor, members[whom]) is may
        assert bool(departures.can_end(actor, members[whom])) is may


def test_a_head_ends_the_places_at_her_own_desks_only(bureau: Bureau) -> None:
    with bureau.writing() as session:
        maria, johan = bureau.desk(session, "maria"), bureau.member(session, "johan")
        places = departures.can_end(maria, johan)
        assert {place.desk.unit for place in places} == {"adult", "closed-circle"}
        gone: Member = bureau.member(session, "amina")
        departures.leave(session, bureau.office.signer, gone, bureau.clock())
        assert departures.can_end(maria, gone) == []
