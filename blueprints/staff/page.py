"""What the page of one request shows, gathered before a template sees any of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.staff import call_forms, close_forms, forms
from blueprints.staff.assessment_forms import assessment_offers
from blueprints.staff.assessment_page import Known, known
from blueprints.staff.call_lines import Lines
from blueprints.staff.call_lines import lines as call_lines
from blueprints.staff.danger_forms import danger_offers
from blueprints.staff.history import Line, history
from blueprints.staff.lists import lists
from blueprints.staff.night_forms import night_offers
from blueprints.staff.offers import call_offers
from blueprints.staff.onward_forms import onward_offers
from blueprints.staff.papers import Paper, papers
from blueprints.staff.side_forms import side_offers
from blueprints.staff.unit_words import with_key_persons
from blueprints.staff.verdict import Verdict, nobody_answered, verdict
from intake import calls, handover, replies
from intake.alerts import is_tried
from intake.decisions import is_paused, needs_child_decision
from intake.envelopes import current_number
from intake.errors import NotHeld
from intake.guide import uses_violence
from intake.models import Door, Number, Request, Window
from intake.numbers import readable
from intake.outcomes import LIFTABLE
from intake.queue import Desktop, held_by, newest
from intake.safe_contact import SafeContact, Words, agreed_words, alias, safe_contact
from intake.topics import Kind, Mark, Role, State
from intake.uniting import opened
from intake.voice_receipts import voice_door
from intake.windows import is_waiting, open_window
from web.forms import StaffForm
from web.i18n import KNOWN, local_day
from web.i18n import day as day_in
from web.wiring import now

_HOME = KNOWN["sv"]


# Without slots: what `cached_property` opened once is kept in the object's dict.
@dataclass(frozen=True)
class Page:
    """A request as one member may see it now."""

    desk: Desktop
    request: Request
    now: datetime

    @cached_property
    def holder(self) -> str:
        """The working name of who has it, or nothing."""
        holder = held_by(self.request, self.now)
        return holder.working_name if holder else ""

    @cached_property
    def is_mine(self) -> bool:
        """Whether the member who looks has it."""
        return held_by(self.request, self.now) is self.desk.member

    @cached_property
    def is_head(self) -> bool:
        """Whether the member who looks is a head of unit."""
        return self.desk.member.role is Role.HEAD

    @cached_property
    def is_over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.request.state is State.CLOSED

    @cached_property
    def safe(self) -> SafeContact:
        """How she may be contacted."""
        return safe_contact(self.desk, self.request)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether she may be called, and when, in words first."""
        return verdict(self.desk, self.request, self.now)

    @cached_property
    def nobody_answered(self) -> bool:
        """Whether the last call ended without an answer."""
        return nobody_answered(self.request)

    @cached_property
    def marks(self) -> list[Mark]:
        """What staff marked it with."""
        return [Mark(mark) for mark in self.request.marks]

    @cached_property
    def avoids(self) -> bool:
        """Whether someone who works here must not see it (S29)."""
        return handover.avoids(self.request)

    @cached_property
    def in_circle(self) -> bool:
        """Whether it lies with the head and one deputy alone."""
        return handover.in_circle(self.request)

    @cached_property
    def uses_violence(self) -> bool:
        """Whether the person uses violence, by her own door or by our judgement."""
        return uses_violence(self.request)

    @cached_property
    def alias(self) -> str:
        """What she wants to be called."""
        return alias(self.desk, self.request)

    @cached_property
    def has_word(self) -> bool:
        """Whether a word was agreed with her."""
        return any(one.kind is Kind.WORD for one in self.request.envelopes)

    @cached_property
    def words(self) -> Words | None:
        """The agreed words; only for who has the request, to recognise them (S10)."""
        return agreed_words(self.desk, self.request) if self.is_mine else None

    @cached_property
    def lines(self) -> Lines:
        """What is said in a call."""
        return call_lines(self.desk.office.texts, self.request, self.safe, self.number)

    @cached_property
    def number(self) -> Number | None:
        """The number that stands; never its digits."""
        return current_number(self.request)

    @cached_property
    def windows(self) -> list[Window]:
        """The times to come in which she may still be called, soonest first."""
        every = self.request.windows
        return [w for w in every if is_waiting(w, every) and w.ends_at > self.now]

    @cached_property
    def open_window(self) -> Window | None:
        """The time that is open for a call now."""
        return open_window(self.request, self.now)

    @cached_property
    def call(self) -> calls.Call | None:
        """The call that is on, with its number; only for who started it (S12)."""
        return calls.call_on(self.desk, self.request) if self.is_mine else None

    @cached_property
    def call_number(self) -> str:
        """The number of the call that is on, as people write it."""
        return readable(self.call.number) if self.call else ""

    @cached_property
    def call_locks(self) -> list[str]:
        """Why no call may start now."""
        return calls.locks(self.desk, self.request, self.now)

    @cached_property
    def text_locks(self) -> list[str]:
        """Why no text may be written now."""
        agreed = self.safe.texts
        return replies.text_locks(self.desk, self.request, agreed, self.now)

    @cached_property
    def has_door(self) -> bool:
        """Whether she has a number that an answer can be read with."""
        return replies.has_door(self.request, self.now)

    @cached_property
    def voice_door(self) -> Door | None:
        """The door whose number was given by voice, ended or not (S6)."""
        return voice_door(self.request)

    @cached_property
    def needs_child_decision(self) -> bool:
        """Whether a decision for a child is missing (S26)."""
        return needs_child_decision(self.request)

    @cached_property
    def is_paused(self) -> bool:
        """Whether the number is stopped until she returns, or a head lifts it (S14)."""
        return is_paused(self.desk, self.request)

    @cached_property
    def waits_for_decision(self) -> bool:
        """Whether a person must decide what follows, or may lift a stop."""
        stopped = self.request.contact in LIFTABLE or self.is_paused
        waits = self.request.state is State.DECISION or self.is_tried
        return waits or (self.is_head and stopped)

    @cached_property
    def is_tried(self) -> bool:
        """Whether it goes on alerting after a call that reached nobody (S25)."""
        return is_tried(self.desk.session, self.request)

    @cached_property
    def papers(self) -> list[Paper]:
        """Every text that is there to be read, the oldest first."""
        return papers(self.desk, self.request)

    @cached_property
    def known(self) -> Known:
        """What was asked and assessed so far."""
        return known(self.desk, self.request, self.now)

    @cached_property
    def history(self) -> list[Line]:
        """Who did what, and on which day."""
        return history(self.request)

    def day_for_her(self) -> str:
        """Return today's date as her own page will write it."""
        language = KNOWN.get(self.request.language, _HOME)
        return day_in(local_day(self.now), language)

    @cached_property
    def text_window(self) -> Window | None:
        """The time in which a text would go out."""
        return replies.text_window(self.request, self.now)

    def upper_limit(self, ticked: bool, never: str) -> str:
        """Return what a tick of hers allows; nothing on an unconfirmed number (S11)."""
        if not ticked:
            return f"Nej. {never}"
        if self.number and self.number.confirmed_at:
            return "Ja."
        return "Nej, inte än. Personens ja gäller när numret är bekräftat i ett samtal."

    def targets(self) -> dict[str, str]:
        """Return the units that can take it now, with their key persons (S33)."""
        keys = handover.targets(self.desk, self.request, self.now)
        return with_key_persons(self.desk.session, keys)

    def text_words(self) -> dict[str, replies.Preview]:
        """Return each text exactly as it would go out."""
        return replies.previews(self.desk, self.request, self.safe.opening, self.now)


