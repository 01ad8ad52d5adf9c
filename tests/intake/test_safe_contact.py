"""Her choices on safe contact, read on the careful side."""

import json
from dataclasses import replace

import pytest

from intake import returning
from intake.envelopes import put
from intake.joining import join
from intake.numbers import read_number
from intake.returning import Return
from intake.safe_contact import (
    SafeContact,
    agreed_words,
    alias,
    safe_contact,
)
from intake.submissions import CallWish, Submission
from intake.topics import Kind, Opening, Origin, Phone, ShownNumber, Voice
from intake.vault import KeyPair
from tests.factories import Bureau, text

CAREFUL = SafeContact()


def test_what_nobody_said_is_the_careful_answer(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        assert safe_contact(desk, request) == CAREFUL
        assert agreed_words(desk, request) is None
        assert alias(desk, request) == ""
    assert not CAREFUL.texts
    assert not CAREFUL.voicemail
    assert CAREFUL.shown is ShownNumber.HIDDEN


def test_her_choices_are_read_as_she_made_them(bureau: Bureau) -> None:
    wish = bureau.callback(note="Inte på fredagar", texts=True, country="Finland")
    reference = bureau.send(wish)
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        read = safe_contact(desk, request)
        assert (read.opening, read.voice) == (Opening.SURVEY, Voice.WOMAN)
        assert (read.phone, read.note) == (Phone.OWN, "Inte på fredagar")
        assert (read.texts, read.voicemail) == (True, False)
        assert (read.country, read.by_receipt) == ("Finland", False)
        words = agreed_words(desk, request)
        assert words is not None
        assert (words.word, words.not_now_word) == ("äppelkaka", "onsdag")
        assert alias(desk, request) == "Kim"


def again(bureau: Bureau, **said: object) -> Submission:
    """Return a form that asks for other times, and says other things."""
    return replace(bureau.callback(bureau.around(hours=3), **said), text="Mer")


@pytest.mark.rule("S4", "S11")
@pytest.mark.parametrize(
    ("first", "then", "holds"),
    [(True, False, False), (False, True, False), (True, True, True)],
)
def test_who_has_the_number_narrows_her_ticks_and_never_widens_them(
    bureau: Bureau, first: bool, then: bool, holds: bool
) -> None:
    reference = bureau.send(bureau.callback(texts=first, voicemail=first))
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "maria"),
            bureau.request(session, reference),
        )
        more = again(bureau, texts=then, voicemail=then)
        join(session, bureau.office, request, more, Origin.RECEIPT, bureau.clock())
        read = safe_contact(desk, request)
        assert (read.texts, read.voicemail, read.by_receipt) == (holds, holds, True)


@pytest.mark.rule("S4", "S10")
def test_words_and_opening_line_are_never_changed_by_receipt(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "maria"),
            bureau.request(session, reference),
        )
        more = again(bureau, word="hans ord", not_now_word="hans", opening=Opening.CLUB)
        join(session, bureau.office, request, more, Origin.RECEIPT, bureau.clock())
        words = agreed_words(desk, request)
        assert words is not None
        assert (words.word, words.not_now_word) == ("äppelkaka", "onsdag")
        assert safe_contact(desk, request).opening is Opening.SURVEY


def test_the_same_form_sent_again_is_her_own(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback(texts=True))
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, "maria"),
            bureau.request(session, reference),
        )
        more = again(bureau, texts=False, opening=Opening.DELIVERY)
        join(session, bureau.office, request, more, Origin.AGAIN, bureau.clock())
        read = safe_contact(desk, request)
        assert (read.texts, read.by_receipt) == (False, False)
        assert read.opening is Opening.DELIVERY


