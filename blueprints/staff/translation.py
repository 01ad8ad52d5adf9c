"""The approved way to a translation, beside foreign text, with its time (S45)."""

from dataclasses import dataclass
from datetime import datetime

from intake.models import Request
from intake.queue import Desktop
from intake.units import HOME_LOCALE, TranslationRoute
from web.wiring import wired


@dataclass(frozen=True, slots=True)
class Translating:
    """The route, and whether what is ordered now is there before the answer is due."""

    route: TranslationRoute | None
    ready: datetime
    late: bool


def translating(desk: Desktop, request: Request, now: datetime) -> Translating | None:
    """Return what holds for a request in another language; None for Swedish."""
    if request.language.split("-")[0] == HOME_LOCALE:
        return None
    route = wired().municipality.translation
    minutes = route.minutes if route else 0
    calendar = desk.office.units[request.unit].calendar
    # Counted in open minutes, as the due time is: nobody translates at night.
    ready = calendar.open_minutes_after(now, minutes)
    due = request.answer_due_at
    return Translating(route, ready, due is not None and ready > due)
