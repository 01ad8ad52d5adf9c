"""Putting sealed texts, numbers and doors into a request."""

from datetime import datetime

from sqlalchemy.orm import Session

from intake.models import Door, Envelope, Number, Request
from intake.numbers import CallableNumber
from intake.office import Office
from intake.receipts import ReceiptKey
from intake.topics import Half, Kind, Origin
from intake.vault import seal, seal_text


def put(
    session: Session,
    request: Request,
    kind: Kind,
    text: str,
    origin: Origin,
    now: datetime,
    author_id: int | None = None,
) -> Envelope:
    """Seal one text into a request; only public halves are needed for it."""
    # S1: what she wrote never goes to the half that her receipt opens.
    answers = Half.of(kind) is Half.ANSWER
    public = request.answer_public if answers else request.account_public
    envelope = Envelope(
        request_id=request.id,
        kind=kind,
        origin=origin,
        author_id=author_id,
        at=now,
        box=seal_text(text, public),
    )
    session.add(envelope)
    session.flush()
    # A list that was loaded before does not learn of a new row by itself.
    session.expire(request, ["envelopes"])
    return envelope


def put_number(
    session: Session,
    office: Office,
    request: Request,
    number: CallableNumber,
    origin: Origin,
    now: datetime,
) -> Number:
    """Seal a number to the unit and, for its tag, to the worker; older ones end."""
    # One number at a time: no call may go to one that she has replaced.
    withdraw_numbers(request, now)
    envelope = put(session, request, Kind.NUMBER, number.e164, origin, now)
    row = Number(
        request_id=request.id,
        envelope_id=envelope.id,
        origin=origin,
        worker_box=seal(number.e164.encode(), office.worker_public),
    )
    session.add(row)
    session.flush()
    session.expire(request, ["numbers"])
    return row


def withdraw_numbers(request: Request, now: datetime) -> None:
    """End every number that the request has, and shred the worker's copies."""
    for number in request.numbers:
        number.withdrawn_at = number.withdrawn_at or now
        number.worker_box = None  # nobody may ring it, so it needs no tag


def current_number(request: Request) -> Number | None:
    """Return the number that stands, if any."""
    standing = [n for n in request.numbers if n.withdrawn_at is None]
    return standing[-1] if standing else None


def open_door(
    session: Session,
    request: Request,
    receipt: ReceiptKey,
    answer_secret: bytes,
    ends_at: datetime | None = None,
) -> Door:
    """Let a receipt open the answers; one given by voice ends at `ends_at` (S6)."""
    door = Door(
        request_id=request.id,
        tag=receipt.tag,
        pepper_version=receipt.pepper_version,
        answer_box=seal(answer_secret, receipt.pair.public),
        by_voice=ends_at is not None,
        ends_at=ends_at,
    )
    session.add(door)
    session.flush()
    return door
