"""Twilio as the carrier; the only module that knows its library."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import twilio.request_validator
import twilio.rest
from twilio.base import values
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest.api.v2010.account.incoming_phone_number import (
    IncomingPhoneNumberInstance,
)
from twilio.rest.api.v2010.account.message import MessageInstance

from intake.sms import wire
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    OutgoingText,
    Refused,
    Sent,
    TextIn,
    TextStatus,
)

TWILIO = "https://api.twilio.com"
_ELSEWHERE = "https://api.{edge}.{region}.twilio.com"
_LONGEST_VALIDITY = 36_000  # seconds; the most that the API takes
_CLOCKS_DIFFER = timedelta(seconds=30)  # between the provider's clock and ours
_NEWEST = 50  # texts to one number that `find` looks through
_MOST = 1000  # texts, or calls, of our number that are looked through; one page
# What no part of the API shows.
_UNSEEN = (
    "Twilio answers STOP, HELP and INFO in English by itself unless its support, or "
    "Advanced Opt-Out, has turned that off; see docs/operations.md"
)
_SERVICE = "MG"  # begins the name of a Messaging Service, which stands for senders
_ENDED = {"completed", "busy", "failed", "no-answer", "canceled"}  # of a call
_GONE = {"20404", f"http-{HTTPStatus.NOT_FOUND}"}
_T = TypeVar("_T")
# `Any`: these are shipped without types.
_Client: Any = twilio.rest.Client
_Validator: Any = twilio.request_validator.RequestValidator

_logger = logging.getLogger("twilio.http_client")
_logger.setLevel(logging.WARNING)  # at INFO it writes addresses, headers and numbers


class TwilioGateway:
    """Sends through Twilio's API, or through what stands at `api_url` instead of it."""

    drops_late = True

    def __init__(
        self,
        account_sid: str,
        sender: str,
        *,
        auth_token: str = "",
        api_key: str = "",
        api_secret: str = "",
        api_url: str = "",
        region: str = "",
        edge: str = "",
    ) -> None:
        """Take the API key before the account's token. Raises Misconfigured."""
        user, secret = (api_key, api_secret) if api_key else (account_sid, auth_token)
        if not (account_sid and sender and secret):
            raise Misconfigured("settings")
        is_service = sender.startswith(_SERVICE)
        self._sender = values.unset if is_service else sender
        self._service = sender if is_service else values.unset
        far = _ELSEWHERE.format(edge=edge, region=region) if region else TWILIO
        http = _HttpClient(api_url or far)
        client = _Client(user, secret, account_sid, http_client=http)
        self._messages = client.messages
        self._numbers = client.incoming_phone_numbers
        self._calls = client.calls

    def send(self, text: OutgoingText) -> Sent:
        """Send a text once. Raises Refused, Ambiguous, Misconfigured."""
        message = _understood(
            lambda: self._messages.create(
                to=text.to,
                from_=self._sender,
                messaging_service_sid=self._service,
                body=text.body,
                validity_period=_validity(text.valid_for),
                status_callback=text.status_url or values.unset,
            )
        )
        if not message.sid:
            raise Ambiguous(wire.UNREADABLE)
        return _sent(message)

    def find(
        self,
        to: str,
        since: datetime,
        own_id: str | None = None,
        known: Collection[str] = (),
    ) -> Sent | None:
        """Return our first text to a number since then that is not `known`, or None.

        Twilio tells our own id in callbacks only, so it can't be looked for. DateSent
        is filtered by whole days, and a text still queued has none: the times are
        compared here. Raises Refused, Misconfigured.
        """
        messages = _repeatable(
            lambda: self._messages.list(to=to, from_=self._sender, limit=_NEWEST)
        )
        earliest = since - _CLOCKS_DIFFER
        ours = [
            message
            for message in messages  # the newest first
            if isinstance(message.date_created, datetime)
            and message.date_created >= earliest
            and message.sid not in known
        ]
        return _sent(ours[-1]) if ours else None

    def redact(self, sid: str) -> None:
        """Empty the body that Twilio keeps. Raises Refused, Misconfigured."""
        _forget(lambda: self._messages(sid).update(body=""))

    def delete(self, sid: str) -> None:
        """Delete a text at Twilio; fine when it is gone. Raises as `redact`."""
        _forget(lambda: self._messages(sid).delete())

    def forget_calls(self, number: str) -> int:
        """Delete the log of a number's calls that have ended; returns how many.

        Raises Refused, Misconfigured.
        """
        logged = [
            *_repeatable(lambda: self._calls.list(to=number, limit=_MOST)),
            *_repeatable(lambda: self._calls.list(from_=number, limit=_MOST)),
        ]
        ended = [str(call.sid) for call in logged if str(call.status) in _ENDED]
        for sid in ended:
            _forget(self._calls(sid).delete)
        return len(ended)

    def received(self, number: str, since: datetime) -> list[TextIn]:
        """Return the texts to our number since then. Raises Refused, Misconfigured."""
        messages = _repeatable(
            lambda: self._messages.list(to=number, date_sent_after=since, limit=_MOST)
        )
        return [
            _text_in(message)
            for message in messages
            if message.direction == "inbound"
            and isinstance(message.date_created, datetime)
            # Asked for by whole days; the rest is done here.
            and message.date_created >= since
        ]

    def doubts(self, number: str, hook: str) -> list[str]:
        """Return what is wrong with a number's set-up. Raises as `received`."""
        ours = _repeatable(lambda: self._numbers.list(phone_number=number, limit=1))
        return [*_doubts(ours[0] if ours else None, hook), _UNSEEN]


