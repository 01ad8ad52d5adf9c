"""The on-call lists, as heads of unit keep them: names, ways, order, hours (S25)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.alert_outbox import Ways
from intake.alert_tables import AlertWhen, OnCallName, OutboundAlert
from intake.alerts import names_of, on_duty
from intake.founding import holders
from intake.people import Desk, Member
from intake.queue import Desktop
from intake.tables import LOCKED
from intake.topics import Role
from intake.units import UnitKind

LOGGED = 30  # alerts that the page tells of
MOST = 20  # names on one list


@dataclass(frozen=True, slots=True)
class Entry:
    """A name to be put on a list."""

    name: str
    ways: Ways
    when: AlertWhen
    is_head: bool

    def shown(self) -> str:
        """Return enough of number and address to know them again by, and no more."""
        number, mail = self.ways.number, self.ways.mail
        parts = [f"…{number[-4:]}"] if number else []
        if mail:
            user, _, host = mail.partition("@")
            parts.append(f"{user[:1]}…@{host}"[:48])
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class OnCallList:
    """One desk's list, and the latest of what went out by it."""

    desk: Desk
    names: list[OnCallName]
    awake: list[OnCallName]  # alerted at this hour
    sent: Sequence[OutboundAlert]


def lists(desk: Desktop, now: datetime) -> list[OnCallList]:
    """Return the lists that a head may keep: of her own units, and of on-call."""
    return [
        OnCallList(
            one,
            names_of(desk.session, one.id),
            on_duty(desk.session, desk.office, one, now),
            _log(desk, one),
        )
        for one in _desks(desk)
    ]


def desk_to_keep(desk: Desktop, desk_id: int) -> Desk | None:
    """Return a desk whose list the head may keep, locked; None for another."""
    if desk_id not in {one.id for one in _desks(desk)}:
        return None
    return desk.session.get(Desk, desk_id, with_for_update=LOCKED)


def name_to_keep(desk: Desktop, name_id: int) -> OnCallName | None:
    """Return a name that the head may change, its list locked; None for another."""
    row = desk.session.get(OnCallName, name_id)
    if row is None or desk_to_keep(desk, row.desk_id) is None:
        return None
    return row


def add(desk: Desktop, to: Desk, entry: Entry) -> OnCallName:
    """Put a name at the end of a list; who keeps it never sees the number again."""
    last = select(func.max(OnCallName.place)).where(OnCallName.desk_id == to.id)
    row = OnCallName(
        desk_id=to.id,
        place=(desk.session.scalar(last) or 0) + 1,
        name=entry.name,
        when=entry.when,
        is_head=entry.is_head,
        shown=entry.shown(),
        worker_box=entry.ways.sealed(desk.office.worker_public),
    )
    desk.session.add(row)
    desk.session.flush()
    return row


def remove(desk: Desktop, row: OnCallName) -> None:
    """Take a name off its list."""
    desk.session.delete(row)
    desk.session.flush()


def move_up(desk: Desktop, row: OnCallName) -> None:
    """Let a name be alerted before the one above it."""
    names = names_of(desk.session, row.desk_id)
    index = names.index(row)
    if index:
        names.insert(index - 1, names.pop(index))
    for place, name in enumerate(names, start=1):
        name.place = place
    desk.session.flush()


def is_full(desk: Desktop, to: Desk) -> bool:
    """Say whether a list is as long as it may be."""
    return len(names_of(desk.session, to.id)) >= MOST


def naming(session: Session, member: Member) -> list[Desk]:
    """Return the desks on whose lists a name of a member's stands, as it was typed.

    Whoever keeps a list writes what she likes there, and its numbers are sealed: this
    finds most of what is to be taken off, and says nothing for sure.
    """
    hers = _words(member.working_name) | _words(member.real_name)
    listed = session.scalars(select(OnCallName).order_by(OnCallName.desk_id)).all()
    found = {row.desk for row in listed if hers & _words(row.name)}
    return sorted(found, key=lambda desk: desk.id)


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if len(word) > 1}


def _desks(desk: Desktop) -> list[Desk]:
    """Return the desks that the head holds a key to, and some that nobody else keeps.

    Those are on-call's, which is every unit's, and the other side of her unit where no
    head holds a key: a list must have somebody who keeps it.
    """
    every = desk.session.scalars(select(Desk).order_by(Desk.id)).all()
    own = _own(desk)
    units = {one.unit for one in own}
    # Another organisation's head keeps no list of the municipality's.
    inside = any(not _is(desk, key, UnitKind.EXTERNAL) for key in units)
    return [
        one
        for one in every
        if one in own
        or (inside and _is(desk, one.unit, UnitKind.ON_CALL))
        or (one.unit in units and not _has_head(desk, one))
    ]


def _own(desk: Desktop) -> list[Desk]:
    return [place.desk for place in desk.member.memberships if place.box]


def _is(desk: Desktop, unit: str, kind: UnitKind) -> bool:
    return unit in desk.office.units and desk.office.units[unit].kind is kind


def _has_head(desk: Desktop, at: Desk) -> bool:
    return any(one.role is Role.HEAD for one in holders(desk.session, at))


def _log(desk: Desktop, at: Desk) -> Sequence[OutboundAlert]:
    """Return what went out, to who holds a key: when, is told of what waits there."""
    of_on_call = _is(desk, at.unit, UnitKind.ON_CALL)
    own = _own(desk)
    cleared = at in own or (of_on_call and at.side in {one.side for one in own})
    return _sent(desk, at) if cleared else []


def _sent(desk: Desktop, at: Desk) -> Sequence[OutboundAlert]:
    newest = (
        select(OutboundAlert)
        .where(OutboundAlert.desk_id == at.id)
        .order_by(OutboundAlert.created_at.desc(), OutboundAlert.id)
        .limit(LOGGED)
    )
    return desk.session.scalars(newest).all()
