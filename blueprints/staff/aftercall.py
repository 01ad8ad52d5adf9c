"""After a call in which she could talk: new words, and how contact is safe next."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff import page
from blueprints.staff.aftercall_forms import AfterCallForm, WordsForm
from blueprints.staff.blueprint import bp
from blueprints.staff.offers import offer_times
from intake import aftercall
from intake.safe_contact import Words
from intake.windows import SlotFull
from web.desk import at_desk
from web.times import UNTIL_IT_BEGINS
from web.wiring import now

SLOT_FULL = "Den sista platsen i en vald tid togs just. Fråga efter en annan tid."


@bp.post("/r/<reference>/words")
def words(reference: str) -> ResponseReturnValue:
    """Seal the words that were agreed with her in a call (S10)."""
    desk, request = at_desk(reference)
    # Before the form is looked at: what may not be done is not given back to mend.
    aftercall.check_talk(desk, request, now())
    form = WordsForm().offer(aftercall.doubted(desk, request))
    if not form.validate_on_submit():
        return page.show(desk, request, 422, words=form)
    agreed = Words(form.word.data or "", form.not_now_word.data or "")
    aftercall.agree_words(desk, request, agreed, now())
    desk.session.commit()
    return redirect(url_for("staff.show", reference=reference), 303)


@bp.post("/r/<reference>/after-call")
def after_call(reference: str) -> ResponseReturnValue:
    """Take down what she said of the next contact; what is left stays (S9)."""
    desk, request = at_desk(reference)
    aftercall.check_talk(desk, request, now())
    form, calendar = AfterCallForm(), desk.office.units[request.unit].calendar
    # A full one is among them: it is told apart from one that is over.
    form.windows.offer(calendar.slots(now(), lead=UNTIL_IT_BEGINS))
    if form.validate_on_submit():
        try:
            aftercall.take_down(desk, request, form.said(), now(), form.seen.data)
            desk.session.commit()
            return redirect(url_for("staff.show", reference=reference), 303)
        except SlotFull:
            desk.session.rollback()  # her old times are hers again
            form.windows.errors = [SLOT_FULL]
    again = offer_times(desk, request, form, now())
    return page.show(desk, request, 422, after_call=again)
