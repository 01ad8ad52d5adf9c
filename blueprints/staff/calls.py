"""Calling: *Call* is a POST that checks every lock again, then the number stands."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.call_forms import OutcomeForm, WordsForm
from intake import calls
from intake.outcomes import Outcome
from intake.safe_contact import Words
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/call")
def call(reference: str) -> ResponseReturnValue:
    """Start a call; without an outcome it stands for as long as it takes (S12, S13)."""
    desk, request = at_desk(reference)
    calls.start(desk, request, now())
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
    calls.finish(desk, request, Outcome(form.outcome.data), now(), never_again=stop)
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/words")
def words(reference: str) -> ResponseReturnValue:
    """Seal the words that were agreed with her in a call (S10)."""
    desk, request = at_desk(reference)
    form = WordsForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, words=form)
    agreed = Words(form.word.data or "", form.not_now_word.data or "")
    calls.agree_words(desk, request, agreed, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)
