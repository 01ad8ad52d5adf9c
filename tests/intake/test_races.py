"""Two who act on one request at once, each in a session of its own, on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC

import pytest

from intake.life import broken_at
from intake.store import connect
from tests import factories
from tests.conftest import fresh_postgres
from tests.factories import Bureau, text

pytestmark = pytest.mark.postgres


@pytest.fixture
def bureau(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    factories.quicken(monkeypatch)
    engine = connect(fresh_postgres(postgres_url))
    yield factories.bureau(engine)
    engine.dispose()


@pytest.mark.rule("S35")
def test_the_chain_holds_whatever_time_the_server_speaks(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        name = bureau.engine.url.database
        zone = f"ALTER DATABASE {name} SET timezone TO 'Europe/Stockholm'"
        session.connection().exec_driver_sql(zone)
    bureau.engine.dispose()  # the next connection asks for the server's zone anew
    with bureau.writing() as session:
        events = bureau.request(session, reference).events
        assert [event.at.tzinfo for event in events] == [UTC]
        signer = bureau.office.signer
        assert broken_at(events, {signer.name: signer.key}) is None
