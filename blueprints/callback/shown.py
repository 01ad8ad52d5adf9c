"""What the pages of asking to be called show."""

from flask import render_template

from blueprints.callback.asking import AskForm
from blueprints.callback.forms import UNTIL_IT_BEGINS, CallForm, ChangeForm
from intake.arrivals import route_of
from intake.errors import UnknownReceipt
from intake.pages_once import Shown
from intake.sms.texts import cover_line, neutral_line, text
from intake.topics import Opening
from intake.units import Unit
from intake.windows import taken
from web.document import audience_of
from web.i18n import current_language
from web.library import library
from web.once import Content, render, shows, through_door
from web.receiving import stamp
from web.refilling import number_again, refilled
from web.wiring import db, now, wired


def ask(form: AskForm, letter: str) -> str:
    """Return the form that asks for a call, with the times that are free."""
    unit = _unit(form, letter)
    _offer_free(form, unit)
    stamp(form)
    language = current_language()
    return render_template(
        "callback/ask.html",
        form=form,
        letter=letter,
        read_by=library().read_by(audience_of(letter), language, now()),
        unit=unit,
        cover=cover_line(language.locale),
        neutral=neutral_line(language.locale),
        sample=text("later", Opening.WRONG_PERSON, language.locale),
    )


def offer(form: AskForm, letter: str) -> None:
    """Let a sent form know the times there are; full ones show when they are taken."""
    calendar = _unit(form, letter).calendar
    form.windows.offer(calendar.slots(now(), lead=UNTIL_IT_BEGINS))


@shows("ask")
def _ask_again(content: Content, handle: str) -> str:
    return ask(refilled(AskForm, content), content["letter"])


@shows("change")
def _change(content: Content, handle: str) -> str:
    form = refilled(ChangeForm, content)
    try:
        # The half hour of the handle may end while this page still stands.
        visit = through_door(form.handle.data or "")
    except UnknownReceipt:
        again = number_again()
        return render(Shown(again.view, again.content), "")
    unit = wired().office.units[visit.request.unit]
    _offer_free(form, unit)
    stamp(form)
    return render_template("callback/change.html", form=form, unit=unit)


@shows("changed")
def _changed(content: Content, handle: str) -> str:
    return render_template("callback/changed.html", contact=content["contact"])


def _unit(form: AskForm, letter: str) -> Unit:
    """Return who would call: it follows from the section, her age and S29."""
    office, facts = wired().office, form.facts(audience_of(letter))
    return office.units[route_of(office, facts, now()).unit]


def _offer_free(form: CallForm, unit: Unit) -> None:
    """Offer the times with a free place; one that she chose already may be nearer."""
    places, most = taken(db(), unit.key, now()), unit.calendar.slot_capacity
    offered = set(unit.calendar.slots(now()))
    form.windows.offer(unit.calendar.slots(now(), lead=UNTIL_IT_BEGINS))
    offered |= set(form.windows.chosen())
    free = [one for one in sorted(offered) if places.get(one.starts_at, 0) < most]
    form.windows.offer(free)
