"""A key that is turned beside an arrival, an approval or a departure, on PostgreSQL."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import access, departures, founding, queue, rotation
from intake.access import SignedIn
from intake.arrivals import accept
from intake.keyring import desk_of
from intake.models import Envelope, Request
from intake.people import Desk, Member, Membership
from intake.topics import Kind, Side
from tests.factories import Bureau, text
from tests.intake.test_races import meet

pytestmark = pytest.mark.postgres
WORDS = "Hemligheten om trappan"


def adult(session: Session) -> Desk:
    return desk_of(session, "adult", Side.HURT)


def turn(bureau: Bureau, session: Session, _: str = "") -> None:
    at = adult(session)
    rotation.begin(bureau.desk(session, "maria"), at, at.generation, bureau.clock())


def arrive(bureau: Bureau, session: Session, _: str = "") -> None:
    accept(session, bureau.office, text(), bureau.clock())


def all_is_read(bureau: Bureau, login: str) -> None:
    with bureau.writing() as session:
        desk = bureau.desk(session, login)
        rotation.go_on(bureau.desk(session, "maria"), adult(session), bureau.clock())
        assert not rotation.is_on(session, adult(session))
        (request,) = session.scalars(queue.visible(desk.member.id))
        account = select(Envelope).where(Envelope.kind == Kind.ACCOUNT)
        envelope = session.scalars(account).one()
        assert envelope.request_id == request.id
        assert desk.keyring.text(envelope) == WORDS


def test_a_turn_waits_for_what_is_coming_in(bureau: Bureau) -> None:
    meet(bureau, "", lambda s: arrive(bureau, s), turn).result()
    all_is_read(bureau, "amina")


def test_what_comes_beside_a_turn_is_sealed_to_the_new_key(bureau: Bureau) -> None:
    def arrive_late(bureau: Bureau, session: Session, _: str) -> None:
        assert adult(session).generation == 1  # what it remembers is old by then
        arrive(bureau, session)

    meet(bureau, "", lambda s: turn(bureau, s), arrive_late).result()
    # At once, not by the next batch: the turn might have ended before it was committed.
    with bureau.writing() as session:
        request = session.scalars(select(Request)).one()
        assert {key.generation for key in request.keys} == {2}
    all_is_read(bureau, "amina")


def test_who_is_let_in_beside_a_turn_gets_the_new_key(bureau: Bureau) -> None:
    with bureau.writing() as session:
        sara = bureau.member(session, "sara")
        founding.ask(session, sara, "adult", Side.HURT, bureau.clock())
        arrive(bureau, session)

    def let_in(bureau: Bureau, session: Session, _: str) -> None:
        johan, sara = bureau.desk(session, "johan"), bureau.member(session, "sara")
        assert [place.box for place in johan.member.memberships]
        place = session.get_one(Membership, (sara.id, adult(session).id))
        access.approve(
            place, SignedIn(johan.member, johan.keyring.pair), bureau.clock()
        )

    meet(bureau, "", lambda s: turn(bureau, s), let_in).result()
    all_is_read(bureau, "sara")


def test_who_leaves_beside_a_turn_keeps_no_key(bureau: Bureau) -> None:
    def leave(bureau: Bureau, session: Session, _: str) -> None:
        amina = bureau.member(session, "amina")
        assert all(place.box for place in amina.memberships)
        signer, now = bureau.office.signer, bureau.clock()
        departures.leave(session, signer, amina, now)

    meet(bureau, "", lambda s: turn(bureau, s), leave).result()
    with bureau.writing() as session:
        assert bureau.member(session, "amina").memberships == []


def test_a_turn_beside_a_departure_gives_her_nothing(bureau: Bureau) -> None:
    def leave(session: Session) -> None:
        amina: Member = bureau.member(session, "amina")
        departures.leave(session, bureau.office.signer, amina, bureau.clock())

    meet(bureau, "", leave, turn).result()
    with bureau.writing() as session:
        held = select(Membership.member_id).where(
            Membership.desk_id == adult(session).id, Membership.box.is_not(None)
        )
        logins = {session.get_one(Member, one).login for one in session.scalars(held)}
        assert logins == {"maria", "johan", "vera"}
        assert adult(session).generation == 2


def test_a_request_handed_over_beside_a_batch_is_left_to_it(bureau: Bureau) -> None:
    with bureau.writing() as session:
        arrive(bureau, session)
        arrive(bureau, session)
        turn(bureau, session)
    with bureau.writing() as session:
        request = session.scalars(select(Request).order_by(Request.id)).first()
        assert request is not None
        for key in list(request.keys):
            session.delete(key)
        session.flush()
        with bureau.writing() as other:
            maria, at = bureau.desk(other, "maria"), adult(other)
            come = rotation.go_on(maria, at, bureau.clock())
            assert come.left == 2  # it waits for nobody, and does not end the turn
    with bureau.writing() as session:
        maria, at = bureau.desk(session, "maria"), adult(session)
        assert rotation.go_on(maria, at, bureau.clock()).left == 0
