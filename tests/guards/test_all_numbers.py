"""With the database and all keys of both web processes, trying all numbers finds none.

The worker's key is not among them, nor a unit's or a member's. There are some forty
million Swedish mobile numbers: whoever could try one could try them all in an hour.

They are sampled: the ten thousand of one series are tried, hers among them. That is
enough, as each try is made of its own number and no other. It hits where something was
made of that number with a key at hand, so among all tries only that of hers could hit,
and it is made; the rest show that nothing hits by chance. That no digest is missed that
nobody thought of here, the last test shows, for any number.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session

from intake import inbound
from intake.bridge_boxes import Leg, shut
from intake.bridge_tables import BridgedCall, BridgeState
from intake.messages import Delivery, OutboundText
from intake.models import Request, Window
from intake.numbers import read_number
from intake.sms.gateway import TextIn
from intake.stopped_numbers import stop_number
from intake.store import writing
from intake.tables import Base
from intake.tagging import WorkerKeys, tag_number
from intake.topics import Opening
from intake.vault import KeyPair, seal
from tests.factories import quicken
from tests.guards import stolen
from tests.guards.stolen import NUMBER
from web.settings import Settings
from web.wiring import system_clock

SERIES = [f"+4670174{tail:04d}" for tail in range(10_000)]
LINE = "+46313900601"  # the bridge's own, outside of the series
_ENOUGH = 8  # bytes; a shorter piece of a digest would fit many numbers
_UNKEYED = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s")


@dataclass(frozen=True)
class Loot:
    """What was taken, and the worker's keys, which were not."""

    values: set[bytes]
    web: list[bytes]
    worker: WorkerKeys


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Settings]:
    quicken(monkeypatch)
    return stolen.make_secrets(tmp_path)


@pytest.fixture
def loot(engine: Engine, tmp_path: Path, settings: dict[str, Settings]) -> Loot:
    """Take a house in which her number stands wherever one can stand."""
    made = settings["worker"]
    keys = WorkerKeys(KeyPair.from_secret(made.worker_secret_key), made.number_key)
    with writing(engine) as session:
        stolen.let_in(session, settings)
        _everywhere(session, settings, keys)
        session.commit()
        values = {one for table in _tables() for one in _values(session, table)}
    return Loot(values, stolen.known(tmp_path, "public", "staff"), keys)


def _everywhere(
    session: Session, settings: dict[str, Settings], keys: WorkerKeys
) -> None:
    """Ask by form, tagged and not yet; by text, read in and not yet; be texted.

    And be rung through the bridge, the number on each of its legs. One number of the
    space is put there, and only a series around it is tried: see above why.
    """
    place, now = stolen.office(settings["public"]), system_clock()
    tagged = stolen.ask_for_a_call(session, settings)
    tag_number(session, keys, tagged.numbers[0].id)
    stolen.ask_for_a_call(session, settings, nonce=b"another form's nonce")
    for sid in ("SM1", "SM2"):
        came = TextIn(sid, NUMBER.e164, "ring mig")
        inbound.receive(session, keys.pair.public, came, now)
    inbound.read_in(session, place, keys, "SM1", now)
    stop_number(session, keys.tag(NUMBER.e164), now)
    session.add(_text_out(tagged, tagged.windows[0], keys.pair.public))
    session.add(_bridged(tagged, NUMBER.e164, keys, now))
    session.add(_tried(tagged.unit, keys, now))


def _bridged(
    request: Request, e164: str, keys: WorkerKeys, now: datetime
) -> BridgedCall:
    """Return a call that waits, by a member whose telephone has the number too."""
    return BridgedCall(
        id=secrets.token_hex(16),
        request_id=request.id,
        code="42",
        staff_box=shut(Leg.STAFF, e164, keys.pair.public),
        her_box=shut(Leg.HERS, e164, keys.pair.public),
        state=BridgeState.WAITING,
        started_at=now,
    )


def _tried(unit: str, keys: WorkerKeys, now: datetime) -> BridgedCall:
    """Return a head's trial that waits, with the number as her other telephone's."""
    return BridgedCall(
        id=secrets.token_hex(16),
        unit=unit,
        line=LINE,
        code="42",
        staff_box=shut(Leg.STAFF, NUMBER.e164, keys.pair.public),
        her_box=shut(Leg.TRIAL, NUMBER.e164, keys.pair.public),
        state=BridgeState.WAITING,
        started_at=now,
    )


def _text_out(request: Request, window: Window, worker: bytes) -> OutboundText:
    return OutboundText(
        id=secrets.token_hex(16),
        request_id=request.id,
        window_id=window.id,
        member_id=1,
        template="later",
        opening=Opening.CLUB,
        language="sv",
        worker_box=seal(NUMBER.e164.encode(), worker),
        state=Delivery.WAITING,
        not_after=window.ends_at,
        next_try_at=window.starts_at,
        created_at=request.arrived_at,
    )


