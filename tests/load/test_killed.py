"""Members and workers that are killed at any moment lose nothing and double nothing."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from intake import decisions, founding, queue
from intake.access import SignedIn, approve, set_password
from intake.founding import holders
from intake.life import EventKind, Standing, broken_at, standing
from intake.messages import Delivery, OutboundText
from intake.models import Event, Request
from intake.people import Member
from intake.store import connect
from intake.topics import Role, Side, State
from intake.vault import KeyPair
from intake.worker import send_texts
from tests import factories
from tests.conftest import fresh_postgres
from tests.factories import Bureau
from tests.load.crowd import Crowd
from tests.load.plan import LEASE, TEXT_LEASE, Plan, RealClock, hurry
from tests.load.someone import SENDER, on_duty
from tests.standin import Answer, Callbacks, Conduct, StandIn

SECONDS = float(os.environ.get("STILLA_TEST_LOAD_SECONDS", "60"))
pytestmark = pytest.mark.timeout(SECONDS + 360)
# What renews a lease; to read or to look at a request does not.
_RENEWS = (EventKind.CALL_STARTED, EventKind.OUTCOME, EventKind.TEXTED)
# What ends it, and lets another desk begin anew.
_ENDS = (EventKind.HANDED_OVER, EventKind.SIDE, EventKind.CLOSED)
# What a run must come to, or it would have shown nothing of it.
_HAPPENS = {
    "visitor": {EventKind.ARRIVED, EventKind.JOINED, EventKind.CANCELLED},
    "member": {EventKind.CLAIMED, EventKind.CALL_STARTED, *_ENDS},
}
_ON_ITS_WAY = (Delivery.WAITING, Delivery.SENDING)
_WENT = (Delivery.SENT, Delivery.DELIVERED)
_CALLED_OFF = ("contact", "newer-words")
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
Told = Counter[tuple[str, str, str]]


@pytest.fixture
def carrier() -> Iterator[StandIn]:
    """Return a stand-in that takes its time, so that workers die over its answers."""
    conduct = Conduct(callbacks=Callbacks.NONE, late=1.5)
    conduct.answers.extend([Answer.SLOW] * 10_000)
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
    hurry(patch)
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
    plan = Plan.of(bureau, address, carrier.url).write(folder / "plan.json")
    crowd = Crowd(plan, folder)
    everybody = {
        "member": logins,
        "worker": [f"worker{number}" for number in range(workers)],
        "visitor": ["one", "two"],
    }
    for role, names in everybody.items():
        for name in names:
            crowd.start(role, name)
    try:
        crowd.wait()
        crowd.rage(SECONDS)
        _rage_on(crowd, everybody)
    finally:
        crowd.end()
    assert not crowd.fallen
    _nothing_is_lost(bureau, _told(crowd, everybody["visitor"]))
    _nobody_held_what_another_held(bureau, _told(crowd, logins))
    _leases_end(bureau, logins)
    _texts_went_once(bureau, carrier)
    _no_step_failed(crowd, everybody["worker"], address.startswith("sqlite"))


def _rage_on(crowd: Crowd, everybody: dict[str, list[str]]) -> None:
    """Go on for a while where a slow machine has not come to everything yet."""
    for _ in range(8):
        if all(
            wanted <= {kind for _, kind, _ in _told(crowd, everybody[role])}
            for role, wanted in _HAPPENS.items()
        ):
            return
        crowd.rage(15)


def _told(crowd: Crowd, names: list[str]) -> Told:
    """Count what people were told was done: by whom, what, and with which request."""
    return Counter(
        (name, *line.partition(" ")[::2])
        for name in names
        for line in crowd.lines(name)
    )


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


def _nothing_is_lost(bureau: Bureau, told: Told) -> None:
    """Whatever a visitor was told had come in is there, whole, and can be read.

    By form or by receipt, wherever it was handed over, and closed as well.
    """
    said = {kind for _, kind, _ in told}
    assert said == _HAPPENS["visitor"]
    came = Counter((kind, reference) for _, kind, reference in told.elements())
    signer = bureau.office.signer
    with bureau.writing() as session:
        requests = {one.reference: one for one in session.scalars(select(Request))}
        assert came <= Counter(
            (event.kind, one.reference)
            for one in requests.values()
            for event in one.events
        )
        for request in requests.values():
            assert broken_at(request.events, {signer.name: signer.key}) is None
            stands = Standing(request.state, request.contact, request.attempts)
            assert standing(request.events) == stands
            desks = {key.desk for key in request.keys}
            assert desks, "nobody can open it"
            assert len({one for desk in desks for one in holders(session, desk)}) >= 2


def _nobody_held_what_another_held(bureau: Bureau, told: Told) -> None:
    """Play every chain again; what a member was told that she has is in there.

    A number is shown as a call starts, and to nobody but who holds the request.
    """
    done: Told = Counter()
    with bureau.writing() as session:
        logins = {one.id: one.login for one in session.scalars(select(Member))}
        for request in session.scalars(select(Request)):
            _replay(request.events)
            done.update(
                (logins[event.member_id], event.kind, request.reference)
                for event in request.events
                if event.member_id is not None
            )
    assert told <= done
    for kind in _HAPPENS["member"]:
        assert any(what == kind for _, what, _ in told), f"never {kind}"


def _replay(events: list[Event]) -> None:
    holder: int | None = None
    since, calling = _NEVER, False
    for event in events:
        lapsed = event.at >= since + LEASE
        if event.kind == EventKind.CLAIMED and event.data.get("taken_over"):
            assert calling, "taken over without a call"
            assert lapsed, "taken over while the call may go on"
            holder, since = event.member_id, event.at
        elif event.kind == EventKind.CLAIMED:
            free = holder in (None, event.member_id) or (lapsed and not calling)
            assert free, "claimed twice"
            holder, since = event.member_id, event.at
        elif event.kind == EventKind.RELEASED:
            holder = None
        elif event.kind in (*_RENEWS, *_ENDS):
            assert event.member_id == holder, "somebody acted without holding it"
            assert calling or not lapsed, "somebody acted after her lease"
            holder = None if event.kind in _ENDS else holder
            since = event.at
        if event.kind in (EventKind.CALL_STARTED, EventKind.OUTCOME):
            calling = event.kind == EventKind.CALL_STARTED


def _leases_end(bureau: Bureau, logins: list[str]) -> None:
    """Nothing stays with who was killed: a call is for a head to end (S13)."""
    later = bureau.clock() + LEASE
    with bureau.writing() as session:
        desk = bureau.desk(session, logins[0])
        head = next(
            sitting
            for sitting in (bureau.desk(session, login) for login in logins)
            if sitting.member.role is Role.HEAD
        )
        for request in queue.waiting(session, desk.member.id):
            if request.state is State.CALLING:
                decisions.take_over(head, request, "Samtalet blev kvar", later)
            else:
                queue.claim(desk, request, later)


def _texts_went_once(bureau: Bureau, carrier: StandIn) -> None:
    """No text went out twice, and of each staff are told what became of it."""
    last = on_duty(bureau, carrier.url)
    # Long enough after the last kill: what may have gone out is doubted then.
    carrier.conduct.answers.clear()
    last = replace(last, clock=lambda: bureau.clock() + TEXT_LEASE)
    while send_texts(last):
        pass
    posts = [one.form for one in carrier.asked if one.method == "POST"]
    own = Counter(form["StatusCallback"][0] for form in posts if "To" in form)
    assert own, "no text went out"
    assert set(own.values()) == {1}, "a text went out twice"
    sent = {url.rsplit("/", 1)[-1] for url in own}
    with bureau.writing() as session:
        for text in session.scalars(select(OutboundText)):
            assert text.state not in _ON_ITS_WAY, "a text was left on its way"
            if text.id in sent:
                assert text.state in (*_WENT, Delivery.UNKNOWN), "it went out unseen"
            else:
                assert text.state not in _WENT, "it is said to have gone out"
            # What was called off went nowhere: its row says so, and no event.
            if text.state is not Delivery.CANCELLED or text.error not in _CALLED_OFF:
                assert text.state in _shown(text.request)


def _shown(request: Request) -> list[object]:
    """Return what a request's history says of its texts."""
    told = [event for event in request.events if event.kind == EventKind.TEXT_STATUS]
    return [event.data["status"] for event in told]


def _no_step_failed(crowd: Crowd, workers: list[str], is_sqlite: bool) -> None:
    """No worker met a fault but SQLite's, where one who waits too long is refused.

    On PostgreSQL the same error is a deadlock, or a server that is gone: a fault.
    """
    faults = [line for name in workers for line in crowd.lines(name)]
    if is_sqlite:
        faults = [line for line in faults if not line.endswith("OperationalError")]
    assert not faults
