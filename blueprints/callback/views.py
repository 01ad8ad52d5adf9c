"""Asking to be called, and changing that by the number."""

from flask import Blueprint, Response, request

from blueprints.callback import shown
from blueprints.callback.asking import AskForm
from blueprints.callback.changing import changed, opened
from blueprints.callback.forms import ChangeForm
from intake.errors import UnknownReceipt
from web.document import audience_of
from web.once import Page, gives_back, lead_to, speak
from web.receiving import receive
from web.refilling import Refused, number_again, typed_page
from web.wiring import db

bp = Blueprint("callback", __name__)
bp.url_value_preprocessor(speak)
_BOTH = ("GET", "POST")


@bp.route("/<lang>/3", defaults={"letter": ""}, methods=_BOTH)
@bp.route("/<lang>/3<any(a, b, c):letter>", methods=_BOTH)
def ask(letter: str) -> Response | str:
    """Show the form that asks for a call, or take it in."""
    form = AskForm()
    if request.method == "GET":
        return shown.ask(form, letter)
    shown.offer(form, letter)
    try:
        page = receive(form, audience_of(letter))
    except Refused as refused:
        db().rollback()
        # After the rollback, or the page that gives her text back would go too.
        page = typed_page("ask", form, refused, letter=letter)
    response = lead_to(page)
    db().commit()
    return response


def _ask_given_back(said: str) -> Page:
    letter = (request.view_args or {}).get("letter", "")
    return typed_page("ask", AskForm(), Refused(500, said), letter=letter)


gives_back("callback.ask", _ask_given_back)
gives_back(
    "callback.change",
    lambda said: typed_page("change", ChangeForm(), Refused(500, said)),
)


@bp.post("/<lang>/6")
def change() -> Response:
    """Show the form that changes the callback, or do what it says (S4)."""
    form = ChangeForm()
    try:
        page = changed(form) if "step" in request.form else opened(form)
    except UnknownReceipt:
        page = number_again()
    except Refused as refused:
        db().rollback()
        page = typed_page("change", form, refused)
    response = lead_to(page)
    db().commit()
    return response
