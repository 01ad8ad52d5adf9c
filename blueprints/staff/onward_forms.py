"""Where somebody is guided on to, and what is co-ordinated with whom by her consent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from blueprints.staff.assessment_forms import NEEDED, PastDay
from blueprints.staff.forms import DeskForm, fits, needed
from intake import consents
from intake.consents import Consent, Giver, Plan
from intake.endings import Guided, Whither, ways_on
from intake.models import Request
from intake.queue import Desktop
from web.forms import StaffForm, choices_of
from web.i18n import local_day
from web.labels import label, options
from web.wiring import now

_BEGUN, _BACK = "begun", "back"
_SAID = "Sparas som intern anteckning. Inget lämnas ut genom att vi hänvisar."


def ways(request: Request) -> dict[str, str]:
    """Return where the person of a request can be guided on to, by key and words."""
    return {one.value: label(one) for one in ways_on(request)}


class GuidedForm(DeskForm):
    """Where the person was guided on to."""

    whither = SelectField("Vart")
    text = TextAreaField("Vad du sa, och vem hen kan fråga efter", [fits])

    def offer(self, request: Request) -> Self:
        """Take as choices where this person can be guided on to."""
        self.whither.choices = choices_of({"": "Välj", **ways(request)})
        self.text.description = _SAID
        return self

    def validate_whither(self, field: SelectField) -> None:
        """Ask for one of them."""
        if not field.data:
            raise ValidationError("Välj vart.")

    def validate_text(self, field: TextAreaField) -> None:
        """Ask for words where the choice says nothing."""
        if self.whither.data == Whither.OTHER.value and not field.data:
            raise ValidationError("Skriv vart.")

    def said(self) -> Guided:
        """Return it in the domain's words."""
        return Guided(Whither(self.whither.data), self.text.data or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """A consent as the page shows it, with what it covers, opened."""

    row: consents.ConsentRow
    covers: str


class ConsentForm(DeskForm):
    """A consent to co-ordination: to which plan, of whom, when and to what."""

    plan = RadioField("Till vad", choices=choices_of(options(Plan)))
    giver = RadioField("Vem som samtycker", choices=choices_of(options(Giver)))
    on = PastDay("Dag", [InputRequired(NEEDED)])
    covers = TextAreaField(
        "Vad det omfattar",
        [needed, fits],
        description="Vilka som samordnar, vad de får veta, och vad de inte får veta.",
    )
    given: tuple[Standing, ...] = ()

    def offer(self, desk: Desktop, request: Request) -> Self:
        """Open what was consented to so far, the latest first."""
        rows = consents.consents(desk.session, request)
        opened = desk.keyring.text
        self.given = tuple(Standing(row, opened(row.envelope)) for row in rows)
        return self

    def missing(self) -> list[Plan]:
        """Return the plans that no consent lets begin."""
        held = {one.row.plan for one in self.given if not one.row.ended_on}
        return [plan for plan in Plan if plan not in held]

    def consent(self) -> Consent:
        """Return it in the domain's words."""
        day = self.on.data or local_day(now())
        plan, giver = Plan(self.plan.data), Giver(self.giver.data)
        return Consent(plan, giver, day, self.covers.data or "")


class PlanForm(DeskForm):
    """That a plan began, or that its consent was taken back, and when."""

    act = RadioField("Vad som hände")
    on = PastDay("Dag", [InputRequired(NEEDED)])

    def offer(self, desk: Desktop, request: Request) -> Self:
        """Take as choices what the consents that stand let happen."""
        words = {}
        for plan in Plan:
            row = consents.standing(desk.session, request, plan)
            if row and not row.begun_on:
                words[f"{_BEGUN}.{plan.value}"] = f"{label(plan)}: påbörjad"
            if row:
                words[f"{_BACK}.{plan.value}"] = f"{label(plan)}: samtycket återtaget"
        self.act.choices = choices_of(words)
        return self

    def happened(self) -> tuple[bool, Plan, date]:
        """Return whether a consent was taken back, else its plan began; and the day."""
        act, _, plan = self.act.data.partition(".")
        return act == _BACK, Plan(plan), self.on.data or local_day(now())


def onward_offers(
    desk: Desktop, request: Request, at: datetime
) -> dict[str, StaffForm]:
    """Return the fresh forms, by name."""
    today = local_day(at)
    return {
        "guided": GuidedForm.fresh().offer(request),
        "consent": ConsentForm.fresh(on=today).offer(desk, request),
        "plan": PlanForm.fresh(on=today).offer(desk, request),
    }
