"""The demonstration: made-up members and requests, the same cast every time."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import access, founding
from intake.keyring import Keyring
from intake.line_tests import Line, record_test
from intake.office import Office
from intake.people import Desk, Member, UnitRecord
from intake.queue import Desktop
from intake.receipts import Peppers
from intake.topics import Role, Side
from intake.vault import KeyPair, lock

PASSWORD = "vatten under bron 2026"  # noqa: S105 - printed on purpose, for the demo only
HURT, HURTS = Side.HURT, Side.HURTS
BOTH = (HURT, HURTS)


@dataclass(frozen=True, slots=True)
class Part:
    """One made-up member and the desks that she sits at."""

    login: str
    working_name: str
    real_name: str
    role: Role
    places: tuple[tuple[str, tuple[Side, ...]], ...]
    takes_children: bool = False


# Every desk has two holders, so that no request can be left without a reader (S33).
CAST = (
    Part(
        "maria",
        "Maria",
        "Maria Exempelsson",
        Role.HEAD,
        (("adult", (HURT,)), ("closed-circle", BOTH)),
    ),
    Part(
        "johan",
        "Johan",
        "Johan Påhittad",
        Role.HEAD,
        (("adult", (HURT,)), ("reception", (HURT,)), ("closed-circle", BOTH)),
    ),
    Part(
        "leila",
        "Leila",
        "Leila Exempel",
        Role.STAFF,
        (("adult", (HURTS,)), ("reception", (HURTS,)), ("on-call", (HURTS,))),
    ),
    Part(
        "erik",
        "Erik",
        "Erik Påhittsson",
        Role.STAFF,
        (("adult", (HURTS,)), ("reception", (HURTS,)), ("on-call", (HURTS,))),
    ),
    Part(
        "sara",
        "Sara",
        "Sara Exempeldotter",
        Role.STAFF,
        (("children", BOTH), ("on-call", (HURT,))),
        takes_children=True,
    ),
    Part(
        "david",
        "David",
        "David Låtsas",
        Role.STAFF,
        (("children", BOTH), ("on-call", (HURT,))),
        takes_children=True,
    ),
    Part(
        "amina",
        "Amina",
        "Amina Exempel",
        Role.STAFF,
        (("adult", (HURT,)), ("reception", (HURT,))),
    ),
    Part("karin", "Karin", "Karin Exempelberg", Role.ADMINISTRATOR, ()),
    Part("olof", "Olof", "Olof Påhittlund", Role.ANALYST, ()),
    Part(
        "vera",
        "Vera",
        "Vera Exempelgren",
        Role.COORDINATOR,
        (("adult", BOTH), ("reception", BOTH), ("children", BOTH)),
    ),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """What the made-up story is played with."""

    session: Session
    office: Office
    peppers: Peppers
    number_key: bytes
    account_key: bytes
    now: datetime
    pairs: dict[str, KeyPair] = field(default_factory=dict)
    mode: str = "demo"

    def desk(self, login: str) -> Desktop:
        """Sit down as a member, with her keys."""
        member = self.session.scalars(select(Member).where(Member.login == login)).one()
        keyring = Keyring(self.session, member.id, self.pairs[login])
        return Desktop(self.session, self.office, member, keyring)

    def ago(self, hours: float) -> datetime:
        """Return a time before now."""
        return self.now - timedelta(hours=hours)


def is_seeded(session: Session) -> bool:
    """Say whether the demonstration's members are there already."""
    return session.scalars(select(Member).limit(1)).first() is not None


def seed_people(stage: Stage) -> None:
    """Make units, members with passwords and codes, and every approval."""
    founding.found(stage.session, stage.mode, stage.now)
    recovery = {
        unit.key: founding.add_unit(stage.session, unit)
        for unit in stage.office.units.values()
    }
    for part in CAST:
        _enter(stage, part)
    for desk in stage.session.scalars(select(Desk)):
        _approve_all(stage, desk, recovery[desk.unit])
    _record_call_tests(stage)
    _name_key_persons(stage)


def _enter(stage: Stage, part: Part) -> None:
    places = [(unit, side) for unit, sides in part.places for side in sides]
    member = founding.add_member(
        stage.session,
        part.login,
        part.working_name,
        part.real_name,
        part.role,
        places,
        stage.now - timedelta(days=30),
    )
    member.takes_children = part.takes_children
    pair = stage.pairs[part.login] = KeyPair.generate()
    access.set_password(member, PASSWORD, pair)
    # The same codes after every reset, so that an authenticator app stays right.
    seed = hashlib.sha256(f"stilla demo {part.login}".encode()).digest()[:20]
    member.totp_box = lock(base64.b32encode(seed), stage.account_key)
    stage.session.flush()


def _approve_all(stage: Stage, desk: Desk, recovery: bytes | None) -> None:
    if recovery is None:
        return
    for member in stage.session.scalars(select(Member).order_by(Member.id)):
        for place in member.memberships:
            if place.desk_id == desk.id:
                founding.approve_first(place, recovery, stage.now)
    stage.session.flush()


def _record_call_tests(stage: Stage) -> None:
    """Record that what is shown and heard was tested, so that calls can start (S17)."""
    head = stage.desk("maria").member
    for record in stage.session.scalars(select(UnitRecord)):
        record.call_tested_at = stage.now - timedelta(days=20)
        record.call_tested_by = head.id
        sender, at = stage.office.sender, record.call_tested_at
        record_test(stage.session, record.key, Line.TEXTS, sender, head.id, at)
    stage.session.flush()


def _name_key_persons(stage: Stage) -> None:
    for unit, login in (("adult", "amina"), ("children", "sara"), ("on-call", "erik")):
        record = stage.session.get(UnitRecord, unit)
        if record is not None:
            record.key_person = stage.desk(login).member
    stage.session.flush()
