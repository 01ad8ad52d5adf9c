"""What the pages of writing and returning show."""

from datetime import datetime
from typing import Any

from flask import render_template, request

from blueprints.contact.forms import BackForm, MoreForm, WriteForm
from intake.pages_once import Shown
from intake.returning import Step
from intake.units import Unit
from web.document import UNSAID, way_of
from web.fetches import is_fetch
from web.forms import DoorForm, PublicForm
from web.i18n import _, current_language, day, local_day, moment
from web.library import library
from web.once import Content, Page, shows
from web.receiving import stamp
from web.refilling import refilled
from web.wiring import now, wired


def write(form: WriteForm, letter: str) -> str:
    """Return the form to write; the letter tells which section she came from."""
    stamp(form)
    way, language = way_of(letter), current_language()
    return render_template(
        "contact/write.html",
        form=form,
        letter=letter,
        young=way.under_18,
        read_by=library().read_by(way, language, now()),
        unit=library().unit(way, now()),
    )


def back(form: BackForm) -> str:
    """Return the form that asks for the number."""
    stamp(form)
    return render_template("contact/back.html", form=form, unit=_reception())


def after_saving(page: Shown) -> Page:
    """Return what follows when she has saved her number: all but the number."""
    return Page("kept", {**page.content, "digits": ""})


@shows("write")
def _write_again(content: Content, handle: str) -> str:
    return write(refilled(WriteForm, content), content["letter"])


@shows("back")
def _back_again(content: Content, handle: str) -> str:
    return back(refilled(BackForm, content))


@shows("receipt")
def _receipt(content: Content, handle: str) -> str:
    return _after_sending("contact/receipt.html", content, handle)


@shows("kept")
def _kept(content: Content, handle: str) -> str:
    return _after_sending("contact/kept.html", content, handle)


@shows("spent")
def _spent(content: Content, handle: str) -> str:
    return render_template("contact/spent.html", unit=_reception())


@shows("thread")
def _thread(content: Content, handle: str) -> str:
    more = _ready(MoreForm(data={"text": content["text"]}), content["handle"])
    return render_template(
        "contact/thread.html",
        form=more,
        door=_ready(DoorForm(), content["handle"]),
        answers=[(_day(at), text) for at, text in content["answers"]],
        steps=[_said(Step(step), at) for step, at in content["steps"]],
        pictured=_pictured(),
        unit=wired().office.units[content["unit"]],
    )


@shows("more")
def _more_again(content: Content, handle: str) -> str:
    form = refilled(MoreForm, content)
    stamp(form)
    return render_template("contact/more.html", form=form)


@shows("added")
def _added(content: Content, handle: str) -> str:
    return render_template(
        "contact/added.html",
        form=_ready(MoreForm(), content["handle"]),
        door=_ready(DoorForm(), content["handle"]),
        read_by=_moment(content["read_by"]),
        unit=wired().office.units[content["unit"]],
    )


@shows("ended")
def _ended(content: Content, handle: str) -> str:
    unit = wired().office.units[content["unit"]]
    return render_template("contact/ended.html", how=content["how"], unit=unit)


def _pictured() -> bool:
    """Say whether a browser may keep a picture of what shows when the page opens.

    GNOME Web does of each address, in full length; what the script puts in is none.
    """
    return not is_fetch(request)


def _after_sending(template: str, content: Content, handle: str) -> str:
    language = current_language()
    return render_template(
        template,
        sent=content,
        handle=handle,
        door=_ready(DoorForm(), ""),
        read_by=_moment(content["read_by"]),
        saved=library().page(language, "saved", now()),
        unit=wired().office.units[content["unit"]],
        pictured=_pictured(),
        **_go_on(content["go_on"]),
    )


def _go_on(way: Content) -> dict[str, Any]:
    """Return the form for the next part, by the door or by the first form's token."""
    form = MoreForm(data={"handle": way.get("handle", "")})
    # Who has no door joins by the first form's token: a fresh one would not (S3).
    form.token.data = way.get("token", "")
    if "token" not in way:
        stamp(form)
    return {
        "go_on": form if way else None,
        "goes_on_by": "2" if "token" in way else "5",
    }


def _said(step: Step, at: str) -> str:
    """Return one line of what has happened, in words."""
    return {
        Step.UNREAD: _(
            "A person reads it at the latest on %(when)s.", when=_moment(at)
        ),
        Step.READ: _("A person read it on %(day)s.", day=_day(at)),
        Step.ANSWERED: _("We answered on %(day)s.", day=_day(at)),
        Step.MISSED: _(
            "We did not manage to call at a time that was chosen. It is our fault. "
            "You can choose new times below."
        ),
        Step.MOVED: _("Another unit has answered since %(day)s.", day=_day(at)),
        Step.CLOSED: _("It was closed on %(day)s. You can still write.", day=_day(at)),
        Step.LATE: _("Nobody has read it yet, although we should have. Call us."),
        Step.CALL: _("A call is planned."),
        Step.NO_CALL: _("No call is planned."),
    }[step]


def _ready(form: PublicForm, handle: str) -> PublicForm:
    stamp(form)
    form["handle"].data = handle
    return form


def _reception() -> Unit:
    return library().unit(UNSAID, now())


def _moment(at: str) -> str:
    return moment(datetime.fromisoformat(at))


def _day(at: str) -> str:
    return day(local_day(datetime.fromisoformat(at)))
