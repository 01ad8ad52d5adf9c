"""The wall: the position, a corrected side, and who may be the one who hurts (S30)."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.side_forms import MarkForm, PositionForm, SideForm
from intake import sides, two_person
from intake.topics import Side
from web.desk import at_desk
from web.done import say
from web.wiring import now


@bp.post("/r/<reference>/position")
def position(reference: str) -> ResponseReturnValue:
    """Record position and marks; the request goes to the side that they belong to."""
    desk, request = at_desk(reference)
    form, left = PositionForm().offer(request), request.side
    if not form.validate_on_submit():
        return page.show(desk, request, 422, position=form)
    reason, seen = form.reason.data or "", form.seen.data
    found = form.chosen(request)
    moved = sides.set_position(desk, request, *found, now(), reason, seen)
    two_person.record_levels(desk, request, *form.levels(), now())
    desk.session.commit()
    if moved:
        say("staff.side")
        return redirect(url_for("staff.start", side=left), 303)
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/side")
def side(reference: str) -> ResponseReturnValue:
    """Put the request on the other side of the wall, with a reason."""
    desk, request = at_desk(reference)
    form, left = SideForm().offer(desk, request, now()), request.side
    if not form.validate_on_submit():
        return page.show(desk, request, 422, side=form)
    belongs, reason = Side(form.side.data or ""), form.reason.data or ""
    sides.correct_side(desk, request, belongs, reason, now(), form.confirms())
    desk.session.commit()
    return redirect(url_for("staff.start", side=left), 303)


@bp.post("/r/<reference>/mark")
def mark(reference: str) -> ResponseReturnValue:
    """Mark "may be the one who hurts", by any member; it goes to other people."""
    desk, request = at_desk(reference)
    form, left = MarkForm().offer(desk, request, now()), request.side
    if not form.validate_on_submit():
        return page.show(desk, request, 422, mark=form)
    sides.mark_may_hurt(desk, request, now(), form.confirms())
    desk.session.commit()
    return redirect(url_for("staff.start", side=left), 303)
