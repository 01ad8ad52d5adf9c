"""The languages of a face: which one a request speaks, its words, dates and times.

Catalogues are read from the .po files at start. Nothing is compiled beforehand, so a
catalogue can't be older than its words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, has_app_context, has_request_context, request
from flask_babel import Babel, Domain
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import LanguageAccept

from intake.errors import BadData
from intake.hours import HOME_ZONE
from web.content import Translation

_EXTENSION = "stilla.i18n"
_TRANSLATION = re.compile(r'^"X-Translation: (.*)\\n"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Language:
    """A language that visitors can choose."""

    code: str  # in addresses and in `lang`
    locale: str  # folder of its words under translations/
    direction: str  # "ltr" or "rtl"
    endonym: str  # its name in itself
    formats: str = ""  # Babel's locale for dates, where it differs from `locale`
    day: str = "EEEE d MMMM"  # CLDR's own pattern with the weekday drags the year in
    clock: str = "%H:%M"

    @property
    def home(self) -> str:
        """Return the path of the first document."""
        return f"/{self.code}/"


KNOWN: Mapping[str, Language] = {
    language.code: language
    for language in (
        Language("sv", "sv", "ltr", "Svenska", clock="%H.%M"),  # as authorities write
        Language("en", "en", "ltr", "English", formats="en_GB"),
        Language("ar", "ar", "rtl", "العربية"),
    )
}


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
    catalogues = {one.code: _catalogue(translations, one) for one in languages}
    unread = frozenset(one.code for one in languages if _unread(translations, one))
    app.extensions[_EXTENSION] = _Speech(languages, catalogues, unread)
    _Babel(app)


def known(codes: Iterable[str]) -> tuple[Language, ...]:
    """Return the languages with these codes. Raises BadData for one not known."""
    wanted = tuple(codes)
    for code in wanted:
        if code not in KNOWN:
            raise BadData(f"language {code} is not one of {', '.join(KNOWN)}")
    return tuple(KNOWN[code] for code in wanted)


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


def preferred(asked: LanguageAccept, offered: tuple[Language, ...]) -> Language:
    """Return the language that the browser likes best, else the site's own."""
    best = asked.best_match([one.code for one in offered])
    return next((one for one in offered if one.code == best), offered[0])


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
    return when.astimezone(HOME_ZONE).strftime(spoken.clock)


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
    return format_date(when, pattern, locale=language.formats or language.locale)


def _speech() -> _Speech:
    return cast(_Speech, current_app.extensions[_EXTENSION])


def _words_of(translations: Path, language: Language) -> Path:
    return translations / language.locale / "LC_MESSAGES" / "messages.po"


def _unread(translations: Path, language: Language) -> bool:
    path = _words_of(translations, language)
    # Babel forgets headers that it does not know, so this one is read as text.
    said = _TRANSLATION.search(path.read_text("utf-8")) if path.exists() else None
    if said is None:
        return True  # nobody has vouched for it
    if said[1] not in set(Translation):
        raise BadData(f"{path}: X-Translation must be one of {', '.join(Translation)}")
    return said[1] == Translation.MACHINE


def _catalogue(translations: Path, language: Language) -> NullTranslations:
    path = _words_of(translations, language)
    if not path.exists():
        return NullTranslations()  # the texts stand in English in the code
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.locale, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)
