"""Acts that are logged at once, where each refers to what the other has locked."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import departures, founding, members, rotation, staffing
from intake.keyring import desk_of
from intake.people import Installation
from intake.staff_log import broken_at, chain
from intake.store import writing
from intake.topics import Side
from tests.factories import Bureau
from tests.intake.test_races import WAIT

pytestmark = pytest.mark.postgres
Act = Callable[[Bureau, Session], object]


@pytest.fixture(autouse=True)
def sara_waits(bureau: Bureau) -> None:
    with bureau.writing() as session:
        sara = bureau.member(session, "sara")
        founding.ask(session, sara, "adult", Side.HURT, bureau.clock())


def by_johan(bureau: Bureau, session: Session) -> None:
    """Log what Johan does with Amina, at each of her desks; it locks neither."""
    johan, amina = bureau.desk(session, "johan"), bureau.member(session, "amina")
    members.say_takes_children(johan, amina, True, bureau.clock())


def at_saras(bureau: Bureau, session: Session) -> None:
    """Log what an administrator does with Sara, at the desk that she waits at."""
    karin, sara = bureau.desk(session, "karin"), bureau.member(session, "sara")
    members.say_takes_children(karin, sara, False, bureau.clock())


def by_sara(bureau: Bureau, session: Session) -> None:
    """Log what Sara herself does: her keys at the children's desk are turned."""
    at = desk_of(session, "children", Side.HURT)
    rotation.begin(bureau.desk(session, "sara"), at, at.generation, bureau.clock())


def mark_johan(bureau: Bureau, session: Session) -> None:
    karin, johan = bureau.desk(session, "karin"), bureau.member(session, "johan")
    members.say_takes_children(karin, johan, True, bureau.clock())


def reset_johan(bureau: Bureau, session: Session) -> None:
    karin, johan = bureau.desk(session, "karin"), bureau.member(session, "johan")
    members.reset(karin, johan, bureau.clock())


def let_johan_go(bureau: Bureau, session: Session) -> None:
    johan, signer = bureau.member(session, "johan"), bureau.office.signer
    departures.leave(session, signer, johan, bureau.clock())


def give_a_place(bureau: Bureau, session: Session) -> None:
    """Lock the desk at which Amina sits."""
    karin, david = bureau.desk(session, "karin"), bureau.member(session, "david")
    at = desk_of(session, "adult", Side.HURT)
    members.add_place(karin, david, at.id, bureau.clock())


def turn_the_key(bureau: Bureau, session: Session) -> None:
    at = desk_of(session, "adult", Side.HURT)
    rotation.begin(bureau.desk(session, "maria"), at, at.generation, bureau.clock())


def let_sara_in(bureau: Bureau, session: Session) -> None:
    maria, sara = bureau.desk(session, "maria"), bureau.member(session, "sara")
    at = desk_of(session, "adult", Side.HURT)
    place = staffing.place_to_give(maria, sara.id, at.id)
    assert place is not None
    staffing.let_in(maria, place, bureau.clock())


@pytest.mark.rule("S35")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (by_johan, mark_johan),
        (by_johan, reset_johan),
        (by_johan, let_johan_go),
        (by_johan, give_a_place),
        (by_johan, turn_the_key),
        (at_saras, turn_the_key),
        (by_sara, let_sara_in),
    ],
)
def test_two_acts_are_logged_one_after_the_other(
    bureau: Bureau, first: Act, second: Act
) -> None:
    """The first comes to the log first, when the second holds what it refers to."""

    def do(act: Act) -> None:
        with bureau.writing() as session:
            act(bureau, session)

    with ThreadPoolExecutor(2) as pool, writing(bureau.engine) as session:
        session.execute(select(Installation.id).with_for_update())
        acting = [_waiting(pool, do, act) for act in (first, second)]
        session.rollback()
        assert [one.exception(20) for one in acting] == [None, None]
    with bureau.writing() as session:
        keys = {bureau.office.signer.name: bureau.office.signer.key}
        assert broken_at(chain(session), keys) is None


def _waiting(
    pool: ThreadPoolExecutor, do: Callable[[Act], None], act: Act
) -> Future[None]:
    acting = pool.submit(do, act)
    with pytest.raises(StillWaiting):
        acting.result(WAIT)
    return acting
