"""A house with a worker in it: units and keys as they ship, and a clock to set."""

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import founding
from intake.arrivals import accept
from intake.duty import Worker
from intake.hours import Slot
from intake.inbound import receive
from intake.life import Signer
from intake.line_tests import Line, record_test
from intake.mail import BODY, MailFailed
from intake.messages import Delivery, InboundText, OutboundText
from intake.models import Envelope, Request, RequestKey, Window
from intake.numbers import read_number, tag
from intake.office import Office
from intake.people import Desk, UnitRecord
from intake.rulebook import load_rules
from intake.sms.gateway import (
    Misconfigured,
    OutgoingText,
    Refused,
    Sent,
    SmsGateway,
    TextIn,
    TextStatus,
)
from intake.store import writing
from intake.submissions import CallWish, Submission
from intake.topics import Audience, Channel, Half, Opening, Phone, Role, Wish
from intake.units import load_units
from intake.vault import KeyPair, seal, unseal, unseal_text
from web.settings import ROOT

MONDAY_10 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten o'clock in Stockholm
HERS = "+46701740655"
DATA = ROOT / "intake" / "data"


def minutes(count: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = MONDAY_10

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        """Move on and return the new time."""
        self.now += timedelta(**by)
        return self.now


@dataclass(repr=False)
class House:
    """A founded house; the recovery keys stand in for members who open desks."""

    engine: Engine
    office: Office
    pair: KeyPair
    number_key: bytes
    clock: Clock = field(default_factory=Clock)
    recovery: dict[str, bytes] = field(default_factory=dict)
    member_id: int = 0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that commits at its end."""
        with writing(self.engine) as session:
            yield session
            session.commit()

    def text_in(self, text: str, sid: str, sender: str = HERS, media: int = 0) -> bool:
        """Let a text come in as the webhook does."""
        with self.writing() as session:
            came = TextIn(sid, sender, text, media)
            return receive(session, self.pair.public, came, self.clock())

    def opened(self, session: Session, envelope: Envelope) -> str:
        """Open an envelope as a member of its unit would."""
        half = Half.of(envelope.kind)
        key = session.scalars(
            select(RequestKey).where(
                RequestKey.request_id == envelope.request_id, RequestKey.half == half
            )
        ).first()
        assert key is not None
        desk = session.get_one(Desk, key.desk_id)
        recovery = KeyPair.from_secret(self.recovery[desk.unit])
        pair = KeyPair.from_secret(unseal(desk.recovery_box, recovery))
        return unseal_text(envelope.box, KeyPair.from_secret(unseal(key.box, pair)))

    def callback(self, session: Session, slots: tuple[Slot, ...]) -> Request:
        """Let a callback be asked for by form, with her own number."""
        submission = Submission(
            language="sv",
            audience=Audience.EXPOSED,
            channel=Channel.CALLBACK,
            wish=Wish.CALL,
            call=CallWish(read_number(HERS), slots, phone=Phone.OWN, texts=True),
        )
        request, _ = accept(session, self.office, submission, self.clock())
        return request

    def agreed(self, session: Session) -> Request:
        """Return a request whose window is open and whose texts are agreed on."""
        around = Slot(self.clock() - minutes(10), self.clock() + minutes(110))
        request = self.callback(session, (around,))
        for number in request.numbers:
            number.tag, number.worker_box = tag(HERS, self.number_key), None
            number.confirmed_at = self.clock()
        session.get_one(UnitRecord, request.unit).call_tested_at = self.clock()
        line = (request.unit, Line.TEXTS, self.office.sender)
        record_test(session, *line, self.member_id, self.clock())
        return request

    def text_out(self, request: Request, window: Window) -> OutboundText:
        """Write a text into the outbox as staff do, for one of her windows."""
        box = seal(HERS.encode(), self.pair.public)
        return written(request, window, box, self.member_id, self.clock())


def written(
    request: Request, window: Window, box: bytes, by: int, now: datetime
) -> OutboundText:
    """Return a text that waits for a window, to the number that is in a box."""
    return OutboundText(
        id=secrets.token_hex(16),
        request_id=request.id,
        window_id=window.id,
        member_id=by,
        template="later",
        opening=Opening.CLUB,
        language="sv",
        worker_box=box,
        state=Delivery.WAITING,
        not_after=window.ends_at,
        next_try_at=max(now, window.starts_at),
        created_at=now,
    )


def found(engine: Engine, start: datetime = MONDAY_10) -> House:
    """Set a house up on an empty database; its clock stands at `start`."""
    pair, units = KeyPair.generate(), load_units(DATA / "units.toml")
    rules = load_rules(DATA / "routing.toml", units)
    office = Office(units, rules, pair.public, Signer("worker", b"e" * 32))
    house = House(engine, office, pair, b"n" * 32, Clock(start))
    with house.writing() as session:
        founding.found(session, "demo", house.clock())
        for unit in units.values():
            house.recovery[unit.key] = founding.add_unit(session, unit) or b""
        who = ("maria", "Maria", "Maria Exempelsson", Role.STAFF)
        member = founding.add_member(session, *who, [], house.clock())
        house.member_id = member.id
    return house


def waiting_boxes(session: Session) -> int:
    """Count the texts that nobody has read in."""
    rows = select(InboundText).where(InboundText.box.is_not(None))
    return len(session.scalars(rows).all())


@dataclass
class Carrier:
    """A carrier of texts that does as it is told, and keeps what it took."""

    answers: list[Exception | TextStatus] = field(default_factory=list)
    taken: list[OutgoingText] = field(default_factory=list)
    asked: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    found: Sent | None = None
    there: list[Sent] = field(default_factory=list)  # to her number, the oldest first
    down: bool = False  # can't be asked
    forgotten: list[str] = field(default_factory=list)
    keeps: bool = False  # refuses to delete, as a carrier may for days
    during: Callable[[], None] | None = None
    drops_late: bool = True
    got: list[TextIn] = field(default_factory=list)

    def send(self, text: OutgoingText) -> Sent:
        answer = self.answers.pop(0) if self.answers else TextStatus.QUEUED
        if not isinstance(answer, Refused | Misconfigured):
            self.taken.append(text)
        if self.during:
            self.during()
        if isinstance(answer, Exception):
            raise answer
        return Sent(f"SM{len(self.taken)}", answer)

    def find(
        self,
        to: str,
        since: datetime,
        own_id: str | None = None,
        known: Collection[str] = (),
    ) -> Sent | None:
        self.asked.append((to, frozenset(known)))
        if self.down:
            raise Refused("no-answer", permanent=False)
        gone = {line.split()[0] for line in self.forgotten if line.endswith("deleted")}
        left = [one for one in self.there if one.sid not in gone | set(known)]
        return left[0] if left else self.found

    def status(self, sid: str) -> Sent | None:
        self.asked.append((sid, frozenset()))
        if self.down:
            raise Refused("no-answer", permanent=False)
        return next((one for one in self.there if one.sid == sid), None)

    def redact(self, sid: str) -> None:
        self.forgotten.append(f"{sid} emptied")

    def delete(self, sid: str) -> None:
        if self.keeps:
            raise Refused("20009", permanent=False)
        self.forgotten.append(f"{sid} deleted")

    def received(self, number: str, since: datetime) -> list[TextIn]:
        return [t for t in self.got if t.arrived_at and t.arrived_at >= since]

    def doubts(self, number: str, hook: str) -> Sequence[str]:
        return ()


@dataclass
class Postman:
    """A mailer that keeps what it was handed, or refuses it."""

    sent: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    refuses: bool = False

    def send(self, to: str, now: datetime, body: str = BODY) -> None:
        if self.refuses:
            raise MailFailed("SMTPServerDisconnected")
        self.sent.append(to)
        self.bodies.append(body)


def worker_in(house: House, carrier: SmsGateway | None, name: str = "one") -> Worker:
    """Return a worker of the house."""
    return Worker(
        engine=house.engine,
        office=house.office,
        pair=house.pair,
        number_key=house.number_key,
        gateway=carrier,
        mailer=Postman(),
        status_url="https://stod.example/hooks/status",
        clock=house.clock,
        name=name,
    )
