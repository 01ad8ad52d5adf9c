"""Texts that go out: what did not get there, and the switch that stops them all."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.staff.blueprint import bp
from blueprints.staff.lists import asked_side
from blueprints.staff.papers import how_it_went
from intake import dead_letters, text_stops
from intake.forgetting import never_cleaned
from intake.messages import Delivery, OutboundText
from intake.queue import held_by
from intake.sms.faults import Fault, fault_of
from intake.today import sides_of
from intake.topics import Role
from web.desk import at_desk, require
from web.environment import SmsCarrier
from web.wiring import now, wired
from web.working import caps_of

_SWITCH = (Role.HEAD, Role.ADMINISTRATOR)
# An administrator holds no key, so that she sees the switch and no request.
_READ = tuple(role for role in Role if role.acts or role in _SWITCH)
_DO: Mapping[Fault, str] = {
    Fault.BAD_NUMBER: "Ring i stället, i personens tid. Fler sms dit är spärrade.",
    Fault.BLOCKED: "Ring i stället, i personens tid. Fler sms dit är spärrade.",
    Fault.TEMPORARY: "Skriv ett nytt i personens nästa tid, eller ring.",
    Fault.OURS: "Säg till den som sköter driften. Ring i personens tid.",
    Fault.STRANGE: "Skriv ett nytt i personens nästa tid, eller ring.",
}
_READ_FIRST = "Läs det nya. Skriv ett nytt bara om det ännu är tryggt."
_IN_DOUBT = "Det kan ha kommit fram. Fråga i nästa samtal; skicka inget i blindo."


@bp.get("/texts")
def texts() -> ResponseReturnValue:
    """Show whether texts go out, and which of one side did not get there."""
    desk, settings = require(*_READ), wired().settings
    side, member = asked_side(desk), desk.member
    return render_template(
        "staff/texts.html",
        side=side,
        sides=sides_of(member),
        lying=dead_letters.undelivered(desk.session, member.id, side, now()),
        told=how_it_went,
        to_do=_to_do,
        holder=_holder,
        stop=text_stops.stop_that_holds(desk.session),
        may_switch=member.role in _SWITCH,
        is_off=settings.sms_gateway is SmsCarrier.OFF,
        is_dry=settings.sms_dry_run,
        is_full=caps_of(settings).are_reached(desk.session, now()),
        fault=dead_letters.our_fault(desk.session, now()),
        kept=never_cleaned(desk.session, now()),
    )


@bp.post("/texts/stop")
def stop_texts() -> ResponseReturnValue:
    """Stop all texts, from the next one on."""
    desk = require(*_SWITCH)
    text_stops.stop_texts(desk.session, desk.member, now())
    desk.session.commit()
    return redirect(url_for("staff.texts"), 303)


@bp.post("/texts/go")
def let_texts_go() -> ResponseReturnValue:
    """Let texts go out again, each inside her window only."""
    desk = require(*_SWITCH)
    text_stops.let_texts_go(desk.session, desk.member, now())
    desk.session.commit()
    return redirect(url_for("staff.texts"), 303)


@bp.post("/r/<reference>/text-settled")
def text_settled(reference: str) -> ResponseReturnValue:
    """Take a request's texts off the list: somebody has dealt with them."""
    desk, found = at_desk(reference)
    shown = request.form.get("shown", 0, type=int)
    dead_letters.settle(desk, found, shown, now())
    desk.session.commit()
    return redirect(url_for("staff.texts", side=found.side), 303)


def _holder(row: OutboundText) -> str:
    """Return the working name of who has a text's request, or nothing."""
    holder = held_by(row.request, now())
    return holder.working_name if holder else ""


def _to_do(row: OutboundText) -> str:
    """Return what is to be done about a text that did not get there."""
    if row.state in (Delivery.UNKNOWN, Delivery.SENT):
        return _IN_DOUBT
    if row.error == "newer-words":
        return _READ_FIRST
    return _DO[fault_of(row.error)]
