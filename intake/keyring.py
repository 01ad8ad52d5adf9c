"""From a member's own key to the texts that she may open, and to no other."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from intake.errors import NoDesk, SealBroken
from intake.models import Envelope, Request, RequestKey
from intake.people import Desk, FormerKey, Membership
from intake.topics import Half
from intake.vault import KeyPair, seal, unseal, unseal_text


@dataclass(frozen=True, slots=True)
class Keyring:
    """A signed-in member's way to content keys: her pair, her desks, their requests."""

    session: Session
    member_id: int
    pair: KeyPair

    def desk_pair(self, desk_id: int) -> KeyPair:
        """Return a desk's key pair. Raises SealBroken when she holds no key to it."""
        # Looked up anew each time: who loses a place loses it with the next page.
        place = self.session.get(Membership, (self.member_id, desk_id))
        if place is None or place.box is None:
            raise SealBroken("the member holds no key to this desk")
        return KeyPair.from_secret(unseal(place.box, self.pair))

    def content_pair(self, request: Request, half: Half) -> KeyPair:
        """Return a content key pair of a request. Raises SealBroken."""
        # Joined by her own places: a key for another desk is not even read. In one
        # question, for the desk's key may be turned between two.
        found = self.session.execute(
            select(RequestKey.box, Membership.box, FormerKey.box)
            .join(Membership, Membership.desk_id == RequestKey.desk_id)
            .outerjoin(
                FormerKey,
                and_(
                    FormerKey.desk_id == RequestKey.desk_id,
                    FormerKey.generation == RequestKey.generation,
                ),
            )
            .where(
                RequestKey.request_id == request.id,
                RequestKey.half == half,
                Membership.member_id == self.member_id,
                Membership.box.is_not(None),
            )
        ).first()
        if found is None:
            raise SealBroken("the member holds no key to this request")
        box, place, former = found
        pair = self.pair
        # While a key is turned, the new one opens the one before (intake/rotation.py).
        for step in filter(None, (place, former, box)):
            pair = KeyPair.from_secret(unseal(step, pair))
        return pair

    def text(self, envelope: Envelope) -> str:
        """Open one envelope. Raises SealBroken."""
        pair = self.content_pair(envelope.request, Half.of(envelope.kind))
        return unseal_text(envelope.box, pair)


def desk_of(session: Session, unit: str, side: str) -> Desk:
    """Return a unit's desk for a side. Raises NoDesk."""
    desk = session.scalars(
        select(Desk).where(Desk.unit == unit, Desk.side == side)
    ).first()
    if desk is None:
        raise NoDesk(f"unit {unit} has no desk for the side {side}")
    return desk


def give_keys(
    session: Session,
    request: Request,
    desks: Iterable[Desk],
    pairs: dict[Half, KeyPair],
) -> None:
    """Seal both secret halves to desks, unless they have them already."""
    # In one order, so that two who seal to the same desks never wait for each other.
    for desk in sorted(desks, key=lambda one: one.id):
        # Its key as it stands, until this is committed: what is sealed to one that is
        # turned away meanwhile could not be opened by anybody.
        session.refresh(desk, ["public_key", "generation"], {"read": True})
        for half, pair in pairs.items():
            if session.get(RequestKey, (request.id, desk.id, half)) is None:
                session.add(
                    RequestKey(
                        request_id=request.id,
                        desk_id=desk.id,
                        half=half,
                        generation=desk.generation,
                        box=seal(pair.secret, desk.public_key),
                    )
                )
    session.flush()
