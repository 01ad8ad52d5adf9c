"""What the yearly figures count, in words."""

from dataclasses import dataclass
from enum import StrEnum

from intake.asked import Reply
from intake.assessments import Method, Police
from intake.consents import Plan
from intake.danger import Recipient
from intake.endings import Ending, Whither
from intake.life import ATTEMPTS, EventKind
from intake.outcomes import Outcome
from intake.statistics import Figure
from intake.tallies import UNASKED, UNDECIDED
from intake.topics import (
    Audience,
    Channel,
    HandOverGround,
    Mark,
    Position,
    State,
)
from web.desk import language_name, unit_name
from web.labels import label

_APART = {
    UNASKED: "Inte frågat",
    UNDECIDED: "Inte beslutat än",
    "report": "Orosanmälan gjord",
    "none": "Ingen orosanmälan, skäl antecknat",
    "1": "Ett",
    "2": "Två",
    str(ATTEMPTS): "Tre eller fler",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A table's heading, and what each of its counts counts."""

    words: str
    kind: type[StrEnum] | None = None
    counts: str = "Ärenden"


HEADINGS = {
    "unit": Heading("Enhet"),
    "audience": Heading("Den som hörde av sig", Audience),
    "channel": Heading("Väg in", Channel),
    "language": Heading("Språk"),
    "state": Heading("Läge", State),
    "position": Heading("Roll, som vi bedömer den", Position),
    "marks": Heading("Märkning", Mark),
    "asked-exposed": Heading("Frågat personen: utsatt för våld", Reply),
    "asked-using": Heading("Frågat personen: använder våld", Reply),
    "child-exposed": Heading("Frågat barnet: utsatt för våld", Reply, "Barn"),
    "child-using": Heading("Frågat barnet: använder våld", Reply, "Barn"),
    "child": Heading("Beslut för barn"),
    "method": Heading("Bedömning gjord, efter metod", Method),
    "police": Heading("Samtycke till utbyte med polisen", Police),
    "disclosed": Heading("Uppgifter lämnade vid fara för liv", Recipient),
    "outcome": Heading("Vad samtalen ledde till", Outcome, "Samtal"),
    "attempts": Heading("Försök att ringa utan svar"),
    "happened": Heading("Hände minst en gång i ärendet", EventKind),
    "whither": Heading("Hänvisad vidare, vart", Whither),
    "consent": Heading("Samtycke till samordning", Plan),
    "ground": Heading("Överlämnat, på vilken grund", HandOverGround),
    "ending": Heading("Hur det slutade", Ending),
}


def name(figure: Figure) -> str:
    """Return what a figure counts, in words."""
    if figure.by == "unit":
        return unit_name(figure.value)
    if figure.by == "language":
        return language_name(figure.value)
    kind = HEADINGS[figure.by].kind
    if kind is None or figure.value in _APART:
        return _APART[figure.value]
    return label(kind(figure.value))
