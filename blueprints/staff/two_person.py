"""Protected requests: asking, approving, breaking the glass, its review (S32)."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from blueprints.staff.blueprint import bp
from blueprints.staff.forms import DeskForm, fits, needed
from intake import two_person
from intake.queue import Desktop
from intake.two_person import Opening, TwoNeeded
from web.desk import at_door, current_desk, typed
from web.wiring import db, now


class GlassForm(DeskForm):
    """Why it can't wait for a colleague."""

    reason = TextAreaField(
        "Skäl",
        [needed, fits],
        description="Chefen får veta det genast och läser skälet i morgon.",
    )


@bp.errorhandler(TwoNeeded)
def two_needed(error: TwoNeeded) -> ResponseReturnValue:
    """Show the door of a protected request; what was written is given back."""
    reference = error.request.reference
    db().rollback()
    status = 409 if request.method == "POST" else 200
    return _door(current_desk(), reference, typed(), status)


@bp.get("/two-person")
def two_person_list() -> ResponseReturnValue:
    """List who waits to be let in, and what a head has to review."""
    desk = current_desk()
    waits = two_person.waits(desk, now())
    return render_template("staff/two_person.html", waits=waits, keyring=desk.keyring)


@bp.post("/r/<reference>/two-person")
def ask_two(reference: str) -> ResponseReturnValue:
    """Ask a colleague to open a protected request together."""
    desk, found = at_door(reference)
    two_person.ask(desk, found, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/break-glass")
def break_glass(reference: str) -> ResponseReturnValue:
    """Open a protected request alone, with a reason; the head is told at once."""
    desk, found = at_door(reference)
    form = GlassForm()
    if not form.validate_on_submit():
        return _door(desk, reference, [], 422, form)
    two_person.break_glass(desk, found, form.reason.data or "", now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/two-person/<int:opening_id>/approve")
def approve_two(opening_id: int) -> ResponseReturnValue:
    """Let a colleague into a protected request."""
    desk = current_desk()
    two_person.approve(desk, _opening(desk, opening_id), now())
    desk.session.commit()
    return redirect(url_for("staff.two_person_list"), 303)


@bp.post("/two-person/<int:opening_id>/review")
def review_glass(opening_id: int) -> ResponseReturnValue:
    """Sign that a broken glass was reviewed."""
    desk = current_desk()
    two_person.review(desk, _opening(desk, opening_id), now())
    desk.session.commit()
    return redirect(url_for("staff.two_person_list"), 303)


def _opening(desk: Desktop, opening_id: int) -> Opening:
    """Return what waits for this member; all else is as if it were not there."""
    waits = two_person.waits(desk, now())
    found = [one for one in (*waits.asks, *waits.breaks) if one.id == opening_id]
    if not found:
        abort(404)
    return found[0]


def _door(
    desk: Desktop,
    reference: str,
    kept: list[tuple[str, str]],
    status: int,
    form: GlassForm | None = None,
) -> ResponseReturnValue:
    _, found = at_door(reference)
    page = render_template(
        "staff/two_needed.html",
        protected=found,
        asked=two_person.asked(desk, found, now()),
        kept=kept,
        form=form or GlassForm.fresh(),
    )
    return page, status
