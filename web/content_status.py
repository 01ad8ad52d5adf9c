"""How far each language is: its strings, its pages, and what has been read."""

from collections.abc import Iterable, Iterator
from datetime import date

from intake import heard
from intake.errors import BadData
from intake.units import HOME_LOCALE
from web import catalogue, content, content_check, wholeness
from web.languages import Language
from web.settings import Settings

_SUMMARY = "{:9} {:>7} {:>6} {:>6} {:>6}  {:8} {:8} {}"
_PAGE = "{:9} {:18} {:>6}  {:9} {:11} {}"


def summary(
    languages: Iterable[Language], settings: Settings, today: date
) -> Iterator[str]:
    """Return a line for each language, after a heading."""
    yield _SUMMARY.format(
        *("language", "strings", "core", "full", "stale", "words by", "heard by"),
        "shown",
    )
    lines = wholeness.help_lines(settings)
    for one in languages:
        try:
            reasons = list(wholeness.faults(one, settings, lines, today))
            shown = "yes" if not reasons else f"no: {reasons[0]}"
            yield _SUMMARY.format(one.code, *_counts(one, settings, today), shown)
        except BadData as error:
            yield f"{one.code:9} {error}"


def table(
    languages: Iterable[Language], settings: Settings, today: date
) -> Iterator[str]:
    """Return a line for each page of each language, after a heading."""
    yield _PAGE.format("language", "page", "words", "text", "review by", "")
    originals = content.paths(settings.shelves, HOME_LOCALE)
    for one in languages:
        there = content.paths(settings.shelves, one.locale)
        for key, path in there.items():
            try:
                page = content.parsed(path, one.locale)
            except BadData as error:
                yield f"{one.code:9} {error}"
                continue
            stale = content_check.is_stale(page, originals.get(key), today)
            yield _PAGE.format(
                *(one.code, key, content_check.count_words(path), page.translation),
                *(str(page.review_by), "stale" if stale else ""),
            )


def _counts(one: Language, settings: Settings, today: date) -> tuple[str, ...]:
    shelves, locale = settings.shelves, one.locale
    originals = wholeness.originals(shelves)
    files, there = content.paths(shelves, HOME_LOCALE), wholeness.pages(shelves, locale)
    core = wholeness.must_have(locale, originals, core_only=True)
    full = wholeness.must_have(locale, originals)
    stale = sum(
        content_check.is_stale(page, files.get(key), today)
        for key, page in there.items()
    )
    path = catalogue.path_of(shelves.package, locale)
    words = catalogue.written_by(path) if path.exists() else "–"
    texts = shelves.package / locale / heard.FILE
    return (
        _share(*_strings(settings, locale)),
        _share(len(there.keys() & set(core)), len(core)),
        _share(len(there.keys() & set(full)), len(full)),
        str(stale),
        words,
        heard.written_by(texts) if texts.exists() else "–",
    )


def _strings(settings: Settings, locale: str) -> tuple[int, int]:
    root = settings.shelves.package
    home = catalogue.read(catalogue.path_of(root, HOME_LOCALE), HOME_LOCALE)
    wanted = len(list(catalogue.messages(home)))
    path = catalogue.path_of(root, locale)
    if not path.exists():
        return 0, wanted
    missing = len(list(catalogue.missing(catalogue.read(path, locale), home)))
    return wanted - missing, wanted


def _share(part: int, whole: int) -> str:
    return f"{100 * part // whole} %" if whole else "–"
