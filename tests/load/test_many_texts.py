"""Many texts wait on PostgreSQL, and four workers send each of them once.

Ten thousand take `make load`, which also measures: docs/load.md.
"""

import os
from pathlib import Path

import pytest

from tests.conftest import fresh_postgres
from tests.load.many import outbox

COUNT = int(os.environ.get("STILLA_TEST_LOAD_TEXTS", "300"))


@pytest.mark.postgres
@pytest.mark.timeout(120 + COUNT)
@pytest.mark.rule("S12")
def test_four_workers_send_each_text_once(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = fresh_postgres(postgres_url)
    workers = [f"worker{number}" for number in range(4)]
    with outbox(address, tmp_path / "load", COUNT, monkeypatch) as waiting:
        waiting.rate("worker", workers)
        waiting.check()
        assert not [line for name in workers for line in waiting.crowd.lines(name)]
