"""One request: its page, first reading, notes, end."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.close_forms import CloseForm
from blueprints.staff.forms import NoteForm, ReadingForm
from intake import decisions, queue
from intake.topics import Urgency
from intake.windows import coming
from web.desk import at_desk
from web.wiring import now


@bp.get("/r/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """Show a request to who holds a key to it; that it was opened is logged."""
    return page.show(*at_desk(reference))


@bp.post("/r/<reference>/reading")
def read(reference: str) -> ResponseReturnValue:
    """Note the first reading and how urgent it is, without taking it (S38)."""
    desk, request = at_desk(reference)
    form = ReadingForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, reading=form)
    urgency, seen = Urgency(form.urgency.data), form.seen.data
    queue.first_reading(desk, request, urgency, now(), seen)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/note")
def note(reference: str) -> ResponseReturnValue:
    """Seal an internal note."""
    desk, request = at_desk(reference)
    form = NoteForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, note=form)
    queue.write_note(desk, request, form.text.data or "", now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/close")
def close(reference: str) -> ResponseReturnValue:
    """Close a request, once the conflict check is answered for (S30)."""
    desk, request = at_desk(reference)
    form = CloseForm().offer(request, bool(coming(request, now())))
    if not form.validate_on_submit():
        return page.show(desk, request, 422, close=form)
    conflict, seen, ended = form.said(), form.seen.data, form.ended()
    decisions.close(desk, request, conflict, now(), form.drops(), seen, ended)
    desk.session.commit()
    return redirect(url_for("staff.start", side=request.side), 303)
