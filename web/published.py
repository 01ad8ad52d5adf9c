"""Texts and calls never go out from a number that is printed anywhere (S17)."""

from collections.abc import Iterable, Iterator

from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

from intake.sms.texts import shipped
from intake.units import HOME_LOCALE, Unit
from web.environment import SettingsError
from web.helplines import HelpLine

_HOME = "SE"


def is_name(sender: str) -> bool:
    """Say whether texts go out from a name, which nobody can answer."""
    return bool(sender) and not sender.startswith(("+", "MG"))


def refuse_published(
    sender: str,
    units: Iterable[Unit],
    lines: Iterable[HelpLine],
    said: Iterable[str],
    caller: str = "",
) -> None:
    """Raise SettingsError when texts would go out from a unit's or help line's number.

    So must no call; `caller` is the number that bridged ones go out from.

    On her phone such a number tells where it comes from, whatever the text says; so
    does a name that is a part of what the site is called, `said`, or a telling word.
    """
    units = list(units)
    names = " ".join((*said, *(unit.names[HOME_LOCALE] for unit in units))).casefold()
    if is_name(sender) and (
        shipped().words.found(sender, "") or sender.casefold() in names
    ):
        raise SettingsError("STILLA_SMS_SENDER is a name that tells who sends")
    published = {phone for unit in units for phone in unit.phones}
    published |= set(_dialled(lines))
    if sender in published:
        raise SettingsError(
            "STILLA_SMS_SENDER is a number that visitors see; texts must go out from "
            "one that is printed nowhere"
        )
    if caller in published:
        raise SettingsError(
            "STILLA_VOICE_NUMBER is a number that visitors see; calls must go out from "
            "one that is printed nowhere"
        )


def _dialled(lines: Iterable[HelpLine]) -> Iterator[str]:
    for line in lines:
        try:
            number = parse(line.number, _HOME)
        except NumberParseException:
            continue  # a short number such as 112 can't send texts
        yield format_number(number, PhoneNumberFormat.E164)
