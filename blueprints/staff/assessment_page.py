"""What was asked and assessed, as a request's page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from blueprints.staff.assessment_forms import WHO
from blueprints.staff.translation import Translating, translating
from intake import guide, protection
from intake.asked import THE_PERSON, About, AskedRow, Reply, latest
from intake.assessments import AssessmentRow, assessments
from intake.models import Request
from intake.queue import Desktop
from web.i18n import local_day


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what came of it last; None was never asked."""

    about: About
    reply: Reply | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """All that stands there by now."""

    asked: dict[str, list[Question]]  # by who was asked, in words
    told: dict[guide.Asked, list[guide.Told]]  # what the call guide holds
    made: list[AssessmentRow]
    today: date
    protection_from: datetime | None  # since when a child's assessment goes on (S27)
    protection_missing: bool
    translation: Translating | None  # of foreign text (S45)

    def who(self, child: int) -> str:
        """Return who a number stands for."""
        return WHO[str(child)]


def known(desk: Desktop, request: Request, now: datetime) -> Known:
    """Gather what was asked and assessed."""
    asked = _asked(latest(desk.session, request))
    made = assessments(desk.session, request)
    route = translating(desk, request, now)
    begun = protection.begun_at(desk.session, request)
    missing = protection.is_missing(desk.session, request)
    told, today = guide.told(desk, request), local_day(now)
    return Known(asked, told, made, today, begun, missing, route)


def _asked(rows: list[AskedRow]) -> dict[str, list[Question]]:
    """Return both questions of each; the person stands there unasked too (S26)."""
    found = {(row.child, row.about): row for row in rows}
    people = sorted({THE_PERSON, *(row.child for row in rows)})
    return {
        WHO[str(child)]: [
            _question(found.get((child, about)), about) for about in About
        ]
        for child in people
    }


def _question(row: AskedRow | None, about: About) -> Question:
    return Question(about, row.reply, row.asked_on) if row else Question(about)
