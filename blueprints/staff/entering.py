"""From a filled-in form of another's to a request, and where that leads."""

from flask import url_for

from blueprints.staff.given import keep_number
from blueprints.staff.register_call_form import RegisterForm
from blueprints.staff.register_forms import EntryForm
from intake.arrivals import Result, route_of
from intake.queue import Desktop, find
from intake.registering import register
from intake.units import Unit
from intake.windows import SlotFull, free
from web import done
from web.times import UNTIL_IT_BEGINS
from web.wiring import now

_SLOT_FULL = "Den sista platsen i en vald tid togs just. Fråga efter en annan tid."


def offer_all(desk: Desktop, form: EntryForm) -> None:
    """Let a sent form know its unit's times; a full one shows when it is taken."""
    if isinstance(form, RegisterForm):
        calendar = _unit(desk, form).calendar
        form.windows.offer(calendar.slots(now(), lead=UNTIL_IT_BEGINS))


def offer_free(desk: Desktop, form: EntryForm) -> None:
    """Offer the times of its unit that have a free place."""
    if isinstance(form, RegisterForm):
        left = free(desk.session, _unit(desk, form), None, now())
        form.windows.offer_free(left)


def enter(desk: Desktop, form: EntryForm) -> str:
    """Register what a form says; return where that leads, or "" where it is refused.

    Raises NotAllowed and NoDesk.
    """
    gives = isinstance(form, RegisterForm) and bool(form.gives_number.data)
    digits, receipt = form.receipt() if gives else ("", None)
    token = form.hashes()
    try:
        result, sent = register(desk, form.submission(), token, receipt, now())
    except SlotFull:
        desk.session.rollback()
        if isinstance(form, RegisterForm):
            form.windows.errors = [_SLOT_FULL]
        return ""
    if sent.content_hash != token.content_hash:
        form.refuse_change()
        return ""
    if digits and result is not Result.SPENT:
        return keep_number(sent, digits, _visible(desk, sent.request.reference))
    return _after(desk, sent.request.reference)


def _after(desk: Desktop, reference: str) -> str:
    if _visible(desk, reference):
        return url_for("staff.show", reference=reference)
    done.say("staff.registered_elsewhere")
    return url_for("staff.start")


def _visible(desk: Desktop, reference: str) -> str:
    found = find(desk.session, desk.member.id, reference)
    return found.reference if found else ""


def _unit(desk: Desktop, form: EntryForm) -> Unit:
    route = route_of(desk.office, form.facts(), now(), desk.session)
    return desk.office.units[route.unit]
