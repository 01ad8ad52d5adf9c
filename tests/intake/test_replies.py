"""Answers that her number opens, and texts that go in her windows only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.staff.papers import WHY
from intake import (
    calls,
    dead_letters,
    decisions,
    queue,
    replies,
    returning,
    stopped_numbers,
)
from intake.envelopes import current_number, put
from intake.errors import NotAllowed, NotHeld
from intake.hours import HOME_ZONE
from intake.life import EventKind
from intake.line_tests import Line, withdraw_test
from intake.messages import OutboundText
from intake.models import Request
from intake.numbers import read_number
from intake.outcomes import Outcome
from intake.people import UnitRecord
from intake.queue import Desktop
from intake.returning import Return
from intake.sms import texts
from intake.submissions import CallWish, Submission
from intake.topics import Danger, Kind, Opening, Origin, Phone, Urgency
from intake.vault import KeyPair, unseal
from intake.windows import LAST_CALL
from tests.factories import HERS, Bureau, text


@dataclass
class Held:
    """A confirmed number, a coming window, and a yes to texts."""

    bureau: Bureau
    session: Session
    desk: Desktop
    request: Request

    def locks(self, agreed: bool = True) -> list[str]:
        now = self.bureau.clock()
        return replies.text_locks(self.desk, self.request, agreed, now)


@pytest.fixture
def held(bureau: Bureau) -> Iterator[Held]:
    """Return a request whose number a call has confirmed, with two windows to come."""
    slots = tuple(bureau.around(hours)[0] for hours in (0, 2, 4))
    reference = bureau.send(bureau.callback(slots, texts=True))
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "amina"),
            bureau.request(session, reference),
        )
        queue.first_reading(desk, request, Urgency.NORMAL, bureau.clock())
        queue.claim(desk, request, bureau.clock())
        calls.start(desk, request, bureau.clock())
        calls.finish(desk, request, Outcome.WORD_CAME, bureau.clock())
        bureau.clock.forward(hours=1)
        queue.claim(desk, request, bureau.clock())
        yield Held(bureau, session, desk, request)


def unconfirm(held: Held) -> None:
    number = current_number(held.request)
    assert number is not None
    number.confirmed_at = None


def untest(held: Held) -> None:
    held.session.get_one(UnitRecord, held.request.unit).call_tested_at = None


def untest_texts(held: Held) -> None:
    withdraw_test(held.session, held.request.unit, Line.TEXTS)


def send_from_elsewhere(held: Held) -> None:
    held.desk = replace(
        held.desk, office=replace(held.desk.office, sender="+46701740699")
    )


def stop_number(held: Held) -> None:
    number = current_number(held.request)
    assert number is not None
    assert number.tag is not None
    stopped_numbers.stop_number(held.session, number.tag, held.bureau.clock())


def cancel(held: Held) -> None:
    visit = Return(0, held.request, KeyPair.generate())
    office, now = held.bureau.office, held.bureau.clock()
    returning.cancel_callback(held.session, office, visit, now)


def let_windows_end(held: Held) -> None:
    queue.claim(held.desk, held.request, held.bureau.clock.forward(hours=4))


def set_aside(held: Held) -> None:
    held.request.set_aside = True


def test_a_text_stands_or_falls_with_what_caused_it(held: Held) -> None:
    held.session.commit()
    at = held.bureau.clock()
    replies.write_text(held.desk, held.request, "later", Opening.SURVEY, True, at)
    assert held.session.scalars(select(OutboundText)).all()
    held.session.rollback()
    assert held.session.scalars(select(OutboundText)).all() == []
    kinds = {event.kind for event in held.request.events}
    assert EventKind.TEXTED not in kinds


@pytest.mark.rule("S11", "S12", "S16", "S17")
@pytest.mark.parametrize(
    ("lock", "reasons"),
    [
        pytest.param(unconfirm, {"number-not-confirmed"}, id="not confirmed"),
        pytest.param(untest, {"calls-untested"}, id="nobody tested"),
        pytest.param(untest_texts, {"texts-untested"}, id="no text tested"),
        pytest.param(send_from_elsewhere, {"texts-untested"}, id="another sender"),
        pytest.param(stop_number, {"number-stopped"}, id="stop"),
        pytest.param(cancel, {"contact", "no-window"}, id="cancelled"),
        pytest.param(let_windows_end, {"no-window"}, id="no window to come"),
        pytest.param(set_aside, {"set-aside"}, id="set aside"),
    ],
)
def test_each_lock_alone_keeps_a_text_from_being_written(
    held: Held, lock: Callable[[Held], None], reasons: set[str]
) -> None:
    assert held.locks() == []
    lock(held)
    assert set(held.locks()) == reasons
    with pytest.raises(NotAllowed):
        replies.write_text(
            *(held.desk, held.request, "later", Opening.SURVEY, True),
            held.bureau.clock(),
        )


@pytest.mark.rule("S19", "S27")
@pytest.mark.parametrize("told", ["under_18", "for_other"])
def test_what_is_told_later_stops_texts_to_a_shared_phone(
    held: Held, told: str
) -> None:
    now = held.bureau.clock()
    row = replies.write_text(held.desk, held.request, "later", Opening.CLUB, True, now)
    shared = CallWish(read_number(HERS), phone=Phone.SHARED).phone_alone()
    put(held.session, held.request, Kind.SAFETY, shared, Origin.RECEIPT, now)
    assert held.locks() == []
    visit = Return(0, held.request, KeyPair.generate())
    more = text("Mer", **{told: True})
    returning.write_more(held.session, held.bureau.office, visit, more, now)
    assert held.locks() == ["not-her-phone"]
    held.session.refresh(row)
    ended = (row.state.value, row.error, row.worker_box)
    assert ended == ("cancelled", "phone", None)
    # Staff meant it to go, and are shown that it did not, and why.
    at = (held.session, held.desk.member.id, held.request.side, now)
    assert dead_letters.undelivered(*at) == [row]
    assert WHY["phone"]


@pytest.mark.rule("S4", "S12")
@pytest.mark.parametrize(
    "came",
    [
        pytest.param(text("Skicka inget, han läser min telefon."), id="words"),
        pytest.param(Submission("sv", call=CallWish(texts=False)), id="no tick"),
        pytest.param(Submission("sv", danger=Danger.NOW), id="danger"),
    ],
)
def test_what_comes_after_a_text_was_written_calls_it_off(
    held: Held, came: Submission
) -> None:
    now = held.bureau.clock()
    row = replies.write_text(held.desk, held.request, "later", Opening.CLUB, True, now)
    visit = Return(0, held.request, KeyPair.generate())
    returning.write_more(held.session, held.bureau.office, visit, came, now)
    held.session.refresh(row)
    ended = (row.state.value, row.error, row.worker_box)
    assert ended == ("cancelled", "newer-words", None)
    at = (held.session, held.desk.member.id, held.request.side, now)
    assert dead_letters.undelivered(*at) == [row]
    assert WHY["newer-words"]


@pytest.mark.rule("S11")
def test_without_her_yes_there_is_no_text(held: Held) -> None:
    assert held.locks(agreed=False) == ["texts-not-agreed"]


def test_only_who_holds_it_writes(held: Held) -> None:
    now = held.bureau.clock()
    queue.release(held.desk, held.request, now)
    with pytest.raises(NotHeld):
        replies.write_text(held.desk, held.request, "later", Opening.CLUB, True, now)
    with pytest.raises(NotHeld):
        replies.answer(held.desk, held.request, "Hej", now)


@pytest.mark.rule("S12")
def test_a_text_waits_for_her_next_window_and_never_outlives_it(held: Held) -> None:
    now, window = held.bureau.clock(), held.request.windows[1]
    row = replies.write_text(held.desk, held.request, "later", Opening.CLUB, True, now)
    assert row.next_try_at == window.starts_at > now
    assert row.not_after == window.ends_at
    e164 = unseal(row.worker_box or b"", held.bureau.worker.pair).decode()
    assert e164.endswith(HERS.replace("-", "").replace(" ", "")[1:])


def test_a_text_goes_out_in_an_open_window_while_there_is_time(held: Held) -> None:
    window = held.request.windows[1]
    now = held.bureau.clock.now = window.ends_at - LAST_CALL
    assert replies.text_window(held.request, now) is held.request.windows[2]
    early = window.starts_at + LAST_CALL
    assert replies.text_window(held.request, early) is window


@pytest.mark.rule("S18")
@pytest.mark.parametrize("kind", Opening)
def test_a_preview_is_word_for_word_what_goes_out(held: Held, kind: Opening) -> None:
    shown = replies.previews(held.desk, held.request, kind, held.bureau.clock())
    after = held.request.windows[2].starts_at.astimezone(HOME_ZONE).time()
    words = texts.shipped()
    for key in texts.TEMPLATES:
        assert shown[key].text == words.text(key, kind, "sv", time=after)
    assert set(shown) == set(texts.TEMPLATES)


@pytest.mark.rule("S18")
def test_own_words_that_name_a_colleague_are_not_offered(
    held: Held, tmp_path: Path
) -> None:
    (tmp_path / "sv").mkdir()
    path = tmp_path / "sv" / texts.FILE
    path.write_text('[text.later]\nclub = "Hej! Exempel ställer in träningen."\n')
    own = texts.load_texts(texts.SHIPPED, tmp_path)
    desk = replace(held.desk, office=replace(held.desk.office, texts=own))
    now = held.bureau.clock()
    assert set(replies.previews(desk, held.request, Opening.CLUB, now)) == {"at-time"}
    assert set(replies.previews(desk, held.request, Opening.SURVEY, now)) == set(
        texts.TEMPLATES
    )


def test_staff_read_a_text_in_swedish_too(held: Held) -> None:
    held.request.language = "so"
    shown = replies.previews(held.desk, held.request, Opening.CLUB, held.bureau.clock())
    words = texts.shipped()
    assert shown["later"].text == words.text("later", Opening.CLUB, "so")
    assert shown["later"].in_swedish == words.text("later", Opening.CLUB, "sv")


def test_a_text_that_tells_a_time_needs_one_to_tell(held: Held) -> None:
    held.bureau.clock.now = held.request.windows[2].starts_at
    now = held.bureau.clock()
    offered = replies.previews(held.desk, held.request, Opening.CLUB, now)
    assert set(offered) == {"later"}
    queue.claim(held.desk, held.request, now)
    with pytest.raises(NotAllowed, match="no-text"):
        replies.write_text(held.desk, held.request, "at-time", Opening.CLUB, True, now)


@pytest.mark.rule("S1")
def test_her_number_opens_the_answer_and_not_what_she_wrote(bureau: Bureau) -> None:
    digits = bureau.digits()
    reference = bureau.send(text(), digits)
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "maria"),
            bureau.request(session, reference),
        )
        queue.claim(desk, request, bureau.clock())
        replies.answer(desk, request, "Tack för att du skrev.", bureau.clock())
    with bureau.writing() as session:
        now = bureau.clock()
        visit = returning.enter(session, bureau.peppers, digits, "", now)
        seen = returning.answers(session, bureau.office, visit, now)
        assert [answer.text for answer in seen] == ["Tack för att du skrev."]


def test_a_door_is_open_until_it_is_closed(bureau: Bureau) -> None:
    with_number, without = bureau.send(text(), bureau.digits()), bureau.send(text())
    with bureau.writing() as session:
        now, request = bureau.clock(), bureau.request(session, with_number)
        assert replies.has_door(request, now)
        assert not replies.has_door(bureau.request(session, without), now)
        door = request.doors[0]
        door.ends_at = now
        assert not replies.has_door(request, now)
        door.ends_at, door.closed_at = None, now
        assert not replies.has_door(request, now)


def test_closing_shreds_the_tag_and_leaves_no_text_waiting(held: Held) -> None:
    now = held.bureau.clock()
    row = replies.write_text(held.desk, held.request, "later", Opening.CLUB, True, now)
    decisions.close(held.desk, held.request, decisions.CHECKED, now, drops_times=True)
    assert (row.state.value, row.worker_box) == ("cancelled", None)
    assert [number.tag for number in held.request.numbers] == [None]
