"""What the visitors' pages are made of: the frame, and the first document's parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from intake.topics import Audience
from intake.units import Municipality, Unit
from web.content import Content, Page
from web.full_set import ABOUT_THE_SITE, PLACES
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
# They have a page of their own, not a section: most who come are not they.
PROFESSIONAL = WayIn("f", Audience.PROFESSIONAL, "professionals", Audience.PROFESSIONAL)
UNSAID = WayIn("", Audience.UNSAID, "", Audience.UNSAID)
EVERY_WAY = (*WAYS_IN, PROFESSIONAL, UNSAID)
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
# What runs in the frame that leaves; its name is the address.
AWAY = "top.location.replace(name)"


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
            "away": f"<script>{AWAY}</script>",
            "leave_target": self.settings.leave_url_for(language.code),
            "style": self.style,
            "form_style": self.form_style,
            "script": self.script,
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A way in, a topic or a longer page. It shows and links what is its readers'."""

    page: Page
    letter: str
    lines: tuple[Line, ...]
    unit: Unit  # who answers these readers
    further: tuple[Page, ...] = ()  # longer pages that its end links


@dataclass(frozen=True, slots=True)
class Fold:
    """A page for everybody, with nothing of its own around it but longer pages."""

    page: Page
    further: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class FirstDocument:
    """The core of the site in one language, for pages/document.html."""

    ways_in: tuple[Section, ...]
    child_hurts: Section  # stands inside the section of those under 18
    topics: tuple[Section, ...]
    contact: Fold
    traces: Fold
    privacy: Fold
    accessibility: Fold
    alone: Mapping[str, Page]  # longer pages that no section links, by their keys
    unit: Unit  # who answers those who have not said what it is about


@dataclass(frozen=True, slots=True)
class Shown:
    """What pages are put together from, as it is true now, in one language."""

    content: Content
    every_line: tuple[HelpLine, ...]
    units: Mapping[str, Unit]  # which answers the way in of each letter
    language: Language
    now: datetime

    def first_document(self) -> FirstDocument:
        """Put the first document together."""
        *ways_in, child_hurts = map(self._way_in, WAYS_IN)
        return FirstDocument(
            ways_in=tuple(ways_in),
            child_hurts=child_hurts,
            topics=tuple(self._topic(key, letter) for key, letter in TOPICS.items()),
            contact=self._fold("contact"),
            traces=self._fold("traces"),
            privacy=self._fold("privacy-short"),
            accessibility=self._fold("accessibility"),
            alone=self.content.alone(self.language.locale),
            unit=self.units[UNSAID.letter],
        )

    def section(self, way: WayIn) -> Section | None:
        """Return the section of a way in, None where the language has none."""
        place = PLACES.get(way.page)  # a longer page, or none where it is of the core
        return self.longer(place.number) if place else self._way_in(way)

    def longer(self, number: int) -> Section | None:
        """Put the longer page at an address together, None where there is none."""
        page = self.content.at(self.language.locale, number)
        if page is None or page.place is None:
            return None
        way = next(way for way in EVERY_WAY if way.page == page.place.readers)
        lines = [*self._about(page.place.topic), *self._lines_for(way)]
        if page.key in ABOUT_THE_SITE:
            lines = []
        own = tuple(dict.fromkeys(lines))
        return Section(page, way.letter, own, self.units[way.letter])

    def _way_in(self, way: WayIn) -> Section:
        return self._section(way.page, way.letter, self._lines_for(way))

    def _topic(self, key: str, letter: str) -> Section:
        return self._section(key, letter, self._about(key))

    def _section(self, key: str, letter: str, lines: list[Line]) -> Section:
        fold = self._fold(key)
        unit = self.units[letter]
        return Section(fold.page, letter, tuple(lines), unit, fold.further)

    def _fold(self, key: str) -> Fold:
        locale = self.language.locale
        page = self.content.page(locale, key)
        return Fold(page, self.content.under(locale, key))

    def _lines_for(self, way: WayIn) -> list[Line]:
        return shown_to(self.every_line, way.lines, self.language.locale, self.now)

    def _about(self, topic: str) -> list[Line]:
        return about(self.every_line, topic, self.language.locale, self.now)


def way_of(letter: str) -> WayIn:
    """Return the way in that a form's address stands for; unsaid without a letter."""
    return next((way for way in EVERY_WAY if way.letter == letter), UNSAID)


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
