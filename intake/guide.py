"""What is asked in a call, question by question: sealed, and no form of it filled in.

What is asked of who uses violence is sealed in the same way, and stays in that file.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.envelopes import put
from intake.errors import NotAllowed
from intake.life import EventKind
from intake.models import Request
from intake.queue import Desktop, hold, note
from intake.topics import Kind, Origin, Position, Side


class Question(StrEnum):
    """The call guide, in the order in which a call goes."""

    ACUTE = "acute"
    EXTENT = "extent"
    CONSEQUENCES = "consequences"
    NETWORK = "network"
    PARENTING = "parenting"
    SOON = "soon"
    LATER = "later"


class OfWhoUses(StrEnum):
    """What is weighed of a person who uses violence."""

    MINOR = "minor"
    CULTURE = "culture"
    DISABILITY = "disability"
    LIBERTY = "liberty"
    RECEPTIVE = "receptive"
    RELAPSE = "relapse"


Asked = Question | OfWhoUses


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, as it was put down on a day by a member."""

    question: Asked
    text: str
    at: datetime
    author: str  # a working name


def uses_violence(request: Request) -> bool:
    """Say whether the person uses violence, by the door or by our judgement."""
    by_position = request.position is Position.USES_VIOLENCE
    return by_position or request.side is Side.HURTS


def write_guide(
    desk: Desktop, request: Request, answers: Mapping[Asked, str], now: datetime
) -> None:
    """Seal what was answered; what stands there from before stays beside it.

    Raises NotHeld, and NotAllowed for nothing, or for questions about who uses
    violence where nobody is known to.
    """
    hold(desk, request, now)
    told = {asked.value: text for asked, text in answers.items() if text.strip()}
    if not told:
        raise NotAllowed("nothing-said")
    if set(told) & set(OfWhoUses) and not uses_violence(request):
        raise NotAllowed("not-of-who-uses")
    paper, author = json.dumps(told), desk.member.id
    put(desk.session, request, Kind.GUIDE, paper, Origin.STAFF, now, author)
    note(desk, request, EventKind.GUIDE, now)


def told(desk: Desktop, request: Request) -> dict[Asked, list[Told]]:
    """Open every answer, by its question, the oldest first. Raises SealBroken."""
    order: tuple[Asked, ...] = (*Question, *OfWhoUses)
    every = list(_opened(desk, request))
    found = {one: [told for told in every if told.question is one] for one in order}
    return {question: answers for question, answers in found.items() if answers}


def _opened(desk: Desktop, request: Request) -> Iterator[Told]:
    for one in request.envelopes:
        if one.kind is Kind.GUIDE:
            author = one.author.working_name if one.author else ""
            for name, text in json.loads(desk.keyring.text(one)).items():
                yield Told(_question(name), text, one.at, author)


def _question(name: str) -> Asked:
    return Question(name) if name in set(Question) else OfWhoUses(name)
