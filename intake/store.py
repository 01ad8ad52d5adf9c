"""The database: SQLite with its safe settings, or PostgreSQL, behind one function."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

_BUSY = 10_000  # milliseconds that a writer waits for another on SQLite


def connect(url: str) -> Engine:
    """Return an engine whose errors never show a statement's values."""
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", _tune)
        event.listen(engine, "begin", _begin)
    return engine


def reading(engine: Engine) -> Session:
    """Open a session that is meant to read."""
    return Session(engine)


def writing(engine: Engine) -> Session:
    """Open a session that will write; on SQLite it takes its turn at the start.

    A transaction that reads first and writes later would fail there when another has
    written in between; what it decided on would be stale.
    """
    return Session(engine.execution_options(writes=True))


def one_at_a_time(session: Session, turn: bytes) -> None:
    """Let one transaction at a time have a turn, until its end; SQLite has one writer.

    `turn` is eight bytes or more that name what is done; PostgreSQL takes eight.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = int.from_bytes(turn[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(lock)))


def is_free(session: Session, turn: bytes) -> bool:
    """Take a turn as `one_at_a_time` does; False where another has it. Never waits."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    lock = int.from_bytes(turn[:8], "big", signed=True)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock))))


def forget(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, so that what was shredded is not kept there."""
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL forgets by VACUUM and by its log's end: docs/operations.md
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_private(_: object, __: object, where: list[str], ___: object) -> None:
    """Make a database that is missing as a file for its owner alone.

    SQLite itself would take what the umask leaves, most often a file for all to read;
    to its log and its index it gives the rights of the database.
    """
    path = Path(where[0])
    if where[0].startswith((":", "file:")) or not path.parent.is_dir():
        return  # in memory; or SQLite says best that it can't be opened
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _tune(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event starts transactions
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",  # SQLite heeds them where a connection asks for it
        "secure_delete=ON",  # what is shredded is overwritten, not unlinked
        f"busy_timeout={_BUSY}",
        "synchronous=FULL",  # “it has come in” must outlive a power cut
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
