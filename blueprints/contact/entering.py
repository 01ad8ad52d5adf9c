"""Behind the number: the way in, and adding words."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from blueprints.contact.forms import BackForm, MoreForm
from intake.office import Office
from intake.pages_once import burn_page
from intake.returning import Return, answers, story
from web.forms import DoorForm
from web.once import Page, door_handle, through_door
from web.receiving import check_room, deliver, enter_with, read_token
from web.refilling import Refused
from web.wiring import db, now, wired

_Ends = Callable[[Session, Office, Return, datetime], None]


def come_in(form: BackForm) -> Page:
    """Open the door that a number and a word fit. Raises Refused."""
    if not form.validate():
        raise Refused
    visit = enter_with(form.digits.data or "", form.word.data or "", "digits")
    return _thread(visit, door_handle(visit), form.text.data or "")


def come_again(form: DoorForm) -> Page:
    """Open the thread again. Raises UnknownReceipt when the half hour is over."""
    handle = form.handle.data or ""
    # The same handle goes on: a new one would keep the door open without the number.
    return _thread(through_door(handle), handle)


def _thread(visit: Return, handle: str, text: str = "") -> Page:
    """Return the page of answers and states, never of her own words (S1)."""
    read = answers(db(), wired().office, visit, now())
    steps = story(visit.request, now())
    return Page(
        "thread",
        {
            "handle": handle,
            "unit": visit.request.unit,
            "answers": [[one.at.isoformat(), one.text] for one in read],
            "steps": [[one.step.value, one.at.isoformat()] for one in steps],
            "text": text,  # typed before the half hour was over; it waits in the box
        },
    )


def added(form: MoreForm) -> Page:
    """Join words to the request. Raises Refused, and UnknownReceipt after a while."""
    visit = through_door(form.handle.data or "")
    token = read_token(form)
    if not form.validate():
        raise Refused
    check_room()
    before = visit.request
    submission = form.submission(before.language, before.audience)
    deliver(form, submission, token, onto=before)
    shown = {"read_by": before.reading_due_at.isoformat(), "unit": before.unit}
    return Page("added", {"handle": form.handle.data, **shown})


def ended(form: DoorForm, how: str, end: _Ends) -> Page:
    """End what `end` ends, and the handle with it. Raises UnknownReceipt."""
    handle = form.handle.data or ""
    visit = through_door(handle)
    end(db(), wired().office, visit, now())
    burn_page(db(), handle, now())
    return Page("ended", {"how": how, "unit": visit.request.unit})
