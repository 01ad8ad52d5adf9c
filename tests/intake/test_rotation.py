"""A desk's key is turned: what came before and what comes after, and for whom."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from intake import departures, founding, handover, queue, rotation, staff_log
from intake.access import SignedIn, approve
from intake.errors import NotAllowed, SealBroken
from intake.keyring import desk_of
from intake.models import Envelope, Request, RequestKey
from intake.people import Desk, FormerKey, Membership
from intake.rotation import Progress
from intake.staff_log import StaffAct
from intake.topics import Half, HandOverGround, Kind, Side
from intake.vault import KeyPair, seal, unseal
from tests.factories import Bureau, text

WORDS = "Hemligheten om trappan"


@dataclass(frozen=True, slots=True)
class Thief:
    """Somebody who kept a desk's secret key, with a database of today."""

    pair: KeyPair

    def opens(self, session: Session, reference: str) -> bool:
        keys = select(RequestKey.box).join(Request)
        boxes = session.scalars(keys.where(Request.reference == reference)).all()
        formers = session.scalars(select(FormerKey.box)).all()
        return any(self._opens(box) for box in (*boxes, *formers))

    def _opens(self, box: bytes) -> bool:
        try:
            unseal(box, self.pair)
        except SealBroken:
            return False
        return True


def adult(session: Session) -> Desk:
    return desk_of(session, "adult", Side.HURT)


def thief(bureau: Bureau) -> Thief:
    with bureau.writing() as session:
        keyring = bureau.desk(session, "amina").keyring
        return Thief(keyring.desk_pair(adult(session).id))


def begin(bureau: Bureau, login: str = "maria") -> None:
    with bureau.writing() as session:
        desk, at = bureau.desk(session, login), adult(session)
        rotation.begin(desk, at, at.generation, bureau.clock())


def go_on(bureau: Bureau, most: int = 1000, login: str = "maria") -> Progress:
    with bureau.writing() as session:
        desk = bureau.desk(session, login)
        return rotation.go_on(desk, adult(session), bureau.clock(), most)


def account(bureau: Bureau, login: str, reference: str) -> str:
    """Return her words as a member reads them."""
    with bureau.writing() as session:
        desk = bureau.desk(session, login)
        found = queue.find(session, desk.member.id, reference)
        assert found is not None
        words = select(Envelope).where(
            Envelope.request_id == found.id, Envelope.kind == Kind.ACCOUNT
        )
        return desk.keyring.text(session.scalars(words).one())


def test_all_is_open_to_the_holders_at_every_step(either_bureau: Bureau) -> None:
    bureau, old = either_bureau, thief(either_bureau)
    came = [bureau.send(text()) for _ in range(3)]
    begin(bureau)
    came.append(bureau.send(text()))
    steps = 0
    while go_on(bureau, most=1).left:
        steps += 1
        for login in ("maria", "johan", "amina"):
            assert {account(bureau, login, one) for one in came} == {WORDS}
        came.append(bureau.send(text()))
    assert steps == 5  # six boxes were there when it began; what came needs none
    for login in ("maria", "johan", "amina"):
        assert {account(bureau, login, one) for one in came} == {WORDS}
    with bureau.writing() as session:
        assert not any(old.opens(session, one) for one in came)
        assert session.scalars(select(FormerKey)).all() == []
        acts = [event.act for event in staff_log.chain(session)]
        assert acts == [StaffAct.TURN_BEGUN, StaffAct.TURNED]


def test_what_comes_after_opens_with_no_old_key(bureau: Bureau) -> None:
    old, before = thief(bureau), bureau.send(text())
    with bureau.writing() as session:
        assert old.opens(session, before)  # or this would show nothing
    begin(bureau)
    after = bureau.send(text())
    with bureau.writing() as session:
        assert old.opens(session, before)
        assert not old.opens(session, after)
    go_on(bureau)
    with bureau.writing() as session:
        assert not old.opens(session, before)


def test_a_second_turn_may_begin_before_the_first_has_ended(bureau: Bureau) -> None:
    came = [bureau.send(text()) for _ in range(3)]
    begin(bureau)
    go_on(bureau, most=2)
    came.append(bureau.send(text()))
    begin(bureau, "johan")
    came.append(bureau.send(text()))
    assert {account(bureau, "amina", one) for one in came} == {WORDS}
    assert go_on(bureau, login="amina").left == 0
    assert {account(bureau, "amina", one) for one in came} == {WORDS}
    with bureau.writing() as session:
        assert adult(session).generation == 3
        found = select(RequestKey.generation)
        own = found.where(RequestKey.desk_id == adult(session).id)
        assert set(session.scalars(own)) == {3}


