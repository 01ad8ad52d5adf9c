"""A thief takes the database, its log files and the public face's settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, LargeBinary, select

from intake.errors import SealBroken
from intake.migrate import upgrade
from intake.numbers import tag
from intake.store import connect, writing
from intake.tables import Base
from intake.vault import KeyPair, unlock, unseal
from tests.guards import stolen
from tests.guards.stolen import NUMBER, TYPED
from web.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder."""
    return tmp_path_factory.mktemp("stolen")


@pytest.fixture(scope="module")
def settings(folder: Path) -> dict[str, Settings]:
    """Return each process's settings."""
    return stolen.make_secrets(folder)


@pytest.fixture(scope="module")
def loot(settings: dict[str, Settings]) -> Iterator[Engine]:
    """Send one request as the public face does; the files stay open, as they would."""
    public = settings["public"]
    upgrade(public.database_url)
    engine = connect(public.database_url)
    with writing(engine) as session:
        stolen.let_in(session, settings)
        number = stolen.ask_for_a_call(session, settings).numbers[0]
        number.tag = tag(NUMBER.e164, settings["worker"].number_key)
        session.commit()
    holding = engine.connect()  # keeps -wal and -shm on disk, as a running site does
    holding.exec_driver_sql("SELECT 1")
    yield engine
    holding.close()
    engine.dispose()


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
    loot: Engine, folder: Path
) -> None:
    secrets = stolen.known(folder, "public")
    boxes = list(_boxes(loot))
    assert len(boxes) > 20
    for box in boxes:
        for secret in secrets:
            with pytest.raises(SealBroken):
                unseal(box, KeyPair.from_secret(secret))
            with pytest.raises(SealBroken):
                unlock(box, secret)


def _boxes(engine: Engine) -> Iterator[bytes]:
    """Yield every binary value of every table."""
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [c for c in table.columns if isinstance(c.type, LargeBinary)]
            for row in connection.execute(select(*columns)) if columns else ():
                yield from (bytes(value) for value in row if value is not None)
