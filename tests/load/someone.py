"""One process of a load: a visitor, a member or a worker, who goes on until killed.

Visitors and members write down what they were told was done: a line after the commit.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from intake import (
    calls,
    decisions,
    handover,
    queue,
    replies,
    returning,
    sides,
    worker,
)
from intake.duty import Worker
from intake.errors import IntakeError
from intake.heard import heard_words
from intake.life import EventKind
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import Outcome
from intake.queue import Desktop
from intake.sms import texts
from intake.sms.gateway import OutgoingText
from intake.sms.twilio import TwilioGateway
from intake.stop_words import kept_words, stop_words
from intake.store import reading
from intake.submissions import Submission
from intake.tables import Base
from intake.text_caps import Caps
from intake.topics import Contact, HandOverGround, Opening, Side, Urgency
from intake.windows import SlotFull
from tests import factories
from tests.factories import Bureau
from tests.load.plan import Plan, hurry
from tests.standin.account import ACCOUNT, TOKEN
from tests.workbench import Postman

SENDER = "+46701740601"
PAUSE = 0.2  # seconds between two requests of one visitor
_ROUND = 0.3  # seconds that a worker rests between two rounds
_THINKS = 0.2  # seconds at most between two presses
_LEAVES = 0.05  # of all acts are a member's last one at a request
# They are counted as in production, and reached by none.
_WIDE = Caps(a_number=100_000, an_hour=100_000, a_day=100_000)
_RETURNS = 0.3  # of all forms are followed by an earlier one's receipt
_REMEMBERED = 20  # receipts, of which she comes back with any
_ENDS = (Outcome.SAID_UNASKED, Outcome.SAID_UNASKED, Outcome.NO_ANSWER)
Act = Callable[[Bureau, Desktop, Request], None]


def visitor(bureau: Bureau, log: Path) -> None:
    """Ask for a call, again and again; write more, or call it off, by receipt."""
    receipts: list[str] = []
    while True:
        receipts = [*receipts, bureau.digits()][-_REMEMBERED:]
        with _let_down(bureau):
            _told(log, EventKind.ARRIVED, bureau.send(_form(bureau), receipts[-1]))
        if random.random() < _RETURNS:
            _come_back(bureau, random.choice(receipts), log)
        time.sleep(PAUSE)


def _come_back(bureau: Bureau, digits: str, log: Path) -> None:
    kind = random.choice((EventKind.JOINED, EventKind.CANCELLED))
    office, now = bureau.office, bureau.clock()
    with _let_down(bureau):
        with bureau.writing() as session:
            visit = returning.enter(session, bureau.peppers, digits, "", now)
            reference = visit.request.reference
            if kind is EventKind.CANCELLED:
                returning.cancel_callback(session, office, visit, now)
            else:
                returning.write_more(session, office, visit, factories.text(), now)
        _told(log, kind, reference)


def member(bureau: Bureau, login: str, log: Path) -> None:
    """Go through requests, one after the other; leave some in the middle."""
    while True:
        reference = _next(bureau, login)
        for act in (*random.choice((_DAY, _SHORT)), random.choice(_LAST)):
            done = _press(bureau, login, reference, act)
            if done and act in _TOLD:
                _told(log, _TOLD[act], reference)
            time.sleep(random.uniform(0, _THINKS))
            if random.random() < _LEAVES or (act is _take and not done):
                break


def sender(bureau: Bureau, carrier_url: str) -> None:
    """Do a worker's rounds, with the real client against the stand-in."""
    worker.run(on_duty(bureau, carrier_url), threading.Event(), pause=_ROUND)


def plain(bureau: Bureau, carrier_url: str) -> None:
    """Send what waits in a bare loop: no check, no claim, nothing told to staff."""
    duty = on_duty(bureau, carrier_url)
    text = OutboundText
    with reading(bureau.engine) as session:
        rows = session.execute(select(text.id, text.worker_box)).all()
    for own_id, box in rows:
        to = duty.keys.number(box or b"")
        url = f"{duty.status_url}/{own_id}"
        message = OutgoingText(own_id, to, "Hej!", timedelta(hours=1), url)
        assert duty.gateway is not None
        duty.gateway.send(message)
        sent = update(text).where(text.id == own_id).values(state=Delivery.SENT)
        with bureau.writing() as session:
            session.execute(sent)
    threading.Event().wait()  # to be killed, as all others are


def on_duty(bureau: Bureau, carrier_url: str) -> Worker:
    """Return a worker of the bureau."""
    return Worker(
        engine=bureau.engine,
        office=bureau.office,
        pair=bureau.worker.pair,
        number_key=bureau.worker.number_key,
        gateway=TwilioGateway(ACCOUNT, SENDER, auth_token=TOKEN, api_url=carrier_url),
        mailer=Postman(),
        status_url="https://stod.example/hooks/status",
        clock=bureau.clock,
        caps=_WIDE,
    )


