"""Telephone numbers: read as people type them, refuse what must not be rung, tag."""

import hmac
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

HOME = "SE"
# Rung back, these cost her money or reach no person (ITU and PTS number plans).
_DEAR = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.PAGER,
}


class NumberFault(StrEnum):
    """Why a typed number can't be taken."""

    EMERGENCY = "emergency"
    PREMIUM = "premium"
    UNREADABLE = "unreadable"


class BadNumber(ValueError):
    """The typed text is no number that can be rung. It never holds the text."""

    def __init__(self, fault: NumberFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class CallableNumber:
    """A number in E.164 and its country (ISO 3166 region, or "" when none fits)."""

    e164: str
    region: str

    @property
    def is_foreign(self) -> bool:
        """Say whether the number is of another country, so that times differ (S9)."""
        return self.region != HOME

    def __repr__(self) -> str:
        # A repr ends up in logs and in errors, where no number may stand.
        return f"CallableNumber(region={self.region!r})"


def read_number(typed: str) -> CallableNumber:
    """Read a number as typed, Swedish unless it says otherwise. Raises BadNumber."""
    try:
        number = phonenumbers.parse(typed, HOME)
    except NumberParseException as error:
        raise BadNumber(_short_fault(typed)) from error
    if not phonenumbers.is_valid_number(number):
        raise BadNumber(_short_fault(typed))
    if phonenumbers.number_type(number) in _DEAR:
        raise BadNumber(NumberFault.PREMIUM)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return CallableNumber(e164, phonenumbers.region_code_for_number(number) or "")


def readable(e164: str) -> str:
    """Return a number as people write it: national at home, international abroad."""
    number = phonenumbers.parse(e164, HOME)
    style = phonenumbers.PhoneNumberFormat
    shape = style.INTERNATIONAL if is_abroad(e164) else style.NATIONAL
    return phonenumbers.format_number(number, shape)


def is_abroad(e164: str) -> bool:
    """Say whether a number on file is of another country, so that times differ (S9)."""
    number = phonenumbers.parse(e164, HOME)
    return phonenumbers.region_code_for_number(number) != HOME


def tag(e164: str, number_key: bytes) -> bytes:
    """Return the keyed tag that numbers are compared by; only the worker has the key.

    The E.164 form is hashed, so that "070…" and "+4670…" are one number (S22).
    """
    return hmac.digest(number_key, e164.encode(), "sha256")


def short_number(typed: str) -> str:
    """Return the digits of a short number such as 112, 1177 or 116 006, or ""."""
    digits = phonenumbers.normalize_digits_only(typed)
    # 116 xxx are the European help lines; the library knows only some of them.
    european = len(digits) == 6 and digits.startswith("116")
    return digits if european or _is_known_short(digits) else ""


def _is_known_short(digits: str) -> bool:
    try:
        number = phonenumbers.parse(digits, HOME)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_short_number_for_region(number, HOME)


def _short_fault(typed: str) -> NumberFault:
    digits = phonenumbers.normalize_digits_only(typed)
    # 114 14 is the police, and no emergency number to the library.
    if phonenumbers.is_emergency_number(digits, HOME) or digits in {"11414", "112"}:
        return NumberFault.EMERGENCY
    return NumberFault.UNREADABLE
