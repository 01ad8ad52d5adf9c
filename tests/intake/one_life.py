"""A bureau that lives at random: every act of a visitor, of staff and of the clock.

Hypothesis draws the acts; what the domain refuses stays undone. What must hold after
each act stands in tests/intake/test_one_life.py.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy.orm import Session, object_session

from intake import (
    calls,
    danger_stage,
    decisions,
    handover,
    inbound,
    missed,
    queue,
    returning,
    sides,
    together,
    uniting,
)
from intake.envelopes import current_number
from intake.errors import IntakeError
from intake.handover import ChildDecision
from intake.hours import Slot
from intake.life import EventKind
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import Outcome
from intake.queue import Desktop, held_by
from intake.returning import Return
from intake.sides import other
from intake.sms.gateway import TextIn
from intake.submissions import CallWish, Submission
from intake.topics import (
    Audience,
    Channel,
    Contact,
    Danger,
    HandOverGround,
    JoinGround,
    Kind,
    Phone,
    Position,
    Role,
    State,
    Urgency,
    Wish,
)
from intake.windows import SlotFull, open_window
from tests.factories import HERS, Bureau
from web.demo import CAST

LOGINS = [part.login for part in CAST]
NUMBERS = [HERS, "070-174 06 77"]
SENDERS = ["+46701740655", "+46701740677"]  # the same, as a provider writes them
ANOTHERS = (Outcome.ANOTHER_ANSWERED, Outcome.NO_WORD, Outcome.SAID_STOP)
LIFTS = {EventKind.ARRIVED, EventKind.WINDOWS, EventKind.NUMBER, EventKind.DECIDED}
_REFUSALS = (IntakeError, SlotFull)


def forms() -> st.SearchStrategy[Submission]:
    """Draw what a visitor may send: written, or with a call to be made."""
    asked = st.builds(
        CallWish,
        number=st.sampled_from([read_number(number) for number in NUMBERS]),
        phone=st.just(Phone.OWN) | st.sampled_from(Phone),
        word=st.sampled_from(["", "äppelkaka"]),
        texts=st.booleans(),
    )
    return st.builds(
        Submission,
        language=st.sampled_from(["sv", "ar"]),
        audience=st.sampled_from(Audience),
        channel=st.sampled_from([Channel.FORM, Channel.CALLBACK]),
        wish=st.sampled_from(Wish),
        text=st.just("Hemligheten om trappan"),
        danger=st.sampled_from(Danger),
        under_18=st.booleans(),
        children=st.booleans(),
        for_other=st.booleans(),
        avoid=st.booleans(),
        elsewhere=st.booleans(),
        protected=st.booleans(),
        call=asked | st.none(),
    )


@dataclass(frozen=True, slots=True)
class Ring:
    """A call that was started: what was rung, and what held at that moment."""

    request_id: int
    window_id: int
    series: str | None


@dataclass(frozen=True, slots=True)
class Lost:
    """A number that somebody else answered, when, and in the call of which request."""

    tag: bytes | None
    at: datetime
    request_id: int


@dataclass
class Life:
    """The bureau, every request that ever came, and every call that was started."""

    bureau: Bureau
    receipts: dict[str, str] = field(default_factory=dict)  # reference to digits
    rings: list[Ring] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    logins: list[str] = field(default_factory=lambda: list(LOGINS))  # who is there
    texts: int = 0

    @contextmanager
    def trying(self) -> Iterator[Session]:
        """Open a transaction; what the domain refuses is undone, as in a view."""
        try:
            with self.bureau.writing() as session:
                yield session
        except _REFUSALS:
            pass

    def come(self, form: Submission, hours: int) -> None:
        """Let somebody send a form; a call is asked for some hours ahead, or now."""
        digits = self.bureau.digits()
        try:
            reference = self.bureau.send(self.dated(form, hours), digits)
        except SlotFull:
            return
        self.receipts[reference] = digits

    def text(self, sender: str, words: str) -> None:
        """Let a text come in, and let the worker read it."""
        self.texts += 1
        came = TextIn(f"SM{self.texts}", sender, words, 0)
        with self.bureau.writing() as session:
            worker, now = self.bureau.worker, self.bureau.clock()
            inbound.receive(session, worker.pair.public, came, now)
            session.flush()
            inbound.read_in(session, self.bureau.office, worker, came.sid, now)
            self.bureau.tag(session)

    def by_receipt(
        self, reference: str, act: Callable[[Session, Return], None]
    ) -> None:
        """Let somebody with the receipt act."""
        with self.trying() as session:
            digits, now = self.receipts.get(reference, ""), self.bureau.clock()
            act(session, returning.enter(session, self.bureau.peppers, digits, "", now))
            self.bureau.tag(session)

    def change(self, reference: str, number: str, hours: int) -> None:
        """Let somebody with the receipt change number and times."""
        call = CallWish(read_number(number), phone=Phone.OWN)
        form = self.dated(Submission("sv", call=call), hours)
        office, now = self.bureau.office, self.bureau.clock()

        def act(session: Session, visit: Return) -> None:
            returning.change_callback(session, office, visit, form, now)

        self.by_receipt(reference, act)

    def by_staff(
        self, login: str, reference: str, act: Callable[[Desktop, Request], None]
    ) -> None:
        """Let a member act on a request that she can find; on no other one."""
        with self.trying() as session:
            desk = self.bureau.desk(session, login)
            found = queue.find(session, desk.member.id, reference)
            if found is not None:
                act(desk, found)

    def claim(self, login: str, reference: str) -> None:
        """Take a request; nobody gets what another holds."""

        def act(desk: Desktop, request: Request) -> None:
            holder = held_by(request, self.bureau.clock())
            queue.claim(desk, request, self.bureau.clock())
            assert holder in (None, desk.member), "two members held it at once"
            for one in together.others(desk.session, request):
                other = held_by(one, self.bureau.clock())
                assert other in (None, desk.member), "two held what is one person's"

        self.by_staff(login, reference, act)

    def ring(self, login: str, reference: str) -> None:
        """Start a call; what it needs is looked at beside the domain's own locks."""

        def act(desk: Desktop, request: Request) -> None:
            now = self.bureau.clock()
            window = open_window(request, now)
            calls.start(desk, request, now)
            assert window is not None
            assert window.starts_at <= now < window.ends_at, "rung outside her time"
            assert request.contact is Contact.ALLOWED, "rung against her word"
            self.is_hers_again(request)
            for one in together.others(desk.session, request):
                assert one.contact in together.UNBOUND, "rung against another word"
                over = [w for w in one.windows if w.rung_at and w.ends_at > now]
                assert all(w.starts_at > now for w in over), "rung twice in an hour"
            self.rings.append(Ring(request.id, window.id, window.series))

        self.by_staff(login, reference, act)

    def is_hers_again(self, request: Request) -> None:
        """Look whether a phone that others had is rung before anything has come."""
        number, session = current_number(request), object_session(request)
        assert number is not None
        assert session is not None
        hers = [request, *together.others(session, request)]
        events = [event for one in hers for event in one.events]
        for lost in self.lost:
            if lost.tag == number.tag and lost.request_id not in {e.id for e in hers}:
                since = {one.kind for one in events if one.at > lost.at}
                assert since & LIFTS, "rung where another had answered"

    def finish(self, login: str, reference: str, outcome: Outcome) -> None:
        """Record what a call came to."""

        def act(desk: Desktop, request: Request) -> None:
            now = self.bureau.clock()
            calls.finish(desk, request, outcome, now)
            if outcome in ANOTHERS:
                number, _ = calls.rung(desk.session, request)
                self.lost.append(Lost(number.tag, now, request.id))

        self.by_staff(login, reference, act)

    def close(self, login: str, reference: str) -> None:
        """Close a request; a child's only after the decision (S26)."""

        def act(desk: Desktop, request: Request) -> None:
            decisions.close(
                desk, request, decisions.CHECKED, self.bureau.clock(), drops_times=True
            )
            undecided = (request.under_18 or request.child_mark) and (
                request.child_decision is None
            )
            assert not undecided, "a child's request was closed undecided"
            changes_hands(desk, request)

        self.by_staff(login, reference, act)

    def move(self, login: str, reference: str, unit: str, read: bool = True) -> None:
        """Hand a request to another unit; `read` says that who must not see it was."""
        now, ground = self.bureau.clock(), HandOverGround.RIGHT_UNIT

        def act(desk: Desktop, request: Request) -> None:
            handover.hand_over(desk, request, unit, ground, "Skäl", now, read)
            avoids = any(one.kind is Kind.AVOID for one in request.envelopes)
            assert read or not avoids, "went on with who must not see it unread"
            changes_hands(desk, request)

        self.by_staff(login, reference, act)

    def cross(self, login: str, reference: str) -> None:
        """Correct the side of the wall."""
        now = self.bureau.clock()
        self.by_staff(
            login,
            reference,
            lambda desk, one: sides.correct_side(
                desk, one, other(one), "Skäl", now, avoid_read=True
            ),
        )

    def mark(self, login: str, reference: str) -> None:
        """Mark "may be the one who hurts" (S30)."""
        now = self.bureau.clock()
        self.by_staff(
            login,
            reference,
            lambda desk, one: sides.mark_may_hurt(desk, one, now, avoid_read=True),
        )

    def find_to_be(self, login: str, reference: str, position: Position | None) -> None:
        """Record what the person is found to be."""
        now = self.bureau.clock()
        self.by_staff(
            login,
            reference,
            lambda desk, one: _discard(
                sides.set_position(desk, one, position, (), now, "Skäl")
            ),
        )

    def unite(
        self, login: str, one: str, other: str, because: JoinGround = JoinGround.READ
    ) -> None:
        """Join two requests, as far as the member can find both."""
        now = self.bureau.clock()

        def act(desk: Desktop, request: Request) -> None:
            found = queue.find(desk.session, desk.member.id, other)
            if found is not None:
                uniting.unite(desk, request, found, because, now)

        self.by_staff(login, one, act)

    def part(self, login: str, reference: str) -> None:
        """Part a request from what it was joined with."""
        now = self.bureau.clock()
        self.by_staff(login, reference, lambda desk, one: uniting.part(desk, one, now))

    def decide(self, login: str, reference: str, contact: Contact) -> None:
        """End the wait for a decision."""
        now = self.bureau.clock()
        self.by_staff(
            login,
            reference,
            lambda desk, one: decisions.decide(
                *(desk, one, contact, "Skäl", now),
                lifts=desk.member.role is Role.HEAD,
            ),
        )

    def decide_child(self, login: str, reference: str, reported: bool) -> None:
        """Record the concern report, or the reason for none; both open no door."""
        said = ChildDecision(reported, "Skäl"), self.bureau.clock()
        self.by_staff(
            login,
            reference,
            lambda desk, one: _discard(
                handover.decide_child(desk, one, *said, avoid_read=True)
            ),
        )

    def read(self, login: str, reference: str, urgency: Urgency) -> None:
        """Note a first reading."""
        now = self.bureau.clock()
        self.by_staff(
            login,
            reference,
            lambda desk, one: queue.first_reading(desk, one, urgency, now),
        )

    def work(self) -> None:
        """Let the worker mark what was missed."""
        now = self.bureau.clock()
        with self.bureau.writing() as session:
            for request_id in missed.ended_uncalled(session, now):
                missed.mark_missed(session, self.bureau.office, request_id, now)

    def dated(self, form: Submission, hours: int) -> Submission:
        """Give a form that asks for a call a time, unless none is safe."""
        if form.call is None or hours < 0:
            return form
        starts = self.bureau.clock() + timedelta(hours=hours)
        slot = Slot(starts, starts + timedelta(hours=1))
        return replace(form, call=replace(form.call, slots=(slot,)))


def changes_hands(desk: Desktop, request: Request) -> None:
    """Look at what has just changed hands, or ended: no danger is left undecided."""
    waits = danger_stage.needs_disclosure(desk.session, request)
    assert not waits, "a danger to life went on undecided"
    assert request.state is not State.CALLING, "a call went on without an outcome"


def _discard(_: object) -> None:
    """Turn an act that returns something into one that does not."""
