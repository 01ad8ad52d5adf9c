"""The frame around every visitor page: its style, its script, its language."""

from pathlib import Path
from typing import Any

from flask import Flask, abort

from intake.numbers import readable
from intake.units import Municipality
from web.document import UNSAID, Shell
from web.environment import SmsCarrier
from web.i18n import current_language, known
from web.inlined import inlined, inlined_short
from web.library import library
from web.settings import ROOT, Settings
from web.wiring import now

_STATIC: Path = ROOT / "static"
STYLE = inlined(_STATIC / "site.css")
FORM_STYLE = inlined(_STATIC / "forms.css")
SCRIPT = inlined_short(_STATIC / "leave.js")


def init(app: Flask, settings: Settings, municipality: Municipality) -> None:
    """Give templates what the frame needs, and refuse languages that are not shown."""
    spoken = known(settings.languages)
    shell = Shell(STYLE, FORM_STYLE, SCRIPT, spoken, municipality, settings)

    @app.context_processor
    def frame() -> dict[str, Any]:
        # Whoever meets an error must still see where a person answers.
        unit = library().unit(UNSAID, now())
        said = shell.variables(current_language())
        return {**said, "unit": unit, "texting": texting(settings)}

    @app.url_value_preprocessor
    def know_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        wanted = (values or {}).get("lang")
        if wanted is not None and wanted not in {one.code for one in shell.languages}:
            abort(404)


def texting(settings: Settings) -> tuple[str, ...]:
    """Return the number to text, in E.164 and as people write it; () where none is."""
    if settings.sms_gateway is SmsCarrier.OFF or not settings.sms_number:
        return ()
    return settings.sms_number, readable(settings.sms_number)
