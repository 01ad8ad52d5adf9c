"""A visitor meets a head's edit: on the first document, in the form, and in between."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from intake.hours import Span
from intake.live_units import LiveUnits
from intake.models import Window
from intake.schedule import Hours, Plan, PlanEdit, Special, plan_of, written
from intake.store import reading, writing
from tests.apps import public_app
from tests.blueprints.public import Seen, Values, Visitor, opened
from tests.conftest import fresh_postgres
from tests.factories import quicken
from tests.workbench import Clock
from web.wiring import Wiring

CALL: Values = {"number": "070-174 06 55", "phone": "own"}
TUESDAY = date(2026, 11, 24)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """Open the visitors' site on either database; it looks for edits at every turn."""
    quicken(monkeypatch)
    monkeypatch.setattr(LiveUnits, "every", 0)
    given = {}
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_url")
        given["database_url"] = fresh_postgres(server, empty=True)
    app = public_app(tmp_path, **given)
    wiring: Wiring = app.extensions["stilla"]
    app.extensions["stilla"] = dataclasses.replace(wiring, clock=Clock())
    yield app
    wiring.engine.dispose()


def wiring_of(app: Flask) -> Wiring:
    wiring: Wiring = app.extensions["stilla"]
    return wiring


def forward(app: Flask, **by: float) -> None:
    clock = wiring_of(app).clock
    assert isinstance(clock, Clock)
    clock.forward(**by)


def edit(app: Flask, unit: str, change: Callable[[Plan], Plan]) -> None:
    """Let a head's edit stand in the database, as the staff site leaves it."""
    wiring = wiring_of(app)
    with writing(wiring.engine) as session:
        plan = change(plan_of(wiring.office.units[unit]))
        kept = {"unit": unit, "number": 1, "at": wiring.clock(), "plan": written(plan)}
        session.add(PlanEdit(**kept))
        session.commit()


def closed_on_tuesday(plan: Plan) -> Plan:
    return replace(plan, specials={TUESDAY: Special((), "Hemligt skäl")})


def one_place(plan: Plan) -> Plan:
    return replace(plan, slot_capacity=1)


def times(page: Seen) -> list[str]:
    return [str(box["value"]) for box in page.form("3a").select("[name=windows]")]


@pytest.mark.rule("S37")
def test_the_form_offers_what_the_head_has_left(app: Flask) -> None:
    visitor = Visitor(app)
    before = times(visitor.open("3a"))
    edit(app, "adult", closed_on_tuesday)
    after = times(visitor.open("3a"))
    gone = {one for one in before if one.startswith("2026-11-24")}
    assert gone
    assert after == [one for one in before if one not in gone]


@pytest.mark.rule("S37")
def test_a_time_that_was_closed_while_she_wrote_costs_no_text(app: Flask) -> None:
    visitor = Visitor(app)
    form = visitor.open("3a")
    edit(app, "adult", closed_on_tuesday)
    forward(app, minutes=1)
    lost = next(one for one in times(form) if one.startswith("2026-11-24"))
    page = visitor.send(form, "3a", {**CALL, "windows": [lost], "text": "Hej."})
    assert "is over, or cannot be had" in page.said[0]
    assert page.filled("3a")["text"] == "Hej."
    again = visitor.send(page, "3a", {"windows": times(page)[:1]})
    assert again.digits


def test_the_first_document_tells_new_hours_and_no_reason(app: Flask) -> None:
    visitor = Visitor(app)
    assert "Monday 10:05–11:00" not in visitor.open("").response.text
    mornings = {0: (Span(time(10, 5), time(11)),)}

    def shorter(plan: Plan) -> Plan:
        weeks = {**plan.weeks, Hours.PHONE: mornings, Hours.VISITS: mornings}
        return replace(closed_on_tuesday(plan), weeks=weeks)

    for unit in wiring_of(app).office.units:
        edit(app, unit, shorter)
    page = visitor.open("").response.text
    assert "Monday 10:05–11:00" in page
    assert "Hemligt" not in page


def test_reply_times_follow_the_hours_at_once(app: Flask) -> None:
    visitor = Visitor(app)
    before = visitor.open("2a").words
    closed = {date(2026, 11, n): Special((), "x") for n in range(23, 28)}
    for unit in wiring_of(app).office.units:
        edit(app, unit, lambda plan: replace(plan, specials=closed))
    after = visitor.open("2a").words
    assert "Monday 23 November" in before or "today" in before.lower()
    assert "30 November" in after


@pytest.mark.rule("S37")
def test_two_who_press_at_the_same_moment_get_one_place(app: Flask) -> None:
    edit(app, "adult", one_place)
    visitors = [Visitor(app), Visitor(app)]
    forms = [one.open("3a") for one in visitors]
    forward(app, minutes=1)
    last, both = times(forms[0])[0], threading.Barrier(2)

    def send(who: int) -> Seen:
        both.wait(10)
        said = {**CALL, "windows": [last], "text": f"Hej {who}"}
        return visitors[who].send(forms[who], "3a", said)

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(send, (0, 1)))
    (late,) = [who for who, page in enumerate(pages) if not page.digits]
    page = pages[late]
    assert page.said == ["Someone else just took the last place. Choose another time."]
    assert page.filled("3a")["text"] == f"Hej {late}"
    assert last not in times(page)
    again = visitors[late].send(page, "3a", {"windows": times(page)[:1]})
    assert again.digits
    with reading(wiring_of(app).engine) as session:
        starts = list(session.scalars(select(Window.starts_at)))
    assert len(starts) == len(set(starts)) == 2


def test_every_process_reads_the_plans(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        assert isinstance(house.office.units, LiveUnits)
