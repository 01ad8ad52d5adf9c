"""Whether she may be called, and when, in one sentence that stands before all else."""

from dataclasses import dataclass
from datetime import datetime

from intake.models import Request
from intake.topics import Contact, State
from intake.windows import is_waiting, open_window
from web.desk import clock
from web.labels import label


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is yes, wait or no and chooses a colour; the words say it all."""

    kind: str
    words: str


def verdict(request: Request, now: datetime) -> Verdict:
    """Return what holds for calls at this moment. Unknown is no."""
    # The first that holds is said, and a stop is above every state and time.
    if request.contact is not Contact.ALLOWED:
        return Verdict("no", f"✕ {label(request.contact)}.")
    if request.state is State.CLOSED:
        return Verdict("no", "✕ Ring inte. Ärendet är avslutat.")
    if request.state is State.CALLING:
        return Verdict("wait", "◷ Ett samtal är påbörjat. Ring inte en gång till.")
    if request.state is State.DECISION:
        return Verdict("no", "✕ Ring inte. Ärendet väntar på ett beslut.")
    window = open_window(request, now)
    if window is not None:
        return Verdict("yes", f"✓ Får ringas nu, till kl. {clock(window.ends_at)}.")
    every = request.windows
    coming = any(is_waiting(one, every) and one.starts_at > now for one in every)
    then = "Nästa tid står här under." if coming else "Ingen tid är kvar."
    return Verdict("wait", f"◷ Ring inte nu. {then}")
