"""A worker killed between any two steps of reading a text in: one request, one series.

A real process, a real carrier's HTTP, and SIGKILL before every statement and every
commit, and around all that the carrier is asked for.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intake.founding import holders
from intake.life import EventKind, broken_at
from intake.messages import InboundText, OutboundMail
from intake.models import Number, Request
from intake.people import Installation
from intake.topics import Channel, Kind
from intake.unheard import ON_ITS_WAY, fetch
from intake.worker import clean_texts, read_inbound
from tests.load.between import go_on, is_killed
from tests.load.many import Outbox, outbox
from tests.standin import Message
from tests.standin.account import ACCOUNT, NUMBER

MOST = 120  # points that a round may have
_STEPS = (fetch, read_inbound, clean_texts)
_FOUNDED = timedelta(days=30)


@pytest.fixture
def place(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outbox]:
    """Return a place that has read nothing yet, and what people text to it."""
    with outbox(database_url, tmp_path / "load", 1, monkeypatch) as made:
        with made.bureau.writing() as session:
            long_ago = made.bureau.clock() - _FOUNDED
            session.execute(update(Installation).values(created_at=long_ago))
        yield made


@pytest.mark.rule("S20")
@pytest.mark.rule("S22")
@pytest.mark.timeout(600)
def test_killed_before_any_step_a_text_becomes_one_request_and_is_forgotten(
    place: Outbox,
) -> None:
    stood: set[bool] = set()
    for fatal in range(1, MOST):
        sender = f"+4670174{fatal:04d}"
        sid = _came(place, sender)
        killed = is_killed(place, fatal, *_STEPS)
        stood.add(_stands_or_is_kept(place, sid))
        go_on(place, *_STEPS)
        with place.bureau.writing() as session:
            _check(place, session, sid, sender)
        assert place.carrier.messages == []
        assert place.carrier.deleted.count(sid) == 1
        if not killed:
            break
    assert not killed, "the round has more steps than were tried"
    assert stood == {False, True}


def _came(place: Outbox, sender: str) -> str:
    """Let a text come that no call brought; returns the carrier's id of it."""
    message = Message(ACCOUNT, NUMBER, sender, "Ring mig", direction="inbound")
    message.status = "received"
    message.created_at = message.sent_at = datetime.now(UTC) - 2 * ON_ITS_WAY
    return place.carrier.keep(message).sid


def _stands_or_is_kept(place: Outbox, sid: str) -> bool:
    """Say whether its request stands; until then the carrier has it whole."""
    with place.bureau.writing() as session:
        # Waits for what a killed one still holds: a database may be late to see it.
        row = session.get(InboundText, sid, with_for_update=True)
        stands = row is not None and row.request_id is not None
        assert stands or place.carrier.get(sid).body == "Ring mig"
        assert row is None or (row.box is None) is stands
        assert row is None or not row.deleted_at or sid in place.carrier.deleted
        return stands


def _check(place: Outbox, session: Session, sid: str, sender: str) -> None:
    """Check that all that a text brings is there once, and nothing is left of it."""
    row = session.get_one(InboundText, sid)
    assert (row.box, bool(row.deleted_at)) == (None, True)
    tag = place.bureau.worker.tag(sender)
    hers = select(Request).join(Number).where(Number.tag == tag)
    (request,) = session.scalars(hers.where(Request.channel == Channel.SMS))
    assert row.request_id == request.id
    starts = [window.starts_at for window in request.windows]
    assert {window.series for window in request.windows} == {sid}
    assert len(starts) == len(set(starts))
    assert sorted(one.kind for one in request.envelopes) == [Kind.NUMBER, Kind.TEXT]
    arrived = [one for one in request.events if one.kind == EventKind.ARRIVED]
    assert len(arrived) == 1
    signer = place.bureau.office.signer
    assert broken_at(request.events, {signer.name: signer.key}) is None
    _staff_see(session, request)


def _staff_see(session: Session, request: Request) -> None:
    """Check that each unit is told of a request once, and that two can open it."""
    mails = select(OutboundMail.unit).where(OutboundMail.request_id == request.id)
    told = session.scalars(mails).all()
    assert request.unit in told
    assert len(told) == len(set(told))
    desks = {key.desk for key in request.keys}
    assert len({one for desk in desks for one in holders(session, desk)}) >= 2
