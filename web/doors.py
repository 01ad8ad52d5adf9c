"""The doors on the municipality's own page: a button that opens a frame, and a link.

The snippet asks nothing of anybody before it is pressed. Its script opens the site in a
frame; without it the same form is sent to `/`, which shows the first document.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from web.headers import csp_hash
from web.i18n import Language, _, speaking
from web.inlined import inlined
from web.settings import ROOT

_SOURCE: Path = ROOT / "static" / "door.js"
_TEXT = re.compile(r"('[^']*')")
_LOOSE = re.compile(r"\s*([=!<>&|+?:;,{}()\[\]]+) *")
_FORM = Markup(
    '<form data-door="{leave}" data-to="{to}" method="post" action="{site}/"'
    ' lang="{code}" dir="{direction}"><button>{name}</button></form>'
)


def tightened(script: str) -> str:
    """Return a script without the spaces that only people need; texts keep theirs."""
    parts = _TEXT.split(script)
    return "".join(
        part if part.startswith("'") else _LOOSE.sub(r"\1", part) for part in parts
    )


SCRIPT = tightened(inlined(_SOURCE))


@dataclass(frozen=True, slots=True)
class Door:
    """What is pasted into a page of the municipality's, in one language."""

    language: Language
    site: str  # the visitors' site: scheme and host
    name: str  # the neutral name, which is all that the page shows of it
    target: str  # where Leave leads

    @property
    def form(self) -> Markup:
        """Return the button; without the script it sends an empty form."""
        with speaking(self.language):
            leave = _("Leave quickly")
        return _FORM.format(
            leave=leave,
            to=self.target,
            site=self.site,
            code=self.language.code,
            direction=self.language.direction,
            name=self.name,
        )

    @property
    def snippet(self) -> Markup:
        """Return the button with its script, which is the same in every language."""
        script = Markup(SCRIPT)  # noqa: S704  # our own file
        return self.form + Markup("<script>{}</script>").format(script)

    @property
    def link(self) -> Markup:
        """Return the plain link, for pages that take neither script nor form."""
        return Markup('<a href="{}" rel="noreferrer" lang="{}" dir="{}">{}</a>').format(
            self.site + self.language.home,
            *(self.language.code, self.language.direction, self.name),
        )


def policy(site: str) -> str:
    """Return what a Content-Security-Policy of the page must allow for the button."""
    return f"script-src {csp_hash(SCRIPT)}; frame-src {site}; form-action {site}"
