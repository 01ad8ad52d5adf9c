"""Whether she may be called, and when, in one sentence that stands before all else."""

from dataclasses import dataclass
from datetime import datetime

from intake.calls import last_moment, number_stopped
from intake.life import EventKind
from intake.models import Event, Request
from intake.outcomes import TALKS, Outcome
from intake.queue import Desktop
from intake.topics import Contact, State
from intake.windows import coming, open_window
from web.desk import clock, day
from web.labels import label


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is yes, wait or no and chooses a colour; the words say it all."""

    kind: str
    words: str
    until: datetime | None = None  # the last moment at which a call may start
    sorry: str = ""  # what we missed and have not yet been able to talk about (S37)


def verdict(desk: Desktop, request: Request, now: datetime) -> Verdict:
    """Return what holds for calls at this moment. Unknown is no."""
    sorry, no = _sorry(request), _no(desk, request)
    if no:
        return Verdict("no", f"✕ {no}.", sorry=sorry)
    if request.state is State.CALLING:
        words = "◷ Ett samtal är påbörjat. Ring inte en gång till."
        return Verdict("wait", words, sorry=sorry)
    window = open_window(request, now)
    if window is not None:
        last, end = last_moment(window), clock(window.ends_at)
        words = f"✓ Får ringas nu. Ring före kl. {clock(last)}, tiden slutar kl. {end}."
        return Verdict("yes", words, until=last, sorry=sorry)
    later = any(one.starts_at > now for one in coming(request, now))
    then = "Nästa tid står här under." if later else "Ingen tid är kvar."
    return Verdict("wait", f"◷ Ring inte nu. {then}", sorry=sorry)


def _no(desk: Desktop, request: Request) -> str:
    # The first that holds is said, and a stop is above every state and time.
    if request.contact is Contact.ANOTHER_ANSWERED:
        return _what_stopped(request)
    if request.contact is not Contact.ALLOWED:
        return label(request.contact)
    if request.state is State.CLOSED:
        return "Ring inte. Ärendet är avslutat"
    if number_stopped(desk, request):  # S16: and no word of why
        return "Ring inte. Det står ett stopp på numret"
    if request.state is State.DECISION:
        return "Ring inte. Ärendet väntar på ett beslut"
    return ""


def _what_stopped(request: Request) -> str:
    """Tell silence where the word should have come from a voice that was another's."""
    outcomes = _outcomes(request)
    if outcomes and outcomes[-1].data["outcome"] == Outcome.NO_WORD:
        return "Ring inte. Någon svarade, men ordet kom inte. Det kan vara en annan"
    return label(Contact.ANOTHER_ANSWERED)


def nobody_answered(request: Request) -> bool:
    """Say whether the last call ended without an answer."""
    outcomes = _outcomes(request)
    return bool(outcomes) and outcomes[-1].data["outcome"] == Outcome.NO_ANSWER


def _sorry(request: Request) -> str:
    talks = [one.at for one in _outcomes(request) if one.data["outcome"] in TALKS]
    since = max(talks, default=None)
    missed = [
        window.starts_at
        for window in request.windows
        if window.missed_at and (since is None or window.missed_at > since)
    ]
    if not missed:
        return ""
    days = " och ".join(dict.fromkeys(day(start) for start in missed))
    times = "En tid missades" if len(missed) == 1 else "Tider missades"
    return f"{times} av oss {days}. Säg förlåt när ni kan prata."


def _outcomes(request: Request) -> list[Event]:
    return [one for one in request.events if one.kind == EventKind.OUTCOME]
