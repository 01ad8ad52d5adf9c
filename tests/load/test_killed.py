"""Members and workers that are killed at any moment lose nothing and double nothing."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from intake import founding, queue
from intake.access import SignedIn, approve, set_password
from intake.founding import holders
from intake.life import EventKind, Standing, broken_at, standing
from intake.messages import Delivery, OutboundText
from intake.models import Event, Request
from intake.store import connect
from intake.topics import Role, Side, State
from intake.vault import KeyPair
from tests import factories
from tests.conftest import fresh_postgres
from tests.factories import Bureau
from tests.load.crowd import Crowd
from tests.load.plan import LEASE, Plan, RealClock
from tests.load.someone import SENDER
from tests.standin import StandIn
from tests.standin.behaviour import Callbacks, Conduct

SECONDS = float(os.environ.get("STILLA_TEST_LOAD_SECONDS", "60"))
pytestmark = pytest.mark.timeout(SECONDS + 240)
# What renews a lease; to read or to look at a request does not.
_RENEWS = (
    EventKind.CALL_STARTED,
    EventKind.OUTCOME,
    EventKind.TEXTED,
)


@pytest.fixture
def carrier() -> Iterator[StandIn]:
    """Return a stand-in that takes texts and tells nobody what became of them."""
    conduct = Conduct(callbacks=Callbacks.NONE)
    with StandIn(senders=[SENDER], conduct=conduct) as running:
        yield running


@pytest.mark.postgres
@pytest.mark.rule("S13")
@pytest.mark.rule("S33")
def test_sixteen_members_and_four_workers_on_postgresql(
    postgres_url: str,
    tmp_path: Path,
    carrier: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = fresh_postgres(postgres_url)
    _work(address, tmp_path, carrier, monkeypatch, members=16, workers=4)


def test_four_members_on_sqlite(
    empty_sqlite: Path,
    tmp_path: Path,
    carrier: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copy(empty_sqlite, tmp_path / "stilla.db")
    address = f"sqlite:///{tmp_path}/stilla.db"
    _work(address, tmp_path, carrier, monkeypatch, members=4, workers=1)


def _work(
    address: str,
    folder: Path,
    carrier: StandIn,
    patch: pytest.MonkeyPatch,
    members: int,
    workers: int,
) -> None:
    factories.quicken(patch)
    engine = connect(address)
    try:
        _work_on(engine, address, folder, carrier, members, workers)
    finally:
        engine.dispose()


def _work_on(
    engine: Engine,
    address: str,
    folder: Path,
    carrier: StandIn,
    members: int,
    workers: int,
) -> None:
    bureau = factories.bureau(engine)
    bureau.clock = RealClock()
    logins = _hire(bureau, members)
    plan = _plan(address, carrier, bureau)
    crowd = Crowd(plan.write(folder / "plan.json"), folder)
    for login in logins:
        crowd.start("member", login)
    for name in map(str, range(workers)):
        crowd.start("worker", name)
    for name in ("one", "two"):
        crowd.start("visitor", name)
    try:
        crowd.wait()
        crowd.rage(SECONDS)
    finally:
        crowd.end()
    told = [line for name in ("one", "two") for line in _lines(crowd.log(name))]
    _nothing_is_lost(bureau, told)
    _nobody_held_what_another_held(bureau)
    _leases_end(bureau, logins[0])
    _texts_went_once(bureau, carrier)


def _hire(bureau: Bureau, count: int) -> list[str]:
    """Return so many members of the adult unit's desk for who is hurt, new or old."""
    place = ("adult", Side.HURT)
    logins = ["amina", "maria", "johan"]
    with bureau.writing() as session:
        amina = SignedIn(bureau.member(session, "amina"), bureau.pairs["amina"])
        for number in range(count - len(logins)):
            login, now = f"member{number}", bureau.clock()
            role = Role.HEAD if number % 4 == 0 else Role.STAFF
            names = (login, f"M{number}", f"M{number} Påhittad")
            member = founding.add_member(session, *names, role, [place], now)
            bureau.pairs[login] = KeyPair.generate()
            set_password(member, "tolv tecken", bureau.pairs[login])
            approve(member.memberships[0], amina, now)
            logins.append(login)
    return logins[:count]


def _plan(address: str, carrier: StandIn, bureau: Bureau) -> Plan:
    return Plan(
        database_url=address,
        carrier_url=carrier.url,
        worker_secret=bureau.worker.pair.secret.hex(),
        number_key=bureau.worker.number_key.hex(),
        event_key=bureau.office.signer.key.hex(),
        pairs={login: pair.secret.hex() for login, pair in bureau.pairs.items()},
    )


def _lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def _nothing_is_lost(bureau: Bureau, told: list[str]) -> None:
    """Whatever a visitor was told had come in is there, whole, and can be read."""
    assert told, "nobody was told of anything"
    signer = bureau.office.signer
    with bureau.writing() as session:
        requests = {one.reference: one for one in session.scalars(select(Request))}
        assert set(told) <= set(requests)
        for request in requests.values():
            assert broken_at(request.events, {signer.name: signer.key}) is None
            stands = Standing(request.state, request.contact, request.attempts)
            assert standing(request.events) == stands
            desks = {key.desk for key in request.keys}
            assert len({one for desk in desks for one in holders(session, desk)}) >= 2


def _nobody_held_what_another_held(bureau: Bureau) -> None:
    """Play every chain again: a claim is right where no lease was alive."""
    with bureau.writing() as session:
        claims = 0
        for request in session.scalars(select(Request)):
            claims += _replay(request.events)
        assert claims, "nobody took anything"


def _replay(events: list[Event]) -> int:
    holder: int | None = None
    since: datetime | None = None
    calling, claims = False, 0
    for event in events:
        if event.kind == EventKind.CLAIMED:
            claims += 1
            free = holder in (None, event.member_id) or (
                since is not None and not calling and event.at >= since + LEASE
            )
            assert free or event.data.get("taken_over"), "claimed twice"
            holder, since = event.member_id, event.at
        elif event.kind == EventKind.RELEASED:
            holder = since = None
        elif event.kind in _RENEWS:
            assert event.member_id == holder, "somebody acted without holding it"
            since = event.at
        calling = event.kind == EventKind.CALL_STARTED or (
            calling and event.kind != EventKind.OUTCOME
        )
    return claims


def _leases_end(bureau: Bureau, login: str) -> None:
    """Nothing stays with who was killed, but a call that only a person ends (S13)."""
    later = bureau.clock() + LEASE
    with bureau.writing() as session:
        desk = bureau.desk(session, login)
        for request in queue.waiting(session, desk.member.id):
            if request.state is not State.CALLING:
                queue.claim(desk, request, later)


def _texts_went_once(bureau: Bureau, carrier: StandIn) -> None:
    """No text went out twice; none that went out is unknown to us for good."""
    posts = [one.form for one in carrier.asked if one.method == "POST"]
    own = Counter(form["StatusCallback"][0] for form in posts if "To" in form)
    assert own, "no text went out"
    assert set(own.values()) == {1}, "a text went out twice"
    with bureau.writing() as session:
        texts = session.scalars(select(OutboundText)).all()
        tried = [one.id for one in texts if one.state is not Delivery.WAITING]
        sent = {url.rsplit("/", 1)[-1] for url in own}
        assert sent <= set(tried)
