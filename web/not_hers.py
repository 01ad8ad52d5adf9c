"""Numbers that are not hers: ours, and the services that she calls herself."""

from intake.numbers import BadNumber, read_number, short_number
from web.wiring import wired

_GROUPS = {"11313": "113 13", "11414": "114 14"}  # as people write them


def is_ours(e164: str) -> bool:
    """Say whether a number is a unit's, or one of texts or of bridged calls."""
    settings, units = wired().settings, wired().office.units.values()
    ours = {phone for unit in units for phone in unit.phones}
    carried = {settings.sms_number, settings.sms_sender, settings.voice_number}
    return e164 in ours | carried


def service(typed: str) -> tuple[str, ...]:
    """Return a typed service or help line, as dialled and as written; () for others."""
    asked = _keys(typed)
    for line in wired().lines:
        if asked & _keys(line.number):
            return "".join(filter(str.isdigit, line.number)), _held(line.number)
    short = short_number(typed)
    return (short, _held(_GROUPS.get(short, short))) if short else ()


def _keys(typed: str) -> set[str]:
    """Return what a number is compared by: its short digits, and all of it."""
    try:
        return {read_number(typed).e164}
    except BadNumber:
        return {short_number(typed)} - {""}


def _held(number: str) -> str:
    # With a plain space, Arabic text would show the groups in reverse.
    return number.replace(" ", "\N{NO-BREAK SPACE}")
