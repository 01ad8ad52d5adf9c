"""The carrier for a machine without one: says that a text would go out, and no more."""

import sys
from collections.abc import Collection
from datetime import datetime
from typing import TextIO

from intake.sms.gateway import OutgoingText, Sent, TextIn, TextStatus


class ConsoleGateway:
    """Prints one constant line per text: output ends up in logs, which anyone reads."""

    drops_late = True  # nothing comes late that never goes out

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, text: OutgoingText) -> Sent:
        """Say that a text would go out, without its number and its words."""
        # Looked up when used, as tests and launchers replace the standard output.
        stream = self._stream or sys.stdout
        stream.write("a text would go out now\n")
        stream.flush()
        return Sent(f"console-{text.own_id}", TextStatus.DELIVERED)

    def find(
        self,
        to: str,
        since: datetime,
        own_id: str | None = None,
        known: Collection[str] = (),
    ) -> Sent | None:
        """Find nothing, as nothing is kept."""
        return None

    def status(self, sid: str) -> Sent | None:
        """Know of nothing, as nothing is kept."""
        return None

    def redact(self, sid: str) -> None:
        """Do nothing, as nothing is kept."""

    def delete(self, sid: str) -> None:
        """Do nothing, as nothing is kept."""

    def received(self, number: str, since: datetime) -> tuple[TextIn, ...]:
        """Return nothing, as nothing comes in."""
        return ()

    def doubts(self, number: str, hook: str) -> tuple[str, ...]:
        """Return nothing, as nothing is set up."""
        return ()
