"""Ten thousand open requests: Today costs a few plain readings of them, no more."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from intake import today
from intake.models import Request, RequestKey, Window
from intake.piles import Pile, View
from intake.store import reading
from intake.topics import Contact, Origin, Side, State
from tests import factories
from tests.factories import Bureau

MANY = 10_000
ROUNDS = 5
# How many times as long as all the rows, read in order and nothing worked out.
# Measured: 3.9, 2.4 and 1.3 on SQLite; 4.6, 3.6 and 3.1 on PostgreSQL.
LIMITS = {"today": 10, "page": 6, "version": 6}


@pytest.fixture
def crowded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Return a bureau with many open requests, made of one that came in truly."""
    factories.quicken(monkeypatch)
    bureau = factories.bureau(engine)
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        _multiply(session, bureau.request(session, reference))
    if bureau.engine.dialect.name == "postgresql":
        with bureau.writing() as session:
            session.execute(text("ANALYZE"))  # as its own housekeeping would
    return bureau


def _multiply(session: Session, one: Request) -> None:
    columns = Request.__table__.columns
    alike = {column.key: getattr(one, column.key) for column in columns}
    states = (State.UNREAD, State.OPEN, State.OPEN, State.DECISION)
    requests, keys, windows = [], [], []
    for number in range(MANY):
        own = 1000 + number
        state = states[number % 4]
        starts = one.arrived_at + timedelta(hours=number % 97 - 4)
        requests.append(
            alike
            | {
                "id": own,
                "reference": f"T{number}",
                "state": state,
                "contact": Contact.ALLOWED if number % 3 else Contact.NOT_ASKED,
                "unread_since": one.arrived_at if state is State.UNREAD else None,
                "due_at": starts,
            }
        )
        keys += [
            {"request_id": own, "desk_id": k.desk_id, "half": k.half, "box": k.box}
            for k in one.keys
        ]
        windows += [
            {
                "request_id": own,
                "unit": one.unit,
                "starts_at": starts + timedelta(days=day),
                "ends_at": starts + timedelta(days=day, hours=1),
                "origin": Origin.FORM,
            }
            for day in range(2)
        ]
    for table, rows in ((Request, requests), (RequestKey, keys), (Window, windows)):
        session.execute(insert(table), rows)


def fastest(
    session: Session, acts: dict[str, Callable[[], object]]
) -> dict[str, float]:
    """Return each act's least time in seconds, all taken in turn on one machine."""
    best = dict.fromkeys(acts, float("inf"))
    for _ in range(ROUNDS):
        for name, act in acts.items():
            session.expire_all()
            started = time.perf_counter()
            act()
            best[name] = min(best[name], time.perf_counter() - started)
    return best


@pytest.mark.rule("S37", "S38")
def test_today_stays_a_few_plain_readings_long(crowded: Bureau) -> None:
    with reading(crowded.engine) as session:
        maria = crowded.member(session, "maria").id
        view = View(maria, Side.HURT, crowded.clock())
        plain = (
            select(Request.id, Request.due_at)
            .where(Request.state.in_([s for s in State if s is not State.CLOSED]))
            .order_by(Request.due_at, Request.id)
        )
        middle = today.page(session, view, Pile.UNREAD)[-1].place
        took = fastest(
            session,
            {
                "plain": lambda: session.execute(plain).all(),
                "today": lambda: today.today(session, view),
                "page": lambda: today.page(session, view, Pile.UNREAD, middle),
                "version": lambda: today.version(session, view),
            },
        )
        shown = today.today(session, view)
    assert sum(shown.counts.values()) == MANY + 1
    assert max(map(len, shown.piles.values())) == today.FEW
    ratios = {name: round(took[name] / took["plain"], 1) for name in LIMITS}
    assert all(ratios[name] <= most for name, most in LIMITS.items()), ratios
