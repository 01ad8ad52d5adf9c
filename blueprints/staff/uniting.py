"""Joining requests of one person at one desk, and parting them again (S8)."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.unite_forms import UniteForm
from intake import queue, uniting
from intake.topics import JoinGround
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/unite")
def unite(reference: str) -> ResponseReturnValue:
    """Join it with another that the member can find; the later stands on the first."""
    desk, request = at_desk(reference)
    form = UniteForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, unite=form)
    other = queue.find(desk.session, desk.member.id, form.reference.data or "")
    if other is None:
        # Behind the wall or not there at all: the same words (S31).
        form.reference.errors = ["Du har inget sådant ärende."]
        return page.show(desk, request, 422, unite=form)
    uniting.unite(desk, request, other, JoinGround(form.because.data), now())
    desk.session.commit()
    first = request.joined_to or request
    return redirect(url_for("staff.show", reference=first.reference), 303)


@bp.post("/r/<reference>/part")
def part(reference: str) -> ResponseReturnValue:
    """Let a later request stand alone again."""
    desk, request = at_desk(reference)
    uniting.part(desk, request, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
