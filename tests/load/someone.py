"""One process of a load: a visitor, a member or a worker, who goes on until killed.

A visitor's log has a line for every request that she
was told had come in; what the others did is in the database.
"""

import random
import threading
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from intake import calls, decisions, queue, replies, worker
from intake.duty import Worker
from intake.errors import IntakeError
from intake.models import Request
from intake.outcomes import Outcome
from intake.queue import Desktop
from intake.sms.twilio import TwilioGateway
from intake.topics import Contact, Opening, Urgency
from intake.windows import SlotFull
from tests.factories import Bureau
from tests.load.plan import Plan, RealClock, hurry
from tests.standin.account import ACCOUNT, TOKEN
from tests.workbench import Postman

SENDER = "+46701740601"
PAUSE = 0.2  # seconds between two requests of one visitor
_LEAVES = 0.05  # of all acts are a member's last one at a request
_ENDS = (Outcome.SAID_UNASKED, Outcome.SAID_UNASKED, Outcome.NO_ANSWER)
# On SQLite a writer may wait in vain, where all others write.
_REFUSALS = (IntakeError, SlotFull, OperationalError)


def visitor(bureau: Bureau, log: Path) -> None:
    """Ask for a call, again and again."""
    while True:
        form = bureau.callback(word="", not_now_word="", texts=True)
        with suppress(*_REFUSALS):
            reference = bureau.send(form, bureau.digits())
            # Written after the commit: this is what she was told.
            with log.open("a") as told:
                told.write(f"{reference}\n")
        time.sleep(PAUSE)


def member(bureau: Bureau, login: str) -> None:
    """Go through requests, one after the other; leave some in the middle."""
    while True:
        reference = _next(bureau, login)
        for act in _DAY:
            # Each act is a press of its own: everything may happen in between.
            with suppress(*_REFUSALS), bureau.writing() as session:
                desk = bureau.desk(session, login)
                request = queue.find(session, desk.member.id, reference)
                if request is not None:
                    act(bureau, desk, request)
            time.sleep(random.uniform(0, 0.02))
            if random.random() < _LEAVES:
                break


def sender(plan: Plan, bureau: Bureau, name: str) -> None:
    """Do a worker's rounds, with the real client against the stand-in."""
    gateway = TwilioGateway(ACCOUNT, SENDER, auth_token=TOKEN, api_url=plan.carrier_url)
    on_duty = Worker(
        engine=bureau.engine,
        office=bureau.office,
        pair=bureau.worker.pair,
        number_key=bureau.worker.number_key,
        gateway=gateway,
        mailer=Postman(),
        status_url="https://stod.example/hooks/status",
        clock=RealClock(),
    )
    worker.run(on_duty, threading.Event(), pause=0.1)


def _next(bureau: Bureau, login: str) -> str:
    """Return one of the requests that wait the longest, for all to fight for."""
    with suppress(*_REFUSALS), bureau.writing() as session:
        waiting = queue.waiting(session, bureau.member(session, login).id)[:8]
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


_DAY = (_take_over, _decide, _take, _read, _ring, _end_call, _text, _give_back)


def main(role: str, name: str, plan_path: str, log: str) -> None:
    """Be somebody until killed."""
    hurry()
    plan = Plan.read(Path(plan_path))
    bureau = plan.bureau()
    if role == "visitor":
        visitor(bureau, Path(log))
    elif role == "member":
        member(bureau, name)
    else:
        sender(plan, bureau, name)
