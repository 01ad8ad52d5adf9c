"""What the processes of a load share: where the database is, and everybody's keys."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake import calls, decisions, finding, outbox, queue
from intake.life import Signer
from intake.office import Office
from intake.receipts import Peppers
from intake.rulebook import load_rules
from intake.store import connect
from intake.tagging import WorkerKeys
from intake.vault import KeyPair
from tests.factories import OFFICE_UNITS, Bureau, quicken
from tests.workbench import DATA, Clock

LEASE = timedelta(seconds=10)  # of a member, so that many end within a minute
TEXT_LEASE = timedelta(seconds=15)  # longer than the client waits for an answer


@dataclass(frozen=True)
class Plan:
    """Read by every process as it starts; secrets in hexadecimal, all made up."""

    database_url: str
    carrier_url: str
    worker_secret: str
    number_key: str
    event_key: str
    pairs: dict[str, str]  # login to secret

    def write(self, path: Path) -> Path:
        """Write the plan where only this user reads it."""
        path.touch(0o600)
        path.write_text(json.dumps(asdict(self)), "utf-8")
        return path

    @classmethod
    def of(cls, bureau: Bureau, database_url: str, carrier_url: str) -> "Plan":
        """Return the plan of a bureau that is open here."""
        return cls(
            database_url=database_url,
            carrier_url=carrier_url,
            worker_secret=bureau.worker.pair.secret.hex(),
            number_key=bureau.worker.number_key.hex(),
            event_key=bureau.office.signer.key.hex(),
            pairs={login: pair.secret.hex() for login, pair in bureau.pairs.items()},
        )

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Read a plan back."""
        return cls(**json.loads(path.read_text("utf-8")))

    def bureau(self) -> Bureau:
        """Open the bureau as one process of many."""
        worker = KeyPair.from_secret(bytes.fromhex(self.worker_secret))
        rules = load_rules(DATA / "routing.toml", OFFICE_UNITS)
        signer = Signer("staff", bytes.fromhex(self.event_key))
        pairs = {
            login: KeyPair.from_secret(bytes.fromhex(secret))
            for login, secret in self.pairs.items()
        }
        return Bureau(
            connect(self.database_url),
            Office(OFFICE_UNITS, rules, worker.public, signer),
            WorkerKeys(worker, bytes.fromhex(self.number_key)),
            b"a" * 32,
            pairs,
            Peppers({1: b"p" * 32}),
            RealClock(),
        )


class RealClock(Clock):
    """The machine's own clock, in the place of one that stands still."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Let leases end in seconds and hashes be quick, in this process."""
    quicken(patch)
    for module, name, value in (
        (queue, "LEASE", LEASE),
        (decisions, "LEASE", LEASE),
        (calls, "UNTIL_LEFT", LEASE),
        (outbox, "LEASE", TEXT_LEASE),
        (finding, "ASK_AGAIN", timedelta(seconds=1)),
    ):
        patch.setattr(module, name, value)
