"""What staff register for others, and receipts given by voice."""

import secrets
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from intake import calls, queue, replies, returning
from intake.arrivals import Result, Token
from intake.errors import NotAllowed, UnknownReceipt
from intake.founding import holders
from intake.life import EventKind
from intake.models import Door, Request, Sending
from intake.outcomes import Outcome
from intake.queue import Desktop, find
from intake.registering import own_units, register
from intake.submissions import Submission
from intake.topics import Audience, Channel, Contact, Mark, Origin, Side, State
from intake.voice_receipts import LASTS, replace_lost, voice_door
from tests.factories import Bureau, text

SECRET = "Hemligheten om trappan"


def token() -> Token:
    return Token(secrets.token_bytes(32), secrets.token_bytes(32))


def by_phone(bureau: Bureau) -> Submission:
    return replace(bureau.callback(), channel=Channel.PHONE)


# How else it may have come to who writes it down: a visit, or on-call in the morning.
told_to_us = pytest.mark.parametrize(
    "channel", [Channel.PHONE, Channel.VISIT, Channel.ON_CALL]
)


def registered(
    bureau: Bureau,
    submission: Submission,
    login: str = "maria",
    digits: str = "",
    sent: Token | None = None,
) -> tuple[Result, str]:
    receipt = bureau.peppers.key(digits, "") if digits else None
    with bureau.writing() as session:
        result, sending = register(
            bureau.desk(session, login),
            submission,
            sent or token(),
            receipt,
            bureau.clock(),
        )
        bureau.tag(session)
        return result, sending.request.reference


@told_to_us
def test_what_was_told_to_us_is_sealed_and_routed_as_a_form_is(
    either_bureau: Bureau, channel: Channel
) -> None:
    bureau = either_bureau
    told = replace(
        by_phone(bureau), channel=channel, marks=(Mark.HONOUR,), protected=True
    )
    _, reference = registered(bureau, told)
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        maria = bureau.desk(session, "maria")
        assert (request.channel, request.unit) == (channel, "adult")
        assert request.rule == "adult"
        assert request.state is State.UNREAD
        assert request.contact is Contact.ALLOWED
        assert request.marks == ["honour", "protected-data"]
        assert {one.origin for one in request.envelopes} == {Origin.STAFF}
        account = request.envelopes[0]
        assert account.author is maria.member
        assert SECRET.encode() not in account.box
        assert maria.keyring.text(account) == SECRET
        assert [w.origin for w in request.windows] == [Origin.STAFF]
        assert request.numbers[0].tag is not None
        assert request.events[0].member_id == maria.member.id


def test_what_belongs_across_the_wall_is_not_opened_by_who_registered_it(
    bureau: Bureau,
) -> None:
    _, reference = registered(
        bureau, text(audience=Audience.USES_VIOLENCE, channel=Channel.PHONE)
    )
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        assert request.side is Side.HURTS
        for login, sees in (("maria", False), ("leila", True)):
            member = bureau.member(session, login)
            assert bool(find(session, member.id, reference)) is sees


@pytest.mark.rule("S29")
def test_whom_she_fears_at_the_desk_does_not_get_it(bureau: Bureau) -> None:
    told = text(avoid=True, avoid_text="Amina", channel=Channel.VISIT)
    _, reference = registered(bureau, replace(told, kept_at="adult"), "amina")
    with bureau.writing() as session:
        assert bureau.request(session, reference).unit == "closed-circle"
        amina = bureau.member(session, "amina")
        assert find(session, amina.id, reference) is None


def test_it_may_be_kept_at_a_unit_of_her_own(bureau: Bureau) -> None:
    _, reference = registered(
        bureau, text(channel=Channel.VISIT, kept_at="reception"), "amina"
    )
    with bureau.writing() as session:
        assert bureau.request(session, reference).unit == "reception"
        amina = bureau.desk(session, "amina")
        assert sorted(own_units(amina, Side.HURT)) == ["adult", "reception"]
        assert own_units(amina, Side.HURTS) == []
        assert "closed-circle" not in own_units(
            bureau.desk(session, "maria"), Side.HURT
        )


@pytest.mark.rule("S26")
@pytest.mark.parametrize(
    ("login", "said"),
    [
        ("amina", {"kept_at": "children"}),
        ("leila", {"kept_at": "adult"}),
        ("amina", {"kept_at": "adult", "under_18": True}),
    ],
)
def test_it_is_kept_nowhere_else_and_a_childs_own_goes_to_its_unit(
    bureau: Bureau, login: str, said: dict[str, object]
) -> None:
    told = text("Hon ringde", channel=Channel.PHONE, **said)
    with pytest.raises(NotAllowed, match="not-kept-here"):
        registered(bureau, told, login)


