"""The languages of a face: which one a request speaks, its words, dates and times.

Catalogues are read from the .po files at start. Nothing is compiled beforehand, so a
catalogue can't be older than its words.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import cast

from babel.dates import format_date
from babel.support import NullTranslations
from flask import Flask, current_app, has_app_context, has_request_context, request
from flask_babel import Babel, Domain
from flask_babel.speaklater import LazyString

from intake.hours import HOME_ZONE
from web import catalogue
from web.catalogue import written_by
from web.content import Translation
from web.languages import KNOWN, Language, digits, known, preferred

__all__ = ["KNOWN", "Language", "known", "preferred"]  # asked for here by many
_EXTENSION = "stilla.i18n"


@dataclass(frozen=True, slots=True)
class _Speech:
    languages: tuple[Language, ...]  # the first is the site's own
    catalogues: Mapping[str, NullTranslations] = field(repr=False)
    by_machine: frozenset[str]  # codes of those whose words no person has read


class _Words(Domain):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # flask_babel's gap

    def get_translations(self) -> NullTranslations:
        """Return the current language's catalogue."""
        if not has_app_context():
            return NullTranslations()
        return _speech().catalogues[current_language().code]


class _Babel(Babel):
    def __init__(self, app: Flask) -> None:
        super().__init__(app)  # type: ignore[no-untyped-call]  # flask_babel's gap

    @cached_property
    def domain_instance(self) -> _Words:
        """Return the catalogues that templates and lazy strings read from."""
        return _Words()


_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)
_words = _Words()


def init(app: Flask, translations: Path, codes: Iterable[str]) -> None:
    """Let an app speak these languages, its own first. Raises BadData."""
    languages = known(codes)
    files = {one.code: catalogue.path_of(translations, one.locale) for one in languages}
    app.extensions[_EXTENSION] = _Speech(
        languages,
        {
            one.code: catalogue.compiled(files[one.code], one.locale)
            for one in languages
        },
        frozenset(
            code
            for code, file in files.items()
            if written_by(file) is Translation.MACHINE
        ),
    )
    _Babel(app)


def languages() -> tuple[Language, ...]:
    """Return the languages of the current app, its own first."""
    return _speech().languages


def by_machine(language: Language) -> bool:
    """Say whether no person has read the language's words."""
    return language.code in _speech().by_machine


def current_language() -> Language:
    """Return the language of the address, else the best that the browser asks for.

    The address is read as text, so that an unknown page answers in its language too.
    """
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    offered = languages()
    if not has_request_context():
        return offered[0]
    first = request.path.split("/", 2)[1]
    named = [one for one in offered if one.code == first]
    return named[0] if named else preferred(request.accept_languages, offered)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak one language for a while, whatever the request asks for."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(text: str, **values: object) -> str:
    """Return a text in the current language, with its placeholders filled."""
    said = _words.get_translations().ugettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Return the form of a text that fits a number, which fills %(num)d."""
    said = _words.get_translations().ungettext(one, many, num)
    return said % {"num": num, **values}


def lazy(text: str, **values: object) -> str:
    """Return a text that finds its language when it is shown; for forms' labels."""
    later = LazyString(_, text, **values)  # type: ignore[no-untyped-call]  # flask_babel's gap
    # It behaves as a string wherever WTForms and Jinja take one.
    return cast(str, later)


def day(when: date, language: Language | None = None) -> str:
    """Return a day with its weekday: "torsdag 26 november"."""
    spoken = language or current_language()
    return _written(spoken.day, when, spoken)


def full_day(when: date, language: Language | None = None) -> str:
    """Return a day with its year: "26 november 2026"."""
    return _written("long", when, language or current_language())


def local_day(when: datetime) -> date:
    """Return the Swedish day of an aware moment."""
    return when.astimezone(HOME_ZONE).date()


def clock(when: datetime, language: Language | None = None) -> str:
    """Return the Swedish time of an aware moment, of 24 hours in every language."""
    spoken = language or current_language()
    return digits(when.astimezone(HOME_ZONE).strftime(spoken.clock), spoken)


def moment(when: datetime) -> str:
    """Return weekday, date and time of an aware moment, as Swedish time (S9)."""
    return _(
        "%(day)s at %(time)s, Swedish time", day=day(local_day(when)), time=clock(when)
    )


def window(starts_at: datetime, ends_at: datetime) -> str:
    """Return weekday, date and times of a window, as Swedish time (S9)."""
    return _(
        "%(day)s, from %(start)s to %(end)s, Swedish time",
        day=day(local_day(starts_at)),
        start=clock(starts_at),
        end=clock(ends_at),
    )


def _written(pattern: str, when: date, language: Language) -> str:
    locale = language.formats or language.locale
    told = format_date(when, pattern, locale=locale).replace(*language.inflects)
    return digits(told, language)


def _speech() -> _Speech:
    return cast(_Speech, current_app.extensions[_EXTENSION])
