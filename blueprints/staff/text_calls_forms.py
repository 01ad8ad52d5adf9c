"""What is decided of a text's one call: the time that it names, or a call tonight."""

from datetime import datetime
from typing import Self

from wtforms import TextAreaField

from blueprints.staff.forms import SeenForm, fits, needed
from intake.models import Request
from intake.queue import Desktop
from intake.text_calls import Named, named, waits_for_tonight
from web.forms import StaffForm

_READERS = (
    "Skriv varför det är tryggare att ringa nu än i morgon. Förseglas med ärendet."
)


class TextTimeForm(SeenForm):
    """That a time which a text names is clear."""

    told: Named

    def offer(self, told: Named) -> Self:
        """Take the text's words, and the time as it was read."""
        self.told = told
        return self


class NightCallForm(SeenForm):
    """Why a text that came at night is to be called before the day begins."""

    reason = TextAreaField("Varför i natt?", [needed, fits], description=_READERS)


def text_call_offers(
    desk: Desktop, request: Request, now: datetime
) -> dict[str, StaffForm]:
    """Return the fresh forms, by name; where no text's call waits for it, none."""
    offered: dict[str, StaffForm] = {}
    told = named(desk, request, now)
    if told is not None:
        offered["text_time"] = TextTimeForm.fresh().offer(told)
    if waits_for_tonight(desk, request, now):
        offered["night_call"] = NightCallForm.fresh()
    return offered
