"""The call guide, and what is weighed of who uses violence: one field a question."""

from collections.abc import Iterable

from wtforms import TextAreaField
from wtforms.validators import Optional

from blueprints.staff.forms import DeskForm, fits
from intake.guide import Asked, OfWhoUses, Question
from web.labels import label

_NOTHING = "Skriv något i minst ett av fälten."


def _field(question: Asked, hint: str = "") -> TextAreaField:
    return TextAreaField(label(question), [Optional(), fits], description=hint)


class _Guide(DeskForm):
    asks: Iterable[Asked]

    def answers(self) -> dict[Asked, str]:
        """Return what was written, by question."""
        said = {question: self[question.value].data or "" for question in self.asks}
        return {question: text for question, text in said.items() if text}

    def validate_on_submit(self, extra_validators: object = None) -> bool:
        """Say whether it was sent with an answer at least, and none too long."""
        if not super().validate_on_submit():
            return False
        if not self.answers():
            first = next(iter(self.asks))
            self[first.value].errors = [_NOTHING]
        return bool(self.answers())


class GuideForm(_Guide):
    """The call guide."""

    asks = Question
    acute = _field(Question.ACUTE, "Är personen, eller ett barn, i säkerhet i natt?")
    extent = _field(Question.EXTENT, "Vad, hur ofta, sedan när, av vem eller vilka.")
    consequences = _field(Question.CONSEQUENCES, "Kropp, sömn, arbete, pengar, hem.")
    network = _field(Question.NETWORK, "Vem vet? Vem är trygg att ta hjälp av?")
    parenting = _field(Question.PARENTING, "Barnens läge. Inga namn.")
    soon = _field(Question.SOON, "Det som personen själv vill ha hjälp med först.")
    later = _field(Question.LATER)


class OfWhoUsesForm(_Guide):
    """What is weighed of a person who uses violence."""

    asks = OfWhoUses
    minor = _field(OfWhoUses.MINOR, "Ja: gör en orosanmälan, också utan namn.")
    culture = _field(OfWhoUses.CULTURE)
    disability = _field(OfWhoUses.DISABILITY)
    liberty = _field(OfWhoUses.LIBERTY, "Frihet, häkte, anstalt; kontaktförbud.")
    receptive = _field(OfWhoUses.RECEPTIVE)
    relapse = _field(OfWhoUses.RELAPSE, "Inget poängtal: vad du bygger det på.")
