"""Giving a request to on-call for the night, and back to the day."""

from datetime import datetime

from wtforms import RadioField, TextAreaField

from blueprints.staff.forms import DeskForm, fits, needed
from intake.models import Request
from intake.night import is_with_on_call, must_wait, on_call_for
from intake.queue import Desktop
from intake.topics import HandOverGround
from intake.watch import is_of_its_unit
from web.forms import StaffForm, choices_of
from web.labels import options

_READERS = "Förseglas med ärendet. Säg hur, när och på vilken telefon kontakt är säker."


class ToOnCallForm(DeskForm):
    """What on-call is asked to do, and on what ground (S33)."""

    ground = RadioField("Grund", choices=choices_of(options(HandOverGround)))
    text = TextAreaField(
        "Att göra i natt, och att veta", [needed, fits], description=_READERS
    )


class ToDayForm(DeskForm):
    """What on-call did."""

    text = TextAreaField("Vad jouren gjorde, och vad dagen måste göra", [needed, fits])
    must_wait = False  # nobody of the day is there to take what is acute


def night_offers(
    desk: Desktop, request: Request, now: datetime
) -> dict[str, StaffForm]:
    """Return the fresh forms, by name; where there is nobody to give it to, none."""
    if is_with_on_call(desk, request):
        form = ToDayForm.fresh()
        form.must_wait = must_wait(desk, request, now)
        # Whoever is of the day has it: there is nobody to give it back to.
        is_days = is_of_its_unit(desk.member, request) and not form.must_wait
        return {} if is_days else {"to_day": form}
    if on_call_for(desk, request):
        return {"to_on_call": ToOnCallForm.fresh()}
    return {}
