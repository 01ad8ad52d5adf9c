"""The form of danger to life: what was disclosed, to whom and by which law (S24)."""

from datetime import datetime
from typing import Self

from wtforms import RadioField, TextAreaField
from wtforms.validators import ValidationError

from blueprints.staff.forms import DeskForm, fits, needed
from intake.danger import Disclosure, Law, Recipient
from intake.danger_stage import Stage, stage
from intake.models import Request
from intake.queue import Desktop
from web.forms import StaffForm, choices_of
from web.labels import options
from web.locks import lock


class DisclosureForm(DeskForm):
    """A decision whether to disclose. Nothing is chosen beforehand."""

    to = RadioField("Till vem?", choices=choices_of(options(Recipient)))
    told = RadioField(
        "Lämnades uppgifter?",
        choices=choices_of({"yes": "Ja", "no": "Nej, inga uppgifter lämnades"}),
    )
    law = RadioField("Grund", choices=choices_of(options(Law)))
    reason = TextAreaField(
        "Skäl, och vilka uppgifter",
        [needed, fits],
        description="Syns bara för kollegor som kan öppna ärendet.",
    )
    stage = Stage.UNMARKED

    def offer(self, found: Stage) -> Self:
        """Say how far it has come."""
        self.stage = found
        return self

    def validate_law(self, field: RadioField) -> None:
        """Refuse a disclosure on the ground that forbids it."""
        if self.told.data == "yes" and field.data == Law.SECRECY.value:
            raise ValidationError(lock("secrecy-forbids"))

    def decided(self) -> Disclosure:
        """Return the decision in the domain's words."""
        return Disclosure(
            Recipient(self.to.data),
            self.told.data == "yes",
            Law(self.law.data),
            self.reason.data or "",
        )


def danger_offers(desk: Desktop, request: Request, _: datetime) -> dict[str, StaffForm]:
    """Return the form as a page shows it fresh."""
    return {"disclosure": DisclosureForm.fresh().offer(stage(desk.session, request))}
