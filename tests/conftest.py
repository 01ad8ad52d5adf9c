"""What tests share: a database with all tables, on SQLite and on PostgreSQL."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

import intake.alert_tables
import intake.bridge_tables
import intake.consulting
import intake.line_tests
import intake.log_checks
import intake.messages
import intake.schedule
import intake.staff_log
import intake.text_stops
import intake.two_person
import intake.ways_in  # noqa: F401 - with it, every table is brought in
from intake.store import connect
from intake.tables import Base
from tests.databases import postgres_server

_names = itertools.count()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with all tables, to be copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    engine = connect(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Run a PostgreSQL server of our own, and make its template database."""
    with postgres_server() as url:
        engine = connect(url)
        Base.metadata.create_all(engine)
        engine.dispose()
        yield url


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """Return the address of a fresh SQLite database."""
    shutil.copy(empty_sqlite, tmp_path / "stilla.db")
    return f"sqlite:///{tmp_path}/stilla.db"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a fresh database: each test runs on both kinds."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return fresh_postgres(request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Return an engine on a fresh database, SQLite and PostgreSQL in turn."""
    made = connect(database_url)
    yield made
    made.dispose()


def fresh_postgres(url: str, *, empty: bool = False) -> str:
    """Make a database of the server's own: with all tables, or with none."""
    template = "template1" if empty else "stilla"
    server = make_url(url)
    name = f"test_{next(_names)}"
    admin = connect(server.set(database="postgres").render_as_string(False))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    admin.dispose()
    return server.set(database=name).render_as_string(False)