def test_pressed_twice_it_is_one_request(either_bureau: Bureau) -> None:
    bureau, sent, digits = either_bureau, token(), either_bureau.digits()
    told = by_phone(bureau)
    first = registered(bureau, told, digits=digits, sent=sent)
    again = registered(bureau, told, digits=digits, sent=sent)
    assert first[0] is Result.NEW
    assert again == (Result.AGAIN, first[1])
    other = Token(sent.token_hash, b"other content")
    assert registered(bureau, told, sent=other) == (Result.SPENT, first[1])
    with bureau.writing() as session:
        assert session.query(Request).count() == 1
        assert session.query(Door).count() == 1
        assert session.query(Sending).count() == 1
        request = bureau.request(session, first[1])
        assert len(request.windows) == 1
        assert len(holders(session, request.keys[0].desk)) >= 2


@pytest.mark.rule("S28")
def test_a_concern_report_takes_no_number_and_gives_none(bureau: Bureau) -> None:
    concern = text(channel=Channel.CONCERN, under_18=True, audience=Audience.UNSAID)
    _, reference = registered(bureau, concern)
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        assert (request.unit, request.contact) == ("children", Contact.NOT_ASKED)
        assert (request.numbers, request.doors) == ([], [])
    named = replace(concern, call=bureau.callback().call)
    for refused, digits in ((named, ""), (concern, bureau.digits())):
        with pytest.raises(NotAllowed, match="concern-no-number"):
            registered(bureau, refused, digits=digits)


@pytest.mark.rule("S6")
def test_a_receipt_given_by_voice_ends_after_48_hours(either_bureau: Bureau) -> None:
    bureau, digits = either_bureau, either_bureau.digits()
    _, reference = registered(bureau, by_phone(bureau), digits=digits)
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        door = voice_door(request)
        assert door is not None
        assert door.ends_at == bureau.clock() + LASTS
        assert LASTS.total_seconds() == 48 * 3600
        kinds = [event.kind for event in request.events]
        assert EventKind.VOICE_RECEIPT in kinds
        enters(bureau, session, digits)
    bureau.clock.forward(hours=48)
    with bureau.writing() as session, pytest.raises(UnknownReceipt):
        enters(bureau, session, digits)


def enters(bureau: Bureau, session: Session, digits: str) -> returning.Return:
    return returning.enter(session, bureau.peppers, digits, "", bureau.clock())


def rings(bureau: Bureau, reference: str, outcome: Outcome | None) -> None:
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        maria = bureau.desk(session, "maria")
        queue.first_reading(maria, request, request.urgency, bureau.clock())
        queue.claim(maria, request, bureau.clock())
        if outcome:
            calls.start(maria, request, bureau.clock())
            calls.finish(maria, request, outcome, bureau.clock())


def lost(bureau: Bureau, reference: str, digits: str) -> None:
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        key, sent = bureau.peppers.key(digits, ""), Token(digits.encode(), b"same")
        maria = bureau.desk(session, "maria")
        replace_lost(maria, request, sent, key, bureau.clock())


@pytest.mark.rule("S6")
def test_after_her_word_in_our_call_a_new_number_takes_the_old_ones_place(
    either_bureau: Bureau,
) -> None:
    bureau, old, new = either_bureau, either_bureau.digits(), either_bureau.digits()
    reference = bureau.send(bureau.callback(), old)
    rings(bureau, reference, Outcome.WORD_CAME)
    lost(bureau, reference, new)
    lost(bureau, reference, new)  # pressed twice
    with bureau.writing() as session:
        request = bureau.request(session, reference)
        desk: Desktop = bureau.desk(session, "maria")
        replies.answer(desk, request, "Vi kan ses", bureau.clock())
        read = enters(bureau, session, new)
        told = returning.answers(session, bureau.office, read, bureau.clock())
        assert [one.text for one in told] == ["Vi kan ses"]
        assert len(request.doors) == 2
        assert sum(e.kind == EventKind.VOICE_RECEIPT for e in request.events) == 1
        with pytest.raises(UnknownReceipt):
            enters(bureau, session, old)
    bureau.clock.forward(hours=48)
    with bureau.writing() as session, pytest.raises(UnknownReceipt):
        enters(bureau, session, new)


@pytest.mark.rule("S6")
@pytest.mark.parametrize("outcome", [None, Outcome.NOT_NOW, Outcome.NO_ANSWER])
def test_without_her_word_no_number_is_replaced(
    bureau: Bureau, outcome: Outcome | None
) -> None:
    old = bureau.digits()
    reference = bureau.send(bureau.callback(), old)
    rings(bureau, reference, outcome)
    with pytest.raises(NotAllowed, match="no-talk"):
        lost(bureau, reference, bureau.digits())
    with bureau.writing() as session:
        enters(bureau, session, old)


@pytest.mark.rule("S6", "S10")
def test_where_no_word_was_agreed_none_is_replaced_either(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback(word="", not_now_word=""), bureau.digits())
    rings(bureau, reference, Outcome.SAID_UNASKED)
    with pytest.raises(NotAllowed, match="word-first"):
        lost(bureau, reference, bureau.digits())
