"""Writing, the one-time pages, and what the number opens."""

from flask import Blueprint, Response, request

from blueprints.contact import shown
from blueprints.contact.entering import added, come_in
from blueprints.contact.forms import BackForm, DoorForm, MoreForm, WriteForm
from intake import returning
from intake.errors import UnknownReceipt
from intake.pages_once import burn_page, end_page
from web.document import audience_of
from web.once import (
    Page,
    gives_back,
    lead_to,
    open_page,
    render,
    see_other,
    speak,
    through_door,
)
from web.receiving import receive
from web.refilling import Refused, number_again, typed_page
from web.wiring import db, now, wired

bp = Blueprint("contact", __name__)
bp.url_value_preprocessor(speak)
_BOTH = ("GET", "POST")


@bp.route("/<lang>/2", defaults={"letter": ""}, methods=_BOTH)
@bp.route("/<lang>/2<any(a, b, c):letter>", methods=_BOTH)
def write(letter: str) -> Response | str:
    """Show the form to write, or take it in."""
    form = WriteForm()
    if request.method == "GET":
        return shown.write(form, letter)
    try:
        page = receive(form, audience_of(letter))
    except Refused as refused:
        db().rollback()
        page = typed_page("write", form, refused, letter=letter)
    response = lead_to(page)
    db().commit()
    return response


def _write_given_back(said: str) -> Page:
    letter = (request.view_args or {}).get("letter", "")
    return typed_page("write", WriteForm(), Refused(500, said), letter=letter)


gives_back("contact.write", _write_given_back)
gives_back(
    "contact.back", lambda said: typed_page("back", BackForm(), Refused(500, said))
)
gives_back(
    "contact.more", lambda said: typed_page("more", MoreForm(), Refused(500, said))
)


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
    try:
        page = come_in(form)
    except Refused as refused:
        db().rollback()
        page = typed_page("back", form, refused)
    response = lead_to(page)
    db().commit()
    return response


@bp.post("/<lang>/5")
def more() -> Response:
    """Add words to what was sent."""
    form = MoreForm()
    try:
        page = added(form)
    except UnknownReceipt:
        page = number_again(form.text.data or "")
    except Refused as refused:
        db().rollback()
        page = typed_page("more", form, refused)
    response = lead_to(page)
    db().commit()
    return response


@bp.post("/<lang>/7")
def take_back() -> Response:
    """End all contact and close the number (S5)."""
    handle = DoorForm().handle.data or ""
    try:
        visit = through_door(handle)
        returning.take_back(db(), wired().office, visit, now())
        burn_page(db(), handle, now())
        page = Page("ended", {"how": "taken-back"})
    except UnknownReceipt:
        page = number_again()
    response = lead_to(page)
    db().commit()
    return response


@bp.post("/<lang>/8")
def useless() -> Response:
    """Close the number and delete nothing (S2)."""
    handle = DoorForm().handle.data or ""
    try:
        visit = through_door(handle)
        returning.make_useless(db(), wired().office, visit, now())
        burn_page(db(), handle, now())
        page = Page("ended", {"how": "useless"})
    except UnknownReceipt:
        page = number_again()
    response = lead_to(page)
    db().commit()
    return response
