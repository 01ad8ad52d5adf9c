"""The municipality and its units, as units.toml tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import phonenumbers

from intake.datafile import Table, read
from intake.errors import BadData
from intake.hours import Calendar, Span
from intake.topics import Side

HOME_LOCALE = "sv"  # what every other locale falls back to
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = (
    *("key", "kind", "sides", "name", "mail", "address", "phone"),
    *("phone_hours", "visit_hours", "visits"),
    *("slot_minutes", "slot_capacity", "hours", "exceptions", "no_callbacks_on"),
)


class UnitKind(StrEnum):
    """What a unit is there for."""

    DAY = "day"
    ON_CALL = "on-call"
    CLOSED_CIRCLE = "closed-circle"  # the head and one named deputy (S29)
    EXTERNAL = "external"  # another organisation, such as a women's shelter


@dataclass(frozen=True, slots=True)
class Reached:
    """A number and an address that a unit has for those who speak one language."""

    phone: str  # E.164, "" where it is the unit's usual one
    phone_display: str
    address: str  # "" where it is the unit's usual one


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with the ways to reach it. Each of its sides is a walled queue."""

    key: str
    kind: UnitKind
    sides: tuple[Side, ...]
    names: Mapping[str, str]  # by locale
    phone: str  # E.164
    phone_display: str
    phone_hours: Mapping[str, str]  # by locale, in words
    address: str  # "" where nobody can come in
    visit_hours: Mapping[str, str]  # by locale, in words; empty as the address
    mail: str  # where staff are told that something came
    calendar: Calendar
    visits_weekly: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    reached: Mapping[str, Reached] = field(default_factory=dict)  # by locale

    @property
    def phones(self) -> frozenset[str]:
        """Return all its numbers, in E.164."""
        own = {self.phone} | {ways.phone for ways in self.reached.values()}
        return frozenset(own - {""})

    def at(self, locale: str) -> "Unit":
        """Return it with the number and address for those who speak a language."""
        ways = self.reached.get(locale, Reached("", "", ""))
        return replace(
            self,
            phone=ways.phone or self.phone,
            phone_display=ways.phone_display or self.phone_display,
            address=ways.address or self.address,
        )

    def name(self, locale: str) -> str:
        """Return the unit's name in a locale, else in Swedish."""
        return self.names.get(locale, self.names[HOME_LOCALE])

    def answers(self, locale: str) -> str:
        """Return when its phone is answered, in a locale, else in Swedish."""
        return self.phone_hours.get(locale, self.phone_hours[HOME_LOCALE])

    def visits(self, locale: str) -> str:
        """Return when people can come in, in a locale, else in Swedish; or ""."""
        return self.visit_hours.get(locale, self.visit_hours.get(HOME_LOCALE, ""))


@dataclass(frozen=True, slots=True)
class TranslationRoute:
    """The approved way to a translation, in words for staff, and its usual time."""

    name: str
    how: str
    minutes: int  # open minutes; they count in the due time (S45)


@dataclass(frozen=True, slots=True)
class Municipality:
    """Who runs the site, and the neutral name that visitors see."""

    name: str
    site_names: Mapping[str, str]  # by locale
    made_up: bool  # as shipped: its numbers reach nobody
    translation: TranslationRoute | None = None

    def site_name(self, locale: str) -> str:
        """Return the neutral site name in a locale, else in Swedish."""
        return self.site_names.get(locale, self.site_names[HOME_LOCALE])


def load_municipality(path: Path) -> Municipality:
    """Read the municipality from units.toml. Raises BadData."""
    table = read(path).table("municipality")
    table.only("name", "site_name", "made_up", "translation")
    return Municipality(
        table.text("name"),
        table.translations("site_name"),
        bool(table.flag("made_up")),
        _translation(table.table("translation")),
    )


def load_units(path: Path) -> Mapping[str, Unit]:
    """Read the units from units.toml, by key. Raises BadData."""
    file = read(path)
    file.only("municipality", "unit")
    units = [_unit(table) for table in file.rows("unit", named_by="key")]
    circles = [unit for unit in units if unit.kind is UnitKind.CLOSED_CIRCLE]
    # Whoever works there, and on whichever side she is: this way must stand open.
    if [unit.key for unit in circles] != [UnitKind.CLOSED_CIRCLE]:
        raise BadData(f"{file.file}: one unit must be the closed-circle (S29)")
    if set(circles[0].sides) != set(Side):
        raise BadData(f"{file.file}: the closed-circle must take both sides (S29)")
    return {unit.key: unit for unit in units}


def _translation(table: Table) -> TranslationRoute | None:
    if not table.values:
        return None
    table.only("name", "how", "minutes")
    minutes = table.number("minutes", 1, 10_000)
    return TranslationRoute(table.text("name"), table.text("how"), minutes)


def _unit(table: Table) -> Unit:
    table.only(*_KEYS)
    sides = table.choices("sides", Side)
    if not sides:
        raise table.wrong("names no side", "sides")
    phone, display = _phone(table)
    return Unit(
        key=table.text("key"),
        kind=table.known("kind", table.text("kind", UnitKind.DAY), UnitKind),
        sides=sides,
        names=table.translations("name"),
        phone=phone,
        phone_display=display,
        phone_hours=table.translations("phone_hours"),
        address=table.text("address", ""),
        visit_hours=table.translations("visit_hours", default={}),
        mail=table.text("mail"),
        calendar=_calendar(table),
        visits_weekly=_visits(table),
    )


def read_phone(text: str | None) -> tuple[str, str]:
    """Return a number in E.164 and as people write it. Raises ValueError."""
    if text is None:
        return "", ""
    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException as error:
        raise ValueError("is no telephone number") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("is no telephone number that exists")
    formats = phonenumbers.PhoneNumberFormat
    return (
        phonenumbers.format_number(number, formats.E164),
        phonenumbers.format_number(number, formats.NATIONAL),
    )


def _phone(table: Table) -> tuple[str, str]:
    try:
        return read_phone(table.text("phone"))
    except ValueError as error:
        raise table.wrong(str(error), "phone") from error


def _calendar(table: Table) -> Calendar:
    hours = table.table("hours")
    hours.only(*_WEEKDAYS, "red_days")
    weekly = {n: _spans(hours, day) for n, day in enumerate(_WEEKDAYS)}
    if not any(weekly.values()):
        raise hours.wrong("the unit is never open")
    exceptions = table.table("exceptions")
    return Calendar(
        weekly=weekly,
        on_closed_days=_spans(hours, "red_days"),
        exceptions={
            _day(exceptions, day): _spans(exceptions, day) for day in exceptions.values
        },
        no_callbacks_on=table.days("no_callbacks_on"),
        slot_minutes=table.number("slot_minutes", 30, 240, default=60),
        slot_capacity=table.number("slot_capacity", 1, 50, default=2),
    )


def _visits(table: Table) -> dict[int, tuple[Span, ...]]:
    visits = table.table("visits")
    visits.only(*_WEEKDAYS)
    return {n: _spans(visits, day) for n, day in enumerate(_WEEKDAYS)}


def _spans(table: Table, key: str) -> tuple[Span, ...]:
    try:
        return tuple(Span.parse(text) for text in table.texts(key))
    except ValueError as error:
        raise table.wrong(str(error), key) from error


def _day(table: Table, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise table.wrong("is no day such as 2026-12-23", text) from error
