"""Where the carrier of bridged calls asks what to do: signed, or refused.

Her number is in none of the answers: only the worker puts it into a call (S22).
"""

import re

from flask import Blueprint, Response, abort, request, url_for

from blueprints.callback.hooks import LARGEST, call_of
from intake import bridge_calls
from intake import voice as words
from intake.bridge_tables import BridgedCall, BridgeState
from intake.sms.hooks import TwilioHooks
from web.wiring import db, now, wired

voice = Blueprint("voice", __name__, url_prefix="/hooks/voice")

ALL = frozenset(f"voice.{name}" for name in ("back", "staff", "code", "rung", "over"))
_NAME = re.compile(r"[A-Za-z0-9]{1,40}")  # of a call, as the carrier gives it


@voice.before_request
def trust_the_carrier_only() -> None:
    """Refuse with 403 what the carrier did not sign; 404 where there is no bridge."""
    settings = wired().settings
    if not settings.voice_number:
        abort(404)
    request.max_content_length = LARGEST
    hooks = TwilioHooks(settings.twilio_auth_token)
    if not hooks.trusts(call_of(settings.public_url)):
        abort(403)


@voice.post("/back")
def back() -> Response:
    """Turn away whoever rings the number that calls go out from (S17)."""
    return _twiml(words.turn_away())


@voice.post("/<call_id>")
def staff(call_id: str) -> Response:
    """Ask who answered the member's phone for what stands on her screen."""
    row = _bound(call_id)
    waits = row is not None and row.state is BridgeState.RINGING
    db().commit()
    if not waits:
        return _twiml(words.hang_up())
    public = wired().settings.public_url
    return _twiml(words.prompt(public + url_for("voice.code", call_id=call_id)))


@voice.post("/<call_id>/code")
def code(call_id: str) -> Response:
    """Hold the line for who pressed the right digits; the worker rings her, or not."""
    row = _bound(call_id)
    digits = request.form.get("Digits", "")
    right = row is not None and bridge_calls.pressed(row, digits, now())
    db().commit()
    return _twiml(words.hold() if right else words.hang_up())


@voice.post("/<call_id>/rung")
def rung(call_id: str) -> Response:
    """Keep how ringing her ended, and end the member's leg, too."""
    row = _bound(call_id)
    if row is not None:
        bridge_calls.rung(row, request.form.get("DialCallStatus", ""), now())
    db().commit()
    return _twiml(words.hang_up())


@voice.post("/<call_id>/over")
def over(call_id: str) -> Response:
    """Keep that the member's leg has ended."""
    row = _bound(call_id)
    if row is not None:
        bridge_calls.over(row, request.form.get("CallStatus", ""), now())
    db().commit()
    return Response(status=200)


def _bound(call_id: str) -> BridgedCall | None:
    sid = request.form.get("CallSid", "")
    if not _NAME.fullmatch(sid):
        abort(400)
    return bridge_calls.bind(db(), call_id, sid)


def _twiml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
