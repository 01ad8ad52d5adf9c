"""Staff with keys and a clock to set, and requests as the doors send them."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from nacl import pwhash
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import create_app
from intake import receipts
from intake.arrivals import Token, send
from intake.hours import Slot
from intake.life import Signer
from intake.models import Request
from intake.numbers import read_number
from intake.office import Office
from intake.people import Member
from intake.queue import Desktop
from intake.receipts import Peppers, from_seed
from intake.rulebook import load_rules
from intake.store import writing
from intake.submissions import CallWish, Submission
from intake.tagging import WorkerKeys, tag_number, untagged
from intake.topics import Audience, Channel, Opening, Phone, Voice, Wish
from intake.units import load_units
from intake.vault import KeyPair
from tests.apps import Prepared, settings
from tests.workbench import DATA, MONDAY_10, Clock
from web import demo, key_files
from web.environment import Face
from web.settings import Settings
from web.wiring import Wiring

HERS = "070-174 06 55"
B = TypeVar("B", bound="Bureau")
OFFICE_UNITS = load_units(DATA / "units.toml")


@dataclass
class Bureau:
    """The demonstration's members, each desk with two holders, and a worker."""

    engine: Engine
    office: Office
    worker: WorkerKeys
    account_key: bytes
    pairs: dict[str, KeyPair]
    peppers: Peppers
    clock: Clock = field(default_factory=Clock)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that commits at its end."""
        with writing(self.engine) as session:
            yield session
            session.commit()

    def desk(self, session: Session, login: str) -> Desktop:
        """Sit down as a member, with her keys."""
        return self._stage(session).desk(login)

    def member(self, session: Session, login: str) -> Member:
        return session.scalars(select(Member).where(Member.login == login)).one()

    def request(self, session: Session, reference: str) -> Request:
        """Return a request, past every wall."""
        found = select(Request).where(Request.reference == reference)
        return session.scalars(found).one()

    def send(self, submission: Submission, digits: str = "") -> str:
        """Send a form as a door does, let the worker tag, and return the reference."""
        token = Token(secrets.token_bytes(32), secrets.token_bytes(32))
        receipt = self.peppers.key(digits, "") if digits else None
        with self.writing() as session:
            _, sent = send(
                session, self.office, submission, token, receipt, self.clock()
            )
            reference = sent.request.reference
            self.tag(session)
        return reference

    def tag(self, session: Session) -> None:
        """Do the worker's part: tag every number that waits."""
        for number_id in untagged(session):
            tag_number(session, self.worker, number_id)

    def callback(
        self, slots: tuple[Slot, ...] | None = None, **said: object
    ) -> Submission:
        """Return a form that asks for a call; `said` are fields of the call wish."""
        wish = {
            "number": read_number(HERS),
            "slots": self.around() if slots is None else slots,
            "word": "äppelkaka",
            "not_now_word": "onsdag",
            "alias": "Kim",
            "opening": Opening.SURVEY,
            "voice": Voice.WOMAN,
            "phone": Phone.OWN,
            **said,
        }
        return Submission(
            language="sv",
            audience=Audience.EXPOSED,
            channel=Channel.CALLBACK,
            wish=Wish.CALL,
            text="Hemligheten om trappan",
            call=CallWish(**wish),  # type: ignore[arg-type]  # a test may name any
        )

    def around(self, hours: int = 0) -> tuple[Slot, ...]:
        """Return an hour's window that is open now, or begins in some hours."""
        starts = self.clock() + timedelta(hours=hours)
        return (Slot(starts, starts + timedelta(hours=1)),)

    def digits(self) -> str:
        """Return a fresh receipt's number."""
        return from_seed(secrets.token_bytes(16))

    def _stage(self, session: Session) -> demo.Stage:
        return demo.Stage(
            session,
            self.office,
            self.peppers,
            self.worker.number_key,
            self.account_key,
            self.clock(),
            self.pairs,
        )


def text(words: str = "Hemligheten om trappan", **facts: object) -> Submission:
    """Return a written form; `facts` are further fields of the submission."""
    said = {"language": "sv", "audience": Audience.EXPOSED, "text": words, **facts}
    return Submission(**said)  # type: ignore[arg-type]  # a test may name any


def people(engine: Engine, office: Office, account_key: bytes) -> dict[str, KeyPair]:
    """Let the demonstration's members in, on an empty database."""
    pairs: dict[str, KeyPair] = {}
    with writing(engine) as session:
        peppers, number_key = Peppers({1: b"p" * 32}), b"n" * 32
        demo.seed_people(
            demo.Stage(
                session, office, peppers, number_key, account_key, MONDAY_10, pairs
            )
        )
        session.commit()
    return pairs


def bureau(engine: Engine) -> Bureau:
    """Open a bureau on an empty database."""
    worker = WorkerKeys(KeyPair.generate(), b"n" * 32)
    rules = load_rules(DATA / "routing.toml", OFFICE_UNITS)
    signer = Signer("staff", b"e" * 32)
    office = Office(OFFICE_UNITS, rules, worker.pair.public, signer)
    account_key = b"a" * 32
    pairs = people(engine, office, account_key)
    return Bureau(engine, office, worker, account_key, pairs, Peppers({1: b"p" * 32}))


def quicken(patch: pytest.MonkeyPatch) -> None:
    """Make passwords and receipts as cheap as libsodium allows; for tests only."""
    slow = pwhash.argon2id
    patch.setattr(slow, "OPSLIMIT_MODERATE", slow.OPSLIMIT_MIN)
    patch.setattr(slow, "MEMLIMIT_INTERACTIVE", slow.MEMLIMIT_MIN)
    patch.setattr(receipts, "_OPS", slow.OPSLIMIT_MIN)
    patch.setattr(receipts, "_MEMORY", slow.MEMLIMIT_MIN)


@cache
def prepared() -> Prepared[dict[str, KeyPair]]:
    """Set a house with members up once; its passwords are made with quick hashes."""
    return Prepared.of(Face.STAFF, _let_in)


def _let_in(engine: Engine, made: Settings) -> dict[str, KeyPair]:
    rules = load_rules(made.routing, OFFICE_UNITS)
    signer = Signer("staff", made.event_key)
    office = Office(OFFICE_UNITS, rules, made.worker_public_key, signer)
    return people(engine, office, made.account_key)


def copied(folder: Path) -> dict[str, KeyPair]:
    """Copy the prepared house into a folder; returns the members' key pairs."""
    return prepared().copy_to(folder)


def staffed(kind: Callable[..., B], folder: Path, **given: str) -> B:
    """Open the staff site of a prepared house in a folder, on a clock of its own.

    `given` are further settings; `kind` is a bureau that also takes the site.
    """
    pairs = copied(folder)
    app = create_app(settings(folder, Face.STAFF, data_dir=str(folder), **given))
    wiring: Wiring = replace(app.extensions["stilla"], clock=Clock())
    app.extensions["stilla"] = wiring
    return kind(
        wiring.engine,
        wiring.office,
        worker_keys(folder),
        wiring.settings.account_key,
        pairs,
        wiring.peppers,
        wiring.clock,
        app,
    )


def worker_keys(folder: Path) -> WorkerKeys:
    """Return the worker's keys of a house in a folder."""
    lines = key_files.read(folder / "secrets", Face.WORKER)
    secret, number_key = (
        bytes.fromhex(lines[name].removeprefix(key_files.DEMO_MARK))
        for name in ("STILLA_WORKER_SECRET_KEY", "STILLA_NUMBER_KEY")
    )
    return WorkerKeys(KeyPair.from_secret(secret), number_key)
