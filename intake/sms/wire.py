"""One request to a carrier's API, once, with every way to fail named."""

import json
import logging
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Timeout

from intake.sms.faults import judge
from intake.sms.gateway import Ambiguous, Misconfigured, Refused, SmsError

# Seconds. `Any`, as the published types know less than the library takes.
_PATIENCE: Any = Timeout(connect=5, total=10)
UNREADABLE = "unreadable"  # a success, but what came with it is no JSON object
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_NEVER_CONNECTED = (ConnectTimeoutError, NewConnectionError)

# At lower levels it writes addresses, and with them the numbers asked for.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Call:
    """A request to make: method, path, query, form, and who asks."""

    method: str
    path: str
    query: Mapping[str, Any] | None
    form: Mapping[str, Any] | None
    headers: Mapping[str, str] | None
    auth: tuple[str, str] | None


def ask(base: str, call: Call) -> requests.Response:
    """Return an answer that is a success and, unless empty, holds a JSON object.

    Raises Refused, Ambiguous, Misconfigured. Every call has a connection of its own:
    one that the other side closed while idle would make it ambiguous for nothing.
    """
    # Raised outside the except block, so that the library's error, which repeats the
    # address and the number, is not kept as the context of ours.
    try:
        answer = _answer(base, call)
    except requests.RequestException as unanswered:
        error = _unanswered(unanswered)
    else:
        return _checked(answer)
    raise error


def _answer(base: str, call: Call) -> requests.Response:
    with requests.Session() as session:
        # A proxy that the machine uses for the world can't reach the machine itself.
        session.trust_env = urlsplit(base).hostname not in _THIS_MACHINE
        return session.request(
            call.method,
            f"{base.rstrip('/')}{call.path}",
            params=call.query,
            data=call.form,
            headers=call.headers,
            auth=call.auth,
            timeout=_PATIENCE,
            allow_redirects=False,
        )


def read(answer: requests.Response) -> dict[str, object] | None:
    """Return the JSON object that an answer holds; None where it holds none."""
    return _json(answer.text)


def _checked(answer: requests.Response) -> requests.Response:
    said = _json(answer.text)
    if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        code = said.get("code") if said else None
        raise judge(answer.status_code, code if isinstance(code, int) else None)
    if said is None and answer.status_code != HTTPStatus.NO_CONTENT:
        raise Ambiguous(UNREADABLE)
    return answer


def _json(text: str) -> dict[str, object] | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _unanswered(error: requests.RequestException) -> SmsError:
    reasons = list(_chain(error))
    if any(isinstance(reason, ssl.SSLCertVerificationError) for reason in reasons):
        return Misconfigured("certificate")
    if isinstance(error, ValueError):  # an address that is none
        return Misconfigured("settings")
    if any(isinstance(reason, _NEVER_CONNECTED) for reason in reasons):
        return Refused("no-connection", permanent=False)
    return Ambiguous("no-answer")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
