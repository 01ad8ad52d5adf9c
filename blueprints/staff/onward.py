"""Guiding somebody on, and co-ordination with others by her consent."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.onward_forms import ConsentForm, GuidedForm, PlanForm
from intake import consents, endings
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/guided")
def guided(reference: str) -> ResponseReturnValue:
    """Record where the person was guided on to."""
    desk, request = at_desk(reference)
    form = GuidedForm().offer(request)
    if not form.validate_on_submit():
        return page.show(desk, request, 422, guided=form)
    endings.guide_on(desk, request, form.said(), now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/consent")
def consent(reference: str) -> ResponseReturnValue:
    """Record a consent to co-ordination; what it covers is sealed."""
    desk, request = at_desk(reference)
    form = ConsentForm().offer(desk, request)
    if not form.validate_on_submit():
        return page.show(desk, request, 422, consent=form)
    consents.write_consent(desk, request, form.consent(), now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/plan")
def plan(reference: str) -> ResponseReturnValue:
    """Record that a plan began, or that its consent was taken back."""
    desk, request = at_desk(reference)
    form = PlanForm().offer(desk, request)
    if not form.validate_on_submit():
        return page.show(desk, request, 422, plan=form)
    is_back, of, on = form.happened()
    act = consents.take_back if is_back else consents.begin_plan
    act(desk, request, of, on, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
