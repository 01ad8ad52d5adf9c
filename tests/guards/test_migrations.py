"""Migrations lead up, down and up again, and end at the tables that the code knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import intake.alert_tables
import intake.bridge_tables
import intake.line_tests
import intake.messages  # noqa: F401 - brings in every table
from intake.migrate import downgrade, is_current, upgrade
from intake.store import connect
from intake.tables import Base
from tests.databases import postgres_server

_OWN = {"alembic_version"}  # the only table that Alembic keeps when all is taken back


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    with postgres_server() as address:
        yield address


def tables(url: str) -> set[str]:
    engine = connect(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_up_down_and_up_again_leaves_every_table(url: str) -> None:
    upgrade(url)
    assert tables(url) - _OWN == set(Base.metadata.tables)
    downgrade(url)
    assert tables(url) <= _OWN
    upgrade(url)
    assert tables(url) - _OWN == set(Base.metadata.tables)


def test_migrations_and_models_agree(url: str) -> None:
    upgrade(url)
    engine = connect(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Base.metadata)
    assert is_current(engine)
    engine.dispose()
    assert differences == []


def test_a_database_behind_is_told_from_one_up_to_date(url: str) -> None:
    upgrade(url)
    downgrade(url)
    engine = connect(url)
    assert not is_current(engine)
    engine.dispose()
