"""Joining requests of one person: what is asked for, and what is shown of the later."""

from dataclasses import dataclass
from datetime import datetime

from wtforms import RadioField, StringField

from blueprints.staff.forms import DeskForm, needed
from blueprints.staff.history import Line, history
from blueprints.staff.papers import Paper, papers
from blueprints.staff.verdict import Verdict, verdict
from intake.danger_stage import needs_disclosure
from intake.decisions import needs_child_decision
from intake.models import Request
from intake.queue import Desktop
from intake.safe_contact import SafeContact, safe_contact
from intake.topics import JoinGround
from intake.uniting import first_of, known, may_part, shown_with
from web.forms import StaffForm, choices_of
from web.labels import options


@dataclass(frozen=True, slots=True)
class Later:
    """A later request as the first one's page shows it; its number is nowhere here."""

    request: Request
    safe: SafeContact
    verdict: Verdict
    papers: list[Paper]
    history: list[Line]
    needs_child_decision: bool
    needs_disclosure: bool
    may_part: bool


class UniteForm(DeskForm):
    """Another request of the same person, and why it is taken for that."""

    reference = StringField(
        "Det andra ärendets beteckning",
        [needed],
        description="I samma kö. Det som kom sist visas sedan på det förstas sida.",
    )
    because = RadioField("Varför", choices=choices_of(options(JoinGround)))


class JoinedForm(DeskForm):
    """The press that parts them, with what is shown of what was joined."""

    first: Request | None  # where this one is a later one, and the member finds it
    may_part: bool
    later: list[Later]
    closed_to_her: list[Request]  # opened by two, and not by her now


def unite_offers(
    desk: Desktop, request: Request, now: datetime
) -> dict[str, StaffForm]:
    """Return the fresh forms, by name: to join, and where it is joined to part."""
    made: dict[str, StaffForm] = {"unite": UniteForm.fresh()}
    if request.joined_to is None and not request.later:
        return made
    joined, shown = JoinedForm.fresh(), shown_with(desk, request, now)
    joined.first = first_of(desk, request)
    joined.may_part = may_part(desk, request, now)
    joined.later = [_later(desk, request, one, now) for one in shown]
    joined.closed_to_her = [one for one in known(desk, request) if one not in shown]
    return made | {"joined": joined}


def _later(desk: Desktop, first: Request, request: Request, now: datetime) -> Later:
    # An answer that was sealed to both stands there already.
    there = {(one.at, one.text) for one in papers(desk, first)}
    every = [one for one in papers(desk, request) if (one.at, one.text) not in there]
    return Later(
        request=request,
        safe=safe_contact(desk, request),
        verdict=verdict(desk, request, now),
        papers=every,
        history=history(request),
        needs_child_decision=needs_child_decision(request),
        needs_disclosure=needs_disclosure(desk.session, request),
        may_part=may_part(desk, request, now),
    )
