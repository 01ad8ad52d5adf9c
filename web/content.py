"""The pages of guidance: Markdown with TOML before it, made safe HTML once, at load."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import bleach
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from intake.errors import BadData
from web import full_set
from web.front import Front, markdown_of, parted
from web.full_set import Place
from web.shelves import Shelves

_KEYS = (
    *("title", "row", "hint", "owner", "reviewed_on", "review_by"),
    *("translation", "translated_from", "source", "set", "also", *full_set.KEYS),
)
_FOLDERS = ("pages", "browsers")
_TAGS = frozenset({"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a"})
_PROTOCOLS = frozenset({"tel", "https"})
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# A paragraph or list item that has nothing to say without one of these is left out.
_OPTIONAL = ("routines", "unread_languages")
_TEL_LINK = re.compile(r'(<a href="tel:[^"]*">)(.*?)(</a>)')
_markdown = MarkdownIt("commonmark", {"html": False})


class Reach(StrEnum):
    """In which languages a page must stand; its Swedish original says which."""

    CORE = "core"  # in all of them, within 250 words
    FULL = "full"  # in the few that have everything, within 500 words


class Translation(StrEnum):
    """Who wrote a page in its language; machines' work is marked on the page."""

    ORIGINAL = "original"
    MACHINE = "machine"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of guidance in one language."""

    key: str
    title: str
    row: str  # the words of its row on the first document (S41)
    hint: str  # the row's line of explanation
    html: Markup  # empty until its facts are filled in
    translation: Translation
    review_by: date
    reach: Reach
    source: str  # fingerprint of the text that it was translated from
    also: tuple[str, ...]  # further locales that must have it; "*" is every one
    place: Place | None  # None in the core, which travels in the first document

    @property
    def by_machine(self) -> bool:
        """Say whether no person has read the translation."""
        return self.translation is Translation.MACHINE


@dataclass(frozen=True, slots=True)
class Content:
    """Every page in every language of the site."""

    pages: Mapping[tuple[str, str], tuple[Page, Front]]  # by locale and key
    facts: Mapping[str, Mapping[str, str]]  # by locale
    _whole: dict[tuple[str, str], Page] = field(default_factory=dict)

    def page(self, locale: str, key: str) -> Page:
        """Return a page with its text, made when somebody first asks for it.

        Raises KeyError where the locale has none of that key.
        """
        at = locale, key
        if at not in self._whole:
            self._whole[at] = _filled(*self.pages[at], self.facts[locale])
        return self._whole[at]

    def has(self, locale: str, key: str) -> bool:
        """Say whether a page stands in a locale: only then may it be linked there."""
        return (locale, key) in self.pages

    def under(self, locale: str, section: str) -> tuple[Page, ...]:
        """Return the longer pages that a section links; their texts are left out."""
        return tuple(
            page for page, place in self.placed(locale) if section in place.under
        )

    def alone(self, locale: str) -> dict[str, Page]:
        """Return the longer pages that none links, by key; their texts are left out."""
        placed = self.placed(locale)
        return {page.key: page for page, place in placed if not place.under}

    def at(self, locale: str, number: int) -> Page | None:
        """Return the longer page at an address, None where a locale has none there."""
        placed = self.placed(locale)
        keys = (page.key for page, place in placed if place.number == number)
        return next((self.page(locale, key) for key in keys), None)

    def placed(self, locale: str) -> list[tuple[Page, Place]]:
        """Return the longer pages of a locale and their places, by their numbers."""
        there = (page for (at, _), (page, _front) in self.pages.items() if at == locale)
        placed = [(page, page.place) for page in there if page.place]
        return sorted(placed, key=lambda one: one[1].number)


@dataclass(slots=True)
class Kept:
    """What was last read well, so that one bad file takes no page away."""

    pages: dict[tuple[str, str], tuple[Page, Front]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)  # of the latest load


def load(
    shelves: Shelves,
    locales: Iterable[str],
    facts: Mapping[str, Mapping[str, str]],
    *,
    unread: bool = True,
    kept: Kept | None = None,
) -> Content:
    """Read the pages on the shelves, with each locale's facts in their placeholders.

    Without `unread`, pages that no person has read are left out. Facts are escaped
    unless they are Markup. Raises BadData, which names file, line and reason; not with
    pages `kept` from an earlier load: those stay, and the faults stand there.
    """
    kept = kept or Kept()
    before, kept.pages, kept.faults = kept.pages, {}, []
    for locale in locales:
        for key, path in paths(shelves, locale).items():
            at = locale, key
            try:
                page, front = _read(path, locale, _changed(path, locale))
                if at in before and page.by_machine and not unread:
                    raise front.wrong("is one that nobody has reviewed", "translation")
                _refuse_double(page, kept.pages, front)
                _refuse_unknown(front, facts[locale])
                kept.pages[at] = page, front
            except BadData as error:
                if not before:
                    raise
                kept.faults.append(str(error))
                if at in before:
                    kept.pages[at] = before[at]
    read = kept.pages.items()
    shown = {at: one for at, one in read if unread or not one[0].by_machine}
    return Content(shown, facts)


def paths(shelves: Shelves, locale: str) -> dict[str, Path]:
    """Return the files of a locale's pages by their keys."""
    return {
        key: path
        for folder in _FOLDERS
        for key, path in shelves.files(locale, folder).items()
    }


