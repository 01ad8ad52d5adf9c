"""Leaflets to be printed: a sheet of A4 folded once, and a card for a purse.

Neither is offered to visitors: a leaflet in a phone's downloads tells for years.
"""

import importlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import Protocol, cast
from urllib.parse import urlsplit

from flask import render_template

from intake.units import Unit
from web import telling
from web.document import EVERY_WAY, Section
from web.i18n import Language, speaking
from web.qr import qr_code
from web.settings import ROOT
from web.shelves import PACKAGE

STYLE = ROOT / "static" / "leaflet.css"
AUDIENCES = tuple(way.page for way in EVERY_WAY if way.page)


class Size(StrEnum):
    """The two leaflets, by how they are made of paper."""

    FOLD = "fold"  # A4, folded to A5
    CARD = "card"  # two cards side by side, folded to one


class _Rendered(Protocol):
    """What WeasyPrint makes of a page; it comes without types."""

    pages: list[object]

    def write_pdf(self) -> bytes:
        """Return the file."""
        ...


class CannotPrint(Exception):
    """A leaflet can't be made; the words say why."""


@dataclass(frozen=True, slots=True)
class _Paper:
    width: float  # mm, unfolded
    height: float  # mm
    margin: float  # mm, round each panel
    qr: float  # mm
    largest: float  # pt of the text; smaller where a language needs more room
    smallest: float  # pt that can still be read


_PAPERS = {
    Size.FOLD: _Paper(297, 210, 11, 45, 11.5, 7.5),
    Size.CARD: _Paper(170, 55, 4, 24, 7.5, 5),
}
_SHEETS = 2  # outside and inside
_STEP = 0.25  # pt


@dataclass(frozen=True, slots=True)
class Leaflet:
    """What one leaflet says."""

    section: Section
    unit: Unit
    language: Language
    site_name: str
    site: str  # the visitors' site: scheme and host
    now: datetime

    @property
    def host(self) -> str:
        """Return the address as people write it down."""
        return urlsplit(self.site).netloc

    def pdf(self, size: Size) -> bytes:
        """Return the print-ready file. Raises CannotPrint."""
        self._refuse_telling()
        html, paper = self._html(size), _PAPERS[size]
        points = paper.largest
        while points >= paper.smallest:
            printed = _rendered(html, paper, points)
            if len(printed.pages) == _SHEETS:
                return printed.write_pdf()
            points -= _STEP
        raise CannotPrint(f"its text does not fit a {size} in letters one can read")

    def _html(self, size: Size) -> str:
        with speaking(self.language):
            return render_template(
                "leaflets/leaflet.html",
                language=self.language,
                site_name=self.site_name,
                host=self.host,
                qr=qr_code(f"{self.site}{self.language.home}"),
                section=self.section,
                unit=self.unit.at(self.language.locale),
                is_card=size is Size.CARD,
                month=f"{self.now:%Y-%m}",
            )

    def _refuse_telling(self) -> None:
        words = telling.listed(PACKAGE, self.language.locale)
        told = telling.found(words, self.site_name)
        told |= telling.found_in_address(words, self.site)
        if told:
            raise CannotPrint(f"its outside would tell: {', '.join(sorted(told))}")


def _rendered(html: str, paper: _Paper, points: float) -> _Rendered:
    weasyprint = _printer()
    sizes = weasyprint.CSS(string=_sizes(paper, points))
    style = weasyprint.CSS(filename=str(STYLE))
    page = weasyprint.HTML(string=html, url_fetcher=_fetch_nothing)
    return cast(_Rendered, page.render(stylesheets=[style, sizes]))


def _sizes(paper: _Paper, points: float) -> str:
    return (
        f"@page {{ size: {paper.width}mm {paper.height}mm; bleed: 3mm; marks: crop }}"
        f"@page inside {{ margin: {paper.margin}mm }}"
        f"html {{ font-size: {points}pt; --height: {paper.height}mm;"
        f" --margin: {paper.margin}mm; --qr: {paper.qr}mm;"
        f" --down: {(paper.height - paper.qr) / 2 - paper.margin}mm }}"
    )


def _printer() -> ModuleType:
    # Loaded here alone: no other process needs it, nor Pango, which it stands on.
    try:
        return importlib.import_module("weasyprint")
    except OSError as error:
        raise CannotPrint("Pango is missing: apt install libpango-1.0-0") from error


def _fetch_nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a leaflet takes in nothing: {url}")
