"""What the stand-in posts to the product: signed as Twilio signs it."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from http.client import HTTPResponse
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, ProxyHandler, Request, build_opener

from intake.sms.segments import segments
from tests.standin.messages import VERSION, Message

_PATIENCE = 15  # seconds, as Twilio has

Params = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a webhook was answered. `status` 0: nobody answered."""

    status: int
    body: str
    headers: Mapping[str, str]


class _AnyStatus(HTTPErrorProcessor):
    """Hands every answer on: an error is an answer, and a redirect is not followed."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        return response

    https_response = http_response


_opener = build_opener(ProxyHandler({}), _AnyStatus)


def sign(token: str, url: str, params: Params) -> str:
    """Return the signature of a POST: HMAC-SHA1 over address and sorted parameters.

    Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
    """
    text = url
    for name in sorted(params):
        given = params[name]
        values = {given} if isinstance(given, str) else set(given)
        text += "".join(name + value for value in sorted(values))
    digest = hmac.new(token.encode(), text.encode(), sha1).digest()
    return base64.b64encode(digest).decode()


def post(url: str, params: Params, signature: str) -> Reply:
    """Post a form to a webhook; an unsigned one where the signature is empty."""
    headers = {"User-Agent": "TwilioProxy/1.1"}
    if signature:
        headers["X-Twilio-Signature"] = signature
    return hand_in(url, params, headers)


def hand_in(url: str, params: Params, headers: Mapping[str, str]) -> Reply:
    """Post a form, and wait for the answer as long as a carrier would."""
    request = Request(url, urlencode(params, doseq=True).encode(), dict(headers))
    try:
        with _opener.open(request, timeout=_PATIENCE) as response:
            return _reply(response)
    except (URLError, OSError):
        return Reply(0, "", {})


def incoming(message: Message, media: Sequence[str] = ()) -> dict[str, str]:
    """Return the parameters of a text that came in."""
    params = {
        "MessageSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "AccountSid": message.account,
        "ApiVersion": VERSION,
        "From": message.from_,
        "To": message.to,
        "Body": message.body,
        "NumMedia": str(len(media)),
        "NumSegments": str(segments(message.body).count),
        # Twilio adds where a number is from, filled or empty, and more without notice.
        "FromCountry": "SE",
        "FromCity": "",
        "ToCountry": "SE",
        "ToCity": "",
    }
    for number, address in enumerate(media):
        params[f"MediaUrl{number}"] = address
        params[f"MediaContentType{number}"] = "image/jpeg"
    return params


def status(message: Message, word: str) -> dict[str, str]:
    """Return the parameters of a status callback."""
    params = {
        "MessageSid": message.sid,
        "MessageStatus": word,
        "SmsSid": message.sid,
        "SmsStatus": word,
        "AccountSid": message.account,
        "ApiVersion": VERSION,
        "From": message.from_,
        "To": message.to,
    }
    if message.error_code and word in ("failed", "undelivered"):
        params["ErrorCode"] = str(message.error_code)
    return params


def _reply(response: HTTPResponse) -> Reply:
    body = response.read().decode("utf-8", "replace")
    return Reply(response.status, body, dict(response.headers.items()))
