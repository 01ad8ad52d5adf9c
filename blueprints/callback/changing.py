"""Changing or cancelling the callback behind the number; the words stay unseen (S4)."""

from flask import request

from blueprints.callback.forms import ChangeForm
from blueprints.callback.places import offer_all
from intake import returning
from intake.envelopes import put
from intake.joining import standing_number
from intake.returning import Return
from intake.submissions import CallWish, Submission
from intake.topics import Kind, Origin, Phone
from intake.windows import SlotFull
from web.once import Page, through_door
from web.receiving import SLOT_FULL, check_room
from web.refilling import Refused, prefilled
from web.wiring import db, now, wired


def opened(form: ChangeForm) -> Page:
    """Return the page with the form. Raises UnknownReceipt when the door is shut."""
    handle = form.handle.data or ""
    # Asked before the form is shown, so that nobody fills it in for nothing.
    through_door(handle)
    return prefilled("change", handle=handle)


def changed(form: ChangeForm) -> Page:
    """Do what the form says. Raises UnknownReceipt and Refused."""
    visit = through_door(form.handle.data or "")
    _prepare(form, visit)
    if request.form["step"] == "cancel":
        return _cancelled(form, visit)
    if not form.validate():
        raise Refused
    check_room()
    # Nothing to ring and no time that is safe: that is said as what it is.
    if form.none_safe.data and not (form.number.data or form.has_number):
        return _cancelled(form, visit)
    return _changed(form, visit)


def _prepare(form: ChangeForm, visit: Return) -> None:
    unit = wired().office.units[visit.request.unit]
    offer_all(form, unit)
    form.has_number = standing_number(visit.request) is not None


def _cancelled(form: ChangeForm, visit: Return) -> Page:
    returning.cancel_callback(db(), wired().office, visit, now())
    return _told(form, visit, "cancelled")


def _changed(form: ChangeForm, visit: Return) -> Page:
    before = visit.request
    call = CallWish(
        number=form.called(),
        slots=() if form.none_safe.data else form.windows.chosen(),
        phone=Phone(form.phone.data or Phone.UNSAID),
    )
    submission = Submission(before.language, before.audience, call=call)
    if form.country.data:
        # A change by receipt writes no notes on safe contact, so it joins as words.
        put(db(), before, Kind.MORE, form.country.data, Origin.RECEIPT, now())
    try:
        returning.change_callback(db(), wired().office, visit, submission, now())
    except SlotFull:
        raise Refused(message=str(SLOT_FULL), field="windows") from None
    return _told(form, visit, before.contact.value)


def _told(form: ChangeForm, visit: Return, contact: str) -> Page:
    shown = {"handle": form.handle.data, "unit": visit.request.unit}
    return Page("changed", {"contact": contact, **shown})
