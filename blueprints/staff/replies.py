"""Answers to the number, and texts: both are seen exactly before they go."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.call_forms import TextForm
from blueprints.staff.forms import AnswerForm
from intake import replies
from intake.errors import NotAllowed
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/answer")
def answer(reference: str) -> ResponseReturnValue:
    """Show an answer as her page will, then seal it when that is pressed."""
    desk, found = at_desk(reference)
    form = AnswerForm()
    if not form.validate_on_submit():
        return page.show(desk, found, 422, answer=form)
    # Asked before the preview: nobody should polish what can't be read.
    if not replies.has_door(found, now()):
        raise NotAllowed("no-open-door")
    if "send" not in request.form:
        shown = page.Page(desk, found, now())
        return render_template("staff/preview.html", page=shown, form=form)
    replies.answer(desk, found, form.text.data or "", now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/text")
def text(reference: str) -> ResponseReturnValue:
    """Put one of the shown texts into the outbox, for her window only."""
    desk, found = at_desk(reference)
    shown = page.Page(desk, found, now())
    form = TextForm().offer(shown.text_words())
    if not form.validate_on_submit():
        return page.show(desk, found, 422, text=form)
    chosen = form.template.data, shown.safe.opening, shown.safe.texts
    # It checks every lock again: the page may have stood open past her window.
    replies.write_text(desk, found, *chosen, now(), form.seen.data)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
