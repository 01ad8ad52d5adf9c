"""The names that each language has: of the site, its units and the help lines.

`names.toml` in a language's folder, Stilla's and the municipality's. What units.toml
and helplines.toml say themselves wins over Stilla's, and the municipality's over all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from babel.dates import get_day_names

from intake.datafile import Table, read
from intake.hours import Span
from intake.schedule import Hours, Plan, Week, under
from intake.units import Municipality, Reached, Unit, read_phone
from web.content import Translation
from web.languages import KNOWN, Language, digits
from web.shelves import Shelves

FILE = "names.toml"
_UNIT, _LINE = ("name",), ("name", "for", "hours_text")
# A number or an hour of Stilla's own would be made up.
_OWN_UNIT = (*_UNIT, "phone", "address", "phone_hours", "visit_hours")
Words = Mapping[tuple[str, ...], str]  # by path: ("unit", "adult", "name")


@dataclass(frozen=True, slots=True)
class Names:
    """All names, by locale."""

    package: Mapping[str, Words]
    own: Mapping[str, Words]
    by: Mapping[str, Translation]  # who wrote Stilla's

    def merged(self, said: Mapping[str, str], *path: str) -> dict[str, str]:
        """Return a text by locale: Stilla's, what a data file said, the folder's."""
        return {**_at(self.package, path), **said, **_at(self.own, path)}

    def reached(self, unit: str) -> dict[str, Reached]:
        """Return by locale the number and address that a unit has for one language."""
        phones = _at(self.own, ("unit", unit, "phone"))
        addresses = _at(self.own, ("unit", unit, "address"))
        return {
            locale: Reached(*read_phone(phones.get(locale)), addresses.get(locale, ""))
            for locale in phones.keys() | addresses.keys()
        }


NO_NAMES = Names({}, {}, {})


def load_names(shelves: Shelves, languages: Iterable[Language]) -> Names:
    """Read the names of some languages. Raises BadData."""
    locales = [one.locale for one in languages]
    shipped = _tables(shelves.package, locales)
    own = _tables(shelves.own, locales) if shelves.own else {}
    return Names(
        package={at: dict(_words(table, _UNIT)) for at, table in shipped.items()},
        own={at: dict(_words(table, _OWN_UNIT)) for at, table in own.items()},
        by={at: _writer(table) for at, table in shipped.items()},
    )


def named_home(home: Municipality, names: Names) -> Municipality:
    """Return the municipality with the site's name in every language that has one."""
    return replace(home, site_names=names.merged(home.site_names, "site_name"))


def named_unit(unit: Unit, names: Names) -> Unit:
    """Return a unit with its names, hours and ways in every language.

    Hours without words of their own are told by the calendar, in the language's days:
    nobody else's hours are ever shown, and none in a language that she can't read.
    """
    place = ("unit", unit.key)
    told, visits = _told(unit.calendar.weekly), _told(unit.visits_weekly)
    return replace(
        unit,
        names=names.merged(unit.names, *place, "name"),
        phone_hours=told | names.merged(unit.phone_hours, *place, "phone_hours"),
        visit_hours=visits | names.merged(unit.visit_hours, *place, "visit_hours"),
        reached=names.reached(unit.key),
    )


def planned_unit(unit: Unit, plan: Plan) -> Unit:
    """Return a unit under its head's plan, its hours told in every language's days.

    What a plan leaves as it was keeps the words that somebody wrote for it. Raises
    BadData for a plan by which the unit never opens.
    """
    planned = under(unit, plan)
    phone, visits = plan.weeks[Hours.PHONE], plan.weeks[Hours.VISITS]
    if any(phone.values()):
        planned = replace(planned, phone_hours=_told(phone))
    if any(visits.get(day, ()) != unit.visits_weekly.get(day, ()) for day in range(7)):
        planned = replace(planned, visit_hours=_told(visits))
    return planned


def in_words(weekly: Mapping[int, tuple[Span, ...]], language: Language) -> str:
    """Return a week's hours: "Monday–Thursday 8:00–12:00; Friday 8:00–15:00"."""
    days = get_day_names("wide", "stand-alone", language.formats or language.locale)
    comma, stop = ("، ", "؛ ") if language.direction == "rtl" else (", ", "; ")
    return stop.join(
        f"{days[first]}{f'–{days[last]}' if last > first else ''} "
        + comma.join(_span(span, language) for span in spans)
        for first, last, spans in _alike(weekly)
    )


def _told(week: Week) -> dict[str, str]:
    return {one.locale: in_words(week, one) for one in KNOWN.values()}


def _alike(
    weekly: Mapping[int, tuple[Span, ...]],
) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Return days in a row with the same hours: first, last, hours."""
    run: list[int] = []
    for day in range(8):
        if run and weekly.get(day, ()) != weekly[run[0]]:
            yield run[0], run[-1], weekly[run[0]]
            run = []
        if weekly.get(day):
            run.append(day)


def _span(span: Span, language: Language) -> str:
    clocks = (t.strftime(language.clock) for t in (span.opens, span.closes))
    opens, closes = (digits(c.removeprefix("0"), language) for c in clocks)
    return f"{opens}–{closes}"


def _at(words: Mapping[str, Words], path: tuple[str, ...]) -> dict[str, str]:
    return {locale: said[path] for locale, said in words.items() if path in said}


def _tables(root: Path, locales: Iterable[str]) -> dict[str, Table]:
    return {
        locale: read(root / locale / FILE, f"{locale}/{FILE}")
        for locale in locales
        if (root / locale / FILE).exists()
    }


def _writer(table: Table) -> Translation:
    return table.known("translation", table.text("translation"), Translation)


def _words(
    table: Table, unit_keys: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    table.only("translation", "site_name", "unit", "line")
    if "site_name" in table.values:
        yield ("site_name",), table.text("site_name")
    for kind, allowed in (("unit", unit_keys), ("line", _LINE)):
        for key in table.table(kind).values:
            inner = table.table(kind).table(key)
            inner.only(*allowed)
            for name in inner.values:
                yield (kind, key, name), inner.text(name)
                if name == "phone":
                    _phone(inner)


def _phone(table: Table) -> None:
    try:
        read_phone(table.text("phone"))
    except ValueError as error:
        raise table.wrong(str(error), "phone") from error
