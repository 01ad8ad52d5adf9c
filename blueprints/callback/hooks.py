"""Where the carrier of texts calls: what came in, and what became of what went out.

Both are open to the world and trust the signature only. Nothing of what they are sent
is logged, and what can't be used is still answered 200, or it would be sent again.
"""

import re

from flask import Blueprint, Response, abort, request

from intake.deliveries import advance
from intake.inbound import receive
from intake.sms.gateway import TextIn, TextStatus
from intake.sms.twilio import empty_twiml, signature_fits
from web.environment import SmsCarrier
from web.wiring import db, now, wired

hooks = Blueprint("hooks", __name__, url_prefix="/hooks")

LARGEST = 64_000  # bytes; the longest text with all that comes beside it is a tenth
_NAME = re.compile(r"[A-Za-z0-9]{1,40}")  # of a message, as the carrier gives it


@hooks.before_request
def trust_the_signature_only() -> None:
    """Refuse with 403 what was not signed for our public address, as configured."""
    settings = wired().settings
    # Without a carrier there is no token that a signature could fit.
    if settings.sms_gateway is SmsCarrier.OFF:
        abort(404)
    # Anybody may post here, and the body is read before its signature is checked.
    request.max_content_length = LARGEST
    # Latin-1 fails on no byte: a strange one only makes the signature not fit.
    asked = request.query_string.decode("latin-1")
    query = f"?{asked}" if asked else ""
    # Never the address that the request says it was sent to: anybody can say that.
    url = f"{settings.public_url}{request.script_root}{request.path}{query}"
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signature_fits(settings.twilio_auth_token, url, request.form, signature):
        abort(403)


@hooks.post("/sms")
def sms() -> Response:
    """Keep a text that came in, sealed to the worker, once (S22)."""
    settings = wired().settings
    # The account may hold numbers of other services; their texts are not for us.
    ours = {settings.sms_number, settings.sms_sender} - {""}
    if request.form.get("To") in ours:
        text = TextIn(
            sid=_name("MessageSid"),
            sender=request.form.get("From", ""),
            text=request.form.get("Body", ""),
            media=request.form.get("NumMedia", 0, type=int),
        )
        session = db()
        receive(session, wired().office.worker_public, text, now())
        session.commit()
    # Any answer would be a text on a phone that he may hold (S21).
    return Response(empty_twiml(), mimetype="text/xml")


@hooks.post("/status/<text_id>")
def text_status(text_id: str) -> Response:
    """Take a text that went out to where the carrier says it stands."""
    status = TextStatus.read_from(request.form.get("MessageStatus", ""))
    if status is not None:
        error, session = request.form.get("ErrorCode", ""), db()
        advance(session, text_id, _name("MessageSid"), status, error)
        session.commit()
    return Response(status=200)


def _name(parameter: str) -> str:
    """Return a message's name. Aborts with 400: without one nothing is kept once."""
    name = request.form.get(parameter, "")
    if not _NAME.fullmatch(name):
        abort(400)
    return name