def show(
    desk: Desktop, request: Request, status: int = 200, **sent: StaffForm
) -> ResponseReturnValue:
    """Answer with a request's page, and log that it was seen.

    `sent` are forms to be shown again with what was typed and what is wrong with it.
    Raises NotHeld for one that the page would not show, so that no text is lost.
    """
    seen = newest(desk.session, request)
    # Read anew after that, so that the page shows all that `seen` counts.
    desk.session.refresh(request)
    page = Page(desk, request, now())
    for_heads = {"decide", "take_over"} if page.is_head else set()
    if not page.is_mine and sent.keys() - {"reading", "mark"} - for_heads:
        raise NotHeld("the request is not held by this member")
    opened(desk, request, now())
    offered = _fresh(page) | sent
    html = render_template(
        "staff/request.html",
        page=page,
        request=request,
        forms=offered,
        has_news=forms.shows(offered.values(), seen),
        **lists(desk, request.side),
    )
    # Before the answer leaves: nobody reads a request without a line in the log.
    desk.session.commit()
    return html, status


def _fresh(page: Page) -> dict[str, StaffForm]:
    request = page.request
    going = page.targets(), page.avoids, page.in_circle
    made: dict[str, StaffForm] = {
        "reading": forms.ReadingForm.fresh(urgency=request.urgency.value),
        "note": forms.NoteForm.fresh(),
        "answer": forms.AnswerForm.fresh(),
        "text": call_forms.TextForm.fresh().offer(page.text_words()),
        "child": forms.ChildForm.fresh().offer(request, page.avoids),
        "hand_over": forms.HandOverForm.fresh().offer(*going),
        "decide": forms.DecideForm.fresh().offer(request, page.is_head, page.is_paused),
        "close": close_forms.CloseForm.fresh().offer(request, bool(page.windows)),
    }
    at_desk = page.desk, request, page.now
    made |= side_offers(*at_desk) | call_offers(*at_desk)
    made |= assessment_offers(*at_desk) | danger_offers(*at_desk)
    made |= onward_offers(*at_desk) | night_offers(*at_desk)
    return made
