"""Twilio's account and its library, for texts and calls alike."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import twilio.rest
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response

from intake.sms import wire
from intake.sms.gateway import Ambiguous, Misconfigured, Refused

TWILIO = "https://api.twilio.com"
_ELSEWHERE = "https://api.{edge}.{region}.twilio.com"
_MOST = 1000  # calls of a number that are looked through; one page
_ENDED = {"completed", "busy", "failed", "no-answer", "canceled"}  # of a call
_GONE = {"20404", f"http-{HTTPStatus.NOT_FOUND}"}
_T = TypeVar("_T")
# `Any`: it is shipped without types.
_Client: Any = twilio.rest.Client

_logger = logging.getLogger("twilio.http_client")
_logger.setLevel(logging.WARNING)  # at INFO it writes addresses, headers and numbers


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, and where; an API key goes before the account's token."""

    sid: str
    auth_token: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    api_secret: str = field(default="", repr=False)
    api_url: str = ""
    region: str = ""
    edge: str = ""


def client_of(account: Account) -> Any:  # noqa: ANN401 - shipped without types
    """Return the library's client of an account. Raises Misconfigured."""
    by_key = bool(account.api_key)
    user = account.api_key if by_key else account.sid
    secret = account.api_secret if by_key else account.auth_token
    if not (account.sid and secret):
        raise Misconfigured("settings")
    far = _ELSEWHERE.format(edge=account.edge, region=account.region)
    base = account.api_url or (far if account.region else TWILIO)
    return _Client(user, secret, account.sid, http_client=_HttpClient(base))


def forget_calls(calls: Any, number: str) -> int:  # noqa: ANN401 - as above
    """Delete the log of a number's calls that have ended; returns how many.

    Raises Refused, Misconfigured.
    """
    logged = [
        *repeatable(lambda: calls.list(to=number, limit=_MOST)),
        *repeatable(lambda: calls.list(from_=number, limit=_MOST)),
    ]
    ended = [str(call.sid) for call in logged if str(call.status) in _ENDED]
    for sid in ended:
        let_go(calls(sid).delete)
    return len(ended)


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


def understood(call: Callable[[], _T]) -> _T:
    """Ask once. Raises Refused, Ambiguous, Misconfigured."""
    # Raised outside the except block: see `wire.ask`.
    try:
        return call()
    except (TwilioException, ValueError, TypeError, AttributeError):
        error = Ambiguous(wire.UNREADABLE)
    raise error


def repeatable(call: Callable[[], _T]) -> _T:
    """Do what may be done twice: nothing is ambiguous, it is only tried again."""
    try:
        return understood(call)
    except Ambiguous as error:
        code = error.code
    raise Refused(code, permanent=False)


def let_go(call: Callable[[], object]) -> None:
    """Delete; fine when it is gone. Raises Refused, Misconfigured."""
    unless_gone(call)


def unless_gone(call: Callable[[], _T]) -> _T | None:
    """Return what is asked for, or None when it is gone. Raises as `let_go`."""
    try:
        return repeatable(call)
    except Misconfigured as error:
        if error.code not in _GONE:
            raise
    return None
