"""Rules by which Hypothesis draws what staff do beside calling, in a random life.

The acts are in tests/intake/care_life.py, the life that they belong to and what must
hold in it in tests/intake/test_one_life.py.
"""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from intake import queue
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import TALKS, Outcome
from intake.submissions import Submission
from intake.topics import Urgency
from tests.factories import text
from tests.intake.care_life import Care
from tests.intake.leaving_life import Keys
from tests.intake.one_life import NUMBERS, SENDERS, Life, forms

# Most ask for now: only then somebody may call at all.
hours = st.sampled_from([-1, 0, 0, 0, 1, 4])
THEIRS = "070-174 06 33"
TIMED = ["Ring mig 14-15", "Ring kl 16", "ring 18-20", "tisdag 10", "ring mig"]


class Drawn(RuleBasedStateMachine):
    """A life, and who and what in it is drawn."""

    life: Life
    keys: Keys
    care: Care

    def one(self, data: st.DataObject) -> str:
        """Draw one of the requests that came."""
        with self.life.bureau.writing() as session:
            known = session.scalars(select(Request.reference).order_by(Request.id))
            return data.draw(st.sampled_from(known.all()), "reference")

    def pair(self, data: st.DataObject) -> tuple[str, str]:
        """Draw a member and a request; mostly one that she can find."""
        reference = self.one(data)
        return self.who_finds(data, reference), reference

    def who_finds(self, data: st.DataObject, reference: str) -> str:
        """Draw a member; mostly one that can find a request."""
        with self.life.bureau.writing() as session:
            there = self.life.logins
            members = [self.life.bureau.member(session, login) for login in there]
            finds = [m.login for m in members if queue.find(session, m.id, reference)]
        return data.draw(st.sampled_from(finds * 4 + there), "member")

    def somebody(self, data: st.DataObject) -> str:
        """Draw a member who is there."""
        return data.draw(st.sampled_from(self.life.logins), "member")

    def some_came(self) -> bool:
        with self.life.bureau.writing() as session:
            return session.scalars(select(Request.id)).first() is not None

    def takes(self, who: str, one: str) -> None:
        """Let a member read and take a request."""
        self.life.read(who, one, Urgency.NORMAL)
        self.life.claim(who, one)


class CareRules(Drawn):
    """What staff do for her beside calling, at random."""

    def care_once(self, talked: str) -> None:
        """Do each of these acts once: what is drawn may hold none of them.

        `talked` is a request that asks for a call now.
        """
        came = len(self.life.receipts)
        for form in (text(), text(protected=True), text()):
            self.life.come(form, hours=0)
        endangered, protected, for_night = [*self.life.receipts][came:]
        self.takes("maria", endangered)
        self.care.endanger("amina", endangered)
        self.life.close("maria", endangered)
        self.care.disclose("maria", endangered)
        self.care.ask("amina", protected)
        self.care.answer("amina")
        self.care.answer("maria")
        self.care.break_glass("johan", protected)
        self.care.answer("maria")
        self.takes("maria", for_night)
        self.care.to_night("maria", for_night)
        self.takes("sara", for_night)
        self.care.to_day("sara", for_night)
        self.care.register("amina", text(), hours=0)
        self.takes("amina", talked)
        self.care.take_down("amina", talked, NUMBERS[1], hours=0)
        self.life.ring("amina", talked)
        self.life.bureau.clock.forward(minutes=16)
        self.care.take_over("maria", talked)
        for outcome in sorted(TALKS):  # as a word was agreed, or none
            self.life.finish("maria", talked, outcome)
        self.care.take_down("maria", talked, NUMBERS[1], hours=0)

    def another_answers_once(self) -> None:
        """Let another answer a number that stands in two requests."""
        came = len(self.life.receipts)
        form = self.life.bureau.callback(number=read_number(THEIRS))
        self.life.come(form, hours=0)
        self.life.come(form, hours=0)
        for one in [*self.life.receipts][came:]:
            self.takes("maria", one)
            self.life.ring("maria", one)
            self.life.finish("maria", one, Outcome.ANOTHER_ANSWERED)

    def text_once(self, at_night: bool) -> None:
        """Let a text name its time, or be called at night, once."""
        self.life.text(SENDERS[1], "ring mig" if at_night else "ring mig 14-15")
        with self.life.bureau.writing() as session:
            newest = select(Request.reference).order_by(Request.id.desc())
            by_text = session.scalars(newest.limit(1)).one()
        self.takes("amina", by_text)
        if at_night:
            self.care.to_night("amina", by_text)
            self.takes("sara", by_text)
            self.care.tonight("sara", by_text)
        else:
            self.care.follow("amina", by_text)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), decides=st.booleans())
    def danger_to_life(self, data: st.DataObject, decides: bool) -> None:
        who, one = self.pair(data)
        self.care.endanger(who, one)
        if decides:
            self.takes(who, one)
            self.care.disclose(who, one)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), breaks=st.booleans())
    def open_by_two(self, data: st.DataObject, breaks: bool) -> None:
        who, one = self.pair(data)
        (self.care.break_glass if breaks else self.care.ask)(who, one)
        self.care.answer(self.who_finds(data, one))

    @precondition(Drawn.some_came)
    @rule(data=st.data(), ends=st.booleans())
    def night_and_day(self, data: st.DataObject, ends: bool) -> None:
        who, one = self.pair(data)
        self.takes(who, one)
        (self.care.to_day if ends else self.care.to_night)(who, one)

    @precondition(Drawn.some_came)
    @rule(data=st.data(), minutes=st.sampled_from([0, 14, 16]))
    def leave_a_call(self, data: st.DataObject, minutes: int) -> None:
        who, one = self.pair(data)
        self.takes(who, one)
        self.life.ring(who, one)
        self.life.bureau.clock.forward(minutes=minutes)
        self.care.take_over(self.who_finds(data, one), one)

    @rule(data=st.data(), form=forms(), ahead=hours)
    def register(self, data: st.DataObject, form: Submission, ahead: int) -> None:
        self.care.register(self.somebody(data), form, ahead)

    @precondition(Drawn.some_came)
    @rule(
        data=st.data(),
        outcome=st.sampled_from(sorted(TALKS)),
        number=st.sampled_from(NUMBERS),
        ahead=hours,
    )
    def talk(
        self, data: st.DataObject, outcome: Outcome, number: str, ahead: int
    ) -> None:
        who, one = self.pair(data)
        self.takes(who, one)
        self.life.ring(who, one)
        self.life.finish(who, one, outcome)
        self.care.take_down(who, one, number, ahead)

    @rule(data=st.data(), said=st.sampled_from(TIMED), tonight=st.booleans())
    def text_with_a_time(self, data: st.DataObject, said: str, tonight: bool) -> None:
        self.life.text(data.draw(st.sampled_from(SENDERS), "sender"), said)
        who, one = self.pair(data)
        self.takes(who, one)
        (self.care.tonight if tonight else self.care.follow)(who, one)
        self.life.ring(who, one)
