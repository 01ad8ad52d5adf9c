"""The visitors' guidance as it is true now: help lines, hours and reply times.

Pages are read, filled and compressed at start and again every five minutes, so that
each opening and closing time is met, and served from memory in between.
"""

import gzip
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import brotli
from flask import Flask, current_app

from intake.arrivals import route_of
from intake.office import Office
from intake.submissions import Submission
from intake.topics import Audience
from intake.units import Municipality, Unit
from web.content import Content, Page, load, read_page
from web.document import FirstDocument, facts, first_document
from web.helplines import HelpLine, load_help_lines
from web.i18n import Language, known, moment, speaking
from web.settings import Settings

FRESH = timedelta(minutes=5)
_EXTENSION = "stilla.library"


@dataclass(frozen=True, slots=True)
class Printed:
    """A page's bytes, plain and compressed as small as they get."""

    plain: bytes
    br: bytes
    gzip: bytes

    @classmethod
    def of(cls, html: str) -> "Printed":
        """Compress a page; slow, so it is done once for all who ask."""
        plain = html.encode()
        # The slowest setting: paid once in five minutes, it serves every visit.
        small = brotli.compress(plain, mode=brotli.MODE_TEXT, quality=11, lgwin=22)
        # No time in gzip's head, so that the same page is the same bytes.
        return cls(plain, small, gzip.compress(plain, 9, mtime=0))


@dataclass(slots=True)
class Library:
    """All guidance of a face, kept fresh."""

    settings: Settings
    office: Office
    municipality: Municipality
    lines: tuple[HelpLine, ...]
    _content: Content | None = None
    _printed: dict[str, Printed] = field(default_factory=dict)
    _fresh_until: datetime | None = None
    # Reentrant: to render a document asks for its pages while the turn is held.
    _turn: threading.RLock = field(default_factory=threading.RLock)

    def page(self, language: Language, key: str, now: datetime) -> Page:
        """Return a page of guidance."""
        return self._fresh(now).page(language.locale, key)

    def document(self, language: Language, now: datetime) -> FirstDocument:
        """Return the parts of a language's first document."""
        units = {audience: self.unit(audience, now) for audience in Audience}
        content = self._fresh(now)
        return first_document(content, self.lines, units, language, now)

    def printed(
        self, language: Language, now: datetime, render: Callable[[], str]
    ) -> Printed:
        """Return a first document's bytes, rendered anew when it is time."""
        self._fresh(now)
        with self._turn:
            # One thread compresses, and the others wait for what it made.
            if language.code not in self._printed:
                self._printed[language.code] = Printed.of(render())
            return self._printed[language.code]

    def unit(self, audience: Audience, now: datetime) -> Unit:
        """Return the unit that answers an adult of this audience."""
        route = route_of(self.office, Submission("sv", audience), now)
        return self.office.units[route.unit]

    def read_by(self, audience: Audience, language: Language, now: datetime) -> str:
        """Return in words when a person reads what is sent now, at the latest."""
        route = route_of(self.office, Submission(language.code, audience), now)
        calendar = self.office.units[route.unit].calendar
        due = calendar.due_after(now, route.first_reading_minutes)
        with speaking(language):
            return moment(due)

    def town_page(self, language: Language, now: datetime) -> Page:
        """Return the text for the municipality's own page, where the door stands."""
        path = self.settings.content_dir / language.locale / "town" / "door.md"
        name = {"site_name": self.municipality.site_name(language.locale)}
        return read_page(path, language.locale, {**self._facts(language, now), **name})

    def _fresh(self, now: datetime) -> Content:
        with self._turn:
            if (
                self._content is None
                or not self._fresh_until
                or now >= self._fresh_until
            ):
                self._content = self._load(now)
                self._printed.clear()
                self._fresh_until = _next_mark(now)
            return self._content

    def _load(self, now: datetime) -> Content:
        languages = known(self.settings.languages)
        filled = {one.locale: self._facts(one, now) for one in languages}
        locales = [one.locale for one in languages]
        return load(self.settings.content_dir, locales, filled)

    def _facts(self, language: Language, now: datetime) -> Mapping[str, str]:
        unit = self.unit(Audience.UNSAID, now)
        read_by = self.read_by(Audience.UNSAID, language, now)
        talks = self.settings.max_talks
        return facts(unit, self.municipality, language, read_by, talks)


def init(app: Flask, settings: Settings, office: Office, home: Municipality) -> None:
    """Read all guidance; a bad file stops the start and is named."""
    lines = load_help_lines(settings.helplines)
    app.extensions[_EXTENSION] = Library(settings, office, home, lines)


def library() -> Library:
    """Return the running face's library."""
    found: Library = current_app.extensions[_EXTENSION]
    return found


def _next_mark(now: datetime) -> datetime:
    """Return the next full five minutes: hours begin and end on such marks."""
    start = now.replace(minute=0, second=0, microsecond=0)
    return start + FRESH * ((now - start) // FRESH + 1)