@pytest.mark.rule("S4", "S9", "S11")
@pytest.mark.parametrize(
    ("noted", "texts"), [({"note": "Ring inte på"}, False), ({"texts": True}, True)]
)
def test_what_she_says_in_a_call_lifts_what_she_speaks_of_only(
    bureau: Bureau, noted: dict[str, object], texts: bool
) -> None:
    reference = bureau.send(bureau.callback(texts=True))
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request, now = bureau.request(session, reference), bureau.clock()
        more = again(bureau, texts=False, voice=Voice.MAN)
        join(session, bureau.office, request, more, Origin.RECEIPT, now)
        put(session, request, Kind.SAFETY, json.dumps(noted), Origin.STAFF, now)
        read = safe_contact(desk, request)
        # The voice is still what someone with the receipt chose, and marked so.
        assert (read.texts, read.voice, read.by_receipt) == (texts, Voice.MAN, True)


WOMAN, MAN, ANY = Voice.WOMAN, Voice.MAN, Voice.ANY
HIDDEN, SHOWN = ShownNumber.HIDDEN, ShownNumber.SHOWN


@pytest.mark.rule("S4", "S17", "S18")
@pytest.mark.parametrize(
    ("name", "first", "then", "holds"),
    [
        ("voice", WOMAN, ANY, WOMAN),
        ("voice", MAN, ANY, MAN),
        ("voice", ANY, WOMAN, WOMAN),
        ("voice", WOMAN, MAN, MAN),
        ("shown", HIDDEN, SHOWN, HIDDEN),
        ("shown", SHOWN, HIDDEN, HIDDEN),
        ("note", "Inte på fredagar", "", "Inte på fredagar"),
        ("note", "Inte på fredagar", "Ring när som helst", "Inte på fredagar"),
        ("country", "Finland", "", "Finland"),
        ("country", "Finland", "Norge", "Norge"),
    ],
)
def test_who_has_the_number_narrows_her_choices_and_never_widens_them(
    bureau: Bureau, name: str, first: str, then: str, holds: str
) -> None:
    reference = bureau.send(again(bureau, **{name: first}))
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request, more = (
            bureau.request(session, reference),
            again(bureau, **{name: then}),
        )
        join(session, bureau.office, request, more, Origin.RECEIPT, bureau.clock())
        assert getattr(safe_contact(desk, request), name) == holds


@pytest.mark.rule("S4", "S9", "S18")
@pytest.mark.parametrize("origin", [Origin.RECEIPT, Origin.AGAIN])
def test_a_form_that_asks_of_an_interpreter_alone_changes_nothing_else(
    bureau: Bureau, origin: Origin
) -> None:
    asked = bureau.callback(note="Aldrig när bilen står hemma", country="Finland")
    reference = bureau.send(asked)
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        before = safe_contact(desk, request)
        more = text("Mer", interpreter=True, interpreter_note=ANY.value)
        join(session, bureau.office, request, more, origin, bureau.clock())
        by_receipt = origin is Origin.RECEIPT
        told = replace(before, interpreter="any", by_receipt=by_receipt)
        assert safe_contact(desk, request) == told


@pytest.mark.rule("S4", "S18")
@pytest.mark.parametrize(
    ("noted", "then", "holds"),
    [
        ("woman", "", "woman"),
        ("woman", "any", "woman"),
        ("woman", "man", "man"),
        ("kvinna, dari", "any", "kvinna, dari"),
        ("dari", "woman", "dari, woman"),
        ("", "any", "any"),
    ],
)
def test_what_was_said_of_the_interpreter_is_not_forgotten(
    bureau: Bureau, noted: str, then: str, holds: str
) -> None:
    reference = bureau.send(bureau.callback())
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request, now = bureau.request(session, reference), bureau.clock()
        paper = json.dumps({"interpreter": noted})
        put(session, request, Kind.SAFETY, paper, Origin.STAFF, now)
        more = replace(again(bureau), interpreter_note=then)
        join(session, bureau.office, request, more, Origin.RECEIPT, now)
        assert safe_contact(desk, request).interpreter == holds