@pytest.mark.rule("S22")
def test_no_digest_of_any_number_is_in_the_database(loot: Loot) -> None:
    """The series that holds hers is tried: every form, digest and key at hand."""
    assert NUMBER.e164 in SERIES
    assert len(loot.web) > 10
    assert _found(loot.values, loot.web) == set()


@pytest.mark.rule("S22")
def test_with_the_workers_key_the_same_trying_finds_it(loot: Loot) -> None:
    """Shows that the attack could succeed, had the key been at hand."""
    assert _found(loot.values, [loot.worker.number_key]) == {NUMBER.e164}


@pytest.mark.rule("S22")
def test_the_workers_keys_are_in_nothing_that_was_taken(loot: Loot) -> None:
    for key in (loot.worker.number_key, loot.worker.pair.secret):
        assert key not in loot.web
        assert not any(key in value for value in loot.values)


@pytest.mark.rule("S22")
def test_no_number_stands_there_as_it_is_written(loot: Loot) -> None:
    """Not even inside of something longer."""
    digits = re.compile(rb"\d{7,}")
    runs = {run for value in loot.values for run in digits.findall(value)}
    tails = {number[3:].encode() for number in SERIES}
    assert not [run for run in runs for tail in tails if tail in run]


@pytest.mark.rule("S22")
def test_nothing_but_the_tag_depends_on_a_number_alone(
    engine: Engine, settings: dict[str, Settings]
) -> None:
    """So no attack on what else is stored can tell that a guess is right.

    Two requests with one number and one with another are alike in all else: what the
    first two share and the third does not have was made of the number and no chance.
    """
    made = settings["worker"]
    keys = WorkerKeys(KeyPair.from_secret(made.worker_secret_key), made.number_key)
    other = read_number("070-174 06 67")
    with writing(engine) as session:
        stolen.let_in(session, settings)
        # The third between the two, so that what time changes is not taken for it.
        one, third, twin = (
            stolen.ask_for_a_call(session, settings, number, nonce, times=0)
            for number, nonce in ((NUMBER, b"1"), (other, b"2"), (NUMBER, b"3"))
        )
        now = system_clock()
        for request, number in ((one, NUMBER), (twin, NUMBER), (third, other)):
            session.add(_bridged(request, number.e164, keys, now))
        before = _shared(session, one, twin) - _shared(session, third, third)
        for request in (one, twin, third):
            tag_number(session, keys, request.numbers[0].id)
        after = _shared(session, one, twin) - _shared(session, third, third)
    assert before == set()
    assert after == {("numbers", "tag", keys.tag(NUMBER.e164))}


def _shared(
    session: Session, one: Request, other: Request
) -> set[tuple[str, str, bytes]]:
    first, second = (_of(session, request) for request in (one, other))
    return first & second


def _of(session: Session, request: Request) -> set[tuple[str, str, bytes]]:
    """Return every value of a request's rows, by table and column."""
    session.flush()
    found = set()
    for table in _tables():
        column = table.columns.get("id" if table.name == "requests" else "request_id")
        if column is None:
            continue
        for row in session.execute(select(table).where(column == request.id)):
            facts = row._mapping.items()
            found |= {(table.name, name, _raw(value)) for name, value in facts}
    return found


def _tables() -> list[Table]:
    return Base.metadata.sorted_tables


def _values(session: Session, table: Table) -> Iterator[bytes]:
    """Yield every value of a table, and what those written as text stand for."""
    for row in session.execute(select(table)):
        for value in row:
            raw = _raw(value)
            yield raw
            if isinstance(value, str):
                yield from _decoded(raw)


def _raw(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    text = json.dumps(value) if isinstance(value, dict) else str(value)
    return text.encode()


def _decoded(raw: bytes) -> Iterator[bytes]:
    for decode in (base64.b16decode, base64.urlsafe_b64decode, base64.b64decode):
        try:
            yield decode(raw.upper() if decode is base64.b16decode else raw)
        except ValueError:
            continue


def _found(values: set[bytes], keys: list[bytes]) -> set[str]:
    """Return the numbers of the series of which a digest, or a piece, is there."""
    beginnings = {value[:_ENOUGH] for value in values if len(value) >= _ENOUGH}
    return {
        number
        for number in SERIES
        for form in (number, number[1:], f"0{number[3:]}")
        for digest in _digests(form.encode(), keys)
        if digest[:_ENOUGH] in beginnings
    }


def _digests(form: bytes, keys: list[bytes]) -> Iterator[bytes]:
    for name in _UNKEYED:
        yield hashlib.new(name, form).digest()
    for key in (*keys, b"stilla"):
        yield hmac.digest(key, form, "sha256")
        yield hashlib.blake2b(form, key=key, digest_size=32).digest()
        yield hashlib.sha256(key + form).digest()
