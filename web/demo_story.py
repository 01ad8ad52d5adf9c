"""Twelve made-up requests in different states, languages and queues."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

from intake import calls, decisions, handover, queue, replies, returning, seeing, sides
from intake.arrivals import accept
from intake.envelopes import current_number, put_number
from intake.hours import Slot
from intake.life import ATTEMPTS
from intake.models import Request
from intake.numbers import read_number, tag
from intake.outcomes import Outcome
from intake.receipts import from_seed
from intake.returning import Return
from intake.submissions import CallWish, Submission
from intake.topics import (
    Audience,
    Channel,
    Danger,
    HandOverGround,
    Kind,
    Mark,
    Opening,
    Origin,
    Phone,
    Position,
    Urgency,
    Voice,
    Wish,
)
from intake.vault import KeyPair
from intake.windows import add_series
from web.demo import Stage
from web.demo_windows import coming, past

_LETTERS = "ACDEFHJKMNPRTUVWXY34679"
# Numbers that the Swedish authority keeps free for films and examples (PTS).
_NUMBERS = cycle(f"070-174 06 {number:02d}" for number in range(5, 99))
EXPOSED, USES = Audience.EXPOSED, Audience.USES_VIOLENCE


def seed_requests(stage: Stage) -> None:
    """Play the story that the demonstration starts with."""
    draw = random.Random(20261121)  # noqa: S311 - a fixed cast, nothing secret
    for request in _story(stage):
        letters = "".join(draw.choices(_LETTERS, k=8))
        request.reference = f"{letters[:4]}-{letters[4:]}"
        stage.session.flush()


def _story(stage: Stage) -> Iterator[Request]:
    yield _acute(stage)
    yield _callable_now(stage)
    yield _held_in_arabic(stage)
    yield _answered_relative(stage)
    yield _wants_to_stop(stage)
    yield _child(stage)
    yield _three_attempts(stage)
    yield _taken_back(stage)
    yield _closed(stage)
    yield _missed(stage)
    yield _by_text(stage)
    yield _handed_over(stage)


def _acute(stage: Stage) -> Request:
    return _arrive(
        stage,
        Submission(
            language="sv",
            audience=EXPOSED,
            danger=Danger.NOW,
            children=True,
            text="Barnen hör allt genom väggen. Jag vågar inte vara kvar i natt.",
        ),
        hours_ago=0.2,
    )


def _callable_now(stage: Stage) -> Request:
    around = Slot(stage.now - timedelta(minutes=10), stage.now + timedelta(minutes=110))
    request = _arrive(
        stage,
        _callback("sv", EXPOSED, (around,), "Kan ni ringa? Jag är ensam en stund."),
        hours_ago=3,
    )
    queue.first_reading(stage.desk("amina"), request, Urgency.HIGH, stage.ago(2))
    return request


def _held_in_arabic(stage: Stage) -> Request:
    request = _arrive(
        stage,
        _callback("ar", EXPOSED, coming(stage), "أحتاج أن أتحدث مع شخص يفهم وضعي."),
        hours_ago=20,
    )
    desk = stage.desk("maria")
    queue.first_reading(desk, request, Urgency.HIGH, stage.ago(19))
    queue.claim(desk, request, stage.ago(0.1))
    sides.set_position(desk, request, Position.EXPOSED, [Mark.HONOUR], stage.now)
    return request


def _answered_relative(stage: Stage) -> Request:
    request = _arrive(
        stage,
        Submission(
            language="en",
            audience=Audience.RELATIVE,
            for_other=True,
            text="My sister does not answer any more unless he is in the room.",
        ),
        hours_ago=50,
    )
    desk = stage.desk("johan")
    queue.first_reading(desk, request, Urgency.NORMAL, stage.ago(48))
    queue.claim(desk, request, stage.ago(48))
    words = (
        "Thank you for writing. You are right to worry. Here is what you can do now."
    )
    replies.answer(desk, request, words, stage.ago(47.8))
    queue.release(desk, request, stage.ago(47.8))
    return request


def _wants_to_stop(stage: Stage) -> Request:
    request = _arrive(
        stage,
        _callback("sv", USES, coming(stage), "Jag skrämmer dem jag tycker om."),
        hours_ago=26,
    )
    desk = stage.desk("erik")
    queue.first_reading(desk, request, Urgency.NORMAL, stage.ago(25))
    queue.claim(desk, request, stage.now)
    return request


def _child(stage: Stage) -> Request:
    request = _arrive(
        stage,
        Submission(
            language="sv",
            audience=EXPOSED,
            under_18=True,
            text="Jag är 14. Jag vill inte vara hemma när de bråkar.",
        ),
        hours_ago=30,
    )
    desk = stage.desk("sara")
    seeing.opened(desk, request, stage.ago(28))
    queue.first_reading(desk, request, Urgency.HIGH, stage.ago(28))
    return request


def _three_attempts(stage: Stage) -> Request:
    days, windows = past(stage, days_ago=6, many=ATTEMPTS)
    request = _arrive(
        stage,
        _callback("sv", EXPOSED, windows, "Ring gärna."),
        hours_ago=24 * days,
    )
    desk = stage.desk("amina")
    queue.first_reading(desk, request, Urgency.NORMAL, windows[0].starts_at)
    for window in windows:
        moment = window.starts_at + timedelta(minutes=2)
        queue.claim(desk, request, moment)
        calls.start(desk, request, moment)
        calls.finish(desk, request, Outcome.NO_ANSWER, moment + timedelta(minutes=1))
    return request


def _taken_back(stage: Stage) -> Request:
    request = _arrive(
        stage, Submission(language="sv", audience=EXPOSED, text="…"), hours_ago=40
    )
    visit = Return(request.doors[0].id, request, KeyPair.generate())
    returning.take_back(stage.session, stage.office, visit, stage.ago(30))
    return request


def _closed(stage: Stage) -> Request:
    request = _arrive(
        stage,
        Submission(language="en", audience=USES, text="I want to learn to stop."),
        hours_ago=90,
    )
    desk = stage.desk("leila")
    queue.first_reading(desk, request, Urgency.NORMAL, stage.ago(80))
    queue.claim(desk, request, stage.ago(80))
    replies.answer(desk, request, "You are welcome to our group.", stage.ago(79.8))
    decisions.close(desk, request, conflict=decisions.CHECKED, now=stage.ago(79.8))
    return request


def _missed(stage: Stage) -> Request:
    days, (window,) = past(stage, days_ago=4, many=1)
    request = _arrive(
        stage,
        _callback("sv", EXPOSED, (window,), "Jag kan bara prata den här tiden."),
        hours_ago=24 * days,
    )
    queue.first_reading(stage.desk("johan"), request, Urgency.NORMAL, window.ends_at)
    return request


def _by_text(stage: Stage) -> Request:
    arrived = stage.ago(5)
    submission = Submission(
        language="sv",
        channel=Channel.SMS,
        wish=Wish.CALL,
        texts={Kind.TEXT: "hej kan nån ringa mig"},
    )
    request, _ = accept(stage.session, stage.office, submission, arrived)
    number = read_number(next(_NUMBERS))
    put_number(stage.session, stage.office, request, number, Origin.SMS, arrived)
    _tag(stage, request)
    calendar = stage.office.units[request.unit].calendar
    windows = calendar.text_windows(arrived)
    add_series(stage.session, request, windows, series="SMdemo")
    return request


def _handed_over(stage: Stage) -> Request:
    request = _arrive(
        stage,
        Submission(
            language="sv",
            text="Min granne har det inte bra. Jag vill veta vad man kan göra.",
            children=True,
        ),
        hours_ago=70,
    )
    desk = stage.desk("johan")
    queue.first_reading(desk, request, Urgency.NORMAL, stage.ago(60))
    queue.claim(desk, request, stage.ago(60))
    decision = handover.ChildDecision(reported=False, text="Inga barn hos grannen.")
    handover.decide_child(desk, request, decision, stage.ago(60))
    handover.hand_over(
        desk, request, "adult", HandOverGround.RIGHT_UNIT, "", stage.ago(59.8)
    )
    return request


def _callback(
    language: str, audience: Audience, slots: tuple[Slot, ...], text: str
) -> Submission:
    return Submission(
        language=language,
        audience=audience,
        channel=Channel.CALLBACK,
        wish=Wish.CALL,
        text=text,
        call=CallWish(
            number=read_number(next(_NUMBERS)),
            slots=slots,
            alias="Kim",
            word="äppelkaka",
            not_now_word="onsdag",
            opening=Opening.SURVEY,
            voice=Voice.WOMAN,
            phone=Phone.OWN,
            texts=True,
        ),
    )


def _arrive(stage: Stage, submission: Submission, hours_ago: float) -> Request:
    """Send a form some hours ago, with a receipt that nobody has kept."""
    seed = submission.text.encode()[:16].ljust(16)
    digits = from_seed(seed)
    receipt = stage.peppers.key(digits, "")
    moment = stage.ago(hours_ago)
    request, _ = accept(stage.session, stage.office, submission, moment, receipt)
    _tag(stage, request)
    return request


def _tag(stage: Stage, request: Request) -> None:
    """Do the worker's part at once, so that calls of the past can be played."""
    number = current_number(request)
    if number is None:
        return
    for desk in map(stage.desk, stage.pairs):
        if queue.find(stage.session, desk.member.id, request.reference):
            e164 = desk.keyring.text(number.envelope)
            number.tag, number.worker_box = tag(e164, stage.number_key), None
            break
    stage.session.flush()
