"""Coming back with the number: answers and states, never her own words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from blueprints.contact import views
from intake.envelopes import put
from intake.hours import HOME_ZONE
from intake.life import EventKind, record
from intake.models import Event, OnePage, Request
from intake.receipts import Peppers, from_seed
from intake.topics import Contact, Kind, Origin, State
from tests.blueprints.public import PublicHouse, Seen, Values, Visitor, opened
from tests.blueprints.test_contact_write import TEXT, write
from web.limits import RATES, Limited

ANSWER = "Hej! Kom på torsdag.\nFråga efter Maria."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


def answer(house: PublicHouse, text: str = ANSWER) -> None:
    """Answer the only request as staff do."""
    with house.writing() as session:
        (request,) = house.requests(session)
        put(session, request, Kind.ANSWER, text, Origin.STAFF, house.clock())
        signer = house.office.signer
        record(session, request, EventKind.ANSWERED, signer, house.clock())


def come_in(visitor: Visitor, digits: str, word: str = "") -> Seen:
    """Come back with a number."""
    return visitor.send(visitor.open("4"), "/4", {"digits": digits, "word": word})


def only(house: PublicHouse) -> Request:
    with house.writing() as session:
        (request,) = house.requests(session)
        session.expunge(request)
        return request


@pytest.mark.rule("S1")
def test_she_reads_the_answer_and_nobody_reads_her_words(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, {"own_word": "plommon"}, at="2a").digits
    answer(house)
    page = come_in(visitor, digits, "PLOMMON ")
    assert visitor.status == 303
    assert "Kom på torsdag." in page.words
    assert "We answered on Monday 23 November." in page.words
    for hers in (*TEXT.split("\n"), "plommon", digits):
        assert hers not in page.response.text
    assert digits.replace(" ", "") not in visitor.address


@pytest.mark.parametrize("zero", ["\u0660", "\u06f0", "\u0966"])
def test_digits_of_every_script_open_it(house: PublicHouse, zero: str) -> None:
    visitor = house.visitor("ar")
    digits = write(house, visitor).digits
    typed = "".join(
        chr(ord(zero) + int(one)) if one.isdigit() else "\u00a0" for one in digits
    )
    assert visitor.status == 303
    assert come_in(visitor, typed).form("/7")


@pytest.mark.rule("S2")
def test_unknown_numbers_and_wrong_words_are_told_the_same(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, {"own_word": "plommon"}).digits
    unknown = from_seed(b"somebody else's form")
    wrong = [
        come_in(visitor, *guess).said
        for guess in ((digits, ""), (digits, "äpple"), (unknown, ""))
    ]
    assert wrong[0] == wrong[1] == wrong[2]
    assert "do not fit together" in wrong[0][0]


def test_a_slip_is_caught_before_the_slow_hash(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> None:
        raise AssertionError("the slow hash ran")

    monkeypatch.setattr(Peppers, "key", slow)
    for typed in ("1234 5678", "0000 0000 0000 0000 0001", "hej"):
        page = come_in(house.visitor(), typed)
        assert "slip of the pen" in page.said[0]
        assert page.filled("/4")["digits"] == typed


@pytest.mark.rule("S36")
def test_guesses_alone_are_refused_and_the_phone_stands_there(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    for _ in range(RATES[Limited.RECEIPT].burst):
        house.app.extensions["stilla"].limits.over(
            Limited.RECEIPT, "127.0.0.1", house.clock()
        )
    page = come_in(visitor, digits)
    assert visitor.status == 303
    assert "too many tries" in page.said[0]
    assert "08-465 004 00" in page.words
    assert page.filled("/4")["digits"] == digits
    scripted = house.scripted()
    come_in(scripted, digits)
    assert scripted.status == 429
    assert write(house, visitor).digits  # a message is never refused
    house.wait(minutes=10)
    assert come_in(visitor, digits).form("/7")


@pytest.mark.rule("S7")
def test_opening_an_answer_leaves_a_date_and_no_name(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    answer(house)
    come_in(visitor, digits)
    with house.writing() as session:
        kind = EventKind.ANSWER_OPENED.value
        opened = session.scalars(select(Event).where(Event.kind == kind)).one()
        at = opened.at.astimezone(HOME_ZONE)
        assert (at.hour, at.minute, opened.member_id) == (0, 0, None)


def test_she_writes_more_by_a_handle_that_is_in_no_address(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    thread = come_in(visitor, digits)
    handle = thread.filled("/5")["handle"]
    page = visitor.send(thread, "/5", {"text": "Mer."})
    page = visitor.send(thread, "/5", {"text": "Mer."})  # pressed twice
    assert "put with what you sent before" in page.words
    assert handle not in visitor.address
    with house.writing() as session:
        (request,) = house.requests(session)
        assert house.texts(session, request) == [
            (Kind.ACCOUNT, TEXT),
            (Kind.MORE, "Mer."),
        ]


def test_after_half_an_hour_the_text_is_kept_and_the_number_asked_for(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    thread = come_in(visitor, digits)
    house.wait(minutes=31)
    again = visitor.send(thread, "/5", {"text": "Mer."})
    assert "Half an hour has passed" in again.said[0]
    assert again.filled("/4")["text"] == "Mer."
    thread = visitor.send(again, "/4", {"digits": digits})
    assert thread.filled("/5")["text"] == "Mer."
    visitor.send(thread, "/5")
    with house.writing() as session:
        (request,) = house.requests(session)
        assert house.texts(session, request)[-1] == (Kind.MORE, "Mer.")


@pytest.mark.rule("S39")
def test_an_empty_addition_is_given_back(house: PublicHouse) -> None:
    visitor = house.visitor()
    thread = come_in(visitor, write(house, visitor).digits)
    page = visitor.send(thread, "/5", {"text": " "})
    assert "Write something first" in page.said[0]
    visitor.send(page, "/5", {"text": "Mer."})
    with house.writing() as session:
        (request,) = house.requests(session)
        assert house.texts(session, request)[-1] == (Kind.MORE, "Mer.")


@pytest.mark.rule("S5")
def test_the_page_says_what_taking_back_does_and_then_does_it(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    thread = come_in(visitor, digits)
    press = thread.words.rfind("Take everything back")
    for effect in (
        "All contact ends at once",
        "The number is closed",
        "taken back, perhaps not by you",
        "Nothing is deleted within 7 days",
    ):
        assert -1 < thread.words.find(effect) < press
    assert "It is taken back" in visitor.send(thread, "/7").words
    request = only(house)
    assert (request.state, request.contact) == (State.TAKEN_BACK, Contact.TAKEN_BACK)
    assert "do not fit together" in come_in(visitor, digits).said[0]
    for action in ("/5", "/6", "/7", "/8"):
        page = visitor.send(thread, action, {"text": "x"} if action == "/5" else {})
        assert page.form("/4")
    with house.writing() as session:
        assert house.texts(session, house.requests(session)[0]) == [
            (Kind.ACCOUNT, TEXT)
        ]


@pytest.mark.rule("S2")
def test_a_useless_number_opens_nothing_and_deletes_nothing(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    thread = come_in(visitor, digits)
    assert "The number is closed" in visitor.send(thread, "/8").words
    assert "do not fit together" in come_in(visitor, digits).said[0]
    assert only(house).state is State.UNREAD


def test_leaving_ends_what_the_forms_could_do(house: PublicHouse) -> None:
    visitor = house.scripted()
    thread = come_in(visitor, write(house, visitor).digits)
    handles = f"{thread.filled('/5')['handle']} {visitor.address.split('/p/')[-1]}"
    client = house.app.test_client(use_cookies=False)
    client.post("/en/u", data={"handles": handles}, headers=visitor.headers)
    with house.writing() as session:
        kept = list(session.scalars(select(OnePage)))
        assert len(kept) == 1  # the receipt's own page, which she had left before
    assert visitor.send(thread, "/7").form("/4")
    assert only(house).state is State.UNREAD


def test_a_hidden_handle_is_no_address(house: PublicHouse) -> None:
    visitor = house.visitor()
    thread = come_in(visitor, write(house, visitor).digits)
    visitor.open(f"p/{thread.filled('/5')['handle']}")
    assert visitor.address == "/en/"


@pytest.mark.rule("S33")
@pytest.mark.rule("S37")
def test_states_are_told_in_words(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    waiting = come_in(visitor, digits)
    assert "A person reads it at the latest on Monday 23 November" in waiting.words
    assert "There is no answer yet." in waiting.words
    assert "No call is planned." in waiting.words
    with house.writing() as session:
        (request,) = house.requests(session)
        for kind in (EventKind.READ, EventKind.HANDED_OVER, EventKind.MISSED):
            record(session, request, kind, house.office.signer, house.clock())
        request.unread_since = None
    told = come_in(visitor, digits)
    for words in (
        "A person read it on Monday 23 November.",
        "Another unit has answered since Monday 23 November.",
        "It is our fault.",
    ):
        assert words in told.words
    assert "A person reads it at" not in told.words


@pytest.mark.rule("S39")
def test_a_fault_on_the_way_in_gives_the_text_back(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a fault")

    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(views, "come_in", broken)
    visitor = house.visitor()
    typed: Values = {"digits": "1234", "text": "What I wrote meanwhile."}
    page = visitor.send(visitor.open("4"), "/4", typed)
    assert "our fault" in page.said[0]
    assert page.filled("/4")["text"] == "What I wrote meanwhile."
