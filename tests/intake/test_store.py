"""The database's file: nobody but its owner reads it, whatever the umask says."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.migrate import upgrade
from intake.store import connect


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """Let everybody read whatever is made without a thought."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def test_database_log_and_index_are_their_owners_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/stilla.db"
    upgrade(url)
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM members"))
        names = ("stilla.db", "stilla.db-wal", "stilla.db-shm")
        assert modes(tmp_path) == dict.fromkeys(names, 0o600)
    engine.dispose()


def test_rights_that_the_operator_gave_stay(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/stilla.db", tmp_path / "stilla.db"
    upgrade(url)
    file.chmod(0o660)  # three users of one group, as docs/operations.md says
    engine = connect(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM members"))
        assert modes(tmp_path)["stilla.db-wal"] == 0o660
    engine.dispose()
    assert modes(tmp_path)["stilla.db"] == 0o660


def test_a_database_in_memory_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = connect("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    assert modes(tmp_path) == {}
