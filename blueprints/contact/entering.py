"""Behind the number: the way in, and adding words."""

from blueprints.contact.forms import BackForm, MoreForm
from intake.returning import Return, answers, story
from web.once import Page, door_handle, through_door
from web.receiving import check_room, deliver, enter_with, read_token
from web.refilling import Refused
from web.wiring import db, now, wired


def come_in(form: BackForm) -> Page:
    """Open the door that a number and a word fit. Raises Refused."""
    if not form.validate():
        raise Refused
    visit = enter_with(form.digits.data or "", form.word.data or "", "digits")
    return thread(visit, form.text.data or "")


def thread(visit: Return, text: str = "") -> Page:
    """Return the page of answers and states, never of her own words (S1)."""
    read = answers(db(), wired().office, visit, now())
    steps = story(visit.request, now())
    return Page(
        "thread",
        {
            "handle": door_handle(visit),
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
    read_by = before.reading_due_at.isoformat()
    return Page("added", {"handle": form.handle.data, "read_by": read_by})
