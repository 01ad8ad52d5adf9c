"""Which forms of a call, and of what was said in it, a member is offered now."""

from datetime import datetime

from blueprints.staff.aftercall_forms import AfterCallForm, WordsForm
from blueprints.staff.bridge_forms import BridgeForm
from blueprints.staff.call_forms import CallForm, OutcomeForm, TakeOverForm
from blueprints.staff.forms import DeskForm
from blueprints.staff.text_calls_forms import text_call_offers
from blueprints.staff.unite_forms import unite_offers
from blueprints.staff.voice_form import VoiceForm
from intake import bridge
from intake.aftercall import doubted, talked
from intake.calls import allowed_outcomes, left_from
from intake.envelopes import current_number
from intake.models import Request
from intake.queue import Desktop, held_by
from intake.replies import wordings
from intake.takers import may_take
from intake.topics import Role, State
from intake.voice_receipts import word_came
from intake.windows import free
from web.forms import StaffForm
from web.wiring import wired


def call_offers(desk: Desktop, request: Request, now: datetime) -> dict[str, StaffForm]:
    """Return the fresh forms, by name; what she may not do has none."""
    offered: dict[str, StaffForm] = take_over_offer(desk, request, TakeOverForm.fresh())
    offered |= text_call_offers(desk, request, now) | {"call": CallForm.fresh()}
    mine, line = held_by(request, now) is desk.member, wired().settings.voice_number
    if may_take(desk.session, desk.member, request):
        offered["claim"] = DeskForm.fresh()
    if request.state is State.CALLING:
        outcomes = allowed_outcomes(request)
        offered["outcome"] = OutcomeForm.fresh().offer(outcomes)
    elif mine and line and current_number(request):
        locks = bridge.locks(desk, request, line, now)
        offered["bridge"] = BridgeForm.fresh().offer(locks)
    if request.state is not State.CALLING and mine and talked(desk, request):
        offered["words"] = WordsForm.fresh().offer(doubted(desk, request))
        form = AfterCallForm.fresh()
        offered["after_call"] = offer_times(desk, request, form, now)
        if word_came(desk, request):
            offered["voice"] = VoiceForm.fresh().stamped()
    return offered | unite_offers(desk, request, now)


def take_over_offer(
    desk: Desktop, request: Request, form: TakeOverForm
) -> dict[str, StaffForm]:
    """Return the form for a head to whom a colleague's call may be left (S13)."""
    others = request.holder_id != desk.member.id and request.state is State.CALLING
    if desk.member.role is not Role.HEAD or not others:
        return {}
    return {"take_over": form.offer(left_from(desk.session, request))}


def offer_times(
    desk: Desktop, request: Request, form: AfterCallForm, now: datetime
) -> AfterCallForm:
    """Put the free times into the form, and the wordings that she picks among."""
    unit = desk.office.units[request.unit]
    form.windows.offer_free(free(desk.session, unit, request, now))
    form.wordings = wordings(desk, request)
    return form
