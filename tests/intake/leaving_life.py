"""Members leave and come in a bureau that lives at random, and keys are turned."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import access, departures, founding, queue, rotation
from intake.access import SignedIn
from intake.models import Request, RequestKey
from intake.people import Desk, FormerKey, Member, Membership, UnitRecord
from intake.topics import Half, Role, Side
from intake.vault import KeyPair, seal, unseal
from tests.factories import Bureau
from tests.intake.one_life import Life
from web.demo import PASSWORD

MOST = 3  # who leave before somebody comes: some desk is soon left to nobody
PART = 3  # boxes a batch, so that most turns last for many acts


@dataclass(frozen=True, slots=True)
class Gone:
    """Whose places are free."""

    role: Role
    places: list[tuple[str, Side]]


@dataclass
class Keys:
    """The units' papers, who is there, and whose places are free."""

    life: Life
    papers: dict[str, KeyPair] = field(default_factory=dict)
    gone: list[Gone] = field(default_factory=list)
    came: int = 0

    def __post_init__(self) -> None:
        """Print each unit's recovery key anew: the bureau threw the first away."""
        with self.life.bureau.writing() as session:
            for unit in session.scalars(select(UnitRecord)):
                self.papers[unit.key] = KeyPair.generate()
            for at in session.scalars(select(Desk)):
                desk = self._sit(session, founding.holders(session, at)[0])
                secret = desk.keyring.desk_pair(at.id).secret
                at.recovery_public = self.papers[at.unit].public
                at.recovery_box = seal(secret, at.recovery_public)

    @property
    def bureau(self) -> Bureau:
        return self.life.bureau

    def leave(self, login: str) -> None:
        """Let a member go, unless too many went already."""
        if len(self.gone) >= MOST:
            return
        with self.life.trying() as session:
            member, now = self.bureau.member(session, login), self.bureau.clock()
            places = [(p.desk.unit, p.desk.side) for p in member.memberships]
            gone = Gone(member.role, places)
            departures.leave(session, self.bureau.office.signer, member, now)
            self.gone.append(gone)
            self.life.logins.remove(login)
        self.check()

    def come(self) -> None:
        """Let somebody new take the places of who left first; by paper if need be."""
        if not self.gone:
            return
        gone, now = self.gone.pop(0), self.bureau.clock()
        self.came += 1
        login = f"ny{self.came}"
        with self.bureau.writing() as session:
            names = (login, "Ny", "Ny Påhittad")
            member = founding.add_member(session, *names, gone.role, gone.places, now)
            pair = self.bureau.pairs[login] = KeyPair.generate()
            access.set_password(member, PASSWORD, pair)
            for place in member.memberships:
                self._let_in(session, place)
            self.life.logins.append(login)
        self.check()

    def turn(self, login: str) -> None:
        """Turn the key of every desk whose it is hers to turn."""
        for desk_id in self._held(login):
            with self.life.trying() as session:
                desk, now = self.bureau.desk(session, login), self.bureau.clock()
                at = session.get_one(Desk, desk_id)
                rotation.begin(desk, at, at.generation, now)
        self.check()

    def go_on(self, login: str) -> None:
        """Take a step at each of her desks."""
        for desk_id in self._held(login):
            with self.bureau.writing() as session:
                desk, now = self.bureau.desk(session, login), self.bureau.clock()
                rotation.go_on(desk, session.get_one(Desk, desk_id), now, PART)
        self.check()

    def check(self) -> None:
        """Every seal opens by paper, and all that a member may see by her own key."""
        with self.bureau.writing() as session:
            for request in session.scalars(select(Request)):
                for key in request.keys:
                    assert self._by_paper(session, key) == _public(request, key.half)
            for login in self.life.logins:
                desk = self._sit(session, self.bureau.member(session, login))
                for request in session.scalars(queue.visible(desk.member.id)):
                    for half in Half:
                        pair = desk.keyring.content_pair(request, half)
                        assert pair.public == _public(request, half)

    def _by_paper(self, session: Session, key: RequestKey) -> bytes:
        """Return the public half of what the unit's paper opens of a request."""
        pair = self.papers[key.desk.unit]
        former = session.get(FormerKey, (key.desk_id, key.generation))
        steps = [key.desk.recovery_box, former.box if former else b"", key.box]
        for box in filter(None, steps):
            pair = KeyPair.from_secret(unseal(box, pair))
        return pair.public

    def _let_in(self, session: Session, place: Membership) -> None:
        now, there = self.bureau.clock(), founding.holders(session, place.desk)
        if there:
            pair = self.bureau.pairs[there[0].login]
            access.approve(place, SignedIn(there[0], pair), now)
        else:
            secret = self.papers[place.desk.unit].secret
            signer = self.bureau.office.signer
            founding.recover(session, signer, [place], secret, now)

    def _held(self, login: str) -> list[int]:
        with self.bureau.writing() as session:
            places = self.bureau.member(session, login).memberships
            return [place.desk_id for place in places if place.box]

    def _sit(self, session: Session, member: Member) -> queue.Desktop:
        return self.bureau.desk(session, member.login)


def _public(request: Request, half: Half) -> bytes:
    account = half is Half.ACCOUNT
    return request.account_public if account else request.answer_public
