"""What was asked, assessed, decided and done in some requests, counted in keys.

A request counts once for each value, however often it happened; a call and a child
count each for itself. What was told is not among it, nor who moved over the wall.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.asked import THE_PERSON, About, AskedRow
from intake.assessments import AssessmentRow
from intake.handover import REPORTED
from intake.life import ATTEMPTS, EventKind
from intake.models import Event, Request
from intake.topics import Mark

UNASKED, UNDECIDED = "unasked", "undecided"
# What happened in a request, in the order of a life.
HAPPENED = (
    EventKind.ANSWERED,
    EventKind.TEXTED,
    EventKind.MISSED,
    EventKind.DANGER,
    EventKind.VOICE_RECEIPT,
    EventKind.GUIDED,
    EventKind.PLAN,
    EventKind.STOP,
    EventKind.CANCELLED,
    EventKind.TAKEN_BACK,
)
# Each call counts; of the rest a value counts once in a request.
_FACTS = {
    EventKind.DISCLOSURE: ("to", "disclosed"),
    EventKind.GUIDED: ("whither", "whither"),
    EventKind.CLOSED: ("ending", "ending"),
    EventKind.HANDED_OVER: ("ground", "ground"),
    EventKind.CONSENT: ("plan", "consent"),
}
_SHOWN_MARKS = frozenset(Mark) - {Mark.MAY_BE_WHO_HURTS}
Tally = dict[str, Counter[str]]
_Row = TypeVar("_Row", AskedRow, AssessmentRow, Event)


def tallies(session: Session, requests: Iterable[Request]) -> Tally:
    """Count all of it for some requests, by the name of what is counted."""
    ids = {request.id: request for request in requests}
    told: Tally = {}
    for name, values in (
        *_asked(session, ids),
        *_assessed(session, ids),
        *_decided(session, ids),
        *_happened(session, ids),
    ):
        told.setdefault(name, Counter()).update(values)
    return told


_Named = Iterator[tuple[str, Iterable[str]]]


def _of(table: type[_Row], session: Session, ids: Collection[int]) -> list[_Row]:
    """Return the rows that belong to some requests, the oldest first."""
    if not ids:
        return []
    # Thousands of names are more than a statement takes: a year's lie close together.
    near = table.request_id.between(min(ids), max(ids))
    rows = session.scalars(select(table).where(near).order_by(table.id))
    return [row for row in rows if row.request_id in ids]


def _asked(session: Session, ids: dict[int, Request]) -> _Named:
    rows = _of(AskedRow, session, ids)
    holds = {(row.request_id, row.child, row.about): row.reply for row in rows}
    for about in About:
        hers = [holds.get((one, THE_PERSON, about), UNASKED) for one in ids]
        yield f"asked-{about}", hers
        children = [
            reply for (_, child, of), reply in holds.items() if child and of is about
        ]
        yield f"child-{about}", children


def _assessed(session: Session, ids: dict[int, Request]) -> _Named:
    rows = _of(AssessmentRow, session, ids)
    yield "method", [method for _, method in {(r.request_id, r.method) for r in rows}]
    latest = {row.request_id: row.police for row in rows}
    yield "police", latest.values()


def _decided(session: Session, ids: dict[int, Request]) -> _Named:
    reported = {
        event.request_id
        for event in _of(Event, session, ids)
        if event.kind == EventKind.CHILD.value and event.data["decision"] == REPORTED
    }
    for request in ids.values():
        if request.child_mark or request.under_18:
            # What is decided last may be about another child.
            last = request.child_decision or UNDECIDED
            yield "child", [REPORTED if request.id in reported else last]
        yield "position", [request.position] if request.position else []
        yield "marks", _SHOWN_MARKS.intersection(map(Mark, request.marks))


def _happened(session: Session, ids: dict[int, Request]) -> _Named:
    once: set[tuple[int, str, str]] = set()
    tried: Counter[int] = Counter()
    for event in _of(Event, session, ids):
        kind, data = EventKind(event.kind), event.data
        if kind is EventKind.OUTCOME:
            yield "outcome", [data["outcome"]]
            tried[event.request_id] += data["attempt"]
        if kind in HAPPENED:
            once.add((event.request_id, "happened", kind.value))
        key, name = _FACTS.get(kind, ("", ""))
        # Nothing left the house where nothing was told; nor is a no a consent.
        if data.get(key) and data.get("told", True) and data.get("given", True):
            once.add((event.request_id, name, data[key]))
    # More than three follow a person's decision, and would be too few to show alone.
    yield "attempts", [str(min(count, ATTEMPTS)) for count in tried.values() if count]
    for _, name, value in once:
        yield name, [value]
