"""What staff do for a person in a bureau that lives at random, beside calling her.

Danger to life, opening by two, the night, a call that was left, what came by phone,
what was said in a call, a text's own time. What no act may do is looked at in each.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from intake import (
    aftercall,
    calls,
    danger,
    decisions,
    night,
    queue,
    text_calls,
    two_person,
)
from intake.aftercall import Said
from intake.arrivals import Token
from intake.danger import Disclosure, Law, Recipient
from intake.hours import Slot
from intake.life import EventKind
from intake.messages import OutboundMail
from intake.models import Event, Request
from intake.numbers import read_number
from intake.outcomes import TALKS, Outcome
from intake.queue import Desktop, held_by
from intake.registering import register
from intake.submissions import Submission
from intake.topics import Channel, Contact, HandOverGround, Phone, Role, State
from intake.two_person import APPROVED_WITHIN, Opening
from intake.windows import coming
from tests.factories import Bureau
from tests.intake.one_life import Life, changes_hands

RIGHT = HandOverGround.RIGHT_UNIT
Act = Callable[[Desktop, Request], object]


@dataclass
class Care:
    """Acts of staff in a life."""

    life: Life

    @property
    def bureau(self) -> Bureau:
        return self.life.bureau

    def do(self, login: str, reference: str, act: Act) -> None:
        """Let a member act, whatever the act returns."""

        def acted(desk: Desktop, request: Request) -> None:
            act(desk, request)

        self.life.by_staff(login, reference, acted)

    def endanger(self, login: str, reference: str) -> None:
        """Mark danger to life: whoever does, the heads are told in the same breath."""

        def act(desk: Desktop, request: Request) -> None:
            danger.mark_danger(desk, request, self.bureau.clock())
            told = select(OutboundMail.id).where(OutboundMail.unit == request.unit)
            assert desk.session.scalars(told).first(), "a danger, and nobody was told"

        self.do(login, reference, act)

    def disclose(self, login: str, reference: str) -> None:
        """Log what was disclosed."""
        decided = Disclosure(Recipient.POLICE, True, Law.NECESSITY, "Skäl")
        now = self.bureau.clock()
        self.do(
            login,
            reference,
            lambda desk, one: danger.decide_disclosure(desk, one, decided, now),
        )

    def ask(self, login: str, reference: str) -> None:
        """Ask a colleague to open a protected request together."""
        now = self.bureau.clock()
        self.do(login, reference, lambda desk, one: two_person.ask(desk, one, now))

    def break_glass(self, login: str, reference: str) -> None:
        """Open it alone, with a reason."""
        now = self.bureau.clock()
        self.do(
            login,
            reference,
            lambda desk, one: two_person.break_glass(desk, one, "Skäl", now),
        )

    def answer(self, login: str) -> None:
        """Approve and review all that waits for a member; nothing of it is hers."""
        with self.life.trying() as session:
            desk, now = self.bureau.desk(session, login), self.bureau.clock()
            waits = two_person.waits(desk, now)
            for opening in [*waits.asks, *waits.breaks]:
                seen = queue.find(session, desk.member.id, opening.request.reference)
                assert seen is not None, "asked to open what she can't see"
                assert opening.member is not desk.member, "asked to answer herself"
            for opening in waits.asks:
                assert opening.asked_at > now - APPROVED_WITHIN, "approved too late"
                two_person.approve(desk, opening, now)
            for opening in waits.breaks:
                two_person.review(desk, opening, now)

    def to_night(self, login: str, reference: str) -> None:
        """Give it to on-call as well."""

        def act(desk: Desktop, request: Request) -> None:
            night.to_on_call(desk, request, RIGHT, "Läs", self.bureau.clock())
            changes_hands(desk, request)

        self.do(login, reference, act)

    def to_day(self, login: str, reference: str) -> None:
        """Give it back to the day."""

        def act(desk: Desktop, request: Request) -> None:
            night.to_day(desk, request, "Läst", self.bureau.clock())
            changes_hands(desk, request)
            assert {key.desk.unit for key in request.keys} == {request.unit}

        self.do(login, reference, act)

    def take_over(self, login: str, reference: str) -> None:
        """Take over a call that was left; only a head does, and after a quarter."""

        def act(desk: Desktop, request: Request) -> None:
            now = self.bureau.clock()
            rung_at = calls.started(desk.session, request).at
            decisions.take_over(desk, request, "Skäl", now)
            assert desk.member.role is Role.HEAD, "taken over by who is no head"
            assert now >= rung_at + calls.UNTIL_LEFT, "taken from who may be calling"
            assert request.state is State.CALLING, "a call without an outcome ended"
            assert held_by(request, now) is desk.member

        self.in_call(login, reference, act)

    def in_call(self, login: str, reference: str, act: Act) -> None:
        """Let a member act where a call is on; elsewhere there is none to speak of."""

        def where_on(desk: Desktop, request: Request) -> None:
            if request.state is State.CALLING:
                act(desk, request)

        self.do(login, reference, where_on)

    def register(self, login: str, form: Submission, hours: int) -> None:
        """Write down what came by phone, with a receipt given by voice."""
        told = replace(self.life.dated(form, hours), channel=Channel.PHONE)
        digits = self.bureau.digits()
        receipt = self.bureau.peppers.key(digits, "")
        token = Token(secrets.token_bytes(32), secrets.token_bytes(32))
        with self.life.trying() as session:
            desk, now = self.bureau.desk(session, login), self.bureau.clock()
            _, sending = register(desk, told, token, receipt, now)
            self.bureau.tag(session)
            self.life.receipts[sending.request.reference] = digits

    def take_down(self, login: str, reference: str, number: str, hours: int) -> None:
        """Take down after a call what she said of the next one."""

        def act(desk: Desktop, request: Request) -> None:
            now = self.bureau.clock()
            starts = now + timedelta(hours=hours)
            slots = (Slot(starts, starts + timedelta(hours=1)),) if hours >= 0 else ()
            said = Said(slots, not slots, read_number(number), Phone.OWN)
            before = request.contact
            last = _last_outcome(desk, request)
            aftercall.take_down(desk, request, said, now)
            assert last is not None, "taken down without a call"
            assert Outcome(last.data["outcome"]) in TALKS, "without a talk"
            assert last.member_id == desk.member.id, "by who did not talk with her"
            assert before not in _NEVER, "what was stopped came back by a form"
            self.bureau.tag(desk.session)

        self.do(login, reference, act)

    def follow(self, login: str, reference: str) -> None:
        """Let a text be called at the time that it names: no more rings than before."""

        def act(desk: Desktop, request: Request) -> None:
            now = self.bureau.clock()
            before = {window.series for window in coming(request, now)}
            text_calls.follow(desk, request, now)
            _of_a_text(request)
            assert {one.series for one in coming(request, now)} <= before

        self.do(login, reference, act)

    def tonight(self, login: str, reference: str) -> None:
        """Open a call at night for a text, for a reason."""

        def act(desk: Desktop, request: Request) -> None:
            text_calls.call_tonight(desk, request, "Skäl", self.bureau.clock())
            _of_a_text(request)

        self.do(login, reference, act)

    def look(self) -> None:
        """Look at every way into what takes two: a colleague's yes, or a reason."""
        with self.bureau.writing() as session:
            for opening in session.scalars(select(Opening)):
                if opening.ends_at is None:
                    continue
                by_two = opening.approved_by not in (None, opening.member_id)
                broken = opening.reason is not None and opening.review_due_at
                assert by_two or broken, "opened by one, without a reason"
                assert opening.reviewed_by != opening.member_id, "reviewed by herself"


_NEVER = (Contact.TAKEN_BACK, Contact.CANCELLED, Contact.SAID_STOP)


def _of_a_text(request: Request) -> None:
    assert request.channel is Channel.SMS, "a text's time, where no text began it"
    assert request.contact is Contact.ALLOWED, "a text widened what was stopped"


def _last_outcome(desk: Desktop, request: Request) -> Event | None:
    found = select(Event).where(
        Event.request_id == request.id, Event.kind == EventKind.OUTCOME.value
    )
    return desk.session.scalars(found.order_by(Event.seq.desc())).first()
