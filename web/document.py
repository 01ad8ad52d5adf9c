"""What the visitors' pages are made of: the frame, and the first document's parts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from intake.topics import Audience
from intake.units import Municipality, Unit
from web.content import Content, Page
from web.helplines import HelpLine, Line, shown_to
from web.i18n import Language, _, by_machine, speaking
from web.settings import Settings

# The audience travels to the forms as a letter: no telling word in an address.
LETTERS: Mapping[Audience, str] = {
    Audience.EXPOSED: "a",
    Audience.RELATIVE: "b",
    Audience.USES_VIOLENCE: "c",
}
_AUDIENCES = {letter: audience for audience, letter in LETTERS.items()}
_JS_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html needs on every page."""

    style: Markup
    script: Markup
    languages: tuple[Language, ...]
    municipality: Municipality
    settings: Settings

    def variables(self, language: Language) -> dict[str, Any]:
        """Return the template's variables in a language."""
        return {
            "language": language,
            "languages": self.languages,
            "by_machine": by_machine(language),
            "site_name": self.municipality.site_name(language.locale),
            "leave_target": self.settings.leave_url_for(language.code),
            "style": self.style,
            "script": self.script,
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A way in for one audience. It shows and links only what is that audience's."""

    page: Page
    letter: str
    lines: tuple[Line, ...]
    unit: Unit  # who answers this audience


@dataclass(frozen=True, slots=True)
class FirstDocument:
    """The core of the site in one language, for pages/document.html."""

    sections: tuple[Section, ...]
    contact: Page
    traces: Page
    unit: Unit  # who answers those who have not said what it is about


def first_document(
    content: Content,
    lines: Iterable[HelpLine],
    units: Mapping[Audience, Unit],
    language: Language,
    now: datetime,
) -> FirstDocument:
    """Put the first document together as it is true now."""
    every_line = tuple(lines)

    def section(audience: Audience) -> Section:
        return Section(
            page=content.page(language.locale, audience),
            letter=LETTERS[audience],
            lines=tuple(shown_to(every_line, audience, language.locale, now)),
            unit=units[audience],
        )

    return FirstDocument(
        sections=tuple(section(audience) for audience in LETTERS),
        contact=content.page(language.locale, "contact"),
        traces=content.page(language.locale, "traces"),
        unit=units[Audience.UNSAID],
    )


def audience_of(letter: str) -> Audience:
    """Return the audience that a form's address stands for; unsaid without a letter."""
    return _AUDIENCES.get(letter, Audience.UNSAID)


def facts(
    unit: Unit,
    municipality: Municipality,
    language: Language,
    read_by: str,
    max_talks: int,
) -> dict[str, str]:
    """Return what stands in the placeholders of the pages, in one language."""
    with speaking(language):
        steps = _("Step by step in your browser")
    number = Markup('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>')
    return {
        "phone": number.format(unit.phone, unit.phone_display),
        "hours": unit.answers(language.locale),
        "address": unit.address,
        "read_by": read_by,
        "municipality": municipality.name,
        "max_talks": str(max_talks),
        "step_by_step": Markup('<a href="{}12">{}</a>').format(language.home, steps),
    }


def inlined(path: Path) -> Markup:
    """Return a style or script without its comments and indents, as pages carry it."""
    text = path.read_text("utf-8")
    comment = _JS_COMMENT if path.suffix == ".js" else _CSS_COMMENT
    lines = (line.strip() for line in comment.sub("", text).splitlines())
    tight = "\n".join(filter(None, lines))
    return Markup(tight)  # noqa: S704  # our own file
