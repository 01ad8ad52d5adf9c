"""Which languages are whole: a language is shown with all that it needs, or not at all.

Whole are all strings, the pages that it must have, its names, its help lines and its
texts. In production a person must have read all of that too (STILLA_SHOW_UNREVIEWED).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from intake.errors import BadData
from intake.sms import texts
from intake.units import HOME_LOCALE
from web import catalogue, content, names
from web.content import Page, Reach, Translation
from web.helplines import HelpLine, load_help_lines
from web.languages import KNOWN, Language, known
from web.settings import Settings
from web.shelves import Shelves

# These have the full set too; the others the core set, and pages that name them.
FULL = frozenset({"sv", "sv@lattlast", "en", "ar", "fa", "so"})


def offered(settings: Settings, today: date) -> tuple[str, ...]:
    """Return the codes of the languages to show, in the settings' order.

    The site's own, which is the first, is always among them: what it lacks is told when
    its words are read.
    """
    own, *others = known(settings.languages)
    lines = help_lines(settings)
    shown = (one for one in others if not any(faults(one, settings, lines, today)))
    return (own.code, *(one.code for one in shown))


def held_back(settings: Settings, today: date) -> Iterator[str]:
    """Return which begun languages are not shown, each with its first reason."""
    root, lines = settings.shelves.package, help_lines(settings)
    for one in KNOWN.values():
        begun = catalogue.path_of(root, one.locale).exists()
        if begun and one.code not in settings.languages:
            reason = next(
                faults(one, settings, lines, today), "not in STILLA_LANGUAGES"
            )
            yield f"{one.code} is not shown: {reason}"


def help_lines(settings: Settings) -> tuple[HelpLine, ...]:
    """Return the help lines with their words in every language. Raises BadData."""
    said = names.load_names(settings.shelves, known(settings.languages))
    return load_help_lines(settings.helplines, settings.own_help_lines, said)


def faults(
    language: Language, settings: Settings, lines: tuple[HelpLine, ...], today: date
) -> Iterator[str]:
    """Return why a language is not to be shown: what it lacks, what nobody has read."""
    unread_is_well = bool(settings.show_unreviewed)
    try:
        yield from lacks(language, settings.shelves, lines, today)
        if not unread_is_well:
            yield from unread(language, settings.shelves)
    except BadData as error:
        yield str(error)


def lacks(
    language: Language, shelves: Shelves, lines: tuple[HelpLine, ...], today: date
) -> Iterator[str]:
    """Return what a language can't be shown without, and has not. Raises BadData."""
    locale = language.locale
    yield from _lacking_strings(shelves.package, locale)
    there = pages(shelves, locale)
    for key in must_have(locale, originals(shelves), core_only=True):
        if key not in there:
            yield f"{locale}: page {key} is missing"
    if shelves.file(locale, "telling.txt") is None:
        yield f"{locale}/telling.txt is missing"
    yield from _lacking_texts(shelves.package, locale)
    if locale == HOME_LOCALE:
        return  # the data files themselves are in Swedish
    said = names.load_names(shelves, [language])
    if not said.merged({}, "site_name"):
        yield f"{locale}/{names.FILE}: site_name is missing"
    for line in lines:
        if line.is_current(today) and not line.speaks(locale):
            yield f"{locale}/{names.FILE}: line {line.key} lacks for or hours_text"


def lacks_further(language: Language, shelves: Shelves) -> Iterator[str]:
    """Return the pages beyond the core that a language should have, and has not.

    It is shown without them: what a language lacks is not linked there.
    """
    locale, there = language.locale, content.paths(shelves, language.locale)
    for key in must_have(locale, originals(shelves)):
        if key not in there:
            yield f"{locale}: page {key} is missing"


def unread(language: Language, shelves: Shelves) -> Iterator[str]:
    """Return which words of a language no person has read yet. Raises BadData."""
    locale, root = language.locale, shelves.package
    if catalogue.written_by(catalogue.path_of(root, locale)) is Translation.MACHINE:
        yield f"{locale}/messages.po: nobody has reviewed it"
    there = pages(shelves, locale)
    for key in must_have(locale, originals(shelves), core_only=True):
        if key in there and there[key].by_machine:
            yield f"{locale}: page {key}: nobody has reviewed it"
    if names.load_names(shelves, [language]).by.get(locale) is Translation.MACHINE:
        yield f"{locale}/{names.FILE}: nobody has reviewed it"
    path = root / locale / texts.FILE
    if path.exists() and texts.written_by(path) == Translation.MACHINE:
        yield f"{locale}/{texts.FILE}: nobody has reviewed it"


def pages(shelves: Shelves, locale: str) -> Mapping[str, Page]:
    """Return a locale's pages, their placeholders as they are. Raises BadData."""
    found = content.paths(shelves, locale)
    return {key: content.parsed(path, locale) for key, path in found.items()}


def originals(shelves: Shelves) -> Mapping[str, Page]:
    """Return the Swedish pages, which say where each must stand. Raises BadData."""
    return pages(shelves, HOME_LOCALE)


def must_have(
    locale: str, swedish: Mapping[str, Page], *, core_only: bool = False
) -> list[str]:
    """Return the keys of the pages that a locale must have, or should with the rest."""
    further = () if core_only else (locale, "*")
    full = locale in FULL and not core_only
    return [
        key
        for key, page in swedish.items()
        if page.reach is Reach.CORE or full or set(further) & set(page.also)
    ]


def _lacking_strings(root: Path, locale: str) -> Iterator[str]:
    path, home = (catalogue.path_of(root, at) for at in (locale, HOME_LOCALE))
    if not path.exists():
        yield f"{locale}/messages.po is missing"
        return
    there, reference = catalogue.read(path, locale), catalogue.read(home, HOME_LOCALE)
    for text in catalogue.missing(there, reference):
        yield f"{locale}/messages.po: no words for {text!r}"


def _lacking_texts(root: Path, locale: str) -> Iterator[str]:
    path = root / locale / texts.FILE
    if not path.exists():
        yield f"{locale}/{texts.FILE} is missing"
        return
    for place in texts.missing_lines(path):
        yield f"{locale}/{texts.FILE}: {place} is missing"
