"""What waits for a second person or for a head: protected requests, missed times.

Asking, approving, breaking the glass and its review (S32); what we missed (S37).
"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from blueprints.staff.blueprint import bp
from blueprints.staff.forms import DeskForm, fits, needed
from blueprints.staff.lists import asked_side
from intake import missed, two_person
from intake.queue import Desktop
from intake.topics import Side
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
    """List, of one side, who waits to be let in and what is raised to a head."""
    desk = current_desk()
    side = asked_side(desk)
    return render_template(
        "staff/two_person.html",
        side=side,
        waits=two_person.waits(desk, now()).on(side),
        missed=missed.raised(desk, side),
        keyring=desk.keyring,
    )


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
    opening = _opening(desk, opening_id)
    two_person.approve(desk, opening, now())
    desk.session.commit()
    return _back_to(opening.request.side)


@bp.post("/two-person/<int:opening_id>/review")
def review_glass(opening_id: int) -> ResponseReturnValue:
    """Sign that a broken glass was reviewed."""
    desk = current_desk()
    opening = _opening(desk, opening_id)
    two_person.review(desk, opening, now())
    desk.session.commit()
    return _back_to(opening.request.side)


@bp.post("/missed/<int:window_id>")
def note_missed(window_id: int) -> ResponseReturnValue:
    """Sign that a head knows of a time that we missed (S37)."""
    desk = current_desk()
    every = [one for side in Side for one in missed.raised(desk, side)]
    window = next((one for one in every if one.id == window_id), None)
    if window is None:
        abort(404)
    missed.take_note(desk, window, now())
    desk.session.commit()
    return _back_to(window.request.side)


def _back_to(side: Side) -> ResponseReturnValue:
    return redirect(url_for("staff.two_person_list", side=side), 303)


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
