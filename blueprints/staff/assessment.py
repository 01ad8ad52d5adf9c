"""What staff ask and assess, put down on the request's own page."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.assessment_forms import AskedForm, AssessmentForm
from blueprints.staff.blueprint import bp
from blueprints.staff.guide_forms import GuideForm, OfWhoUsesForm
from intake.asked import write_asked
from intake.assessments import write_assessment
from intake.guide import write_guide
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/asked")
def asked(reference: str) -> ResponseReturnValue:
    """Record what was asked about violence, of the person or a child."""
    desk, request = at_desk(reference)
    form = AskedForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, asked=form)
    write_asked(desk, request, form.said(), now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/guide")
def guide(reference: str) -> ResponseReturnValue:
    """Seal what was told in a call, by the guide's questions."""
    desk, request = at_desk(reference)
    form = GuideForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, guide=form)
    write_guide(desk, request, form.answers(), now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/of-who-uses")
def of_who_uses(reference: str) -> ResponseReturnValue:
    """Seal what was weighed of a person who uses violence."""
    desk, request = at_desk(reference)
    form = OfWhoUsesForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, of_who_uses=form)
    write_guide(desk, request, form.answers(), now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/assessed")
def assessed(reference: str) -> ResponseReturnValue:
    """Record that an assessment was made, and when the next one is due."""
    desk, request = at_desk(reference)
    form = AssessmentForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, assessed=form)
    write_assessment(desk, request, form.said(), now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
