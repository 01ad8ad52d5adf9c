"""Writing, the one-time pages, and what the number opens."""

from flask import Blueprint, Response, request

from blueprints.contact import shown
from blueprints.contact.entering import added, come_again, come_in, ended
from blueprints.contact.forms import BackForm, MoreForm, WriteForm
from intake import returning
from intake.pages_once import end_page
from web.document import way_of
from web.forms import DoorForm
from web.once import lead_to, open_page, render, see_other, speak
from web.receiving import receive
from web.refilling import attempt, gives_form_back
from web.wiring import db, now

bp = Blueprint("contact", __name__)
bp.url_value_preprocessor(speak)
gives_form_back("contact.write", WriteForm)
gives_form_back("contact.back", BackForm)
gives_form_back("contact.more", MoreForm)
_BOTH = ("GET", "POST")


@bp.route("/<lang>/2", defaults={"letter": ""}, methods=_BOTH)
@bp.route("/<lang>/2<any(a, b, c, d, e, f):letter>", methods=_BOTH)
def write(letter: str) -> Response | str:
    """Show the form to write, or take it in."""
    way = way_of(letter)
    form = WriteForm(data={"under_18": way.under_18})
    if request.method == "GET":
        return shown.write(form, letter)
    page = attempt(form, lambda: receive(form, way.audience), letter=letter)
    response = lead_to(page)
    db().commit()
    return response


@bp.get("/<lang>/p/<handle>")
def once(handle: str) -> Response | str:
    """Show a one-time page; a spent address leads to the first document."""
    page = open_page(handle)
    return see_other() if page is None else render(page, handle)


@bp.post("/<lang>/p/<handle>/saved")
def saved(handle: str) -> Response:
    """End the page that shows the number, and the number with it (S3)."""
    page = open_page(handle)
    response = lead_to(shown.after_saving(page)) if page else see_other()
    end_page(db(), handle, now())
    db().commit()
    return response


@bp.route("/<lang>/4", methods=_BOTH)
def back() -> Response | str:
    """Ask for the number, or open what it fits."""
    form = BackForm()
    if request.method == "GET":
        return shown.back(form)
    response = lead_to(attempt(form, lambda: come_in(form)))
    db().commit()
    return response


@bp.post("/<lang>/5")
def more() -> Response:
    """Add words to what was sent."""
    form = MoreForm()
    response = lead_to(attempt(form, lambda: added(form)))
    db().commit()
    return response


@bp.post("/<lang>/7")
def take_back() -> Response:
    """End all contact and close the number (S5)."""
    form = DoorForm()
    page = attempt(form, lambda: ended(form, "taken-back", returning.take_back))
    response = lead_to(page)
    db().commit()
    return response


@bp.post("/<lang>/8")
def useless() -> Response:
    """Close the number and delete nothing (S2)."""
    form = DoorForm()
    page = attempt(form, lambda: ended(form, "useless", returning.make_useless))
    response = lead_to(page)
    db().commit()
    return response


@bp.post("/<lang>/11")
def again() -> Response:
    """Show once more what the number opened, while its half hour lasts (S1)."""
    form = DoorForm()
    response = lead_to(attempt(form, lambda: come_again(form)))
    db().commit()
    return response
