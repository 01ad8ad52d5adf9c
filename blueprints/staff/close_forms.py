"""The end of a request, and the question that each one asks (S30)."""

from typing import Self

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from blueprints.staff.forms import SeenForm, fits
from intake.decisions import Conflict, ConflictCheck
from web.forms import choices_of

_CHECKS = {
    ConflictCheck.MINE.value: "Ja, jag har gjort den",
    ConflictCheck.COLLEAGUE.value: "Ja, en kollega har gjort den",
    ConflictCheck.NOT_DONE.value: "Nej",
}


class CloseForm(SeenForm):
    """Whether the conflict check was done, and that times fall away."""

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

    def offer(self, waits: bool) -> Self:
        """Say whether she waits for a call, whose times would fall away."""
        if not waits:
            del self.drops_times
        return self

    def validate_told(self, field: TextAreaField) -> None:
        """Ask for what the answer needs beside itself."""
        if self.conflict.data in _CHECKS and not self.said().is_whole():
            raise ValidationError("Skriv vilken kollega, eller varför inte.")

    def said(self) -> Conflict:
        """Return the answer in the domain's words."""
        check, told = ConflictCheck(self.conflict.data), self.told.data
        words = _CHECKS[check.value].lower()
        return Conflict(check, f"Jävskontrollen: {words}. {told}" if told else "")

    def drops(self) -> bool:
        """Say whether it was confirmed that times fall away."""
        return "drops_times" in self and bool(self.drops_times.data)
