"""What the domain's tests share: a bureau with members, quick hashes, a set clock."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from intake.store import connect
from tests import factories
from tests.conftest import fresh_postgres
from tests.factories import Bureau


@pytest.fixture
def bureau(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    """Open a bureau on a fresh database: SQLite, or PostgreSQL where it is marked."""
    factories.quicken(monkeypatch)
    if request.node.get_closest_marker("postgres"):
        url = fresh_postgres(request.getfixturevalue("postgres_url"))
    else:
        url = request.getfixturevalue("sqlite_url")
    engine = connect(url)
    yield factories.bureau(engine)
    engine.dispose()


@pytest.fixture
def either_bureau(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Open a bureau on SQLite and on PostgreSQL in turn."""
    factories.quicken(monkeypatch)
    return factories.bureau(engine)
