"""People and access: who may invite, give places and roles, and to whom."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import key_persons, links, members, queue, staff_log
from intake.errors import NotAllowed
from intake.members import LoginTaken, Newcomer
from intake.messages import OutboundMail
from intake.people import Desk, UnitRecord
from intake.queue import Desktop
from intake.staff_log import StaffAct
from intake.topics import Audience, Danger, Role, Side
from tests.factories import Bureau, text


@pytest.fixture
def bureau(either_bureau: Bureau) -> Bureau:
    return either_bureau


@pytest.fixture
def session(bureau: Bureau) -> Iterator[Session]:
    with bureau.writing() as opened:
        yield opened


def desk_id(session: Session, unit: str, side: Side = Side.HURT) -> int:
    found = select(Desk.id).where(Desk.unit == unit, Desk.side == side)
    return session.scalars(found).one()


def newcomer(*desk_ids: int, role: Role = Role.STAFF, login: str = "nora") -> Newcomer:
    return Newcomer(login, "Nora", "Nora Exempel", role, desk_ids)


def refused(reason: str, act: Callable[[], object]) -> None:
    with pytest.raises(NotAllowed) as caught:
        act()
    assert caught.value.reason == reason


def test_an_administrator_fills_every_desk_and_holds_none(
    bureau: Bureau, session: Session
) -> None:
    reference = bureau.send(text())
    karin = bureau.desk(session, "karin")
    every = session.scalars(select(Desk.id)).all()
    assert {desk.id for desk in members.desks_to_fill(karin)} == set(every)
    names = {one.login for one in members.members(karin)}
    assert {"leila", "maria", "olof", "karin"} <= names
    assert queue.find(session, karin.member.id, reference) is None


def test_a_head_fills_the_desks_that_she_holds_and_no_other(
    bureau: Bureau, session: Session
) -> None:
    johan, now = bureau.desk(session, "johan"), bureau.clock()
    filled = {(desk.unit, desk.side) for desk in members.desks_to_fill(johan)}
    assert ("adult", Side.HURT) in filled
    assert ("adult", Side.HURTS) not in filled
    # Leila sits on the other side of the same units.
    leila = bureau.member(session, "leila")
    assert members.member_to_care_for(johan, leila.id) is None
    over = newcomer(desk_id(session, "adult", Side.HURTS))
    refused("desk-not-yours", lambda: members.invite(johan, over, now))
    assert members.roles_to_give(johan) == [Role.STAFF]
    head = newcomer(desk_id(session, "adult"), role=Role.HEAD)
    refused("role-not-yours", lambda: members.invite(johan, head, now))
    amina = bureau.member(session, "amina")
    for act in (
        lambda: members.change_role(johan, amina, Role.HEAD, bureau.clock()),
        lambda: members.reset(johan, amina, now),
    ):
        refused("administrator-only", act)


@pytest.mark.parametrize("login", ["amina", "olof"])
def test_who_has_no_such_role_looks_after_nobody(
    bureau: Bureau, session: Session, login: str
) -> None:
    desk, now = bureau.desk(session, login), bureau.clock()
    sara = bureau.member(session, "sara")
    new = newcomer(desk_id(session, "adult"))
    place = desk_id(session, "reception")
    unit = session.get_one(UnitRecord, "adult")
    acts: list[Callable[[], object]] = [
        lambda: members.members(desk),
        lambda: members.desks_to_fill(desk),
        lambda: members.invite(desk, new, now),
        lambda: members.add_place(desk, sara, place, now),
        lambda: members.say_takes_children(desk, sara, True, now),
        lambda: key_persons.choose(desk, unit, None, now),
    ]
    for act in acts:
        refused("access-not-yours", act)


def test_who_is_invited_waits_and_her_link_works_once(
    bureau: Bureau, session: Session
) -> None:
    karin, now = bureau.desk(session, "karin"), bureau.clock()
    token = members.invite(karin, newcomer(desk_id(session, "adult")), now)
    nora = links.invited(session, token, now)
    assert [place.box for place in nora.memberships] == [None]
    again = members.invite_again(karin, nora, now)
    assert links.invited(session, again, now) is nora
    with pytest.raises(links.LinkSpent):
        links.invited(session, token, now)
    with pytest.raises(LoginTaken):
        members.invite(karin, newcomer(desk_id(session, "adult")), now)
    assert len([m for m in members.members(karin) if m.login == "nora"]) == 1


def test_a_used_link_is_no_second_way_in(bureau: Bureau, session: Session) -> None:
    johan, amina = bureau.desk(session, "johan"), bureau.member(session, "amina")
    refused("link-used", lambda: members.invite_again(johan, amina, bureau.clock()))


def test_a_role_without_requests_takes_no_place_and_others_need_one(
    bureau: Bureau, session: Session
) -> None:
    karin, now = bureau.desk(session, "karin"), bureau.clock()
    adult = desk_id(session, "adult")
    for role in (Role.ADMINISTRATOR, Role.ANALYST):
        one = newcomer(adult, role=role)
        with pytest.raises(NotAllowed, match="role-without-place"):
            members.invite(karin, one, now)
    refused("no-place", lambda: members.invite(karin, newcomer(), now))
    olof, amina = bureau.member(session, "olof"), bureau.member(session, "amina")
    refused("role-without-place", lambda: members.add_place(karin, olof, adult, now))
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR):
        with pytest.raises(NotAllowed, match="places-first"):
            members.change_role(karin, amina, role, now)
    members.change_role(karin, amina, Role.HEAD, bureau.clock())
    assert amina.role is Role.HEAD


def test_nobody_gives_herself_anything(bureau: Bureau, session: Session) -> None:
    karin, johan = bureau.desk(session, "karin"), bureau.desk(session, "johan")
    now = bureau.clock()
    acts: list[Callable[[], object]] = [
        lambda: members.change_role(karin, karin.member, Role.HEAD, bureau.clock()),
        lambda: members.reset(karin, karin.member, now),
        lambda: members.add_place(
            johan, johan.member, desk_id(session, "closed-circle"), now
        ),
        lambda: members.say_takes_children(johan, johan.member, True, now),
    ]
    for act in acts:
        refused("not-your-own", act)


@pytest.mark.rule("S29")
def test_the_closed_circle_takes_no_third(bureau: Bureau, session: Session) -> None:
    karin, now = bureau.desk(session, "karin"), bureau.clock()
    circle, amina = desk_id(session, "closed-circle"), bureau.member(session, "amina")
    refused("circle-full", lambda: members.invite(karin, newcomer(circle), now))
    refused("circle-full", lambda: members.add_place(karin, amina, circle, now))
    assert all(one.login != "nora" for one in members.members(karin))


@pytest.mark.rule("S33")
def test_a_reset_by_an_administrator_gives_her_no_key(
    bureau: Bureau, session: Session
) -> None:
    reference = bureau.send(text())
    karin, now = bureau.desk(session, "karin"), bureau.clock()
    amina = bureau.member(session, "amina")
    token, thin = members.reset(karin, amina, now)
    assert [desk.unit for desk in thin] == ["reception"]
    told = select(OutboundMail.unit).where(OutboundMail.urgent)
    assert session.scalars(told).all() == ["reception"]
    # Whoever uses the link now waits for a colleague at every desk.
    assert links.invited(session, token, now) is amina
    assert queue.find(session, amina.id, reference) is None


def test_a_key_person_has_a_place_at_the_unit(bureau: Bureau, session: Session) -> None:
    johan, now = bureau.desk(session, "johan"), bureau.clock()
    adult, children = (session.get_one(UnitRecord, u) for u in ("adult", "children"))
    sara = bureau.member(session, "sara")
    key_persons.choose(johan, adult, johan.member.id, now)
    assert adult.key_person is johan.member
    assert key_persons.names(session)["adult"] == "Johan"
    johan.member.active = False
    assert "adult" not in key_persons.names(session)
    johan.member.active = True
    refused("unit-not-hers", lambda: key_persons.choose(johan, adult, sara.id, now))
    refused("unit-not-yours", lambda: key_persons.choose(johan, children, None, now))


def test_marks_and_key_persons_stand_in_the_chain_each_once(
    bureau: Bureau, session: Session
) -> None:
    karin, now = bureau.desk(session, "karin"), bureau.clock()
    amina = bureau.member(session, "amina")
    reception = session.get_one(UnitRecord, "reception")
    for takes in (True, True, False):
        members.say_takes_children(karin, amina, takes, now)
    for chosen in (amina.id, amina.id, bureau.member(session, "johan").id, None):
        key_persons.choose(karin, reception, chosen, now)
    who = ("nora", "Nora", "Nora Låtsas", Role.STAFF)
    at = (desk_id(session, "children"),)
    members.invite(karin, Newcomer(*who, at, takes_children=True), now)
    told = [(line.act, line.member, line.unit) for line in members.history(karin, 20)]
    assert told[::-1] == [
        (StaffAct.CHILDREN, "Amina", "adult"),
        (StaffAct.CHILDREN, "Amina", "reception"),
        (StaffAct.CHILDREN_NOT, "Amina", "adult"),
        (StaffAct.CHILDREN_NOT, "Amina", "reception"),
        (StaffAct.KEY_PERSON, "Amina", "reception"),
        (StaffAct.KEY_PERSON_NOT, "Amina", "reception"),
        (StaffAct.KEY_PERSON, "Johan", "reception"),
        (StaffAct.KEY_PERSON_NOT, "Johan", "reception"),
        (StaffAct.INVITED, "Nora", ""),
        (StaffAct.ROLE_STAFF, "Nora", ""),
        (StaffAct.PLACE_GIVEN, "Nora", "children"),
        (StaffAct.CHILDREN, "Nora", "children"),
    ]
    keys = {bureau.office.signer.name: bureau.office.signer.key}
    assert staff_log.broken_at(staff_log.chain(session), keys) is None


def claims(desk: Desktop, bureau: Bureau, reference: str) -> None:
    request = bureau.request(desk.session, reference)
    queue.claim(desk, request, bureau.clock())


def test_a_childs_own_is_taken_by_who_is_named_for_it(
    bureau: Bureau, session: Session
) -> None:
    reference = bureau.send(text(audience=Audience.EXPOSED, under_18=True))
    karin, david = bureau.desk(session, "karin"), bureau.desk(session, "david")
    members.say_takes_children(karin, david.member, False, bureau.clock())
    refused("children-not-hers", lambda: claims(david, bureau, reference))
    claims(bureau.desk(session, "sara"), bureau, reference)


def test_no_child_waits_for_a_mark(bureau: Bureau, session: Session) -> None:
    usual = bureau.send(text(under_18=True))
    acute = bureau.send(text(under_18=True, danger=Danger.NOW))
    karin, david = bureau.desk(session, "karin"), bureau.desk(session, "david")
    members.say_takes_children(karin, david.member, False, bureau.clock())
    claims(david, bureau, acute)
    # And where nobody there is named, everybody may.
    sara = bureau.member(session, "sara")
    members.say_takes_children(karin, sara, False, bureau.clock())
    claims(david, bureau, usual)


def test_what_is_done_stands_in_one_chain(bureau: Bureau, session: Session) -> None:
    karin, amina = bureau.desk(session, "karin"), bureau.member(session, "amina")
    now, children = bureau.clock(), desk_id(session, "children")
    members.invite(karin, newcomer(desk_id(session, "adult")), now)
    members.change_role(karin, amina, Role.HEAD, now)
    members.add_place(karin, amina, children, now)
    members.reset(karin, amina, now)
    lines = [(one.act, one.actor, one.member) for one in members.history(karin, 9)]
    assert lines == [
        (StaffAct.RESET, "Karin", "Amina"),
        (StaffAct.PLACE_GIVEN, "Karin", "Amina"),
        (StaffAct.ROLE_HEAD, "Karin", "Amina"),
        (StaffAct.PLACE_GIVEN, "Karin", "Nora"),
        (StaffAct.ROLE_STAFF, "Karin", "Nora"),
        (StaffAct.INVITED, "Karin", "Nora"),
    ]
    keys = {bureau.office.signer.name: bureau.office.signer.key}
    assert staff_log.broken_at(staff_log.chain(session), keys) is None
    # A head reads what was done at her own desks.
    johan = members.history(bureau.desk(session, "johan"), 9)
    assert [(one.act, one.member) for one in johan] == [(StaffAct.PLACE_GIVEN, "Nora")]
