"""A text's one ring: at the time that it names, or tonight for a reason (S21)."""

import itertools

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import calls, inbound
from intake.errors import NotAllowed, NotHeld
from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.models import Request
from intake.night import to_on_call
from intake.people import UnitRecord
from intake.queue import newest
from intake.sms.gateway import TextIn
from intake.text_calls import call_tonight, follow, named, waits_for_tonight
from intake.topics import Channel, Contact, HandOverGround, Kind, State
from intake.windows import coming, open_window
from tests.factories import Bureau
from tests.intake.walls import Held, hold, sit

NUMBERS = itertools.count(1)
E164 = "+46701740655"


def texts(bureau: Bureau, words: str) -> str:
    """Let her text, and the worker read it in; returns the request's reference."""
    came = TextIn(f"SM{next(NUMBERS)}", E164, words, 0)
    with bureau.writing() as session:
        key = bureau.worker.pair.public
        assert inbound.receive(session, key, came, bureau.clock())
        at_work = session, bureau.office, bureau.worker
        inbound.read_in(*at_work, came.sid, bureau.clock())
        found = select(Request).where(Request.channel == Channel.SMS)
        request = session.scalars(found.order_by(Request.id.desc())).first()
        assert request is not None
        session.get_one(UnitRecord, request.unit).call_tested_at = bureau.clock()
        return request.reference


def ahead(held: Held) -> list[str]:
    """Return the times to come in which she may be called, as `day hour:minute-…`."""
    shown = coming(held.request, held.bureau.clock())
    local = [
        [t.astimezone(HOME_ZONE) for t in (one.starts_at, one.ends_at)] for one in shown
    ]
    return [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in local]


def reads(held: Held) -> tuple[str, bool, bool] | None:
    """Return the words that name a time, whether it was read, and may be followed."""
    told = named(held.desk, held.request, held.bureau.clock())
    if told is None:
        return None
    return told.words, told.read is not None, told.slot is not None


def clear(held: Held) -> None:
    follow(held.desk, held.request, held.bureau.clock())


def tonight(held: Held, reason: str = "Han är borta till fyra") -> None:
    call_tonight(held.desk, held.request, reason, held.bureau.clock())


def ring(held: Held) -> None:
    calls.start(held.desk, held.request, held.bureau.clock())


def to_monday(bureau: Bureau, hour: int) -> None:
    """Set the clock to an hour of the first Monday, or of the night behind it."""
    bureau.clock.forward(hours=hour - 10)


def hold_by_on_call(bureau: Bureau, session: Session, reference: str) -> Held:
    """Let on-call have a request of the day, as one given to it for the night."""
    held = hold(bureau, session, "amina", reference)
    now, ground = bureau.clock(), HandOverGround.RIGHT_UNIT
    to_on_call(held.desk, held.request, ground, "Läs", now)
    return hold(bureau, session, "sara", reference)


