"""The visitors' guidance as it is true now: help lines, hours and reply times.

Pages are read, filled and compressed at start and again every five minutes, so that
each opening and closing time is met, and as soon as a head of unit has changed her
hours. In between they are served from memory.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import Flask, current_app

from intake.arrivals import route_of
from intake.errors import BadData
from intake.hours import HOME_ZONE
from intake.office import Office
from intake.routing import Route
from intake.submissions import Submission
from intake.units import Municipality, Unit
from web.accessibility import assessed_on
from web.content import Content, Kept, Page, load, read_page
from web.document import EVERY_WAY, UNSAID, Shown, WayIn, facts
from web.helplines import HelpLine
from web.i18n import Language, by_machine, full_day, known, moment, speaking
from web.printed import Printed
from web.routines import Routine, as_links, load_routines
from web.settings import Settings
from web.wholeness import faults, help_lines

FRESH = timedelta(minutes=5)
_EXTENSION = "stilla.library"


@dataclass(slots=True)
class Library:
    """All guidance of a face, kept fresh."""

    settings: Settings
    office: Office
    municipality: Municipality
    lines: tuple[HelpLine, ...] = ()
    _routines: tuple[Routine, ...] = ()
    _assessed_on: date = date.min
    _kept: Kept = field(default_factory=Kept)
    _content: Content | None = None
    _printed: dict[tuple[str, ...], Printed] = field(default_factory=dict)
    _fresh_until: datetime | None = None
    _units: Mapping[str, Unit] = field(default_factory=dict)  # as they were printed
    # Reentrant: to render a document asks for its pages while the turn is held.
    _turn: threading.RLock = field(default_factory=threading.RLock)

    def read(self, now: datetime) -> None:
        """Read what is due to be read. Raises BadData the first time only."""
        self._fresh(now)

    def page(self, language: Language, key: str, now: datetime) -> Page:
        """Return a page of guidance."""
        return self._fresh(now).page(language.locale, key)

    def shown(self, language: Language, now: datetime) -> Shown:
        """Return what a language's pages are put together from."""
        units = {way.letter: self.unit(way, now) for way in EVERY_WAY}
        return Shown(self._fresh(now), self.lines, units, language, now)

    def printed(
        self, at: tuple[str, ...], now: datetime, render: Callable[[], str]
    ) -> Printed:
        """Return the bytes of a page of guidance, rendered anew when it is time.

        `at` tells it from all others: its language, and which page of it.
        """
        self._fresh(now)
        with self._turn:
            # One thread compresses, and the others wait for what it made.
            if at not in self._printed:
                self._printed[at] = Printed.of(render())
            return self._printed[at]

    def unit(self, way: WayIn, now: datetime) -> Unit:
        """Return the unit that answers who came in this way."""
        return self.office.units[self._route(way, "sv", now).unit]

    def read_by(self, way: WayIn, language: Language, now: datetime) -> str:
        """Return in words when a person reads what is sent now, at the latest."""
        route = self._route(way, language.code, now)
        calendar = self.office.units[route.unit].calendar
        due = calendar.due_after(now, route.first_reading_minutes)
        with speaking(language):
            return moment(due)

    def town_page(self, language: Language, now: datetime) -> Page:
        """Return the text for the municipality's own page, where the door stands."""
        path = self.settings.shelves.file(language.locale, "town", "door.md")
        if path is None:
            raise KeyError(language.code)
        return read_page(path, language.locale, self._facts(language, now))

    def _route(self, way: WayIn, language: str, now: datetime) -> Route:
        facts = Submission(language, way.audience, under_18=way.under_18)
        return route_of(self.office, facts, now)

    def _fresh(self, now: datetime) -> Content:
        with self._turn:
            # A head's edit makes another object of her unit; until then they are one.
            units = dict(self.office.units)
            over = not self._fresh_until or now >= self._fresh_until
            if self._content is None or over or units != self._units:
                self._content = self._load(now)
                for fault in self._kept.faults:
                    current_app.logger.error("kept what was there before: %s", fault)
                self._printed.clear()
                self._fresh_until, self._units = _next_mark(now), units
            return self._content

    def _load(self, now: datetime) -> Content:
        languages, bad = known(self.settings.languages), self._read_data()
        filled = {one.locale: self._facts(one, now) for one in languages}
        content = load(
            self.settings.shelves,
            [one.locale for one in languages],
            filled,
            unread=bool(self.settings.show_unreviewed),
            kept=self._kept,
        )
        self._kept.faults += bad
        return content

    def _read_data(self) -> list[str]:
        """Read help lines and routines; return what is wrong, if the old ones stay."""
        try:
            lines = help_lines(self.settings)
            routines = load_routines(self.settings.content_dir)
            examined = assessed_on(self.settings.shelves)
        except BadData as error:
            if self._content is None:
                raise
            return [str(error)]
        self.lines, self._routines, self._assessed_on = lines, routines, examined
        return []

    def _facts(self, language: Language, now: datetime) -> Mapping[str, str]:
        unit = self.unit(UNSAID, now)
        read_by = self.read_by(UNSAID, language, now)
        talks = self.settings.max_talks
        unit = unit.at(language.locale)
        said = facts(unit, self.municipality, language, read_by, talks)
        comma = "، " if language.direction == "rtl" else ", "
        unread = (one.name for one in known(self.settings.languages) if by_machine(one))
        return {
            **said,
            "site_name": self.municipality.site_name(language.locale),
            "routines": as_links(self._routines),
            "assessed_on": full_day(self._assessed_on, language),
            "unread_languages": comma.join(unread),
        }


def init(app: Flask, settings: Settings, office: Office, home: Municipality) -> None:
    """Give a face its guidance; `refuse_bad_words` reads all of it."""
    lines = help_lines(settings)
    app.extensions[_EXTENSION] = Library(settings, office, home, lines)


def refuse_bad_words(app: Flask, now: datetime) -> None:
    """Read all guidance before anybody is let in. Raises BadData for a bad file."""
    with app.app_context():
        found = library()
        own = known(found.settings.languages)[0]
        today = now.astimezone(HOME_ZONE).date()
        for fault in faults(own, found.settings, found.lines, today):
            raise BadData(fault)
        found.read(now)


def library() -> Library:
    """Return the running face's library."""
    found: Library = current_app.extensions[_EXTENSION]
    return found


def _next_mark(now: datetime) -> datetime:
    """Return the next full five minutes: hours begin and end on such marks."""
    start = now.replace(minute=0, second=0, microsecond=0)
    return start + FRESH * ((now - start) // FRESH + 1)
