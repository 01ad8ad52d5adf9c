"""Texts both ways through the whole demonstration, and what it leaves behind."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake.life import Signer
from intake.messages import Delivery, InboundText, OutboundText
from intake.office import Office
from intake.people import Member
from intake.rulebook import load_rules
from intake.store import connect, reading
from intake.topics import Opening
from intake.units import load_units
from intake.vault import KeyPair
from tests.journeys.demonstration import demonstration
from tests.workbench import DATA, HERS, Clock, House
from web import key_files
from web.settings import Settings
from web.wiring import system_clock

pytestmark = pytest.mark.journey

TEXTS_IN = "+46701740688"
WORDS = "kan ni ringa om trappan"
PATIENCE = 60  # seconds until the worker has read, sent and deleted


def at_the_desk(folder: Path, engine: Engine) -> House:
    """Return the demonstration's house, on its own keys and the real time."""
    worker = Settings.from_env(_secrets(folder, "worker"))
    staff = Settings.from_env(_secrets(folder, "staff"))
    units = load_units(DATA / "units.toml")
    rules, signer = (
        load_rules(DATA / "routing.toml", units),
        Signer("staff", staff.event_key),
    )
    # The worker sends from this one, so that it is this one that is tested (S17).
    office = Office(
        units, rules, staff.worker_public_key, signer, sender=staff.sms_sender
    )
    pair = KeyPair.from_secret(worker.worker_secret_key)
    clock = Clock(system_clock())
    house = House(engine, office, pair, worker.number_key, clock)
    with reading(engine) as session:
        house.member_id = session.scalars(select(Member.id)).first() or 0
    return house


def _secrets(folder: Path, face: str) -> dict[str, str]:
    return key_files.read(folder / "secrets", face) | {"STILLA_SMS_GATEWAY": "off"}


def until(engine: Engine, is_so: Callable[[Session], bool]) -> None:
    """Wait for what the worker does by itself."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with reading(engine) as session:
            if is_so(session):
                return
        time.sleep(0.5)
    raise AssertionError("the worker did not come so far")


def _is_forgotten(session: Session) -> bool:
    row = session.scalars(select(OutboundText)).one()
    read = session.scalars(select(InboundText)).one()
    return all((row.state is Delivery.DELIVERED, row.deleted_at, read.deleted_at))


@pytest.mark.rule("S22")
def test_after_a_whole_run_no_log_and_no_file_tells_a_number_or_a_word(
    tmp_path: Path,
) -> None:
    with demonstration(tmp_path) as running:
        running.text_in(TEXTS_IN, WORDS)
        engine = connect(f"sqlite:///{tmp_path}/stilla.db")
        house = at_the_desk(tmp_path, engine)
        with house.writing() as session:
            request = house.agreed(session)
            session.add(house.text_out(request, request.windows[0]))
        until(engine, _is_forgotten)
        engine.dispose()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    left = [running.welcome.encode(), *(line.encode() for line in running.logged)]
    assert any(b"worker stopped" in one for one in left)
    body = house.office.texts.text("later", Opening.CLUB, "sv")
    for secret in (HERS[3:], TEXTS_IN[3:], WORDS, "trappan", body):
        assert not any(secret.encode() in one for one in (*files, *left)), secret
