"""Numbers as staff type them: what may be rung, and what never."""

from wtforms.validators import ValidationError

from intake.numbers import BadNumber, CallableNumber, NumberFault, read_number
from web.not_hers import is_ours, service

_SERVICE = "Dit ringer personen själv. Skriv ett nummer där personen kan nås."
_FAULTS = {
    NumberFault.EMERGENCY: _SERVICE,
    NumberFault.PREMIUM: "Numret kostar extra att ringa. Skriv ett annat.",
    NumberFault.UNREADABLE: (
        "Det går inte att läsa som ett telefonnummer. Skriv det som vanligt, eller "
        "med + och landet först."
    ),
}


def check_number(typed: str) -> None:
    """Take any number of any country but what must not be rung.

    Raises ValidationError.
    """
    if service(typed):
        raise ValidationError(_SERVICE)
    try:
        number = read_number(typed)
    except BadNumber as bad:
        raise ValidationError(_FAULTS[bad.fault]) from None
    if is_ours(number.e164):
        raise ValidationError("Det är vårt eget nummer. Skriv personens.")


def called(typed: str | None) -> CallableNumber | None:
    """Return the number that may be rung, if one was given."""
    try:
        return read_number(typed) if typed else None
    except BadNumber:
        return None
