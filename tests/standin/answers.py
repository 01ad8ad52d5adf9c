"""How the stand-in answers badly what it was asked, whether it did it or not."""

import socket
from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from tests.standin.account import Account
from tests.standin.behaviour import Answer
from tests.standin.messages import ApiError

_SILENT_FOR = 15  # seconds; longer than any client waits
_SERVER_ERROR = ApiError(20500, "Internal Server Error", 500)


def answering(
    account: Account, answer: Answer | None, do: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do what is asked, unless it is not to be done, and answer well or badly."""
    refusal = _undone(answer)
    if refusal is not None:
        return refusal
    well = do()
    badly = answered(account, answer)
    return well if badly is None else badly


def answered(account: Account, answer: Answer | None) -> ResponseReturnValue | None:
    """Answer badly what was done; None is well."""
    match answer:
        case Answer.TAKEN_SERVER_ERROR:
            raise _SERVER_ERROR
        case Answer.GARBAGE:
            return "<html>502 Bad Gateway</html>", 200
        case Answer.NAMELESS:
            return "{}", 200
        case Answer.DROPPED:
            return hang_up()
        case Answer.SILENCE:
            account.closing.wait(_SILENT_FOR)
            return hang_up()
        case Answer.SLOW:
            account.closing.wait(account.conduct.late)
    return None


def hang_up() -> ResponseReturnValue:
    """End the connection without an answer."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return ""


def _undone(answer: Answer | None) -> ResponseReturnValue | None:
    """Answer what is not done at all; None lets it be done."""
    match answer:
        case Answer.SERVER_ERROR:
            raise _SERVER_ERROR
        case Answer.TOO_MANY:
            raise ApiError(20429, "Too Many Requests", 429)
        case Answer.UNAVAILABLE:
            return "upstream connect error", 503
        case Answer.LOST:
            return hang_up()
    return None
