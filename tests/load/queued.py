"""Many texts that wait in the outbox, each for a request and a number of its own."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from intake.messages import Delivery, OutboundText
from intake.models import Number, Request, Window
from intake.people import UnitRecord
from intake.tables import Base
from intake.topics import Contact, Opening, Origin, State
from intake.vault import seal
from tests.factories import Bureau

_FIRST = 1000  # the first request's own id
Row = dict[str, Any]


def queue_texts(bureau: Bureau, count: int) -> None:
    """Queue texts that may all go now, made after one request that came in truly.

    No two have a request or a number in common. The numbers are of the series that
    holds the made-up ones; nothing here goes further than this machine.
    """
    reference = bureau.send(bureau.callback(texts=True))
    with bureau.writing() as session:
        one = bureau.request(session, reference)
        session.get_one(UnitRecord, one.unit).call_tested_at = bureau.clock()
        author = bureau.member(session, "amina").id
        rows = [_rows(bureau, one, author, number) for number in range(count)]
        for table in (Request, Number, Window, OutboundText):
            _insert(session, table, [row[table] for row in rows])
    with bureau.writing() as session:
        session.execute(text("ANALYZE"))  # as its own housekeeping would


def _insert(session: Session, table: type[Base], rows: list[Row]) -> None:
    session.execute(insert(table), rows)


def _rows(
    bureau: Bureau, one: Request, author: int, number: int
) -> dict[type[Base], Row]:
    columns = Request.__table__.columns
    alike = {column.key: getattr(one, column.key) for column in columns}
    own, e164 = _FIRST + number, f"+4670174{number:04d}"
    now, ends = bureau.clock(), bureau.clock() + timedelta(hours=2)
    open_now = {"state": State.OPEN, "contact": Contact.ALLOWED, "unread_since": None}
    return {
        Request: alike | {"id": own, "reference": f"T{number}"} | open_now,
        Number: {
            "request_id": own,
            "envelope_id": one.numbers[0].envelope_id,
            "origin": Origin.FORM,
            "tag": bureau.worker.tag(e164),
            "confirmed_at": now,
        },
        Window: {
            "id": own,
            "request_id": own,
            "unit": one.unit,
            "starts_at": now,
            "ends_at": ends,
            "origin": Origin.FORM,
        },
        OutboundText: {
            "id": token_hex(16),
            "request_id": own,
            "window_id": own,
            "member_id": author,
            "template": "later",
            "opening": Opening.CLUB,
            "language": "sv",
            "worker_box": seal(e164.encode(), bureau.office.worker_public),
            "state": Delivery.WAITING,
            "not_after": ends,
            "next_try_at": now,
            "created_at": now,
        },
    }
