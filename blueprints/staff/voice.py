"""A lost number to the answer: a new one, in our call and after her word (S6)."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.blueprint import bp
from blueprints.staff.given import keep_number
from blueprints.staff.voice_form import VoiceForm
from intake.voice_receipts import check_word, replace_lost
from web.desk import at_desk
from web.wiring import now


@bp.post("/r/<reference>/voice")
def voice(reference: str) -> ResponseReturnValue:
    """Open a new door in the place of every older one, and show its number."""
    desk, request = at_desk(reference)
    check_word(desk, request, now())
    form = VoiceForm()
    if not form.validate_on_submit():
        return page.show(desk, request, 422, voice=form)
    digits, receipt = form.receipt()
    sent = replace_lost(desk, request, form.hashes(), receipt, now())
    where = url_for("staff.show", reference=reference)
    if sent.burned_at is None and sent.content_hash == form.hashes().content_hash:
        where = keep_number(sent, digits, reference)
    desk.session.commit()
    return redirect(where, 303)
