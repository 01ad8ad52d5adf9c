"""Measures ten thousand queued texts, and writes docs/load.md: `make load`."""

import cProfile
import os
import pstats
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from intake import sending
from intake.store import connect
from intake.tables import Base
from tests.conftest import fresh_postgres
from tests.databases import postgres_server
from tests.load.many import Outbox, outbox
from tests.load.someone import on_duty
from web.settings import ROOT
from web.wiring import system_clock

COUNT = int(os.environ.get("STILLA_TEST_LOAD_TEXTS", "10000"))
WORKERS = 4
PAGE = ROOT / "docs" / "load.md"
# What is profiled: the file and the function, and what it does for a text.
_PARTS = {
    ("outbox.py", "take"): "claim it and check everything again (S12)",
    ("deliveries.py", "claim"): "of that: find and claim",
    ("twilio.py", "send"): "ask the carrier, each time by a connection of its own",
    ("outbox.py", "accepted"): "note that it went",
    ("life.py", "record"): "of that: the event that staff see",
}
_TEXT = """# Load

Written by `make load`, on {cores} cores and PostgreSQL, {day}. The tests send a
smaller number in the same way, and kill members and workers at random besides
(`tests/load/`). `STILLA_TEST_LOAD_TEXTS` says how many texts, and
`STILLA_TEST_LOAD_SECONDS` how long the killing goes on.

## {count} queued texts, {workers} workers

Each text went out exactly once, over HTTP to the stand-in for the carrier, and the
staff of each request were told so once.

| | texts a second | ratio |
|---|---|---|
| a plain loop: one process, no claim, no check, nothing told | {plain:.1f} | 1 |
| {workers} workers: every check, every step of a round | {rate:.1f} | {ratio:.2f} |

The ratio is what to compare: it tells what care costs, whatever the machine does
besides. The care for a text is {statements:.0f} statements in two transactions; the
carrier is asked between them, never within one.

## Where the time goes

One worker and {profiled} texts, as shares of its time:

| share | to |
|---|---|
{shares}

A claim reads the first text that is due through an index in that order, however many
wait behind it. Without the index each claim sorted all that waited: with ten thousand
of them 19 ms instead of 0.1 ms.
"""


def main() -> None:
    """Measure, check, and write the page."""
    with (
        postgres_server() as url,
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        engine = connect(url)
        Base.metadata.create_all(engine)
        engine.dispose()

        def fill(name: str, count: int) -> AbstractContextManager[Outbox]:
            return outbox(fresh_postgres(url), Path(folder) / name, count, patch)

        with fill("plain", COUNT // 10) as waiting:
            plain = waiting.rate("plain", ["plain"])
        with fill("workers", COUNT) as waiting:
            rate = waiting.rate("worker", [f"worker{one}" for one in range(WORKERS)])
            waiting.check()
        with fill("profile", COUNT // 20) as waiting:
            shares, statements = _profile(waiting)
    page = _TEXT.format(
        cores=os.cpu_count(),
        day=f"{system_clock():%Y-%m-%d}",
        count=f"{COUNT:,}".replace(",", " "),
        workers=WORKERS,
        plain=plain,
        rate=rate,
        ratio=rate / plain,
        statements=statements,
        profiled=COUNT // 20,
        shares="\n".join(f"| {share:.0%} | {what} |" for share, what in shares),
    )
    PAGE.write_text(page, "utf-8")


def _profile(waiting: Outbox) -> tuple[list[tuple[float, str]], float]:
    """Send all in this process; returns shares of the time, and statements a text."""
    duty = on_duty(waiting.bureau, waiting.carrier.url)
    asked: list[str] = []
    event.listen(
        waiting.bureau.engine,
        "before_cursor_execute",
        lambda _, __, statement, *rest: asked.append(statement),
    )
    profile = cProfile.Profile()
    with profile:
        while sending.send(duty):
            pass
    # `Any`: the published types do not know of the figures.
    taken: Any = pstats.Stats(profile)
    rows = taken.stats.items()
    times = {(Path(file).name, name): row[3] for (file, _, name), row in rows}
    whole = times["sending.py", "send"]
    shares = [(times[part] / whole, what) for part, what in _PARTS.items()]
    return shares, len(asked) / waiting.count


if __name__ == "__main__":
    main()
