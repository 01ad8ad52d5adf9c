"""The units of a running process, with the hours that their heads last decided."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from intake.errors import BadData
from intake.schedule import Plan, Standing, newest
from intake.store import reading
from intake.units import Unit

Dress = Callable[[Unit, Plan], Unit]


class LiveUnits(Mapping[str, Unit]):
    """Units by key, as the file has them, under the plans that the database holds.

    Read anew every few seconds. A unit whose plan did not change stays the same
    object, so that who keeps one can see by it whether anything changed.
    """

    every: float = 10.0  # seconds

    def __init__(self, engine: Engine, filed: Mapping[str, Unit], dress: Dress) -> None:
        """Take the file's units, and how a plan changes one and its words."""
        self._engine, self._filed, self._dress = engine, filed, dress
        self._units, self._plans = dict(filed), dict[str, Standing]()
        self._read_at = float("-inf")
        self._turn = threading.Lock()

    def __getitem__(self, key: str) -> Unit:
        """Return a unit. Raises KeyError."""
        return self._now()[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys, in the file's order."""
        return iter(self._filed)

    def __len__(self) -> int:
        """Return how many units there are."""
        return len(self._filed)

    def refresh(self) -> None:
        """Read anew at the next look, for whoever has just committed an edit."""
        self._read_at = float("-inf")

    def _now(self) -> Mapping[str, Unit]:
        # Who comes while another reads takes what was there: nobody waits for it.
        due = time.monotonic() >= self._read_at + self.every
        if due and self._turn.acquire(blocking=False):
            try:
                self._read_at = time.monotonic()
                # Without tables yet, or without a database, the last hours stand.
                with suppress(SQLAlchemyError):
                    self._read()
            finally:
                self._turn.release()
        return self._units

    def _read(self) -> None:
        with reading(self._engine) as session:
            plans = newest(session)
        units = dict(self._units)
        for key in plans.keys() & self._filed.keys():
            if plans[key] != self._plans.get(key):
                try:
                    units[key] = self._dress(self._filed[key], plans[key].plan)
                except BadData:
                    continue  # written past `save`: what held before holds
        self._units, self._plans = units, dict(plans)
