"""Every fault of the words: what is bad, missing, past its review or not checked."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from intake import heard
from intake.errors import BadData
from intake.sms.texts import kin
from intake.units import HOME_LOCALE, load_municipality, load_units
from web import (
    accessibility,
    back_translations,
    catalogue,
    content,
    glossary,
    own_texts,
    telling,
    wholeness,
)
from web.content import Page, Reach, Translation
from web.front import markdown_of
from web.helplines import Status
from web.languages import Language, known
from web.routines import load_routines
from web.settings import Settings
from web.shelves import Shelves

LONGEST = {Reach.CORE: 250, Reach.FULL: 500}  # words of a page
_THAI = re.compile("[\u0e01-\u0e2e]")
_SOON = timedelta(days=45)  # enough to ask each line, and to put it in words
_STILL_SWEDISH = 6  # words in a row; fewer may be a name or a number
_SHAPE = (r"(?m)^## ", r"(?m)^- ", r"(?m)^\d+\. ", r"\*\*.+?\*\*")
# Persian joins the parts of a word with a character that has no width.
_WORD = re.compile(r"[^\W_]+(?:[-’'\u200c]+[^\W_]+)*")


def of_language(language: Language, settings: Settings, today: date) -> list[str]:
    """Return every fault of one language."""
    shelves, locale = settings.shelves, language.locale
    parts: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: _lacking(language, settings, today),
        lambda: _of_strings(shelves.package, language),
        lambda: _of_pages(shelves, locale, today),
        lambda: _telling(language, settings),
        lambda: _of_heard(shelves.package, locale),
        lambda: glossary.faults(shelves, locale),
        lambda: back_translations.faults(shelves, locale),
    )
    found = (fault for part in parts for fault in _told(part))
    return list(dict.fromkeys(found))  # a bad file is met more than once


def of_house(settings: Settings, today: date) -> list[str]:
    """Return the faults that belong to no language: help lines, routines, days."""
    return [
        *_told(lambda: _past_lines(settings, today)),
        *_told(lambda: _of_routines(settings, today)),
        *_told(lambda: _of_own_texts(settings)),
        *_told(lambda: accessibility.faults(settings.shelves, today)),
    ]


def notes(settings: Settings, today: date) -> Iterator[str]:
    """Return what is hidden until somebody has checked it, or soon will be."""
    for line in wholeness.help_lines(settings):
        if line.status is not Status.VERIFIED:
            yield f"help line {line.key} is {line.status}: hidden; see {line.source}"
        elif not line.is_current(today + _SOON):
            yield f"help line {line.key}: hidden after {line.review_by}, if not checked"


def count_words(path: Path) -> int:
    """Return the words of a page; Thai sets none apart, so five letters are one."""
    text = " ".join(content.blocks(path))
    return sum(max(1, len(_THAI.findall(word)) // 5) for word in _WORD.findall(text))


def is_stale(page: Page, original: Path | None, today: date) -> bool:
    """Say whether a page is past its review, or older than what it translates."""
    if page.review_by < today:
        return True
    if original is None or page.translation is Translation.ORIGINAL:
        return False
    return page.source != content.fingerprint(original)


def _told(part: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Return a part's faults; a file that it can't read is one too, and ends it."""
    try:
        yield from part()
    except BadData as error:
        yield str(error)


def _lacking(language: Language, settings: Settings, today: date) -> Iterator[str]:
    lines = wholeness.help_lines(settings)
    yield from wholeness.lacks(language, settings.shelves, lines, today)
    yield from wholeness.lacks_further(language, settings.shelves)


def _of_strings(root: Path, language: Language) -> Iterator[str]:
    path, home = (catalogue.path_of(root, at) for at in (language.locale, HOME_LOCALE))
    if not path.exists():
        return
    name, there = (
        f"{language.locale}/messages.po",
        catalogue.read(path, language.locale),
    )
    if "X-Translation: " not in path.read_text("utf-8"):
        yield f"{name}: its header must say X-Translation: machine, or by whom"
    plurals = catalogue.wrong_plurals(there, language.locale)
    if plurals:
        yield f"{name}: Plural-Forms must tell apart {plurals}"
    for fault in catalogue.wrong(there, catalogue.read(home, HOME_LOCALE)):
        yield f"{name}: {fault}"


