"""Calling: *Call* is a POST that checks every lock again, then the number stands."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.call_forms import CallForm, OutcomeForm, TakeOverForm
from blueprints.staff.offers import take_over_offer
from intake import bridge, calls, decisions
from intake.outcomes import Outcome
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/call")
def call(reference: str) -> ResponseReturnValue:
    """Start a call; without an outcome it stands for as long as it takes (S12, S13)."""
    desk, request = at_desk(reference)
    form = CallForm()
    # A press that does not say what it saw has seen nothing.
    seen = form.seen.data if form.validate_on_submit() else 0
    calls.start(desk, request, now(), seen=seen)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/outcome")
def outcome(reference: str) -> ResponseReturnValue:
    """Record what a call came to, and a stop on the number if it was asked for."""
    desk, request = at_desk(reference)
    form = OutcomeForm().offer(calls.allowed_outcomes(request))
    if not form.validate_on_submit():
        return page.show(desk, request, 422, outcome=form)
    stop = bool(form.never_again.data)
    bridge.finish(desk, request, Outcome(form.outcome.data), now(), never_again=stop)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/take-over")
def take_over(reference: str) -> ResponseReturnValue:
    """Let a head end a call whose holder left it, with a reason (S13)."""
    desk, request = at_desk(reference)
    form = TakeOverForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, **take_over_offer(desk, request, form))
    decisions.take_over(desk, request, form.reason.data or "", now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
