"""Forms of what staff ask and assess. None is filled in beforehand but for the day."""

from datetime import datetime

from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from blueprints.staff.forms import DeskForm
from blueprints.staff.guide_forms import GuideForm, OfWhoUsesForm
from intake.asked import MOST_CHILDREN, THE_PERSON, Asked, Reply
from intake.assessments import Assessment, Method, Police
from intake.models import Request
from intake.queue import Desktop
from web.forms import StaffForm, choices_of
from web.i18n import local_day
from web.labels import options
from web.wiring import now

NOT_ASKED = ""
NEEDED = "Skriv en dag som 2026-11-23."
WHO = {str(THE_PERSON): "Personen"} | {
    str(n): f"Barn {n}" for n in range(1, MOST_CHILDREN + 1)
}


class _DayField(DateField):
    """A day; what can't be read is told in Swedish."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(NEEDED) from error


class PastDay(_DayField):
    """A day that has been."""

    def pre_validate(self, form: object) -> None:
        """Refuse a day to come."""
        if self.data and self.data > local_day(now()):
            raise ValidationError("Den dagen har inte varit än.")


class AskedForm(DeskForm):
    """Asked about violence: who, when, and what came of it."""

    child = SelectField("Vem det gäller", choices=choices_of(WHO))
    on = PastDay("Dag", [InputRequired(NEEDED)])
    exposed = RadioField(
        "Utsatt för våld?",
        choices=choices_of({NOT_ASKED: "Inte frågat nu", **options(Reply)}),
        default=NOT_ASKED,
    )
    using = RadioField(
        "Använder själv våld?",
        choices=choices_of({NOT_ASKED: "Inte frågat nu", **options(Reply)}),
        default=NOT_ASKED,
    )

    def validate_using(self, field: RadioField) -> None:
        """Ask for one answer at least."""
        if not (field.data or self.exposed.data):
            raise ValidationError("Svara på minst en av frågorna.")

    def said(self) -> Asked:
        """Return the answers in the domain's words."""
        day = self.on.data or local_day(now())
        exposed, using = self.exposed.data, self.using.data
        return Asked(
            int(self.child.data),
            day,
            Reply(exposed) if exposed else None,
            Reply(using) if using else None,
        )


class AssessmentForm(DeskForm):
    """That an assessment was made; never what it found."""

    child = SelectField("Vem det gäller", choices=choices_of(WHO))
    on = PastDay("Gjord", [InputRequired(NEEDED)])
    method = RadioField("Metod", choices=choices_of(options(Method)))
    next_on = _DayField("Nästa, senast", [Optional()])
    police = RadioField(
        "Samtycke till utbyte med polisen",
        choices=choices_of(options(Police)),
        default=Police.NOT_ASKED.value,
    )

    def validate_next_on(self, field: DateField) -> None:
        """Refuse a next one that does not come after."""
        if field.data and self.on.data and field.data <= self.on.data:
            raise ValidationError("Nästa bedömning måste ligga efter den här.")

    def said(self) -> Assessment:
        """Return it in the domain's words."""
        return Assessment(
            int(self.child.data),
            self.on.data or local_day(now()),
            Method(self.method.data),
            Police(self.police.data),
            self.next_on.data,
        )


def assessment_offers(
    desk: Desktop, request: Request, now: datetime
) -> dict[str, StaffForm]:
    """Return the fresh forms, by name."""
    today = local_day(now)
    return {
        "asked": AskedForm.fresh(on=today),
        "assessed": AssessmentForm.fresh(on=today),
        "guide": GuideForm.fresh(),
        "of_who_uses": OfWhoUsesForm.fresh(),
    }
