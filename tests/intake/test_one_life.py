"""Whatever happens to a request, in whatever order: what must hold after each act.

No path loses it, shows it to two holders or across the wall, calls outside the window
or twice in one, or closes a child's request without a decision. Members leave and come
meanwhile, and desks' keys are turned: every seal opens for who holds it, and by paper.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import queue, returning
from intake.founding import holders
from intake.life import EventKind, Standing, broken_at, standing
from intake.messages import OutboundMail
from intake.models import Event, Request
from intake.outcomes import Outcome
from intake.people import Member
from intake.piles import View
from intake.store import connect
from intake.submissions import Submission
from intake.today import sides_of, today
from intake.topics import Contact, JoinGround, Position, State, Urgency
from intake.windows import is_waiting
from tests import factories
from tests.conftest import fresh_postgres
from tests.factories import Bureau, text
from tests.intake.care_life import Care
from tests.intake.drawn_life import CareRules, Drawn, hours
from tests.intake.leaving_life import Keys
from tests.intake.one_life import NUMBERS, SENDERS, Life, forms

units = st.sampled_from(list(factories.OFFICE_UNITS))
# Most texts ask for a call; some say stop, in whichever language.
words = st.sampled_from(["Ring mig", "Ring mig", "STOPP", "18-20", ""])
# Most calls leave her as she was; all others end contact at once.
ends = st.sampled_from([None, Outcome.NO_ANSWER, Outcome.NOT_NOW, Outcome.LINE_FAULT])


class OneLife(CareRules):
    """Acts at random, on a database of its own."""

    at_night: ClassVar[bool]  # when it begins
    fresh: Callable[[], str]  # makes an empty database, and returns its address
    seen: ClassVar[Counter[str]]  # what happened, in all lives

    @initialize(outcome=ends)
    def open_bureau(self, outcome: Outcome | None) -> None:
        self.engine = connect(type(self).fresh())
        self.life = Life(factories.bureau(self.engine))
        self.keys, self.care = Keys(self.life), Care(self.life)
        if type(self).at_night:
            self.life.bureau.clock.forward(hours=10)
        self.due: dict[str, datetime] = {}
        self.do_what_it_speaks_of(outcome)

    def do_what_it_speaks_of(self, outcome: Outcome | None) -> None:
        """Do each act of the invariants once: what is drawn may hold none of them."""
        asked = self.life.bureau.callback()
        for form in (asked, asked, text(children=True), text(), text()):
            self.life.come(form, hours=0)
        called, talked, childs, crossing, moving = self.life.receipts
        self.rings("maria", called, outcome)
        for one in (childs, crossing, moving):
            self.life.read("maria", one, Urgency.NORMAL)
            self.life.claim("maria", one)
        self.life.close("maria", childs)
        self.life.decide_child("maria", childs, reported=False)
        self.life.close("maria", childs)
        self.life.cross("maria", crossing)
        self.life.move("maria", moving, "reception")
        self.text_once(type(self).at_night)
        self.care_once(talked)
        self.another_answers_once()

    def teardown(self) -> None:
        # What was drawn may have ended before a bureau was opened.
        if "engine" in vars(self):
            with self.life.bureau.writing() as session:
                type(self).seen.update(_named(session.scalars(select(Event))))
                is_childs = Request.child_mark | Request.under_18
                # It may have been opened again since: by more from her.
                closed = (
                    select(Event.id)
                    .join(Event.request)
                    .where(is_childs, Event.kind == EventKind.CLOSED.value)
                )
                type(self).seen["child-closed"] += len(session.scalars(closed).all())
            self.engine.dispose()

    def rings(self, who: str, one: str, outcome: Outcome | None) -> None:
        """Let a member take a request and call; in haste, once more afterwards."""
        self.life.read(who, one, Urgency.ACUTE)
        self.life.claim(who, one)
        self.life.ring(who, one)
        if outcome:
            self.life.finish(who, one, outcome)
            self.life.ring(who, one)

    @rule(form=forms(), ahead=hours)
    def come(self, form: Submission, ahead: int) -> None:
        self.life.come(form, ahead)

    @rule(sender=st.sampled_from(SENDERS), said=words)
    def text(self, sender: str, said: str) -> None:
        self.life.text(sender, said)

    @rule(minutes=st.sampled_from([1, 5, 10, 20, 40, 600]))
    def wait(self, minutes: int) -> None:
        self.life.bureau.clock.forward(minutes=minutes)

    @rule()
    def work(self) -> None:
        self.life.work()

    @rule(data=st.data(), leaves=st.booleans())
    def leave_or_come(self, data: st.DataObject, leaves: bool) -> None:
        if leaves:
            self.keys.leave(self.somebody(data))
        else:
            self.keys.come()

    @rule(data=st.data(), anew=st.sampled_from([True, False, False]))
    def turn_keys(self, data: st.DataObject, anew: bool) -> None:
        turn = self.keys.turn if anew else self.keys.go_on
        turn(self.somebody(data))

    @precondition(Drawn.some_came)
    @rule(data=st.data())
    def claim(self, data: st.DataObject) -> None:
        self.life.claim(*self.pair(data))

    @precondition(Drawn.some_came)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        now = self.life.bureau.clock()
        self.life.by_staff(
            *self.pair(data), lambda desk, one: queue.release(desk, one, now)
        )

    @precondition(Drawn.some_came)
    @rule(data=st.data(), urgency=st.sampled_from(Urgency))
    def read(self, data: st.DataObject, urgency: Urgency) -> None:
        self.life.read(*self.pair(data), urgency)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), outcome=ends | st.sampled_from(Outcome))
    def take_and_ring(self, data: st.DataObject, outcome: Outcome | None) -> None:
        self.rings(*self.pair(data), outcome)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), outcome=st.sampled_from(Outcome))
    def finish(self, data: st.DataObject, outcome: Outcome) -> None:
        self.life.finish(*self.pair(data), outcome)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), contact=st.sampled_from(Contact))
    def decide(self, data: st.DataObject, contact: Contact) -> None:
        self.life.decide(*self.pair(data), contact)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), reported=st.booleans())
    def decide_child(self, data: st.DataObject, reported: bool) -> None:
        self.life.decide_child(*self.pair(data), reported)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), unit=units, read=st.booleans())
    def move(self, data: st.DataObject, unit: str, read: bool) -> None:
        self.life.move(*self.pair(data), unit, read)

    @precondition(Drawn.some_came)
    @rule(data=st.data())
    def cross(self, data: st.DataObject) -> None:
        self.life.cross(*self.pair(data))

    @precondition(Drawn.some_came)
    @rule(data=st.data())
    def mark(self, data: st.DataObject) -> None:
        self.life.mark(*self.pair(data))

    @precondition(Drawn.some_came)
    @rule(data=st.data(), because=st.sampled_from(JoinGround), parts=st.booleans())
    def unite(self, data: st.DataObject, because: JoinGround, parts: bool) -> None:
        who, one = self.pair(data)
        other = self.one(data)
        for each in (one, other):
            self.life.read(who, each, Urgency.ACUTE)
        self.life.claim(who, one)
        self.life.unite(who, one, other, because)
        if parts:
            self.life.part(*self.pair(data))

    @precondition(Drawn.some_came)
    @rule(data=st.data(), found=st.none() | st.sampled_from(Position))
    def position(self, data: st.DataObject, found: Position | None) -> None:
        self.life.find_to_be(*self.pair(data), found)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), decided=st.booleans())
    def take_and_close(self, data: st.DataObject, decided: bool) -> None:
        who, one = self.pair(data)
        self.life.read(who, one, Urgency.ACUTE)
        self.life.claim(who, one)
        if decided:
            self.life.decide_child(who, one, reported=False)
        self.life.close(who, one)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), number=st.sampled_from(NUMBERS), ahead=hours)
    def change(self, data: st.DataObject, number: str, ahead: int) -> None:
        self.life.change(self.one(data), number, ahead)

    @precondition(Drawn.some_came)
    @rule(data=st.data())
    def write_more(self, data: st.DataObject) -> None:
        office, now = self.life.bureau.office, self.life.bureau.clock()
        self.life.by_receipt(
            self.one(data),
            lambda session, visit: returning.write_more(
                session, office, visit, Submission("sv", text="Mer"), now
            ),
        )

    @precondition(Drawn.some_came)
    @rule(data=st.data(), ends=st.sampled_from(["cancel_callback", "take_back"]))
    def end(self, data: st.DataObject, ends: str) -> None:
        office, now = self.life.bureau.office, self.life.bureau.clock()
        self.life.by_receipt(
            self.one(data),
            lambda session, visit: getattr(returning, ends)(
                session, office, visit, now
            ),
        )

    @invariant()
    def all_holds(self) -> None:
        with self.life.bureau.writing() as session:
            for request in session.scalars(select(Request)):
                _can_be_read(session, request)
                _stands_as_told(self.life.bureau, request)
                _keeps_its_words(request)
                _is_joined_at_its_own_desk(request)
                assert self.due.setdefault(request.reference, request.due_at) == (
                    request.due_at
                ), "the first due time moved"
            _lies_in_one_pile(self.life, session)
        _rung_once(self.life)
        self.care.look()


def _named(events: Iterable[Event]) -> Iterator[str]:
    for one in events:
        yield one.kind
        if one.kind == EventKind.TWO_PERSON:
            yield f"two-person {one.data['step']}"
        if one.data.get("taken_over"):
            yield "taken over"


def _can_be_read(session: Session, request: Request) -> None:
    """All who can open it are on its own side; they are two, or its unit was told."""
    desks = {key.desk for key in request.keys}
    assert {desk.side for desk in desks} == {request.side}
    assert request.holder is None or request.holder.active, "held by one who left"
    if len(_readers(session, request)) < 2:
        told = session.scalars(select(OutboundMail.unit).where(OutboundMail.urgent))
        assert {desk.unit for desk in desks} & set(told), "short, and nobody was told"


def _is_joined_at_its_own_desk(request: Request) -> None:
    """What staff joined lies at one desk, and the first of it is no later one."""
    first = request.joined_to
    if first is not None:
        places = {(one.unit, one.side) for one in (request, first)}
        assert len(places) == 1, "joined across a wall"
        assert first.joined_to is None, "joined to what is joined itself"
        assert (first.arrived_at, first.id) < (request.arrived_at, request.id)


def _readers(session: Session, request: Request) -> set[Member]:
    desks = {key.desk for key in request.keys}
    return {one for desk in desks for one in holders(session, desk)}


def _stands_as_told(bureau: Bureau, request: Request) -> None:
    signer = bureau.office.signer
    assert broken_at(request.events, {signer.name: signer.key}) is None
    told = Standing(request.state, request.contact, request.attempts)
    assert standing(request.events) == told


def _keeps_its_words(request: Request) -> None:
    """Her no, her danger and what she took back hold against everything."""
    lowest = list(Urgency).index(Urgency.of(request.danger))
    assert list(Urgency).index(request.urgency) >= lowest
    waits = [w for w in request.windows if is_waiting(w, request.windows)]
    if request.state is State.CLOSED or request.contact is Contact.TAKEN_BACK:
        coming = [w for w in waits if w.ends_at > request.events[-1].at]
        assert not coming, "a time to call is left after the end"


def _lies_in_one_pile(life: Life, session: Session) -> None:
    """Whoever may see an open request finds it once, and only on its own side."""
    now, seen = life.bureau.clock(), set()
    for login in life.logins:
        member = life.bureau.member(session, login)
        for side in sides_of(member):
            piles = today(session, View(member.id, side, now)).piles.values()
            found = [row.request for pile in piles for row in pile]
            assert len({one.id for one in found}) == len(found)
            assert {one.side for one in found} <= {side}
            # What was joined lies with its first, for who can open both (S8).
            with_them = [later for one in found for later in one.later]
            assert not {one.id for one in with_them} & {one.id for one in found}
            found += [o for o in with_them if o.state is not State.CLOSED]
            seen |= {one.id for one in found}
    alive = session.scalars(select(Request).where(Request.state != State.CLOSED))
    # Where nobody is left to open it, it waits for who comes.
    found_by = {one.id for one in alive if _readers(session, one)}
    assert seen == found_by, "an open request lies in no pile"


def _rung_once(life: Life) -> None:
    windows = [ring.window_id for ring in life.rings]
    series = [(ring.request_id, ring.series) for ring in life.rings if ring.series]
    assert len(set(windows)) == len(windows), "rung twice in one window"
    assert len(set(series)) == len(series), "a text was rung twice"


# What each life does once at least, whatever is drawn.
DONE = (
    *("call-started", "child-closed", "side", "handed-over", "danger", "disclosure"),
    *("to-on-call", "from-on-call", "safe-contact", "voice-receipt"),
    *("two-person asked", "two-person approved", "two-person broken"),
    *("two-person reviewed", "taken over"),
)


def _live(
    fresh: Callable[[], str], lives: int, acts: int, at_night: bool = False
) -> None:
    """Live so many lives, asking after each act what must hold."""

    class Machine(OneLife):
        pass

    Machine.fresh, Machine.seen = staticmethod(fresh), Counter()
    Machine.at_night = at_night
    bounds = settings(
        max_examples=lives,
        stateful_step_count=acts,
        deadline=None,
        phases=[Phase.generate],  # a life is told as it was: to shorten it takes long
        # A bureau with seven members takes its time to open.
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Machine, settings=bounds)
    for spoken_of in (*DONE, "night-call" if at_night else "time-clear"):
        assert Machine.seen[spoken_of] >= lives, f"{spoken_of}: not tried"


@pytest.mark.timeout(900)
@pytest.mark.rule("S6", "S13", "S14", "S21", "S24", "S25", "S26", "S32", "S33")
def test_no_path_loses_a_request_or_rings_unasked(
    empty_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.quicken(monkeypatch)
    names = count()

    def fresh() -> str:
        path = tmp_path / f"{next(names)}.db"
        shutil.copy(empty_sqlite, path)
        return f"sqlite:///{path}"

    _live(fresh, lives=8, acts=40)
    _live(fresh, lives=3, acts=40, at_night=True)


@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.rule("S13")
@pytest.mark.rule("S33")
def test_no_path_does_on_the_larger_database_either(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.quicken(monkeypatch)
    _live(lambda: fresh_postgres(postgres_url), lives=4, acts=40)