@pytest.mark.rule("S21")
def test_a_clear_time_takes_the_place_of_the_usual_ones(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = texts(bureau, "ring mig 14-15")
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        assert ahead(held)[0] == "23 10:00-11:00"
        assert reads(held) == ("ring mig 14-15", True, True)
        clear(held)
        assert ahead(held) == ["23 14:00-15:00"]
        facts = held.last().data
        assert held.last().kind == EventKind.TIME_CLEAR
        assert facts["starts"].startswith("2026-11-23T14:00")
        assert reads(held) is None
        with pytest.raises(NotAllowed, match="no-window"):
            ring(held)
    bureau.clock.forward(hours=4)
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        ring(held)
        # S13: that was the one ring which the text gets, whatever comes of it.
        assert ahead(held) == []


@pytest.mark.rule("S21")
def test_where_it_is_not_clear_the_usual_times_stand(either_bureau: Bureau) -> None:
    bureau = either_bureau
    reference = texts(bureau, "kl 14 eller kl 15")
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        usual = ahead(held)
        assert usual[0] == "23 10:00-11:00"
        assert reads(held) == ("kl 14 eller kl 15", False, False)
        with pytest.raises(NotAllowed, match="no-clear-time"):
            clear(held)
        assert ahead(held) == usual


@pytest.mark.rule("S21")
@pytest.mark.parametrize("words", ["ring 18-20", "23:00", "imorgon 20-21"])
def test_no_time_opens_the_unit(bureau: Bureau, words: str) -> None:
    reference = texts(bureau, words)
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        usual = ahead(held)
        assert reads(held) == (words, True, False)
        with pytest.raises(NotAllowed, match="no-clear-time"):
            clear(held)
        assert ahead(held) == usual


@pytest.mark.rule("S21")
@pytest.mark.parametrize(
    ("words", "left"), [("15-18", "23 15:00-16:30"), ("16-18", "23 16:00-16:30")]
)
def test_what_lies_in_open_hours_is_what_counts(
    bureau: Bureau, words: str, left: str
) -> None:
    reference = texts(bureau, words)
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        clear(held)
        assert ahead(held) == [left]


@pytest.mark.rule("S20")
@pytest.mark.parametrize("later", ["nej vänta, senare", "stop", "tisdag", "kl 15"])
def test_what_came_after_it_outdates_a_time(bureau: Bureau, later: str) -> None:
    reference = texts(bureau, "ring mig 14")
    with bureau.writing() as session:
        seen = newest(session, bureau.request(session, reference))
    bureau.clock.forward(minutes=5)
    texts(bureau, later)
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        with pytest.raises(NotAllowed):
            follow(held.desk, held.request, bureau.clock(), seen)
        told = reads(held)
        assert told is None or told[0] == later


@pytest.mark.rule("S20")
@pytest.mark.parametrize("change", ["contact", "state", "set_aside", "channel"])
def test_a_time_lifts_nothing_that_stands_against_a_call(
    bureau: Bureau, change: str
) -> None:
    reference = texts(bureau, "ring mig 14")
    values = {
        "contact": Contact.SAID_STOP,
        "state": State.DECISION,
        "set_aside": True,
        "channel": Channel.CALLBACK,
    }
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        setattr(held.request, change, values[change])
        session.flush()
        with pytest.raises(NotAllowed, match="no-clear-time"):
            clear(held)


@pytest.mark.rule("S20")
def test_a_text_moves_no_time_that_was_agreed_with_her(bureau: Bureau) -> None:
    reference = texts(bureau, "ring mig")
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        for window in held.request.windows:  # as if agreed in a call
            window.series = None
    texts(bureau, "ring mig 14")
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        agreed = ahead(held)
        with pytest.raises(NotAllowed, match="no-clear-time"):
            clear(held)
        assert ahead(held) == agreed


@pytest.mark.rule("S21")
def test_a_text_that_a_ring_answers_already_moves_that_ring(bureau: Bureau) -> None:
    reference = texts(bureau, "ring mig")
    texts(bureau, "14")
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        clear(held)
        assert ahead(held) == ["23 14:00-15:00"]


@pytest.mark.rule("S21")
def test_a_time_is_followed_by_who_has_the_request_alone(bureau: Bureau) -> None:
    reference = texts(bureau, "ring mig 14")
    with bureau.writing() as session:
        held = sit(bureau, session, "amina", reference)
        with pytest.raises(NotHeld):
            clear(held)


@pytest.mark.rule("S13", "S21")
def test_a_rung_text_names_no_time_any_more(bureau: Bureau) -> None:
    reference = texts(bureau, "ring mig 10-12")
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        ring(held)
        held.request.state = State.OPEN
        session.flush()
        with pytest.raises(NotAllowed, match="no-clear-time"):
            clear(held)


@pytest.mark.rule("S21")
def test_at_night_on_call_may_open_one_call_with_a_reason(
    either_bureau: Bureau,
) -> None:
    bureau = either_bureau
    to_monday(bureau, 23)
    reference = texts(bureau, "snälla ring")
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        usual = ahead(held)
        assert usual[0] == "24 08:00-09:00"
        with pytest.raises(NotAllowed, match="no-window"):
            ring(held)
        with pytest.raises(NotAllowed, match="reason-missing"):
            tonight(held, " ")
        tonight(held)
        assert ahead(held) == ["23 23:00-00:00", *usual]
        assert held.last().kind == EventKind.NIGHT_CALL
        assert "Han är borta" not in str(held.last().data)
        paper = held.request.envelopes[-1]
        assert paper.kind is Kind.NOTE
        assert held.desk.keyring.text(paper) == "Han är borta till fyra"
        with pytest.raises(NotAllowed, match="not-a-night-text"):
            tonight(held)
        ring(held)
        # It was the text's one ring: nobody rings in the morning as well.
        assert ahead(held) == []


@pytest.mark.rule("S21")
def test_without_it_nobody_rings_at_night_and_an_unused_one_costs_no_morning(
    bureau: Bureau,
) -> None:
    to_monday(bureau, 23)
    reference = texts(bureau, "snälla ring")
    with bureau.writing() as session:
        tonight(hold(bureau, session, "sara", reference))
    bureau.clock.forward(hours=2)
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        assert open_window(held.request, bureau.clock()) is None
        assert waits_for_tonight(held.desk, held.request, bureau.clock()) is None
    bureau.clock.forward(hours=7)
    with bureau.writing() as session:
        held = hold(bureau, session, "amina", reference)
        ring(held)


@pytest.mark.rule("S21")
def test_who_is_not_on_duty_opens_no_call_at_night(bureau: Bureau) -> None:
    to_monday(bureau, 23)
    reference = texts(bureau, "snälla ring")
    with bureau.writing() as session:
        amina = hold(bureau, session, "amina", reference)
        with pytest.raises(NotAllowed, match="not-a-night-text"):
            tonight(amina)


@pytest.mark.rule("S20", "S21")
@pytest.mark.parametrize(
    "words", ["senare", "ring imorgon", "ring 14", "not now", "stop"]
)
def test_the_night_overrules_no_wish_to_wait(bureau: Bureau, words: str) -> None:
    to_monday(bureau, 23)
    reference = texts(bureau, words)
    with bureau.writing() as session:
        sara = hold(bureau, session, "sara", reference)
        with pytest.raises(NotAllowed, match="not-a-night-text"):
            tonight(sara)


@pytest.mark.rule("S21")
def test_of_a_text_that_came_by_day_the_night_changes_nothing(bureau: Bureau) -> None:
    reference = texts(bureau, "ring mig")
    to_monday(bureau, 23)
    with bureau.writing() as session:
        sara = hold_by_on_call(bureau, session, reference)
        with pytest.raises(NotAllowed, match="not-a-night-text"):
            tonight(sara)


@pytest.mark.rule("S20")
def test_words_that_came_since_are_read_before_a_night_call(bureau: Bureau) -> None:
    to_monday(bureau, 23)
    reference = texts(bureau, "snälla ring")
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        seen = newest(session, held.request)
    texts(bureau, "han är hemma nu")
    with bureau.writing() as session:
        held = hold(bureau, session, "sara", reference)
        now = bureau.clock()
        with pytest.raises(NotAllowed, match="newer-words"):
            call_tonight(held.desk, held.request, "Skäl", now, seen)
