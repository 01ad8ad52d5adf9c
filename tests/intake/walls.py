"""Requests at the wall: who holds one, who sees it, and the ways across (S30)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake import access, founding, queue, sides
from intake.access import SignedIn
from intake.keyring import desk_of
from intake.models import Event, Request
from intake.queue import Desktop
from intake.topics import (
    Audience,
    Mark,
    Position,
    Side,
    Urgency,
)
from tests.factories import Bureau

USES = Audience.USES_VIOLENCE
MAY = Mark.MAY_BE_WHO_HURTS
WHY = "Han säger att det är han som slår."


@dataclass
class Held:
    """A request, a member who can open it, and everybody's view of it."""

    bureau: Bureau
    session: Session
    desk: Desktop
    request: Request

    def correct(self, reason: str = WHY, avoid_read: bool = False) -> None:
        """Put it on the other side, as its holder."""
        side, now = sides.other(self.request), self.bureau.clock()
        sides.correct_side(self.desk, self.request, side, reason, now, avoid_read)

    def mark(self, avoid_read: bool = False) -> None:
        now = self.bureau.clock()
        sides.mark_may_hurt(self.desk, self.request, now, avoid_read)

    def find_to_be(self, position: Position | None, reason: str = "") -> bool:
        now, marks = self.bureau.clock(), [Mark.HONOUR]
        return sides.set_position(self.desk, self.request, position, marks, now, reason)

    def desks(self) -> set[tuple[str, Side]]:
        return {(key.desk.unit, key.desk.side) for key in self.request.keys}

    def sees(self, login: str) -> bool:
        member = self.bureau.member(self.session, login)
        return bool(queue.find(self.session, member.id, self.request.reference))

    def last(self) -> Event:
        self.session.expire(self.request, ["events"])
        return self.request.events[-1]

    def shut(self, unit: str, side: Side) -> None:
        """Let fewer than two active members be able to open a desk."""
        desk = desk_of(self.session, unit, side)
        founding.holders(self.session, desk)[0].active = False
        self.session.flush()

    def let_in(self, login: str, unit: str, side: Side, by: str) -> None:
        """Give a member a place at one more desk."""
        member, now = self.bureau.member(self.session, login), self.bureau.clock()
        place = founding.ask(self.session, member, unit, side, now)
        by_desk = self.bureau.desk(self.session, by)
        access.approve(place, SignedIn(by_desk.member, by_desk.keyring.pair), now)


def sit(bureau: Bureau, session: Session, login: str, reference: str) -> Held:
    desk, request = bureau.desk(session, login), bureau.request(session, reference)
    return Held(bureau, session, desk, request)


def hold(bureau: Bureau, session: Session, login: str, reference: str) -> Held:
    """Let a member read it, and take it where nobody else has it."""
    held = sit(bureau, session, login, reference)
    least = Urgency.of(held.request.danger)
    queue.first_reading(held.desk, held.request, least, bureau.clock())
    queue.claim(held.desk, held.request, bureau.clock())
    return held


def place_at(held: Held, unit: str, login: str) -> object:
    """Return a member's place at a unit's desk for who hurts."""
    desk = desk_of(held.session, unit, Side.HURTS)
    member = held.bureau.member(held.session, login)
    return next(place for place in member.memberships if place.desk_id == desk.id)
