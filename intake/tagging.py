"""What the worker alone can do with numbers: open its copies, and tag them (S22)."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.models import Number
from intake.numbers import tag
from intake.vault import KeyPair, unseal


@dataclass(frozen=True, slots=True)
class WorkerKeys:
    """The worker's own pair, and the key of the tags that no other process has."""

    pair: KeyPair
    number_key: bytes = field(repr=False)

    def number(self, box: bytes) -> str:
        """Open a number, in E.164, that was sealed to the worker. Raises SealBroken."""
        return unseal(box, self.pair).decode()

    def tag(self, e164: str) -> bytes:
        """Return a number's keyed tag."""
        return tag(e164, self.number_key)


def untagged(session: Session) -> list[int]:
    """Return the ids of the numbers that wait for their tag."""
    waiting = select(Number.id).where(Number.worker_box.is_not(None))
    return list(session.scalars(waiting.order_by(Number.id)))


def tag_number(session: Session, keys: WorkerKeys, number_id: int) -> None:
    """Tag a number and shred the worker's copy. Raises SealBroken."""
    number = session.get(Number, number_id, with_for_update=True)
    if number is None or number.worker_box is None:
        return  # withdrawn, or tagged by another worker, a moment ago
    number.tag = keys.tag(keys.number(number.worker_box))
    number.worker_box = None
    session.flush()
