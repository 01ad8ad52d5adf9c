"""What the domain's tests share: a bureau with members, quick hashes, a set clock."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from intake.store import connect
from tests import factories
from tests.factories import Bureau


@pytest.fixture
def bureau(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    """Open a bureau on a fresh SQLite database."""
    factories.quicken(monkeypatch)
    engine = connect(sqlite_url)
    yield factories.bureau(engine)
    engine.dispose()


@pytest.fixture
def either_bureau(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Open a bureau on SQLite and on PostgreSQL in turn."""
    factories.quicken(monkeypatch)
    return factories.bureau(engine)
