"""A house in which one number stands wherever one can stand, and who takes it all."""

import base64
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake import inbound
from intake.alert_outbox import Ways
from intake.alert_tables import AlertWhen, OnCallName, OutboundAlert
from intake.bridge_boxes import Leg, shut
from intake.bridge_tables import BridgedCall, BridgeState
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.numbers import CallableNumber
from intake.on_call import Entry
from intake.people import Desk, Member
from intake.sms.gateway import TextIn
from intake.stopped_numbers import stop_number
from intake.store import writing
from intake.tables import Base
from intake.tagging import WorkerKeys, tag_number
from intake.vault import KeyPair, seal
from tests.guards import stolen
from tests.guards.stolen import NUMBER
from tests.workbench import written
from web.settings import Settings
from web.wiring import system_clock

LINE = "+46313900601"  # the bridge's own, and nobody's mobile
ENOUGH = 8  # bytes; a shorter piece of a digest would fit many numbers
Fact = tuple[str, str, bytes]  # a table, its column, and a value


@dataclass(frozen=True)
class Loot:
    """What was taken, and the worker's keys, which were not."""

    values: set[bytes]
    web: list[bytes]
    worker: WorkerKeys


def take(engine: Engine, folder: Path, settings: dict[str, Settings]) -> Loot:
    """Fill a house with NUMBER; returns its database and both web processes' keys."""
    keys = worker_keys(settings)
    with writing(engine) as session:
        stolen.let_in(session, settings)
        fill(session, settings, keys, NUMBER)
        session.commit()
        values = {piece for _, _, raw in facts(session) for piece in _readings(raw)}
    return Loot(values, stolen.known(folder, "public", "staff"), keys)


def worker_keys(settings: dict[str, Settings]) -> WorkerKeys:
    made = settings["worker"]
    return WorkerKeys(KeyPair.from_secret(made.worker_secret_key), made.number_key)


def fill(
    session: Session,
    settings: dict[str, Settings],
    keys: WorkerKeys,
    number: CallableNumber,
) -> None:
    """Ask by form, tagged and not yet; by text, read in and not yet; be texted.

    And be rung through the bridge, the number on each of its legs; be stopped; and
    stand on a list of on-call, with an alert on its way.
    """
    place, now = stolen.office(settings["public"]), system_clock()
    tagged = stolen.ask_for_a_call(session, settings, number, secrets.token_bytes(16))
    tag_number(session, keys, tagged.numbers[0].id)
    stolen.ask_for_a_call(session, settings, number, secrets.token_bytes(16))
    for sid in ("SM1", "SM2"):
        came = TextIn(sid, number.e164, "ring mig")
        inbound.receive(session, keys.pair.public, came, now)
    inbound.read_in(session, place, keys, "SM1", now)
    stop_number(session, keys.tag(number.e164), now)
    session.add(_text_out(session, tagged, number.e164, keys.pair.public))
    session.add(_bridged(tagged, number.e164, keys.pair.public, now))
    session.add(_tried(tagged.unit, number.e164, keys.pair.public, now))
    session.add_all(_on_call(session, number.e164, keys.pair.public, now))
    session.flush()


def facts(session: Session) -> set[Fact]:
    """Return every value of every table; of one written as JSON, each part."""
    return {
        (table.name, column, raw)
        for table in Base.metadata.sorted_tables
        for row in session.execute(select(table))
        for column, value in row._mapping.items()
        for raw in _parts(value)
    }


def pieces(values: Iterable[bytes]) -> set[bytes]:
    """Return all that a digest would begin with to stand anywhere in the values."""
    return {
        value[at : at + ENOUGH]
        for value in values
        for at in range(len(value) - ENOUGH + 1)
    }


def _parts(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict | list):
        yield json.dumps(value).encode()
        for part in value.values() if isinstance(value, dict) else value:
            yield from _parts(part)
    else:
        yield str(value).encode()


def _readings(raw: bytes) -> Iterator[bytes]:
    """Yield a value, and what it stands for where it is written as text."""
    yield raw
    for decode in (base64.b16decode, base64.urlsafe_b64decode, base64.b64decode):
        try:
            yield decode(raw.upper() if decode is base64.b16decode else raw)
        except ValueError:
            continue


def _text_out(
    session: Session, request: Request, e164: str, worker: bytes
) -> OutboundText:
    by, window = session.scalars(select(Member.id)).first(), request.windows[0]
    box = seal(e164.encode(), worker)
    return written(request, window, box, by or 0, request.arrived_at)


def _bridged(request: Request, e164: str, worker: bytes, now: datetime) -> BridgedCall:
    """Return a call that waits, by a member whose telephone has the number too."""
    return BridgedCall(
        id=secrets.token_hex(16),
        request_id=request.id,
        code="42",
        staff_box=shut(Leg.STAFF, e164, worker),
        her_box=shut(Leg.HERS, e164, worker),
        state=BridgeState.WAITING,
        started_at=now,
    )


def _tried(unit: str, e164: str, worker: bytes, now: datetime) -> BridgedCall:
    """Return a head's trial that waits, with the number as her other telephone's."""
    return BridgedCall(
        id=secrets.token_hex(16),
        unit=unit,
        line=LINE,
        code="42",
        staff_box=shut(Leg.STAFF, e164, worker),
        her_box=shut(Leg.TRIAL, e164, worker),
        state=BridgeState.WAITING,
        started_at=now,
    )


def _on_call(
    session: Session, e164: str, worker: bytes, now: datetime
) -> Iterator[OnCallName | OutboundAlert]:
    """Yield a name on a desk's list, as a head enters it, and an alert to it."""
    desk, ways = session.scalars(select(Desk)).first(), Ways(e164)
    assert desk is not None
    entry = Entry("Namn", ways, AlertWhen.ALWAYS, is_head=False)
    yield OnCallName(
        desk_id=desk.id,
        place=1,
        name=entry.name,
        when=entry.when,
        shown=entry.shown(),
        worker_box=ways.sealed(worker),
    )
    yield OutboundAlert(
        id=secrets.token_hex(16),
        desk_id=desk.id,
        name=entry.name,
        count=1,
        worker_box=ways.sealed(worker),
        state=Delivery.WAITING,
        not_after=now,
        next_try_at=now,
        created_at=now,
    )
