"""Texts that the carrier has and that none of its calls brought us: asked for.

A call that fails is not always made again, and a proxy may be set up wrongly. What came
before the site was set up was meant for somebody else, and is let be.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.duty import Worker, look, turn
from intake.inbound import receive
from intake.messages import InboundText
from intake.people import Installation
from intake.sms.gateway import Misconfigured, Refused, SmsGateway, TextIn

ASK_EVERY = timedelta(minutes=5)
ON_ITS_WAY = timedelta(minutes=2)  # the carrier may still be calling us
LOOK_BACK = timedelta(days=7)  # as long as a text may be called (S21)
_log = logging.getLogger(__name__)


def fetch(worker: Worker) -> int:
    """Keep what no call brought, each text once; returns how many there were."""
    now, last = worker.clock(), worker.seldom.get("unheard")
    if worker.gateway is None or (last and now < last + ASK_EVERY):
        return 0
    worker.seldom["unheard"] = now
    texts = [t for n in worker.numbers for t in _listed(worker, worker.gateway, n)]
    known = look(worker, lambda session: _known(session, texts))
    missed = [text for text in texts if text.sid not in known]
    for text in missed:
        with turn(worker) as session:
            receive(session, worker.pair.public, text, now)
    if missed:
        _log.warning("worker: %d texts came in that no call brought", len(missed))
    return len(missed)


def _listed(worker: Worker, gateway: SmsGateway, number: str) -> list[TextIn]:
    now = worker.clock()
    since = max(now - LOOK_BACK, look(worker, _founded))
    try:
        texts = gateway.received(number, since)
    except (Refused, Misconfigured):
        return []  # asked again in five minutes
    latest = now - ON_ITS_WAY
    return [text for text in texts if text.arrived_at and text.arrived_at <= latest]


def _founded(session: Session) -> datetime:
    return session.scalars(select(Installation.created_at)).one()


def _known(session: Session, texts: list[TextIn]) -> frozenset[str]:
    sids = select(InboundText.message_sid)
    asked = sids.where(InboundText.message_sid.in_([text.sid for text in texts]))
    return frozenset(session.scalars(asked))
