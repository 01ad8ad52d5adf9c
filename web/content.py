"""The pages of guidance: Markdown with TOML before it, made safe HTML once, at load."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import bleach
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from intake.datafile import Table
from intake.errors import BadData

_FENCE = "+++\n"
_KEYS = (
    *("title", "row", "hint", "owner", "reviewed_on", "review_by"),
    *("translation", "translated_from"),
)
_TAGS = frozenset({"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a"})
_PROTOCOLS = frozenset({"tel", "https"})
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_TEL_LINK = re.compile(r'(<a href="tel:[^"]*">)(.*?)(</a>)')
_markdown = MarkdownIt("commonmark", {"html": False})


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
    html: Markup
    translation: Translation
    review_by: date

    @property
    def by_machine(self) -> bool:
        """Say whether no person has read the translation."""
        return self.translation is Translation.MACHINE


@dataclass(frozen=True, slots=True)
class Content:
    """Every page in every language of the site."""

    pages: Mapping[tuple[str, str], Page]  # by locale and key

    def page(self, locale: str, key: str) -> Page:
        """Return a page. Raises KeyError where the locale has none of that key."""
        return self.pages[locale, key]


def load(
    root: Path, locales: Iterable[str], facts: Mapping[str, Mapping[str, str]]
) -> Content:
    """Read the pages under `root`, with each locale's facts in their placeholders.

    Facts are escaped unless they are Markup. Raises BadData, which names the file.
    """
    pages = {
        (locale, path.stem): read_page(path, locale, facts[locale])
        for locale in locales
        for folder in ("pages", "browsers")
        for path in sorted((root / locale / folder).glob("*.md"))
    }
    return Content(pages)


def read_page(path: Path, locale: str, facts: Mapping[str, str]) -> Page:
    """Read one page, as `load` reads all of them."""
    front, text = _parted(path, f"{locale}/{path.parent.name}/{path.name}")
    front.only(*_KEYS)
    front.text("owner")
    translation = front.known("translation", front.text("translation"), Translation)
    if (translation is Translation.ORIGINAL) == ("translated_from" in front.values):
        raise front.wrong("belongs to translations, to all of them", "translated_from")
    return Page(
        key=path.stem,
        title=front.text("title"),
        row=front.text("row"),
        hint=front.text("hint"),
        html=_filled(to_html(text), facts, front),
        translation=translation,
        review_by=_review_day(front),
    )


def _parted(path: Path, name: str) -> tuple[Table, str]:
    try:
        start, front, text = path.read_text("utf-8").split(_FENCE, 2)
        values = tomllib.loads(front)
    except (UnicodeDecodeError, ValueError) as error:  # TOML's error is a ValueError
        raise BadData(f"{name}: must begin with TOML between two lines +++") from error
    if start:
        raise BadData(f"{name}: something stands before the first +++")
    return Table(name, "", values), text


def _review_day(front: Table) -> date:
    day = front.values.get("review_by")
    if not isinstance(day, date):
        raise front.wrong("must be a day such as 2027-05-21", "review_by")
    return day


def _filled(html: Markup, facts: Mapping[str, str], front: Table) -> Markup:
    def fact(found: re.Match[str]) -> str:
        if found[1] not in facts:
            raise front.wrong(f"knows {', '.join(facts)}", found[0])
        return escape(facts[found[1]])

    filled = _PLACEHOLDER.sub(fact, html)
    return Markup(filled)  # noqa: S704  # bleach's HTML with escaped facts


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
    # are not told where the press came from.
    html = _TEL_LINK.sub(r'\1<bdi dir="ltr">\2</bdi>\3', html)
    html = html.replace('<a href="https:', '<a rel="noreferrer" href="https:')
    return Markup(html)  # noqa: S704  # it comes from bleach


def _may_lead_there(tag: str, name: str, value: str) -> bool:
    here = value.startswith("/") and not value.startswith("//")
    return name == "href" and (here or value.startswith(("https://", "tel:")))