def read_page(path: Path, locale: str, facts: Mapping[str, str]) -> Page:
    """Read one page, as `load` reads all of them."""
    page, front = _read(path, locale, _changed(path, locale))
    _refuse_unknown(front, facts)
    return _filled(page, front, facts)


def parsed(path: Path, locale: str) -> Page:
    """Read what stands before one page's text, which is left out. Raises BadData."""
    return _read(path, locale, _changed(path, locale))[0]


# Each front is read once for each change of its file, and each text made HTML once,
# where it is shown: most processes and commands ask for fronts only.
@lru_cache(maxsize=4096)
def _read(path: Path, locale: str, _: int) -> tuple[Page, Front]:
    front = parted(path, f"{locale}/{path.parent.name}/{path.name}")
    front.only(*_KEYS)
    front.text("owner")
    place = full_set.place_of(path.stem, front)
    said = Reach.FULL if place else front.text("set", Reach.CORE)
    page = Page(
        key=path.stem,
        title=front.text("title"),
        row=front.text("row"),
        hint=front.text("hint"),
        html=Markup(),
        translation=_translation(front),
        review_by=front.day("review_by"),
        reach=front.known("set", said, Reach),
        source=front.text("source", ""),
        also=place.also if place else front.texts("also"),
        place=place,
    )
    return page, front


def _translation(front: Front) -> Translation:
    translation = front.known("translation", front.text("translation"), Translation)
    if (translation is Translation.ORIGINAL) == ("translated_from" in front.values):
        raise front.wrong("belongs to translations, to all of them", "translated_from")
    if translation is Translation.REVIEWED or "reviewed_on" in front.values:
        front.day("reviewed_on")  # a review that has no day is none
    return translation


def _refuse_unknown(front: Front, facts: Mapping[str, str]) -> None:
    for found in _PLACEHOLDER.finditer(front.below):
        if found[1] not in facts:
            raise front.wrong(f"knows {', '.join(facts)}", found[0])


def _filled(page: Page, front: Front, facts: Mapping[str, str]) -> Page:
    html = to_html(front.below)
    for name in _OPTIONAL:
        if not facts.get(name):
            html = Markup(_item_with(name).sub("", html))  # noqa: S704  # bleach's HTML
    filled = _PLACEHOLDER.sub(lambda found: escape(facts[found[1]]), html)
    return replace(page, html=Markup(filled))  # noqa: S704  # bleach's, with escaped facts


def _item_with(name: str) -> re.Pattern[str]:
    within = r"(?:(?!</\1>).)*"
    return re.compile(rf"<(li|p)>{within}\{{{name}\}}{within}</\1>\n?", re.DOTALL)


def _refuse_double(
    page: Page, read: Mapping[tuple[str, str], tuple[Page, Front]], front: Front
) -> None:
    """Refuse an added page at the address of another one, in any language."""
    if page.key in full_set.PLACES:
        return
    for other, _ in read.values():
        taken = other.place and page.place and other.place.number == page.place.number
        if taken and other.key != page.key:
            raise front.wrong(f"is that of {other.key}", "number")


def _changed(path: Path, locale: str) -> int:
    """Return when a file was last changed, in nanoseconds. Raises BadData."""
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise BadData(f"{locale}/{path.name}: can't be read") from error


def fingerprint(path: Path) -> str:
    """Return what tells one text of a page from another: eight hex digits."""
    return sha256(" ".join(markdown_of(path).split()).encode()).hexdigest()[:8]


def blocks(path: Path) -> list[str]:
    """Return a page's headings, paragraphs and list items, as Markdown."""
    tokens = _markdown.parse(markdown_of(path))
    return [" ".join(t.content.split()) for t in tokens if t.type == "inline"]


@lru_cache(maxsize=4096)
def to_html(text: str) -> Markup:
    """Return the safe HTML of a page's Markdown; other tags than ours lose theirs."""
    html = bleach.clean(  # type: ignore[no-untyped-call]  # bleach has no types
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": _may_lead_there},
        protocols=_PROTOCOLS,
        strip=True,
    )
    # Digits keep their order in a text that runs from right to left, and other sites
    # are not told where the press came from; they take the whole page, as many refuse
    # to be shown in the door's frame.
    html = _TEL_LINK.sub(r'\1<bdi dir="ltr">\2</bdi>\3', html)
    html = html.replace(
        '<a href="https:', '<a rel="noreferrer" target="_top" href="https:'
    )
    return Markup(html)  # noqa: S704  # it comes from bleach


def _may_lead_there(tag: str, name: str, value: str) -> bool:
    here = value.startswith("/") and not value.startswith("//")
    return name == "href" and (here or value.startswith(("https://", "tel:")))
