"""What staff ask and assess, put down on the request's own page."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.assessment_forms import AskedForm
from blueprints.staff.blueprint import bp
from intake.asked import write_asked
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
