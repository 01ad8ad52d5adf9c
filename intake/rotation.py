"""Turning a desk's key: a new pair for all that comes, and what lies there sealed anew.

First, in one transaction, the desk gets a new pair: sealed to its holders and to the
recovery key on paper, and the former pair sealed to the new one. From then on nothing
is sealed to the former. What it had is sealed anew in batches, each a transaction of
its own, by any member who holds the key; one that is killed has changed nothing, and
the next goes on where the last ended. All the while every request can be opened.
When nothing is sealed to a former pair any more, it is shredded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.errors import NotAllowed, SealBroken
from intake.founding import holders
from intake.messages import OutboundMail
from intake.models import RequestKey
from intake.people import Desk, FormerKey, Member, Membership
from intake.queue import Desktop
from intake.staff_log import StaffAct, record
from intake.tables import LOCKED
from intake.topics import Role
from intake.vault import KeyPair, seal, unseal

BATCH = 1000  # boxes; about half a second, in which SQLite lets nobody else write
OPENS_WITH_NONE = 0  # the generation of a box that no key of the desk opens


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a turn has come: boxes that wait, and those that no key opened."""

    left: int
    unopened: int


def begin(
    desk: Desktop, at: Desk, seen: int, now: datetime, paper: bytes | None = None
) -> None:
    """Give a desk a new key pair; `seen` is the generation that the member saw.

    With the public half of a new recovery key the desk goes over to that one.
    Raises NotAllowed when it was turned since, or is another's to turn, and SealBroken
    when the member holds no key to it.
    """
    session = desk.session
    _hold_places(session, at)
    session.refresh(at, with_for_update=LOCKED)
    if at.generation != seen:
        raise NotAllowed("key-turned")  # two who press at once turn it once
    if desk.member not in whose(session, at):
        raise NotAllowed("key-anothers")
    old, new = desk.keyring.desk_pair(at.id), KeyPair.generate()
    if old.public != at.public_key:
        raise SealBroken("the desk's public key is not that of its holders")
    for former in _formers(session, at):
        former.box = seal(unseal(former.box, old), new.public)
    box = seal(old.secret, new.public)
    session.add(FormerKey(desk_id=at.id, generation=at.generation, box=box))
    at.recovery_public = paper or at.recovery_public
    _dress(session, at, new, now)
    _log(desk, at, StaffAct.TURN_BEGUN, now)


def renew_paper(desk: Desktop, at: Desk, seen: int, now: datetime) -> bytes:
    """Turn a desk's key together with its recovery key; return the new one's secret.

    It is stored nowhere, and the unit is told. What is on the old paper opens nothing
    of this database any more once the turn has ended, and nothing that comes from now
    on. Raises NotAllowed and SealBroken as `begin`; it takes a head.
    """
    # Who is no head would go on to hold what she leaves behind when she goes.
    if desk.member.role is not Role.HEAD:
        raise NotAllowed("paper-heads")
    paper = KeyPair.generate()
    begin(desk, at, seen, now, paper.public)
    _log(desk, at, StaffAct.PAPER, now)
    desk.session.add(OutboundMail(unit=at.unit, urgent=True, next_try_at=now))
    desk.session.flush()
    return paper.secret


def go_on(desk: Desktop, at: Desk, now: datetime, most: int = BATCH) -> Progress:
    """Seal so many boxes anew; the last batch ends the turn. Raises SealBroken."""
    session = desk.session
    # Shared: requests go on arriving, while nobody turns the key once more.
    session.refresh(at, with_for_update={"read": True})
    pair, formers = desk.keyring.desk_pair(at.id), _formers(session, at)
    pairs = {
        former.generation: KeyPair.from_secret(unseal(former.box, pair))
        for former in formers
    }
    for row in _batch(session, at, most):
        _renew(row, at, pairs[row.generation])
    session.flush()
    come = progress(session, at)
    if formers and not come.left:
        for former in formers:
            session.delete(former)
        _log(desk, at, StaffAct.TURNED, now)
    return come


def is_on(session: Session, at: Desk) -> bool:
    """Say whether a desk's key is being turned."""
    return bool(_formers(session, at))


def progress(session: Session, at: Desk) -> Progress:
    """Return how far a desk's turn has come."""
    rows = (
        select(RequestKey.generation, func.count())
        .where(RequestKey.desk_id == at.id, RequestKey.generation < at.generation)
        .group_by(RequestKey.generation)
    )
    counted = dict(session.execute(rows).all())
    unopened = counted.pop(OPENS_WITH_NONE, 0)
    return Progress(sum(counted.values()), unopened)


def whose(session: Session, at: Desk) -> list[Member]:
    """Return who turns a desk's key: its heads of unit; where none holds it, anybody.

    Any holder may go on with a turn that was begun.
    """
    every = sorted(holders(session, at), key=lambda member: member.working_name)
    return [one for one in every if one.role is Role.HEAD] or every


def _hold_places(session: Session, at: Desk) -> None:
    """Let nobody's place or key change; who ends a place locks it before the desk."""
    places = select(Membership).where(Membership.desk_id == at.id)
    ordered = places.order_by(Membership.member_id).with_for_update()
    session.execute(ordered.execution_options(populate_existing=True)).all()


def _dress(session: Session, at: Desk, new: KeyPair, now: datetime) -> None:
    """Put the new pair in place, for the desk, its holders and the recovery key."""
    at.public_key, at.generation = new.public, at.generation + 1
    at.recovery_box = seal(new.secret, at.recovery_public)
    at.turned_at, at.owed_since = now, None
    places = select(Membership, Member.public_key, Member.active).join(
        Member, Member.id == Membership.member_id
    )
    held = places.where(Membership.desk_id == at.id, Membership.box.is_not(None))
    for place, public, active in session.execute(held).all():
        place.box = seal(new.secret, public) if public and active else None
    session.flush()


def _formers(session: Session, at: Desk) -> Sequence[FormerKey]:
    held = select(FormerKey).where(FormerKey.desk_id == at.id)
    ordered = held.order_by(FormerKey.generation)
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def _batch(session: Session, at: Desk, most: int) -> Sequence[RequestKey]:
    waiting = (
        select(RequestKey)
        .where(
            RequestKey.desk_id == at.id,
            RequestKey.generation < at.generation,
            RequestKey.generation > OPENS_WITH_NONE,
        )
        .order_by(RequestKey.request_id)
        .limit(most)
        # What is being handed over is left alone: it may be gone, or comes next time.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(waiting).all()


def _renew(row: RequestKey, at: Desk, pair: KeyPair) -> None:
    try:
        row.box = seal(unseal(row.box, pair), at.public_key)
    except SealBroken:
        # Changed by somebody: it is counted, and holds up none of the others.
        row.generation = OPENS_WITH_NONE
    else:
        row.generation = at.generation


def _log(desk: Desktop, at: Desk, act: StaffAct, now: datetime) -> None:
    signer, actor = desk.office.signer, desk.member.id
    record(desk.session, signer, act, now, actor_id=actor, desk_id=at.id)
