"""What the visitors' pages are made of: the frame, and the first document's parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from intake.topics import Audience
from intake.units import Municipality, Unit
from web.content import Content, Page
from web.helplines import CHILD, CHILD_HURTS, HelpLine, Line, about, shown_to
from web.i18n import Language, _, by_machine, speaking
from web.languages import within_reach
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class WayIn:
    """Who somebody says that she is, by the section that she chose."""

    letter: str  # travels to the forms: no telling word in an address
    audience: Audience
    page: str  # its guidance
    lines: str  # whose help lines it shows
    under_18: bool = False  # presets the form's own question, which decides


# As the rows stand. The last one lies inside the row of those under 18.
WAYS_IN = (
    WayIn("a", Audience.EXPOSED, "exposed", Audience.EXPOSED),
    WayIn("d", Audience.EXPOSED, "child", CHILD, under_18=True),
    WayIn("b", Audience.RELATIVE, "relative", Audience.RELATIVE),
    WayIn("c", Audience.USES_VIOLENCE, "uses-violence", Audience.USES_VIOLENCE),
    WayIn("e", Audience.USES_VIOLENCE, "child-hurts", CHILD_HURTS, under_18=True),
)
UNSAID = WayIn("", Audience.UNSAID, "", Audience.UNSAID)
# What it can be about, with the way in that its reader most likely needs. The page's
# key is the topic of its help lines.
TOPICS: Mapping[str, str] = {
    "everyone": "",
    "counts": "",
    "honour": "a",
    "trafficking": "a",
    "help": "",
    "rights": "",
}


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html needs on every page."""

    style: Markup
    form_style: Markup
    script: Markup
    languages: tuple[Language, ...]
    municipality: Municipality
    settings: Settings

    def variables(self, language: Language) -> dict[str, Any]:
        """Return the template's variables in a language."""
        return {
            "language": language,
            "tongues": within_reach(language, self.languages),
            "by_machine": by_machine(language),
            "site_name": self.municipality.site_name(language.locale),
            "leave_target": self.settings.leave_url_for(language.code),
            "style": self.style,
            "form_style": self.form_style,
            "script": self.script,
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A way in or a topic. It shows and links only what is its readers'."""

    page: Page
    letter: str
    lines: tuple[Line, ...]
    unit: Unit  # who answers these readers


@dataclass(frozen=True, slots=True)
class FirstDocument:
    """The core of the site in one language, for pages/document.html."""

    ways_in: tuple[Section, ...]
    child_hurts: Section  # stands inside the section of those under 18
    topics: tuple[Section, ...]
    contact: Page
    traces: Page
    privacy: Page
    accessibility: Page
    unit: Unit  # who answers those who have not said what it is about


def first_document(
    content: Content,
    lines: Iterable[HelpLine],
    units: Mapping[str, Unit],
    language: Language,
    now: datetime,
) -> FirstDocument:
    """Put the first document together as it is true now.

    `units` says which unit answers the way in of each letter.
    """
    every_line, locale = tuple(lines), language.locale

    def way_in(way: WayIn) -> Section:
        own = tuple(shown_to(every_line, way.lines, locale, now))
        page = content.page(locale, way.page)
        return Section(page, way.letter, own, units[way.letter])

    def topic(key: str, letter: str) -> Section:
        own = tuple(about(every_line, key, locale, now))
        return Section(content.page(locale, key), letter, own, units[letter])

    *ways_in, child_hurts = map(way_in, WAYS_IN)
    return FirstDocument(
        ways_in=tuple(ways_in),
        child_hurts=child_hurts,
        topics=tuple(topic(key, letter) for key, letter in TOPICS.items()),
        contact=content.page(locale, "contact"),
        traces=content.page(locale, "traces"),
        privacy=content.page(locale, "privacy-short"),
        accessibility=content.page(locale, "accessibility"),
        unit=units[UNSAID.letter],
    )


def way_of(letter: str) -> WayIn:
    """Return the way in that a form's address stands for; unsaid without a letter."""
    return next((way for way in WAYS_IN if way.letter == letter), UNSAID)


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
