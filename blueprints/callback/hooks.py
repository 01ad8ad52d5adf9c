"""Where the carrier of texts calls: what came in, and what became of what went out.

Both are open to the world and trust only what proves to be the carrier's. Nothing of
what they are sent is logged, and what can't be used is still answered 200, or it would
be sent again.
"""

import re

from flask import Blueprint, Response, abort, request

from intake.deliveries import advance
from intake.inbound import receive
from intake.sms.hooks import HookCall
from web.environment import SmsCarrier
from web.wiring import db, now, wired
from web.working import hooks_of

hooks = Blueprint("hooks", __name__, url_prefix="/hooks")

LARGEST = 64_000  # bytes; the longest text with all that comes beside it is a tenth
_NAME = re.compile(r"[A-Za-z0-9]{1,40}")  # of a message, as the carrier gives it


@hooks.before_request
def trust_the_carrier_only() -> None:
    """Refuse with 403 what does not prove to be the carrier's, as configured."""
    settings = wired().settings
    # Without a carrier there is nobody whose call this could be.
    if settings.sms_gateway is SmsCarrier.OFF:
        abort(404)
    # Anybody may post here, and the body is read before its signature is checked.
    request.max_content_length = LARGEST
    if not hooks_of(settings).trusts(call_of(settings.public_url)):
        abort(403)


def call_of(public_url: str) -> HookCall:
    """Return this call as what proves a carrier's is checked on."""
    # Latin-1 fails on no byte: a strange one only makes the signature not fit.
    asked = request.query_string.decode("latin-1")
    query = f"?{asked}" if asked else ""
    login = request.authorization
    return HookCall(
        # Never the address that the call says it was sent to: anybody can say that.
        url=f"{public_url}{request.script_root}{request.path}{query}",
        form=request.form,
        signature=request.headers.get("X-Twilio-Signature", ""),
        user=(login.username if login else None) or "",
        password=(login.password if login else None) or "",
        address=request.remote_addr or "",
    )


@hooks.post("/sms")
def sms() -> Response:
    """Keep a text that came in, sealed to the worker, once (S22)."""
    settings = wired().settings
    carrier = hooks_of(settings)
    handed = carrier.text_in(request.form)
    # The account may hold numbers of other services; their texts are not for us.
    if handed.to & {settings.sms_number, settings.sms_sender}:
        _named(handed.text.sid)
        session = db()
        receive(session, wired().office.worker_public, handed.text, now())
        session.commit()
    # Any answer would be a text on a phone that he may hold (S21).
    return Response(carrier.answer, mimetype=carrier.mimetype)


@hooks.post("/status/<text_id>")
def text_status(text_id: str) -> Response:
    """Take a text that went out to where the carrier says it stands."""
    told = hooks_of(wired().settings).told(request.form)
    if told is not None:
        _named(told.sid)
        session = db()
        advance(session, text_id, told.sid, told.status, told.error)
        session.commit()
    return Response(status=200)


def _named(sid: str) -> None:
    """Abort with 400 where a message has no name: nothing could be kept just once."""
    if not _NAME.fullmatch(sid):
        abort(400)
