"""A worker on duty: what it holds, and how it takes its turns at the database."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.mail import Mailer
from intake.office import Office
from intake.sms.gateway import SmsGateway
from intake.store import reading, writing
from intake.tagging import WorkerKeys
from intake.text_caps import Caps
from intake.vault import KeyPair
from intake.voice import VoiceLine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker process: its keys, and the carriers of texts and mails.

    Without a gateway no text goes out. At `status_url`, a slash and a text's own id,
    the carrier tells what became of it. `numbers` are ours, that people text to.
    """

    engine: Engine
    office: Office
    pair: KeyPair
    number_key: bytes = field(repr=False)
    gateway: SmsGateway | None
    mailer: Mailer
    status_url: str
    clock: Callable[[], datetime]
    numbers: tuple[str, ...] = ()
    # When it last did what it does seldom; another worker may do it as well.
    seldom: dict[str, datetime] = field(default_factory=dict)
    caps: Caps | None = None  # None sends all that waits
    dry_run: bool = False  # nothing leaves, however it looks
    line: VoiceLine | None = None  # the bridge's; None rings nobody
    anchors: Path | None = None  # the file beside the database; None anchors nothing
    # Random, so that a worker started anew does not take an old lease for its own.
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def keys(self) -> WorkerKeys:
        """The keys that no other process has."""
        return WorkerKeys(self.pair, self.number_key)


@contextmanager
def turn(worker: Worker) -> Iterator[Session]:
    """Open a transaction that is committed at the end of the block, or not at all."""
    with writing(worker.engine) as session:
        yield session
        session.commit()


def look(worker: Worker, find: Callable[[Session], T]) -> T:
    """Ask the database, without taking anybody's turn at writing."""
    with reading(worker.engine) as session:
        return find(session)


def each(worker: Worker, things: Iterable[T], act: Callable[[Session, T], None]) -> int:
    """Act on each thing in a transaction of its own; returns how many.

    One that fails holds up none of the others; the first error is raised at the end.
    """
    done, failed = 0, None
    for thing in things:
        try:
            with turn(worker) as session:
                act(session, thing)
            done += 1
        except Exception as error:
            # Whatever broke this one, other people's texts must not wait for it.
            failed = failed or error
    if failed is not None:
        raise failed
    return done
