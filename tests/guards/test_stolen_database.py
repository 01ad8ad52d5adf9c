"""A thief takes the database, its log files and the public face's settings."""

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, LargeBinary, select
from sqlalchemy.orm import Session

from intake.arrivals import Token, send
from intake.errors import SealBroken
from intake.life import Signer
from intake.migrate import upgrade
from intake.models import Number
from intake.numbers import read_number, tag
from intake.office import Office
from intake.receipts import Peppers, from_seed
from intake.rulebook import load_rules
from intake.store import connect, writing
from intake.submissions import CallWish, Submission
from intake.tables import Base
from intake.topics import Audience, Channel, Phone, Wish
from intake.units import load_units
from intake.vault import KeyPair, unlock, unseal
from web import demo, key_files
from web.settings import Settings
from web.tokens import FormTokens
from web.wiring import system_clock

NUMBER = read_number("070-174 06 66")
TYPED = (
    "Hemligheten i texten",
    "Aliaset Zebra",
    "Ordet Giraff",
    "Pingvin",
    "Egen Uggla",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the secrets of all three processes."""
    made = tmp_path_factory.mktemp("stolen")
    surroundings = {"STILLA_MODE": "demo", "STILLA_DATA_DIR": str(made)}
    key_files.make(made / "secrets", key_files.DEMO_MARK, surroundings)
    return made


@pytest.fixture(scope="module")
def settings(folder: Path) -> dict[str, Settings]:
    """Return each process's settings."""
    secrets = folder / "secrets"
    return {f: Settings.from_env(key_files.read(secrets, f)) for f in key_files.FACES}


@pytest.fixture(scope="module")
def loot(settings: dict[str, Settings]) -> Iterator[Engine]:
    """Send one request as the public face does; the files stay open, as they would."""
    public = settings["public"]
    upgrade(public.database_url)
    engine = connect(public.database_url)
    with writing(engine) as session:
        _found(session, settings)
        _send(session, settings)
        _tag(session, settings["worker"])
        session.commit()
    holding = engine.connect()  # keeps -wal and -shm on disk, as a running site does
    holding.exec_driver_sql("SELECT 1")
    yield engine
    holding.close()
    engine.dispose()


def _office(settings: Settings) -> Office:
    units = load_units(settings.units)
    rules = load_rules(settings.routing, units)
    worker, signer = settings.worker_public_key, Signer("public", settings.event_key)
    return Office(units, rules, worker, signer)


def _found(session: Session, settings: dict[str, Settings]) -> None:
    peppers = Peppers(settings["public"].receipt_pepper)
    keys = settings["worker"].number_key, settings["staff"].account_key
    office = _office(settings["public"])
    demo.seed_people(demo.Stage(session, office, peppers, *keys, system_clock()))


def _send(session: Session, settings: dict[str, Settings]) -> None:
    public, now = settings["public"], system_clock()
    office, tokens = _office(public), FormTokens(public.form_key)
    nonce = b"the form's nonce"
    account, alias, word, not_now, own = TYPED
    slots = tuple(office.units["adult"].calendar.slots(now)[:2])
    call = CallWish(NUMBER, slots, alias, word, not_now, phone=Phone.OWN)
    submission = Submission(
        "sv", Audience.EXPOSED, Channel.CALLBACK, Wish.CALL, account, call=call
    )
    token = Token(tokens.database_hash(nonce), tokens.content_hash(nonce, b"all of it"))
    digits = from_seed(tokens.receipt_seed(nonce))
    receipt = Peppers(public.receipt_pepper).key(digits, own)
    send(session, office, submission, token, receipt, now)


def _tag(session: Session, worker: Settings) -> None:
    number = session.scalars(select(Number)).one()
    number.tag = tag(NUMBER.e164, worker.number_key)
    session.flush()


@pytest.mark.rule("S1")
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_nothing_typed_stands_in_any_file(
    loot: Engine, folder: Path, suffix: str
) -> None:
    raw = (folder / f"stilla.db{suffix}").read_bytes()
    forms = [*TYPED, NUMBER.e164, NUMBER.e164[1:], NUMBER.e164[3:]]
    found = [
        text
        for text in forms
        for coded in (
            text.encode(),
            text.encode("utf-16-le"),
            text.encode().hex().encode(),
        )
        if coded in raw
    ]
    assert not found
    assert raw or suffix == "-wal"


@pytest.mark.rule("S1")
def test_no_box_opens_with_what_the_public_face_knows(
    loot: Engine, settings: dict[str, Settings]
) -> None:
    secrets = _known(settings["public"])
    boxes = list(_boxes(loot))
    assert len(boxes) > 20
    for box in boxes:
        for secret in secrets:
            with pytest.raises(SealBroken):
                unseal(box, KeyPair.from_secret(secret))
            with pytest.raises(SealBroken):
                unlock(box, secret)


@pytest.mark.rule("S22")
def test_trying_all_numbers_finds_none(
    loot: Engine, settings: dict[str, Settings]
) -> None:
    """The series that holds the right number is tried under every key at hand."""
    stored = set(_boxes(loot))
    series = [f"+4670174{tail:04d}" for tail in range(10_000)]
    assert NUMBER.e164 in series
    keys = [*_known(settings["public"]), b"", b"stilla"]
    for number in series:
        forms = (number.encode(), number[1:].encode(), b"0" + number[3:].encode())
        plain = {hashlib.sha256(form).digest() for form in forms}
        keyed = {hmac.digest(key, form, "sha256") for key in keys for form in forms}
        assert not stored & (plain | keyed)


def test_the_worker_finds_it_where_the_thief_does_not(
    loot: Engine, settings: dict[str, Settings]
) -> None:
    """Shows that the attack above could succeed, had the key been at hand."""
    assert tag(NUMBER.e164, settings["worker"].number_key) in set(_boxes(loot))


def _known(public: Settings) -> list[bytes]:
    """Return every 32 bytes that the public face's settings hold or lead to at once."""
    held = [
        public.form_key,
        public.event_key,
        public.worker_public_key,
        *public.receipt_pepper.values(),
    ]
    return [*held, *(hashlib.sha256(key).digest() for key in held)]


def _boxes(engine: Engine) -> Iterator[bytes]:
    """Yield every binary value of every table."""
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [c for c in table.columns if isinstance(c.type, LargeBinary)]
            for row in connection.execute(select(*columns)) if columns else ():
                yield from (bytes(value) for value in row if value is not None)