def test_the_recovery_key_opens_the_new_one(bureau: Bureau) -> None:
    # The unit's own pair is put in anew: the demonstration threw its paper away.
    paper = KeyPair.generate()
    with bureau.writing() as session:
        adult(session).recovery_public = paper.public
    reference = bureau.send(text())
    begin(bureau)
    with bureau.writing() as session:
        at = adult(session)
        assert KeyPair.from_secret(unseal(at.recovery_box, paper)).public == (
            at.public_key
        )
        sara = bureau.member(session, "sara")
        place = founding.ask(session, sara, "adult", Side.HURT, bureau.clock())
        founding.approve_first(place, paper.secret, bureau.clock())
    # In the middle of a turn, too: from the new one to the former.
    assert account(bureau, "sara", reference) == WORDS


def test_heads_turn_it_and_where_there_is_none_anybody(bureau: Bureau) -> None:
    with pytest.raises(NotAllowed, match="key-anothers"):
        begin(bureau, "amina")
    with pytest.raises(NotAllowed, match="key-anothers"):
        begin(bureau, "vera")  # the co-ordinator holds a key, and turns none
    with bureau.writing() as session:
        at = desk_of(session, "adult", Side.HURTS)
        assert [m.login for m in rotation.whose(session, at)] == ["erik", "leila"]
        desk = bureau.desk(session, "leila")
        rotation.begin(desk, at, at.generation, bureau.clock())


def test_two_who_press_at_once_turn_it_once(bureau: Bureau) -> None:
    begin(bureau)
    with (
        bureau.writing() as session,
        pytest.raises(NotAllowed, match="key-turned"),
    ):
        rotation.begin(bureau.desk(session, "johan"), adult(session), 1, bureau.clock())


def test_who_holds_no_key_turns_none(bureau: Bureau) -> None:
    with pytest.raises(NotAllowed):
        begin(bureau, "sara")
    begin(bureau)
    with pytest.raises(SealBroken):
        go_on(bureau, login="sara")


def test_a_key_that_was_put_in_by_another_is_not_taken_for_ours(
    bureau: Bureau,
) -> None:
    with bureau.writing() as session:
        adult(session).public_key = KeyPair.generate().public
    with pytest.raises(SealBroken):
        begin(bureau)


def test_what_opens_with_no_key_is_counted_and_holds_up_nothing(
    bureau: Bureau,
) -> None:
    spoilt, whole = bureau.send(text()), bureau.send(text())
    with bureau.writing() as session:
        box = seal(b"x" * 32, KeyPair.generate().public)
        request = bureau.request(session, spoilt)
        key = (request.id, adult(session).id, Half.ACCOUNT)
        session.get_one(RequestKey, key).box = box
    begin(bureau)
    assert go_on(bureau) == Progress(left=0, unopened=1)
    with bureau.writing() as session:
        assert not rotation.is_on(session, adult(session))
    assert account(bureau, "amina", whole) == WORDS


def test_a_request_goes_to_another_unit_in_the_middle(bureau: Bureau) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    begin(bureau)
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        queue.claim(desk, request, now)
        ground = HandOverGround.RIGHT_UNIT
        handover.hand_over(desk, request, "reception", ground, "Skäl", now)
    assert go_on(bureau).left == 0
    assert account(bureau, "johan", reference) == WORDS


def test_who_left_is_not_given_the_new_key_and_who_is_let_in_is(
    bureau: Bureau,
) -> None:
    reference, now = bureau.send(text()), bureau.clock()
    with bureau.writing() as session:
        amina = bureau.member(session, "amina")
        departures.leave(session, bureau.office.signer, amina, now)
        assert adult(session).owed_since == now
    begin(bureau)
    with bureau.writing() as session:
        assert adult(session).owed_since is None
        sara = bureau.member(session, "sara")
        place = founding.ask(session, sara, "adult", Side.HURT, now)
        johan = bureau.desk(session, "johan")
        approve(place, SignedIn(johan.member, johan.keyring.pair), now)
    assert account(bureau, "sara", reference) == WORDS
    with bureau.writing() as session:
        amina = bureau.member(session, "amina")
        held = select(func.count()).where(Membership.member_id == amina.id)
        assert session.scalar(held.select_from(Membership)) == 0
        assert queue.find(session, amina.id, reference) is None


def test_the_chain_of_acts_shows_what_was_changed(bureau: Bureau) -> None:
    begin(bureau)
    go_on(bureau)
    signer = bureau.office.signer
    keys = {signer.name: signer.key}
    with bureau.writing() as session:
        assert staff_log.broken_at(staff_log.chain(session), keys) is None
        leila = bureau.member(session, "leila").id
        change = update(staff_log.StaffEvent).values(actor_id=leila)
        session.execute(change.where(staff_log.StaffEvent.seq == 1))
    with bureau.writing() as session:
        assert staff_log.broken_at(staff_log.chain(session), keys) == 1
        assert staff_log.broken_at(staff_log.chain(session)[1:], keys) == 1
