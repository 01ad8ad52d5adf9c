"""Keys are turned by a process that is killed again and again, while requests come."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from intake import queue, rotation, staff_log
from intake.errors import SealBroken
from intake.keyring import desk_of
from intake.models import Envelope, RequestKey
from intake.people import Desk, FormerKey
from intake.store import connect
from intake.topics import Kind, Side
from intake.vault import KeyPair, unseal
from tests import factories
from tests.conftest import fresh_postgres
from tests.factories import Bureau, text

KILLS, AT_START = 12, 20
TURNS = 2  # at least
PART = 4  # boxes a transaction: many ends to be killed between and within
LONGEST = 0.4  # seconds that a process lives
TURNER, READER = "maria", "amina"
_FORK = multiprocessing.get_context("fork")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bureau(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    factories.quicken(monkeypatch)
    if request.param == "sqlite":
        url = str(request.getfixturevalue("sqlite_url"))
    else:
        url = fresh_postgres(request.getfixturevalue("postgres_url"))
    engine = connect(url)
    yield factories.bureau(engine)
    engine.dispose()


def turn_on_and_on(bureau: Bureau) -> None:
    """Turn the key, part by part, and begin anew at the end; until it is killed."""
    url = bureau.engine.url.render_as_string(hide_password=False)
    # A connection of the process before must not be shared with it.
    bureau = replace(bureau, engine=connect(url))
    while True:
        step(bureau)


def step(bureau: Bureau) -> bool:
    """Take one step in a transaction of its own; say whether a turn has just ended."""
    with bureau.writing() as session:
        desk, now = bureau.desk(session, TURNER), bureau.clock()
        at = desk_of(session, "adult", Side.HURT)
        if rotation.is_on(session, at):
            return not rotation.go_on(desk, at, now, PART).left
        rotation.begin(desk, at, at.generation, now)
        return False


@dataclass
class Watch:
    """What came, and every key that the desk ever had, as a thief would keep them."""

    bureau: Bureau
    came: list[str] = field(default_factory=list)
    pairs: dict[int, KeyPair] = field(default_factory=dict)

    def keep(self) -> None:
        with self.bureau.writing() as session:
            at = desk_of(session, "adult", Side.HURT)
            pair = self.bureau.desk(session, READER).keyring.desk_pair(at.id)
            assert pair.public == at.public_key, "the desk seals to a key of nobody"
            self.pairs[at.generation] = pair

    def send(self) -> None:
        self.came.append(self.bureau.send(text(f"Ord {len(self.came)}")))

    def check(self) -> None:
        """Every request can be read, word for word, at any moment."""
        with self.bureau.writing() as session:
            desk = self.bureau.desk(session, READER)
            for number, reference in enumerate(self.came):
                found = queue.find(session, desk.member.id, reference)
                assert found is not None, "a request is lost"
                own = select(Envelope).where(Envelope.request_id == found.id)
                account = own.where(Envelope.kind == Kind.ACCOUNT)
                words = desk.keyring.text(session.scalars(account).one())
                assert words == f"Ord {number}"

    def opened_by(self, pair: KeyPair) -> int:
        """Count the boxes of today's database that a key opens."""
        with self.bureau.writing() as session:
            boxes = [*session.scalars(select(RequestKey.box))]
            boxes += session.scalars(select(FormerKey.box))
            boxes += session.scalars(select(Desk.recovery_box))
        return sum(_opens(pair, box) for box in boxes)


def _opens(pair: KeyPair, box: bytes) -> bool:
    try:
        unseal(box, pair)
    except SealBroken:
        return False
    return True


def test_killed_at_any_moment_nothing_is_lost_and_old_keys_open_nothing(
    bureau: Bureau,
) -> None:
    watch = Watch(bureau)
    for _ in range(AT_START):
        watch.send()
    watch.keep()
    for kill in range(5 * KILLS):
        if kill >= KILLS and len(watch.pairs) > TURNS:
            break  # a machine with much to do gets little done between two kills
        turner = _FORK.Process(target=turn_on_and_on, args=(bureau,))
        turner.start()
        ends = time.monotonic() + random.uniform(0.02, LONGEST)
        while time.monotonic() < ends:
            watch.send()
            watch.keep()
        assert turner.is_alive(), "it fell by itself"
        turner.kill()  # without a word: SIGKILL
        turner.join()
        watch.keep()
        watch.check()
    while not step(bureau):
        watch.keep()
    watch.keep()
    watch.check()
    _nothing_is_left(watch)


def _nothing_is_left(watch: Watch) -> None:
    signer = watch.bureau.office.signer
    with watch.bureau.writing() as session:
        at = desk_of(session, "adult", Side.HURT)
        assert session.scalars(select(FormerKey)).all() == []
        rows = select(func.count()).where(RequestKey.desk_id == at.id)
        assert session.scalar(rows.select_from(RequestKey)) == 2 * len(watch.came)
        stale = rows.where(RequestKey.generation != at.generation)
        assert session.scalar(stale.select_from(RequestKey)) == 0
        chain = staff_log.chain(session)
        assert staff_log.broken_at(chain, {signer.name: signer.key}) is None
        newest = watch.pairs.pop(at.generation)
    assert watch.opened_by(newest) == 2 * len(watch.came)
    assert len(watch.pairs) > 1, "it was turned too seldom to show anything"
    assert sum(map(watch.opened_by, watch.pairs.values())) == 0
