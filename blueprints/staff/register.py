"""Registering for others: what came by phone, visit or on-call, and concerns."""

from collections.abc import Mapping
from typing import TypeVar

from flask import abort, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.entering import enter, offer_all, offer_free
from blueprints.staff.register_call_form import RegisterForm
from blueprints.staff.register_forms import ABOUT, WHO, ConcernForm, EntryForm, Who
from intake.queue import Desktop
from intake.registering import own_units
from intake.topics import Side
from web.desk import current_desk
from web.wiring import db

_BOTH = ("GET", "POST")
_Entry = TypeVar("_Entry", bound=EntryForm)


@bp.get("/register")
def registering() -> ResponseReturnValue:
    """Ask whom it is about, which decides where it goes and which times there are."""
    current_desk()
    return render_template("staff/registering.html", who=WHO, about=ABOUT)


@bp.route("/register/<who>", methods=_BOTH)
def register(who: str) -> ResponseReturnValue:
    """Register what came by phone, visit or on-call, with how contact is safe."""
    desk, form = current_desk(), _about(RegisterForm(), WHO, who)
    where = _entered(desk, form)
    if not where:
        return _shown("staff/register.html", desk, form, who)
    db().commit()
    return redirect(where, 303)


@bp.route("/concern/<who>", methods=_BOTH)
def concern(who: str) -> ResponseReturnValue:
    """Register a third party's report: unverified, and without her number (S28)."""
    desk, form = current_desk(), _about(ConcernForm(), ABOUT, who)
    where = _entered(desk, form)
    if not where:
        return _shown("staff/concern.html", desk, form, who)
    db().commit()
    return redirect(where, 303)


def _about(form: _Entry, known: Mapping[str, Who], who: str) -> _Entry:
    if who not in known:
        abort(404)
    units = own_units(current_desk(), Side.of(known[who].audience))
    return form.about(known[who], units)


def _entered(desk: Desktop, form: EntryForm) -> str:
    """Return where a form leads that was sent and taken; else ""."""
    offer_all(desk, form)
    return enter(desk, form) if form.validate_on_submit() else ""


def _shown(
    template: str, desk: Desktop, form: EntryForm, who: str
) -> ResponseReturnValue:
    offer_free(desk, form)
    page = render_template(template, form=form.stamped(), who=who, words=form.who.words)
    return page, 422 if form.errors else 200