def _of_pages(shelves: Shelves, locale: str, today: date) -> Iterator[str]:
    originals = content.paths(shelves, HOME_LOCALE)
    shipped = content.paths(Shelves(package=shelves.package), HOME_LOCALE)
    for key, path in content.paths(shelves, locale).items():
        try:
            for fault in _of_page(path, locale, originals.get(key), today):
                yield f"{locale}: page {key}: {fault}"
            if key not in shipped and content.parsed(path, locale).place is None:
                yield f"{locale}: page {key}: nothing links it without number and under"
        except BadData as error:
            yield str(error)


def _of_page(
    path: Path, locale: str, original: Path | None, today: date
) -> Iterator[str]:
    page = content.parsed(path, locale)
    reach = content.parsed(original, HOME_LOCALE).reach if original else page.reach
    if page.review_by < today:
        yield f"should have been reviewed by {page.review_by}"
    if count_words(path) > LONGEST[reach]:
        yield f"has {count_words(path)} words, {LONGEST[reach]} at most"
    if re.search(r"\d \d", markdown_of(path)):
        yield "digits of a number need a no-break space between them"
    if original is not None and page.translation is not Translation.ORIGINAL:
        yield from _of_translation(path, page, original)


def _of_translation(path: Path, page: Page, original: Path) -> Iterator[str]:
    if _shape(path) != _shape(original):
        yield "has other headings, lists, strong words, links or {placeholders}"
    for block in set(content.blocks(path)) & set(content.blocks(original)):
        if len(_WORD.findall(block)) >= _STILL_SWEDISH:
            yield f"is still Swedish: {block[:60]!r}"
    if is_stale(page, original, date.min):
        yield "its Swedish has changed; translate that, then run flask content stamp"


def _shape(path: Path) -> tuple[object, ...]:
    text = markdown_of(path)
    counts = [len(re.findall(mark, text)) for mark in _SHAPE]
    links, names = re.findall(r"\]\(([^)]*)\)", text), re.findall(r"\{\w+\}", text)
    return counts, len(content.blocks(path)), links, sorted(names)


def _telling(language: Language, settings: Settings) -> Iterator[str]:
    """Return words on the first screen that tell a passer-by what this is (S41)."""
    shelves, locale = settings.shelves, language.locale
    if not (shelves.package / locale / "telling.txt").exists():
        return
    words = telling.listed(shelves.package, locale)
    for key, path in content.paths(shelves, locale).items():
        try:
            page = content.parsed(path, locale)
        except BadData:
            continue  # told where pages are checked
        for word in telling.found(words, f"{page.title}\n{page.row}\n{page.hint}"):
            yield f"{locale}: page {key}: title, row or hint tells: {word!r}"


def _of_heard(root: Path, locale: str) -> Iterator[str]:
    """Return what nobody would hear in a text that comes in this language (S20)."""
    path = root / locale / heard.FILE
    if path.exists():
        for key in heard.lacking(path):
            yield f"{locale}/{heard.FILE}: no word for {key}"
    elif kin(locale) == locale:
        yield f"{locale}/{heard.FILE} is missing"


def _past_lines(settings: Settings, today: date) -> Iterator[str]:
    for line in wholeness.help_lines(settings):
        if line.status is Status.VERIFIED and line.review_by < today:
            yield (
                f"help line {line.key} should have been checked by {line.review_by}, "
                f"and is hidden until then: {line.source}"
            )


def _of_own_texts(settings: Settings) -> Iterator[str]:
    """Read the municipality's own texts as a start does: the first fault is raised."""
    home, units = load_municipality(settings.units), load_units(settings.units)
    own_texts.load(settings, home, units.values())
    yield from ()


def _of_routines(settings: Settings, today: date) -> Iterator[str]:
    for routine in load_routines(settings.content_dir):
        for fault in routine.faults(today):
            yield f"routine {routine.slot} {fault}"


def languages_of(settings: Settings, code: str | None) -> tuple[Language, ...]:
    """Return the languages to look at: one, or all that the settings name."""
    return known([code] if code else settings.languages)
