"""Texts and calls never go out from a number that is printed anywhere (S17)."""

from collections.abc import Iterable, Iterator

from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

from intake.units import Unit
from web.environment import SettingsError
from web.helplines import HelpLine

_HOME = "SE"


def refuse_published(
    sender: str, units: Iterable[Unit], lines: Iterable[HelpLine]
) -> None:
    """Raise SettingsError when texts would go out from a unit's or help line's number.

    On her phone such a number tells where it comes from, whatever the text says.
    """
    published = {phone for unit in units for phone in unit.phones}
    published |= set(_dialled(lines))
    if sender in published:
        raise SettingsError(
            "STILLA_SMS_SENDER is a number that visitors see; texts must go out from "
            "one that is printed nowhere"
        )


def _dialled(lines: Iterable[HelpLine]) -> Iterator[str]:
    for line in lines:
        try:
            number = parse(line.number, _HOME)
        except NumberParseException:
            continue  # a short number such as 112 can't send texts
        yield format_number(number, PhoneNumberFormat.E164)
