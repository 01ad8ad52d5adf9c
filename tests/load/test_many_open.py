"""Ten thousand open requests: Today costs a few plain readings of them, no more."""

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

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
ROUNDS = 11
# How many times as long as all the rows, read in order and nothing worked out.
# Measured: 5.5, 3.8 and 3.6 on SQLite; 6 to 8, 6 and 5 on PostgreSQL, by machine. A
# page without its end takes 13 and 19, and what looks up a row at a time far more.
LIMITS = {"today": 20, "page": 12, "version": 12}


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
                "answer_due_at": starts if number % 5 else None,
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


def ratios(
    session: Session, plain: Callable[[], object], acts: dict[str, Callable[[], object]]
) -> dict[str, float]:
    """Return how many plain readings each act takes: the median over the rounds.

    Each act is taken next to a plain reading of its own, so that what else the
    machine does slows both.
    """
    seen: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            beside = seconds(session, plain)
            seen[name].append(seconds(session, act) / beside)
    return {name: round(median(one), 1) for name, one in seen.items()}


def seconds(session: Session, act: Callable[[], object]) -> float:
    """Return how long an act takes when the session remembers nothing."""
    session.expire_all()
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


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
        middle = today.page(session, view, Pile.UNREAD)[today.MANY - 1].place
        taken = ratios(
            session,
            lambda: session.execute(plain).all(),
            {
                "today": lambda: today.today(session, view),
                "page": lambda: today.page(session, view, Pile.UNREAD, middle),
                "version": lambda: today.version(session, view),
            },
        )
        shown = today.today(session, view)
        assert len(today.page(session, view, Pile.UNREAD, middle)) == today.MANY
    assert sum(shown.counts.values()) == MANY + 1
    assert max(map(len, shown.piles.values())) == today.FEW
    assert all(taken[name] <= most for name, most in LIMITS.items()), taken
