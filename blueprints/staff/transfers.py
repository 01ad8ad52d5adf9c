"""What changes hands or needs a reason: a child's decision, hand-over, a stop."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.forms import ChildForm, DecideForm, HandOverForm
from intake import decisions, handover
from intake.topics import HandOverGround, Role
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/child")
def child(reference: str) -> ResponseReturnValue:
    """Record the concern report, or the reason for none (S26)."""
    desk, request = at_desk(reference)
    form = ChildForm().offer(request, page.Page(desk, request, now()).avoids)
    if not form.validate_on_submit():
        return page.show(desk, request, 422, child=form)
    handover.decide_child(desk, request, form.decided(), now(), form.confirms())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/hand-over")
def hand_over(reference: str) -> ResponseReturnValue:
    """Re-seal a request to another unit; the first due time stays (S33)."""
    desk, request = at_desk(reference)
    shown = page.Page(desk, request, now())
    form = HandOverForm().offer(shown.targets(), shown.avoids, shown.in_circle)
    if not form.validate_on_submit():
        return page.show(desk, request, 422, hand_over=form)
    side, ground = request.side, HandOverGround(form.ground.data)
    unit, reason = form.unit.data, form.reason.data or ""
    handover.hand_over(desk, request, unit, ground, reason, now(), form.confirms())
    desk.session.commit()
    return redirect(url_for("staff.start", side=side), 303)


@bp.post("/r/<reference>/decide")
def decide(reference: str) -> ResponseReturnValue:
    """Decide what follows a stop or three attempts, with a reason (S14)."""
    desk, request = at_desk(reference)
    paused = decisions.is_paused(desk, request)
    form = DecideForm().offer(request, desk.member.role is Role.HEAD, paused)
    if not form.validate_on_submit():
        return page.show(desk, request, 422, decide=form)
    contact, reason = form.contact(request), form.reason.data or ""
    lifts, seen = form.lifts.data == "yes", form.seen.data
    decisions.decide(desk, request, contact, reason, now(), seen, lifts=lifts)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
