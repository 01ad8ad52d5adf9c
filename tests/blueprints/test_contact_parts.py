"""Sending in parts, joining what was sent before, and doing without a number."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.topics import Kind
from tests.blueprints.public import PublicHouse, Values, opened
from tests.blueprints.test_contact_write import TEXT, write
from web.limits import RATES, Limited


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


@pytest.mark.rule("S40")
def test_a_part_is_sent_and_the_next_one_joins_it(house: PublicHouse) -> None:
    visitor = house.visitor()
    receipt = write(house, visitor, {"part": "y"}, at="2a")
    assert receipt.digits
    handle = receipt.filled("/5")["handle"]
    assert handle
    assert handle not in visitor.address
    added = visitor.send(receipt, "/5", {"text": "Del två."})
    added = visitor.send(added, "/5", {"text": "Del tre."})
    assert "put with what you sent before" in added.words
    with house.writing() as session:
        (request,) = house.requests(session)
        texts = [text for _, text in house.texts(session, request)]
        assert texts == [TEXT, "Del två.", "Del tre."]


@pytest.mark.rule("S40")
def test_she_may_save_the_number_and_go_on(house: PublicHouse) -> None:
    visitor = house.visitor()
    receipt = write(house, visitor, {"part": "y"}, at="2a")
    kept = visitor.send(receipt, "/saved")
    assert not kept.digits
    visitor.send(kept, "/5", {"text": "Del två."})
    with house.writing() as session:
        (request,) = house.requests(session)
        assert house.texts(session, request)[-1] == (Kind.MORE, "Del två.")


@pytest.mark.rule("S40")
def test_parts_without_a_number_are_one_request_too(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = write(house, visitor, {"part": "y", "no_number": "y"}, at="2a")
    for text in ("Del två.", "Del tre."):
        house.wait(minutes=3)
        page = visitor.send(page, "/2", {"text": text})
    assert not page.digits
    with house.writing() as session:
        (request,) = house.requests(session)
        assert request.doors == []
        texts = [text for _, text in house.texts(session, request)]
        assert texts == [TEXT, "Del två.", "Del tre."]


def test_without_a_number_nothing_opens_it(house: PublicHouse) -> None:
    page = write(house, house.visitor(), {"no_number": "y", "own_word": "plommon"})
    assert not page.digits
    assert "You chose no number" in page.words
    assert "Write the next part" not in page.words
    with house.writing() as session:
        assert house.requests(session)[0].doors == []


@pytest.mark.rule("S8")
def test_an_earlier_number_joins_and_goes_on(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, {"own_word": "plommon"}, at="2a").digits
    earlier = {"earlier": digits.replace(" ", ""), "earlier_word": "Plommon"}
    page = write(house, visitor, {"text": "Mer.", **earlier})
    assert not page.digits
    assert "The number that you have goes on" in page.words
    with house.writing() as session:
        (request,) = house.requests(session)
        assert house.texts(session, request)[-1] == (Kind.MORE, "Mer.")


@pytest.mark.rule("S8")
@pytest.mark.parametrize("word", ["", "körsbär"])
def test_an_earlier_number_with_a_wrong_word_keeps_the_text(
    house: PublicHouse, word: str
) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, {"own_word": "plommon"}).digits
    page = write(house, visitor, {"earlier": digits, "earlier_word": word})
    assert "do not fit together" in page.said[0]
    assert page.filled("2")["text"] == TEXT
    with house.writing() as session:
        assert len(house.requests(session)) == 1


def test_a_slip_in_an_earlier_number_is_told_apart(house: PublicHouse) -> None:
    page = write(house, house.visitor(), {"earlier": "1234 5678"})
    assert "slip of the pen" in page.said[0]


@pytest.mark.rule("S29")
def test_what_must_not_be_seen_does_not_join_what_can_be_seen(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, at="2a").digits
    page = write(house, visitor, {"earlier": digits, "q4": "y"}, at="2a")
    assert page.digits not in ("", digits)
    assert "apart from what you sent before" in page.words
    with house.writing() as session:
        first, second = house.requests(session)
        assert (first.unit, second.unit) == ("adult", "closed-circle")


def test_what_is_urgent_does_not_wait_behind_what_was_sent_before(
    house: PublicHouse,
) -> None:
    """The earlier request's keys are sealed already; on call could not open it."""
    visitor = house.visitor()
    digits = write(house, visitor, at="2a").digits
    house.wait(hours=12)  # in the evening
    write(house, visitor, {"earlier": digits, "q1": "now"}, at="2a")
    with house.writing() as session:
        _, second = house.requests(session)
        assert {key.desk.unit for key in second.keys} == {"adult", "on-call"}


APART = [
    pytest.param("2a", {"q4": "y", "q5": "Amina"}, "closed-circle", id="S29"),
    pytest.param("2a", {"q1": "now"}, "adult", id="danger"),
    pytest.param("2a", {"q2": "y"}, "children", id="child"),
    pytest.param("2c", {}, "adult", id="other side"),
]


@pytest.mark.rule("S23", "S26", "S29")
@pytest.mark.parametrize(("at", "told", "unit"), APART)
def test_an_earlier_number_joins_nothing_that_it_must_not(
    house: PublicHouse, at: str, told: Values, unit: str
) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, at="2a").digits
    page = write(house, visitor, {"text": "Mer.", "earlier": digits, **told}, at=at)
    assert page.digits not in ("", digits)
    assert "apart from what you sent before" in page.words
    with house.writing() as session:
        first, second = house.requests(session)
        assert len(house.texts(session, first)) == 1
        assert second.unit == unit


@pytest.mark.rule("S3", "S23", "S29")
@pytest.mark.parametrize(("at", "told", "unit"), APART[:3])
def test_the_same_form_sent_again_goes_apart_once(
    house: PublicHouse, at: str, told: Values, unit: str
) -> None:
    visitor = house.visitor()
    form = visitor.open(at)
    house.wait(minutes=1)
    digits = visitor.send(form, at, {"text": "Ett."}).digits
    changed = {"text": "Ett.", "no_number": [], **told}
    first, again = (visitor.send(form, at, changed) for _ in range(2))
    assert first.digits not in ("", digits)
    assert again.digits == first.digits
    assert "It counts once" in again.words
    with house.writing() as session:
        before, apart = house.requests(session)
        assert len(house.texts(session, before)) == 1
        assert {key.desk.unit for key in apart.keys} >= {unit}
    calmer = visitor.send(form, at, {"text": "Två."})
    assert calmer.digits == digits  # what may join still joins the first


@pytest.mark.rule("S36")
def test_a_message_with_an_earlier_number_is_never_refused(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, at="2a").digits
    limits = house.app.extensions["stilla"].limits
    for _ in range(RATES[Limited.RECEIPT].burst):  # somebody behind the same network
        limits.over(Limited.RECEIPT, "127.0.0.1", house.clock())
    form = visitor.open("2a")
    house.wait(seconds=3)
    said: Values = {"text": "He took my keys.", "earlier": digits}
    page = visitor.send(form, "2a", said)
    assert "too many tries" in page.words
    assert page.digits not in ("", digits)
    house.wait(minutes=10)
    assert visitor.send(form, "2a", said).digits == page.digits
    with house.writing() as session:
        first, second = house.requests(session)
        assert (first.set_aside, second.set_aside) == (False, True)
        assert house.texts(session, second) == [(Kind.ACCOUNT, "He took my keys.")]
