"""The chains of events, held fast outside the database and verified from end to end.

A chain shows what was changed or cut out of it, but not that its newest end is gone.
So once a day the worker writes the heads that moved into a second file. Each day's
block ends with a code over itself and over the block before, made with the worker's
event key: whoever shortens or rewrites the file without that key is seen, too.
"""

import fcntl
import hmac
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from intake import life, staff_log
from intake.models import Event, Request
from intake.staff_log import StaffEvent

STAFF = 0  # the chain of who holds which key, among the rows of requests
_STAFF_NAME = "people and keys"
_TAIL = 120  # bytes; a day's last line is shorter


class Fault(StrEnum):
    """What can be wrong with a chain, or with the file of the anchors."""

    BROKEN = "broken"  # an event was changed, cut out or put in
    CUT = "cut"  # its newest end is gone: the anchor knows more
    REPLACED = "replaced"  # another event stands where the anchor's stood
    GONE = "gone"  # the whole request is gone
    FILE = "file"  # the anchors themselves were changed


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: of which request (by row and reference), at which event or day."""

    fault: Fault
    request_id: int = 0
    reference: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A chain's last event on some day."""

    request_id: int
    seq: int
    mac: str

    def line(self) -> str:
        """Return the head as the file has it."""
        return f"head {self.request_id} {self.seq} {self.mac}\n"


@dataclass(slots=True)
class Anchored:
    """What the file holds: every head in its order, up to the last whole day."""

    heads: dict[int, list[Head]] = field(default_factory=lambda: defaultdict(list))
    day: date | None = None
    code: str = ""
    length: int = 0  # bytes up to the end of the last whole day
    wrong: str = ""  # the first day whose code does not fit


def last_day(path: Path) -> date | None:
    """Return the day that the file's last whole line is of; None for none."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        words = (b"\n" + file.read()).rpartition(b"\nday ")[2].decode().split()
    return date.fromisoformat(words[0]) if len(words) == 3 else None


def write(session: Session, path: Path, key: bytes, day: date) -> int:
    """Write the heads that moved since the last anchor; returns how many.

    A day is written once; what a killed process had begun is written anew.
    """
    with _locked(path) as file:
        kept = _read(file.read().decode(), key)
        if kept.day is not None and kept.day >= day:
            return 0
        moved = [
            head
            for head in _heads(session)
            if kept.heads.get(head.request_id, [None])[-1] != head
        ]
        block = "".join(head.line() for head in moved)
        code = _code(key, kept.code, block, str(day))
        file.seek(kept.length)
        file.truncate()
        file.write(f"{block}day {day} {len(moved)} {code}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    return len(moved)


def read(path: Path, key: bytes) -> Anchored:
    """Return what a file holds; nothing where there is none."""
    return _read(path.read_text() if path.exists() else "", key)


def verify(
    session: Session, anchored: Anchored, keys: Mapping[str, bytes]
) -> Iterator[Finding | None]:
    """Verify every chain against its codes and anchors; yields one by one.

    What is whole yields None, so that the caller can count. `keys` are those of all
    three processes, by name.
    """
    if anchored.wrong:
        yield Finding(Fault.FILE, at=anchored.wrong)
    rows = select(Request.id, Request.reference).order_by(Request.id)
    names = {row.id: row.reference for row in session.execute(rows)}
    events = session.scalars(
        select(Event)
        .order_by(Event.request_id, Event.seq)
        .execution_options(yield_per=500)
    )
    yield from _staff_faults(session, anchored, keys)
    seen = {STAFF}
    for request_id, chain in groupby(events, attrgetter("request_id")):
        seen.add(request_id)
        heads = anchored.heads.get(request_id, [])
        whole = list(chain)
        fault, at = _fault(whole, heads, life.broken_at(whole, keys))
        reference = names.get(request_id, "")
        yield Finding(fault, request_id, reference, at) if fault else None
    # One without any event has lost its whole chain: every request has arrived.
    for request_id in sorted((names.keys() | anchored.heads.keys()) - seen):
        yield Finding(Fault.GONE, request_id, names.get(request_id, ""))


def _staff_faults(
    session: Session, anchored: Anchored, keys: Mapping[str, bytes]
) -> Iterator[Finding]:
    chain, heads = staff_log.chain(session), anchored.heads.get(STAFF, [])
    fault, at = _fault(chain, heads, staff_log.broken_at(chain, keys))
    if fault:
        yield Finding(fault, STAFF, _STAFF_NAME, at)


def _fault(
    chain: Sequence[Event | StaffEvent], heads: Iterable[Head], broken: int | None
) -> tuple[Fault | None, str]:
    if broken is not None:
        return Fault.BROKEN, str(broken)
    macs = {event.seq: event.mac.hex() for event in chain}
    for head in heads:
        if head.seq not in macs:
            return Fault.CUT, str(len(chain) + 1)
        if macs[head.seq] != head.mac:
            return Fault.REPLACED, str(head.seq)
    return None, ""


def _heads(session: Session) -> Iterator[Head]:
    newest = (
        select(Event.request_id, func.max(Event.seq).label("seq"))
        .group_by(Event.request_id)
        .subquery()
    )
    same = and_(Event.request_id == newest.c.request_id, Event.seq == newest.c.seq)
    found = select(Event.request_id, Event.seq, Event.mac).join(newest, same)
    for act in staff_log.chain(session)[-1:]:
        yield Head(STAFF, act.seq, act.mac.hex())
    for row in session.execute(found.order_by(Event.request_id)):
        yield Head(row.request_id, row.seq, row.mac.hex())


def _read(text: str, key: bytes) -> Anchored:
    kept, block, begun = Anchored(), "", 0
    for line in text.splitlines(keepends=True):
        begun += len(line.encode())
        words = line.split()
        if words[:1] == ["day"] and len(words) == 4 and line.endswith("\n"):
            _close(kept, block, words, key)
            kept.length, block = begun, ""
        else:
            block += line
    return kept


def _close(kept: Anchored, block: str, words: list[str], key: bytes) -> None:
    _, day, _, code = words
    right = _code(key, kept.code, block, day)
    kept.code = code
    if not hmac.compare_digest(right, code):
        kept.wrong = kept.wrong or day
        return  # whoever wrote it could also have written other heads
    kept.day = date.fromisoformat(day)
    for line in block.splitlines():
        _, request_id, seq, mac = line.split()
        kept.heads[int(request_id)].append(Head(int(request_id), int(seq), mac))


def _code(key: bytes, previous: str, block: str, day: str) -> str:
    return hmac.digest(key, f"{previous}\n{block}{day}".encode(), "sha256").hex()


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """Open the file for one worker at a time; it is its owner's alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
