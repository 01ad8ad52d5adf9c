"""The safety co-ordinator's own pages: one file at a time, with a reason (S31)."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from blueprints.staff.blueprint import bp
from blueprints.staff.forms import DeskForm, fits, needed
from blueprints.staff.page import Page
from intake import consulting as files
from intake import two_person
from intake.errors import NotAllowed
from intake.queue import Desktop
from intake.topics import Role
from web.desk import require
from web.locks import lock
from web.wiring import now, writing_db

_NOT_THERE = "Det finns inget sådant ärende som du har nyckel till."


class ConsultForm(DeskForm):
    """Which file, and why."""

    reference = StringField("Beteckning", [needed])
    reason = TextAreaField(
        "Skäl",
        [needed, fits],
        description="Står i köns åtkomstlogg, som chefen granskar, aldrig i ärendet. "
        "Nämn inget annat ärende.",
    )


@bp.get("/consult")
def consulting() -> ResponseReturnValue:
    """Ask for a file and a reason; no list of any side is shown."""
    return _asked(require(Role.COORDINATOR), ConsultForm.fresh())


@bp.post("/consult")
def consult() -> ResponseReturnValue:
    """Open one file, which closes the one before."""
    writing_db()
    desk, form = require(Role.COORDINATOR), ConsultForm()
    if not form.validate_on_submit():
        return _asked(desk, form, 422)
    found = files.within_reach(desk, form.reference.data or "")
    if found is None:
        form.reference.errors = [_NOT_THERE]
        return _asked(desk, form, 404)
    try:
        files.begin(desk, found, form.reason.data or "", now())
    except NotAllowed as refused:
        form.reason.errors = [lock(refused.reason)]
        return _asked(desk, form, 422)
    desk.session.commit()
    return redirect(url_for("staff.consulted"), 303)


# Its address names no file: one is open, or none.
@bp.get("/consult/file")
def consulted() -> ResponseReturnValue:
    """Show the file that is open, to be read and nothing else."""
    desk = require(Role.COORDINATOR)
    row = files.running(desk, now())
    if row is None:
        abort(404)
    page = Page(desk, row.request, now())
    waits = not two_person.is_open(desk, row.request, now())
    template = "consult_waits" if waits else "consulted"
    return render_template(
        f"staff/{template}.html", page=page, request=row.request, ends_at=row.ends_at
    )


@bp.post("/consult/end")
def end_consulting() -> ResponseReturnValue:
    """Close the file that is open."""
    writing_db()
    desk = require(Role.COORDINATOR)
    files.end(desk, now())
    desk.session.commit()
    return redirect(url_for("staff.consulting"), 303)


def _asked(desk: Desktop, form: ConsultForm, status: int = 200) -> ResponseReturnValue:
    running = files.running(desk, now())
    page = render_template("staff/consulting.html", form=form, running=running)
    return page, status
