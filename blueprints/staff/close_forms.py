"""The end of a request, and the question that each one asks (S30)."""

from typing import Self

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from blueprints.staff.forms import SeenForm, fits
from blueprints.staff.onward_forms import ways
from intake.decisions import Conflict, ConflictCheck
from intake.endings import Ended, Ending, Guided, Whither
from intake.life import EventKind
from intake.models import Request
from web.forms import choices_of
from web.labels import options

_OTHER = Whither.OTHER.value
_CHECKS = {
    ConflictCheck.MINE.value: "Ja, jag har gjort den",
    ConflictCheck.COLLEAGUE.value: "Ja, en kollega har gjort den",
    ConflictCheck.NOT_DONE.value: "Nej",
}


class CloseForm(SeenForm):
    """How it ended, whether the conflict check was done, and that times fall away."""

    ending = RadioField("Hur slutade det?", choices=choices_of(options(Ending)))
    whither = SelectField("Vart, om personen hänvisades vidare")
    # No default: the question is put, and answered, each time.
    conflict = RadioField(
        "Är jävskontrollen utanför systemet gjord?", choices=choices_of(_CHECKS)
    )
    told = TextAreaField(
        "Vilken kollega, eller varför den inte är gjord",
        [fits],
        description="Sparas som intern anteckning. Skriv inget om ett annat ärende.",
    )
    drops_times = BooleanField(
        "Jag har läst vilka tider som faller bort",
        [DataRequired("Bekräfta det, eller låt ärendet vara öppet.")],
    )

    was_guided = False  # and where to stands in its history

    def offer(self, request: Request, waits: bool) -> Self:
        """Say where she can be guided on to, and whether she waits for a call.

        Its times would fall away.
        """
        # "Somewhere else" says where in words, which its own form asks for.
        here = {key: words for key, words in ways(request).items() if key != _OTHER}
        self.whither.choices = choices_of({"": "Välj", **here})
        kinds = {event.kind for event in request.events}
        self.was_guided = EventKind.GUIDED.value in kinds
        if not waits:
            del self.drops_times
        return self

    def validate_whither(self, field: SelectField) -> None:
        """Ask where to, unless that was recorded before."""
        guided = self.ending.data == Ending.GUIDED.value
        if guided and not (field.data or self.was_guided):
            raise ValidationError("Välj vart. Annat antecknas under Hänvisa vidare.")

    def validate_told(self, field: TextAreaField) -> None:
        """Ask for what the answer needs beside itself."""
        if self.conflict.data in _CHECKS and not self.said().is_whole():
            raise ValidationError("Skriv vilken kollega, eller varför inte.")

    def said(self) -> Conflict:
        """Return the answer in the domain's words."""
        check, told = ConflictCheck(self.conflict.data), self.told.data
        words = _CHECKS[check.value].lower()
        return Conflict(check, f"Jävskontrollen: {words}. {told}" if told else "")

    def ended(self) -> Ended:
        """Return how it ended in the domain's words."""
        how, to = Ending(self.ending.data), self.whither.data
        guided = Guided(Whither(to)) if to and how is Ending.GUIDED else None
        return Ended(how, guided)

    def drops(self) -> bool:
        """Say whether it was confirmed that times fall away."""
        return "drops_times" in self and bool(self.drops_times.data)
