"""What follows from what a text seems to mean: a pause, or less time to call (S20).

Nothing here adds a window, moves one, confirms or closes anything. What is left without
any time to call waits for a person, as nobody may be forgotten over a word.
"""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from intake.deliveries import call_off
from intake.heard import Heard, Meaning
from intake.hours import HOME_ZONE
from intake.joining import mark_unread, tell
from intake.life import EventKind, record
from intake.models import Request
from intake.office import Office
from intake.topics import Contact, Origin, State
from intake.windows import coming, narrow


def stop(session: Session, office: Office, request: Request, now: datetime) -> None:
    """Pause contact until a person decides; windows stay for that decision (S15, S20).

    Somebody else may hold the phone, so a text ends nothing for good.
    """
    call_off(session, request.id)
    mark_unread(request, office, now)
    record(
        session,
        request,
        EventKind.STOP,
        office.signer,
        now,
        origin=Origin.SMS.value,
        state=State.DECISION.value,
        contact=Contact.SAID_STOP.value,
    )
    tell(session, request, (), now)


def is_stopped(request: Request) -> bool:
    """Say whether a text's stop stands already, and waits for a person."""
    return request.contact is Contact.SAID_STOP and request.state is State.DECISION


def narrows(requests: Iterable[Request], heard: Heard, now: datetime) -> bool:
    """Say whether there is a time to call left that a text takes away."""
    day = heard.not_before and datetime.combine(heard.not_before, time(), HOME_ZONE)
    return day is not None and any(
        window.starts_at < day for one in requests for window in coming(one, now)
    )


def heed(
    session: Session,
    office: Office,
    own: Request,
    standing: Iterable[Request],
    heard: Heard,
    now: datetime,
    **about: int | str,
) -> None:
    """Note what a text seems to mean, and narrow what it narrows.

    `about` tells of the text, in the event of its own request.

    "Later" holds for every request of the number, `standing`: whoever asks it holds the
    phone that we would ring. A day is said of the call that the text itself asks for.
    """
    reached = {own.id: own}
    if Meaning.LATER in heard.meanings:
        reached |= {request.id: request for request in standing}
    for request in reached.values():
        told = about if request is own else {}
        _heed(session, office, request, heard, now, **told)
        if request is not own:
            mark_unread(request, office, now)
            tell(session, request, (), now)


def _heed(
    session: Session,
    office: Office,
    request: Request,
    heard: Heard,
    now: datetime,
    **about: int | str,
) -> None:
    if not heard.meanings:
        return
    had = bool(coming(request, now))
    if heard.not_before:
        day = datetime.combine(heard.not_before, time(), HOME_ZONE)
        narrow(session, request, day, now)
        call_off(session, request.id)
    facts: dict[str, Any] = {"heard": ",".join(sorted(heard.meanings)), **about}
    if heard.not_before:
        facts["not_before"] = heard.not_before.isoformat()
    if heard.slot:
        facts["starts"] = heard.slot.starts_at.isoformat()
        facts["ends"] = heard.slot.ends_at.isoformat()
    if had and not coming(request, now):
        facts["state"] = State.DECISION.value
    record(session, request, EventKind.HEARD, office.signer, now, **facts)
