"""Asking to be called, and changing that by the number."""

from flask import Blueprint, Response, request

from blueprints.callback import shown
from blueprints.callback.asking import AskForm
from blueprints.callback.changing import changed, opened
from blueprints.callback.forms import ChangeForm
from blueprints.callback.places import caller, offer_all, tell_full
from web.document import way_of
from web.once import Page, lead_to, speak
from web.receiving import receive
from web.refilling import Refused, attempt, gives_form_back
from web.wiring import db

bp = Blueprint("callback", __name__)
bp.url_value_preprocessor(speak)
gives_form_back("callback.ask", AskForm)
gives_form_back("callback.change", ChangeForm)
_BOTH = ("GET", "POST")


@bp.route("/<lang>/3", defaults={"letter": ""}, methods=_BOTH)
@bp.route("/<lang>/3<any(a, b, c, d, e, f):letter>", methods=_BOTH)
def ask(letter: str) -> Response | str:
    """Show the form that asks for a call, or take it in."""
    form = AskForm(data={"under_18": way_of(letter).under_18})
    if request.method == "GET":
        return shown.ask(form, letter)
    page = attempt(form, lambda: _received(form, letter), letter=letter)
    response = lead_to(page)
    db().commit()
    return response


@bp.post("/<lang>/6")
def change() -> Response:
    """Show the form that changes the callback, or do what it says (S4)."""
    form = ChangeForm()
    step = changed if "step" in request.form else opened
    response = lead_to(attempt(form, lambda: step(form)))
    db().commit()
    return response


def _received(form: AskForm, letter: str) -> Page:
    unit = caller(form, letter)
    offer_all(form, unit)
    try:
        return receive(form, way_of(letter).audience)
    except Refused:
        tell_full(form, unit)
        raise
