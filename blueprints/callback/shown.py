"""What the pages of asking to be called show."""

from flask import render_template

from blueprints.callback.asking import AskForm
from blueprints.callback.forms import ChangeForm
from blueprints.callback.places import caller, offer_free
from intake.errors import UnknownReceipt
from intake.pages_once import Shown
from intake.topics import Opening
from web.document import way_of
from web.forms import DoorForm
from web.i18n import current_language
from web.library import library
from web.once import Content, render, shows, through_door
from web.receiving import stamp
from web.refilling import number_again, refilled
from web.wiring import now, wired


def ask(form: AskForm, letter: str) -> str:
    """Return the form that asks for a call, with the times that are free."""
    unit, way = caller(form, letter), way_of(letter)
    offer_free(form, unit)
    stamp(form)
    language, texts = current_language(), wired().office.texts
    return render_template(
        "callback/ask.html",
        form=form,
        letter=letter,
        young=way.under_18,
        read_by=library().read_by(way, language, now()),
        unit=unit,
        cover=texts.cover_line(language.locale),
        neutral=texts.neutral_line(language.locale),
        sample=texts.text("later", Opening.WRONG_PERSON, language.locale),
    )


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
    offer_free(form, unit)
    stamp(form)
    return render_template("callback/change.html", form=form, unit=unit)


@shows("changed")
def _changed(content: Content, handle: str) -> str:
    door = DoorForm(data={"handle": content["handle"]})
    stamp(door)
    unit = wired().office.units[content["unit"]]
    return render_template(
        "callback/changed.html", contact=content["contact"], door=door, unit=unit
    )