class _ManyValues(Protocol):
    def getlist(self, name: str, /) -> list[str]: ...

    def __iter__(self) -> Iterator[str]: ...


def signature_fits(
    tokens: Sequence[str],
    url: str,
    params: _ManyValues | Mapping[str, list[str]],
    signature: str,
) -> bool:
    """Say whether a webhook was signed with one of the account's tokens.

    `url` is the configured public one, never what a request says of itself; `params`
    is everything that came, as Twilio adds parameters without notice. Without a token
    or a signature nothing fits.
    """
    many = params if hasattr(params, "getlist") else _Values(params)
    return any(
        bool(_Validator(token).validate(url, many, signature))
        for token in tokens
        if token.strip() and signature
    )


def empty_twiml() -> str:
    """Return the answer that sends no text back."""
    return '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class _Values(dict[str, list[str]]):
    def getlist(self, name: str) -> list[str]:
        return self[name]


class _HttpClient(HttpClient):
    """Carries the library's requests to one base address.

    The library's own one keeps the last request, with number and text, in memory.
    """

    def __init__(self, base: str) -> None:
        super().__init__(_logger, is_async=False)
        self._base = base

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        parts = urlsplit(uri)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        call = wire.Call(method, path, params, data, headers, auth)
        answer = wire.ask(self._base, call)
        return Response(answer.status_code, answer.text, answer.headers)


def _understood(call: Callable[[], _T]) -> _T:
    # Raised outside the except block: see `wire.ask`.
    try:
        return call()
    except (TwilioException, ValueError, TypeError, AttributeError):
        error = Ambiguous(wire.UNREADABLE)
    raise error


def _repeatable(call: Callable[[], _T]) -> _T:
    """Do what may be done twice: nothing is ambiguous, it is only tried again."""
    try:
        return _understood(call)
    except Ambiguous as error:
        code = error.code
    raise Refused(code, permanent=False)


def _forget(call: Callable[[], object]) -> None:
    try:
        _repeatable(call)
    except Misconfigured as error:
        if error.code not in _GONE:
            raise


def _validity(time: timedelta) -> int:
    return min(max(int(time.total_seconds()), 1), _LONGEST_VALIDITY)


def _sent(message: MessageInstance) -> Sent:
    status = TextStatus.read_from(str(message.status)) or TextStatus.QUEUED
    return Sent(str(message.sid), status)


def _text_in(message: MessageInstance) -> TextIn:
    media = str(message.num_media)
    return TextIn(
        sid=str(message.sid),
        sender=str(message.from_ or ""),
        text=str(message.body or ""),
        media=int(media) if media.isdecimal() else 0,
        arrived_at=message.date_created,
    )


def _doubts(number: IncomingPhoneNumberInstance | None, hook: str) -> Iterator[str]:
    if number is None:
        yield "the number is not among the account's own"
        return
    if number.sms_url != hook or number.sms_application_sid:
        yield f"its texts are not handed in at {hook}"
    if number.sms_method != "POST":
        yield "its texts are handed in by GET, which leaves them in logs"
    if not number.sms_fallback_url:
        yield "it has no fallback address; what fails once comes late"
