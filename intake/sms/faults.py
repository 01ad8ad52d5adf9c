"""What Twilio's error codes ask of us, in sending and in status callbacks.

Source of the codes: https://www.twilio.com/docs/api/errors, read November 2026.
"""

from enum import StrEnum
from http import HTTPStatus

from intake.sms.gateway import Ambiguous, Misconfigured, Refused, SmsError


class Fault(StrEnum):
    """What an error code means for the text, and who must act."""

    BAD_NUMBER = "bad-number"  # texts can't reach it: call only
    BLOCKED = "blocked"  # never again; staff are shown it
    TEMPORARY = "temporary"  # again, inside her window only
    OURS = "ours"  # whoever runs the site must act
    STRANGE = "strange"  # a code that nobody described; judge by the HTTP status


_CODES = {
    Fault.BAD_NUMBER: {21211, 21614, 21635, 30005, 30006},
    Fault.BLOCKED: {21610, 30004, 30007},
    # 20009: not finished yet, so it can't be deleted; that may take 14 days.
    Fault.TEMPORARY: {20009, 20429, 30001, 30003, 30008, 30500},
    Fault.OURS: {
        *(20003, 20404, 11205),
        *(21408, 21606, 21609, 21612, 21617, 21659, 21660, 21663),
        *(30002, 30029),
    },
}
_FAULTS = {code: fault for fault, codes in _CODES.items() for code in codes}
# What our own errors say where the carrier gave no code.
_WORDS = {
    **dict.fromkeys(("settings", "certificate"), Fault.OURS),
    **dict.fromkeys(("http-401", "http-403", "http-404"), Fault.OURS),
    **dict.fromkeys(("no-connection", "http-429", "http-503"), Fault.TEMPORARY),
}
_LONGEST = 5  # digits of a code


def fault_of(code: int | str | None) -> Fault:
    """Return what a code asks for; STRANGE for none, an unknown one, or no code."""
    text = str(code)
    if text in _WORDS:
        return _WORDS[text]
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST):
        return Fault.STRANGE
    return _FAULTS.get(int(text), Fault.STRANGE)


def judge(status: int, code: int | None) -> SmsError:
    """Return the error of an answer that is no success: HTTP status, Twilio's code.

    Codes may change without notice, so an unknown one is judged by the status. A
    server that failed may have taken the text first, and is not asked twice.
    """
    shown = f"http-{status}" if code is None else str(code)
    match fault_of(code):
        case Fault.OURS:
            return Misconfigured(shown)
        case Fault.BAD_NUMBER | Fault.BLOCKED:
            return Refused(shown, permanent=True)
        case Fault.TEMPORARY:
            return Refused(shown, permanent=False)
    if status in _NOT_LET_IN:
        return Misconfigured(shown)
    if status in _NOT_NOW:
        return Refused(shown, permanent=False)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(shown, permanent=True)
    return Ambiguous(shown)


_NOT_LET_IN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
_NOT_NOW = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