@pytest.mark.rule("S4", "S9")
def test_advice_that_came_with_the_number_stands_beside_hers(bureau: Bureau) -> None:
    reference = bureau.send(bureau.callback(note="Inte på fredagar"))
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request, now = bureau.request(session, reference), bureau.clock()
        for note in ("Ring när som helst", "Ring när som helst", "Säg hej"):
            more = again(bureau, note=note)
            join(session, bureau.office, request, more, Origin.RECEIPT, now)
        read = safe_contact(desk, request)
        assert read.note == "Inte på fredagar"
        assert read.later_note == "Ring när som helst\n\nSäg hej"
        said = json.dumps({"note": "Aldrig hemma"})
        put(session, request, Kind.SAFETY, said, Origin.STAFF, now)
        read = safe_contact(desk, request)
        assert (read.note, read.later_note) == ("Aldrig hemma", "")


@pytest.mark.rule("S3", "S9", "S11")
def test_what_a_form_only_repeats_is_not_laid_over_what_was_said_since(
    bureau: Bureau,
) -> None:
    asked = bureau.callback(texts=True, note="Inte på fredagar", shown=SHOWN)
    reference = bureau.send(asked)
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request, now = bureau.request(session, reference), bureau.clock()
        said = {"texts": False, "voicemail": True, "note": "Aldrig", "voice": MAN}
        put(session, request, Kind.SAFETY, json.dumps(said), Origin.STAFF, now)
        assert asked.call is not None
        more = replace(asked, text="Mer", call=replace(asked.call, shown=HIDDEN))
        join(session, bureau.office, request, more, Origin.AGAIN, now)
        read = safe_contact(desk, request)
        assert (read.texts, read.voicemail) == (False, False)
        assert (read.note, read.voice, read.shown) == ("Aldrig", MAN, HIDDEN)


def other_number(bureau: Bureau, phone: Phone) -> Submission:
    """Return what the page of changing a number sends."""
    call = CallWish(read_number("070-174 06 77"), bureau.around(hours=2), phone=phone)
    return Submission("sv", call=call)


@pytest.mark.rule("S4", "S19", "S27")
@pytest.mark.parametrize("phone", Phone)
def test_a_number_changed_by_receipt_tells_whose_phone_it_is(
    bureau: Bureau, phone: Phone
) -> None:
    wish = bureau.callback(texts=True, voicemail=True, note="Inte på fredagar")
    reference = bureau.send(wish)
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        change = other_number(bureau, phone)
        visit, now = Return(0, request, KeyPair.generate()), bureau.clock()
        returning.change_callback(session, bureau.office, visit, change, now)
        read = safe_contact(desk, request)
        kept = phone in (Phone.OWN, Phone.OTHER_KNOWS)
        assert (read.phone, read.by_receipt) == (phone, True)
        assert (read.texts, read.voicemail) == (kept, kept)
        assert (read.opening, read.note) == (Opening.SURVEY, "Inte på fredagar")


@pytest.mark.rule("S4", "S11")
def test_a_number_by_receipt_alone_ticks_nothing(bureau: Bureau) -> None:
    reference = bureau.send(text())
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        change = other_number(bureau, Phone.OWN)
        visit, now = Return(0, request, KeyPair.generate()), bureau.clock()
        returning.change_callback(session, bureau.office, visit, change, now)
        read = safe_contact(desk, request)
        assert (read.phone, read.texts, read.voicemail) == (Phone.OWN, False, False)


@pytest.mark.rule("S19", "S27")
def test_what_is_said_without_a_number_says_nothing_of_the_phone(
    bureau: Bureau,
) -> None:
    reference = bureau.send(bureau.callback(phone=Phone.PARENT))
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        more = again(bureau, number=None, phone=Phone.OWN)
        join(session, bureau.office, request, more, Origin.AGAIN, bureau.clock())
        assert safe_contact(desk, request).phone is Phone.PARENT
