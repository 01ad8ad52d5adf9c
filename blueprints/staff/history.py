"""A request's history in words: the day and a working name, never content (S35)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from intake.consents import Giver, Plan
from intake.danger import Law, Recipient
from intake.decisions import ConflictCheck
from intake.endings import Ending, Whither
from intake.heard import Meaning
from intake.life import EventKind
from intake.messages import Delivery
from intake.models import Event, Request
from intake.outcomes import Outcome
from intake.together import JOINS, MOVES
from intake.topics import (
    Contact,
    HandOverGround,
    JoinGround,
    Mark,
    Origin,
    Position,
    Role,
    Side,
    Urgency,
)
from web.desk import clock, day, unit_name
from web.i18n import local_day
from web.labels import label, label_of

_OTHERS = (Origin.RECEIPT, Origin.SMS)  # perhaps not she (S4, S20)
_SAID = {
    ("step", "asked"): "bad en kollega",
    ("step", "approved"): "godkände en kollega",
    ("step", "broken"): "öppnade ensam, skäl antecknat",
    ("step", "reviewed"): "granskade en öppning ensam",
    ("decision", "report"): "orosanmälan gjord",
    ("decision", "none"): "ingen orosanmälan, skäl antecknat",
    ("told", "True"): "uppgifter lämnades",
    ("told", "False"): "inga uppgifter lämnades",
    ("given", "True"): "gavs",
    ("given", "False"): "togs tillbaka",
    ("taken_over", "True"): "tog över ett samtal utan utfall",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    day: date
    words: str
    detail: str
    who: str


def history(request: Request) -> list[Line]:
    """Return what happened, the latest first; the same thing said once a day."""
    # Who consults both sides is told to the access log alone: in a file that may be
    # asked for, her name would say that there is another (S31).
    every = _since_it_came(request.events)
    shown = [event for event in every if not _is_consultation(event)]
    lines = [_line(event) for event in shown]
    kept = lines[:1] + [line for before, line in pairwise(lines) if line != before]
    return kept[::-1]


def _since_it_came(events: Iterable[Event]) -> list[Event]:
    """Leave out what was joined before it came to this desk (S30, S31)."""
    moved = max((one.seq for one in events if one.kind in MOVES), default=0)
    return [e for e in events if e.seq > moved or e.kind not in JOINS]


def _is_consultation(event: Event) -> bool:
    return event.member is not None and event.member.role is Role.COORDINATOR


def _line(event: Event) -> Line:
    kind = EventKind(event.kind)
    return Line(
        day=local_day(event.at),
        words=label(kind),
        detail=", ".join(_details(kind, event.data)),
        who=event.member.working_name if event.member else "",
    )


def _details(kind: EventKind, data: Mapping[str, object]) -> Iterator[str]:
    facts = {name: str(value) for name, value in data.items() if value is not None}
    if kind is EventKind.HANDED_OVER:
        yield f"till {unit_name(facts['unit'])}"
    if kind in (EventKind.SIDE, EventKind.MARK):
        yield from _crossed(facts)
    if kind is EventKind.HEARD:
        yield from (label_of(Meaning, one) for one in facts["heard"].split(","))
        yield label(Origin.SMS)
    yield from _time(facts)
    if kind is EventKind.DECIDED:
        yield label_of(Contact, facts["contact"]).lower()
    yield from (words for fact, words in _SAID.items() if fact in facts.items())
    for name, words in _KEYS.items():
        if name in facts:
            yield label_of(words, facts[name]).lower()
    if facts.get("origin") in _OTHERS:
        yield label_of(Origin, facts["origin"])


def _time(facts: Mapping[str, str]) -> Iterator[str]:
    """Say a time that a text named, as it was read."""
    times = [datetime.fromisoformat(facts[f]) for f in ("starts", "ends") if f in facts]
    if times:
        start, end = times
        yield f"{day(start)} kl. {clock(start)}–{clock(end)}"


def _crossed(facts: Mapping[str, str]) -> Iterator[str]:
    """Say which queue it went to; never on whose account, or because of what (S30)."""
    if "mark" in facts:
        yield label_of(Mark, facts["mark"]).lower()
    yield f"till ”{label_of(Side, facts['side'])}”"
    if facts["unit"] != facts["left"]:
        yield unit_name(facts["unit"])


_KEYS = {
    "to": Recipient,
    "law": Law,
    "conflict": ConflictCheck,
    "because": JoinGround,
    "ground": HandOverGround,
    "ending": Ending,
    "whither": Whither,
    "plan": Plan,
    "giver": Giver,
    "outcome": Outcome,
    "urgency": Urgency,
    "position": Position,
    "status": Delivery,
}
