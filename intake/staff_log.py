"""Who got which access and which desk's key, who lost it, and by whom: one chain.

It holds no name and no content, and is signed as the events of requests are, so that
what is changed or cut out shows. `flask log verify` reads it too.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from intake.chains import misfit
from intake.life import Signer
from intake.people import Desk, Installation, Member
from intake.tables import Base, key


class StaffAct(StrEnum):
    """What can happen to who may come in, as what, and hold which key."""

    INVITED = "invited"
    RESET = "reset"  # all that she came in with ended; she got a new link
    PLACE_GIVEN = "place-given"  # she waits there for a colleague
    ROLE_STAFF = "role-staff"
    ROLE_HEAD = "role-head"
    ROLE_ADMINISTRATOR = "role-administrator"
    ROLE_ANALYST = "role-analyst"
    ROLE_COORDINATOR = "role-coordinator"
    CHILDREN = "children"  # she may take children's own requests
    CHILDREN_NOT = "children-not"
    KEY_PERSON = "key-person"
    KEY_PERSON_NOT = "key-person-not"
    LET_IN = "let-in"  # a colleague sealed the desk's key to her
    RECOVERED = "recovered"  # she got it by the recovery key on paper
    PLACE_ENDED = "place-ended"
    LEFT = "left"  # all her places ended, and she can't come in
    PAPER = "paper"  # the desk has a recovery key of its own from here on
    TURN_BEGUN = "turn-begun"
    TURNED = "turned"  # nothing is sealed to an earlier key any more


class StaffEvent(Base):
    """One act. Where nobody is named who did it, it was a command on the server."""

    __tablename__ = "staff_events"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    act: Mapped[StaffAct] = mapped_column(key(StaffAct))
    signer: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    mac: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One act as the page tells it, by working names (S35), "" for nobody."""

    at: datetime
    act: StaffAct
    actor: str
    member: str
    unit: str
    side: str


def record(
    session: Session,
    signer: Signer,
    act: StaffAct,
    now: datetime,
    actor_id: int | None = None,
    member_id: int | None = None,
    desk_id: int | None = None,
) -> None:
    """Append an act to the chain."""
    session.flush()
    # One after the other: two who append at once would follow the same act.
    session.execute(select(Installation.id).with_for_update())
    newest = select(StaffEvent).order_by(StaffEvent.seq.desc()).limit(1)
    last = session.scalars(newest).first()
    event = StaffEvent(
        seq=last.seq + 1 if last else 1,
        at=now,
        act=act,
        signer=signer.name,
        actor_id=actor_id,
        member_id=member_id,
        desk_id=desk_id,
    )
    event.mac = _mac(event, last.mac if last else b"", signer.key)
    session.add(event)
    session.flush()


def chain(session: Session) -> Sequence[StaffEvent]:
    """Return every act, the oldest first."""
    return session.scalars(select(StaffEvent).order_by(StaffEvent.seq)).all()


def broken_at(events: Iterable[StaffEvent], keys: Mapping[str, bytes]) -> int | None:
    """Return the number of the first act that does not fit its chain, if any."""
    return misfit(events, keys, _mac)


def newest(session: Session, desk_ids: Iterable[int], most: int) -> list[StaffLine]:
    """Return the latest acts at some desks, the newest first."""
    at = StaffEvent.desk_id.in_(set(desk_ids))
    return _lines(session, select(StaffEvent).where(at), most)


def latest(session: Session, most: int) -> list[StaffLine]:
    """Return the latest acts at every desk and at none, the newest first."""
    return _lines(session, select(StaffEvent), most)


def _lines(session: Session, some: Select[StaffEvent], most: int) -> list[StaffLine]:
    actor, member = aliased(Member), aliased(Member)
    found = (
        some.add_columns(actor.working_name, member.working_name, Desk)
        .outerjoin(Desk, Desk.id == StaffEvent.desk_id)
        .outerjoin(actor, actor.id == StaffEvent.actor_id)
        .outerjoin(member, member.id == StaffEvent.member_id)
        .order_by(StaffEvent.seq.desc())
        .limit(most)
    )
    return [
        StaffLine(
            event.at,
            event.act,
            by or "",
            whom or "",
            at.unit if at else "",
            at.side if at else "",
        )
        for event, by, whom, at in session.execute(found)
    ]


def _mac(event: StaffEvent, previous: bytes, key: bytes) -> bytes:
    facts = [
        "staff",
        event.seq,
        event.at.isoformat(),
        event.act,
        event.signer,
        event.actor_id,
        event.member_id,
        event.desk_id,
        previous.hex(),
    ]
    return hmac.digest(key, json.dumps(facts).encode(), "sha256")
