"""Danger to life: the mark that alerts the heads, the decision to disclose (S24)."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.danger_forms import DisclosureForm
from intake import danger as danger_to_life
from intake.danger_stage import stage
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/danger")
def danger(reference: str) -> ResponseReturnValue:
    """Mark danger to life; whoever can read the request may, at once."""
    desk, request = at_desk(reference)
    danger_to_life.mark_danger(desk, request, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/disclosure")
def disclosure(reference: str) -> ResponseReturnValue:
    """Record what was disclosed, to whom and by which law, or that nothing was."""
    desk, request = at_desk(reference)
    form = DisclosureForm().offer(stage(desk.session, request))
    if not form.validate_on_submit():
        return page.show(desk, request, 422, disclosure=form)
    danger_to_life.decide_disclosure(desk, request, form.decided(), now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