def _form(bureau: Bureau) -> Submission:
    """Return a form without words, so that who answers may talk at once."""
    number = read_number(f"070-174 06 {random.randint(5, 99):02}")
    return bureau.callback(number=number, word="", not_now_word="", texts=True)


def _let_down(bureau: Bureau) -> suppress:
    """Go on after a refusal, as a person does who is told why; faults end the process.

    On SQLite a writer may wait in vain, where all others write.
    """
    busy = [OperationalError] if bureau.engine.dialect.name == "sqlite" else []
    return suppress(IntakeError, SlotFull, *busy)


def _told(log: Path, kind: EventKind, reference: str) -> None:
    with log.open("a") as told:
        told.write(f"{kind} {reference}\n")


def _press(bureau: Bureau, login: str, reference: str, act: Act) -> bool:
    """Act on a request in a transaction of its own; says whether it was let through."""
    with _let_down(bureau), bureau.writing() as session:
        desk = bureau.desk(session, login)
        request = queue.find(session, desk.member.id, reference)
        if request is not None:
            act(bureau, desk, request)
            return True
    return False


def _next(bureau: Bureau, login: str) -> str:
    """Return one of the requests that wait the longest, for all to fight for."""
    with _let_down(bureau), bureau.writing() as session:
        waiting = queue.waiting(session, bureau.member(session, login).id)[:30]
        if waiting:
            return random.choice(waiting).reference
    return ""


def _take(bureau: Bureau, desk: Desktop, request: Request) -> None:
    queue.claim(desk, request, bureau.clock())


def _give_back(bureau: Bureau, desk: Desktop, request: Request) -> None:
    queue.release(desk, request, bureau.clock())


def _read(bureau: Bureau, desk: Desktop, request: Request) -> None:
    queue.first_reading(desk, request, Urgency.NORMAL, bureau.clock())


def _ring(bureau: Bureau, desk: Desktop, request: Request) -> None:
    calls.start(desk, request, bureau.clock())


def _end_call(bureau: Bureau, desk: Desktop, request: Request) -> None:
    calls.finish(desk, request, random.choice(_ENDS), bureau.clock())


def _text(bureau: Bureau, desk: Desktop, request: Request) -> None:
    replies.write_text(desk, request, "later", Opening.CLUB, True, bureau.clock())


def _decide(bureau: Bureau, desk: Desktop, request: Request) -> None:
    decisions.decide(desk, request, Contact.ALLOWED, "Skäl", bureau.clock())


def _take_over(bureau: Bureau, desk: Desktop, request: Request) -> None:
    decisions.take_over(desk, request, "Skäl", bureau.clock())


def _hand_over(bureau: Bureau, desk: Desktop, request: Request) -> None:
    now, ground = bureau.clock(), HandOverGround.RIGHT_UNIT
    unit = random.choice(handover.targets(desk, request, now) or [request.unit])
    handover.hand_over(desk, request, unit, ground, "Skäl", now)


def _cross(bureau: Bureau, desk: Desktop, request: Request) -> None:
    sides.correct_side(desk, request, Side.HURTS, "Skäl", bureau.clock())


def _close(bureau: Bureau, desk: Desktop, request: Request) -> None:
    checked = decisions.CHECKED
    decisions.close(desk, request, checked, bureau.clock(), drops_times=True)


_DAY = (_take_over, _decide, _take, _read, _ring, _end_call, _text)
_SHORT = (_take, _read)  # a day without a call
_LAST = (_give_back, _hand_over, _cross, _close)  # one of them a day
_TOLD = {
    _take: EventKind.CLAIMED,
    _ring: EventKind.CALL_STARTED,
    _hand_over: EventKind.HANDED_OVER,
    _cross: EventKind.SIDE,
    _close: EventKind.CLOSED,
}


def warm_up() -> None:
    """Do everything once before anybody forks: a first time takes long."""
    hurry(pytest.MonkeyPatch())
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    bureau = factories.bureau(engine)
    reference = bureau.send(_form(bureau), bureau.digits())
    for act in (*_DAY, *_LAST):
        with _let_down(bureau), bureau.writing() as session:
            desk = bureau.desk(session, "amina")
            act(bureau, desk, bureau.request(session, reference))
    engine.dispose()
    texts.shipped()  # a second and a half
    heard_words(), stop_words(), kept_words()
    on_duty(bureau, "http://127.0.0.1:1")


def main(role: str, name: str, plan_path: str, log: str) -> None:
    """Be somebody until killed."""
    hurry(pytest.MonkeyPatch())
    plan = Plan.read(Path(plan_path))
    bureau = plan.bureau()
    if role == "visitor":
        visitor(bureau, Path(log))
    elif role == "member":
        member(bureau, name, Path(log))
    elif role == "plain":
        plain(bureau, plan.carrier_url)
    else:
        logging.basicConfig(filename=log)  # a step that failed
        sender(bureau, plan.carrier_url)
