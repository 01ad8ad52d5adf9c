"""All ways in and out through the whole demonstration, and what it leaves behind."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake.alert_tables import OutboundAlert
from intake.life import Signer
from intake.messages import Delivery, InboundText, OutboundText
from intake.office import Office
from intake.people import Member
from intake.rulebook import load_rules
from intake.store import connect, reading
from intake.topics import Opening
from intake.units import load_units
from intake.vault import KeyPair
from tests.journeys import people
from tests.journeys.conftest import on_a_phone
from tests.journeys.demonstration import Demonstration, demonstration
from tests.workbench import DATA, HERS, Clock, House
from web import key_files
from web.settings import Settings
from web.wiring import system_clock

pytestmark = pytest.mark.journey

TEXTS_IN = "+46701740688"
WORDS = "kan ni ringa om trappan"
WRITTEN, ANSWER = "Jag sitter i tvättstugan och skriver.", "Vi möts vid fontänen."
TO_RING, HER_WORD = "070-174 06 44", "kanelbulle"
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


def _is_alerted(session: Session) -> bool:
    """Say whether somebody on call was texted that something waits."""
    sent = (Delivery.SENT, Delivery.DELIVERED)
    return any(row.state in sent for row in session.scalars(select(OutboundAlert)))


def _is_answered(running: Demonstration, chromium: Browser) -> str:
    """Write by the form, be answered, read it; ask for a call. Returns the receipt."""
    phone = on_a_phone(chromium, running.url)
    office = chromium.new_context(base_url=running.staff_url)
    visitor = people.Visitor(phone.new_page())
    maria = people.Member.signs_in(office, running, "maria")
    digits = people.is_answered(visitor, maria, WRITTEN, ANSWER)
    _asks_for_a_call(visitor)
    phone.close()
    office.close()
    return digits


def _asks_for_a_call(visitor: people.Visitor) -> None:
    visitor.opens("3a")
    visitor.types("number", TO_RING)
    visitor.picks("phone", "own")
    first = visitor.phone.locator("[name=windows]").nth(3)
    visitor.unfolds(first)
    first.check(force=True)
    visitor.types("word", HER_WORD)
    visitor.sends()
    visitor.receipt()


def _ways_to_write(digits: str) -> set[str]:
    """Return digits as they are shown, in one piece, and as they end after +46 or 0."""
    plain = re.sub(r"\D", "", digits)
    return {digits, plain, plain.removeprefix("46").removeprefix("0")}


@pytest.mark.rule("S22")
@pytest.mark.timeout(600)  # a whole start, a sign-in, and what a worker does in time
def test_after_a_whole_run_no_log_and_no_file_tells_a_number_or_a_word(
    tmp_path: Path, chromium: Browser
) -> None:
    """Form, answer, text both ways, alert: nothing that three processes wrote tells."""
    with demonstration(tmp_path) as running:
        receipt = _is_answered(running, chromium)
        running.text_in(TEXTS_IN, WORDS)
        engine = connect(f"sqlite:///{tmp_path}/stilla.db")
        house = at_the_desk(tmp_path, engine)
        with house.writing() as session:
            request = house.agreed(session)
            session.add(house.text_out(request, request.windows[0]))
        until(engine, _is_forgotten)
        until(engine, _is_alerted)
        engine.dispose()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    left = [running.welcome.encode(), *(line.encode() for line in running.logged)]
    assert any(b"worker stopped" in one for one in left)
    body = house.office.texts.text("later", Opening.CLUB, "sv")
    words = {WORDS, "trappan", body, WRITTEN, "tvättstugan", ANSWER, HER_WORD}
    on_call = [f"+467017406{tail}" for tail in range(70, 80)]
    for digits in (HERS, TEXTS_IN, TO_RING, receipt, *on_call):
        words |= _ways_to_write(digits)
    for secret in words:
        assert not any(secret.encode() in one for one in (*files, *left)), secret
