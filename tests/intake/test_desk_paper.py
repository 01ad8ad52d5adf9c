"""A desk's recovery key is made anew: what the new paper opens, and the old no more."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import founding, rotation, staff_log
from intake.errors import NotAllowed, SealBroken
from intake.keyring import desk_of
from intake.messages import OutboundMail
from intake.people import Desk, FormerKey, Membership
from intake.staff_log import StaffAct
from intake.topics import Side
from intake.vault import KeyPair, seal, unseal
from tests.factories import Bureau, text
from tests.intake.test_rotation import (
    WORDS,
    Thief,
    account,
    adult,
    begin,
    go_on,
)


@pytest.fixture
def bureau(either_bureau: Bureau) -> Bureau:
    """Open a bureau on SQLite and on PostgreSQL in turn."""
    return either_bureau


@pytest.fixture
def old(bureau: Bureau) -> KeyPair:
    """Return the unit's paper, put in anew: the demonstration threw its own away."""
    paper = KeyPair.generate()
    with bureau.writing() as session:
        for side, login in ((Side.HURT, "maria"), (Side.HURTS, "leila")):
            at = desk_of(session, "adult", side)
            secret = bureau.desk(session, login).keyring.desk_pair(at.id).secret
            at.recovery_public = paper.public
            at.recovery_box = seal(secret, paper.public)
    return paper


def renewed(bureau: Bureau, login: str = "maria", seen: int = 1) -> KeyPair:
    """Let a member make a new paper; returns its pair."""
    with bureau.writing() as session:
        desk, now = bureau.desk(session, login), bureau.clock()
        secret = rotation.renew_paper(desk, adult(session), seen, now)
    return KeyPair.from_secret(secret)


def desk_pair(at: Desk, paper: KeyPair) -> KeyPair:
    """Return what a paper opens of a desk. Raises SealBroken."""
    return KeyPair.from_secret(unseal(at.recovery_box, paper))


def waits(session: Session, bureau: Bureau) -> list[Membership]:
    sara, now = bureau.member(session, "sara"), bureau.clock()
    return [founding.ask(session, sara, "adult", side, now) for side in Side]


def test_the_new_paper_opens_all_and_the_old_nothing_more(
    bureau: Bureau, old: KeyPair
) -> None:
    came = [bureau.send(text())]
    with bureau.writing() as session:
        kept = Thief(desk_pair(adult(session), old))  # with a copy of that day
        assert kept.opens(session, came[0])  # or this would show nothing
    new = renewed(bureau)
    came.append(bureau.send(text()))
    with bureau.writing() as session:
        with pytest.raises(SealBroken):
            desk_pair(adult(session), old)
        for former in session.scalars(select(FormerKey)):
            with pytest.raises(SealBroken):
                unseal(former.box, old)
        assert not kept.opens(session, came[1])
        assert desk_pair(adult(session), new).public == adult(session).public_key
    go_on(bureau)
    begin(bureau, "johan")  # an ordinary turn stays with the new paper
    go_on(bureau)
    with bureau.writing() as session:
        assert not any(kept.opens(session, one) for one in came)
        assert desk_pair(adult(session), new).public == adult(session).public_key
        founding.approve_first(waits(session, bureau)[0], new.secret, bureau.clock())
    for login in ("maria", "amina", "sara"):
        assert {account(bureau, login, one) for one in came} == {WORDS}


def test_the_other_side_keeps_its_paper_and_each_opens_its_own(
    bureau: Bureau, old: KeyPair
) -> None:
    new, signer, now = renewed(bureau), bureau.office.signer, bureau.clock()
    with bureau.writing() as session:
        places = waits(session, bureau)
        for paper, side in ((old, Side.HURTS), (new, Side.HURT)):
            with pytest.raises(SealBroken):
                founding.recover(
                    session, signer, places, KeyPair.generate().secret, now
                )
            opened = founding.recover(session, signer, places, paper.secret, now)
            assert [place.desk.side for place in opened] == [side]
            assert [p.desk.side for p in places if p.box and p in opened] == [side]
        acts = [line.act for line in staff_log.chain(session)]
        assert acts[-2:] == [StaffAct.RECOVERED, StaffAct.RECOVERED]


def test_it_takes_a_head_and_stands_in_the_chain(bureau: Bureau, old: KeyPair) -> None:
    for login in ("amina", "leila", "vera"):
        with pytest.raises(NotAllowed, match="paper-heads"):
            renewed(bureau, login)
    renewed(bureau)
    with pytest.raises(NotAllowed, match="key-turned"):
        renewed(bureau, "johan")  # who pressed at once makes no second one
    with bureau.writing() as session:
        acts = [line.act for line in staff_log.chain(session)]
        assert acts == [StaffAct.TURN_BEGUN, StaffAct.PAPER]
        mails = session.scalars(select(OutboundMail)).all()
        assert [(mail.unit, mail.urgent) for mail in mails] == [("adult", True)]


def test_a_head_of_elsewhere_makes_none(bureau: Bureau, old: KeyPair) -> None:
    with bureau.writing() as session:
        karin = bureau.member(session, "karin")
        holds = {one.login for one in founding.holders(session, adult(session))}
        assert karin.login not in holds
    with pytest.raises(NotAllowed, match="paper-heads"):
        renewed(bureau, "karin")
    with bureau.writing() as session:
        erik = desk_of(session, "adult", Side.HURTS)
        maria = bureau.desk(session, "maria")
        with pytest.raises(NotAllowed, match="key-anothers"):
            rotation.renew_paper(maria, erik, 1, bureau.clock())
        assert desk_pair(erik, old).public == erik.public_key
