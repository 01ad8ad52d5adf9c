"""Changing or stopping calls by the number, perhaps by someone else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from blueprints.callback import views
from intake.life import EventKind
from intake.models import Event, Request
from intake.topics import Contact, Kind, Origin, State
from tests.blueprints.public import PublicHouse, Seen, Visitor, opened
from tests.blueprints.test_callback_ask import HERS, ask

OTHERS = "070-174 06 99"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


def change(house: PublicHouse, visitor: Visitor, *wanted: int) -> Seen:
    """Ask to be called, come back with the number, and open the change."""
    values: dict[str, str | list[str]] = {"word": "körsbär", "alias": "Anna"}
    digits = ask(house, visitor, values, *(wanted or (0,))).digits
    thread = visitor.send(visitor.open("4"), "/4", {"digits": digits})
    return visitor.send(thread, "/6")


def times(page: Seen, *wanted: int) -> list[str]:
    boxes = page.soup.select("input[name=windows]")
    return [str(boxes[one]["value"]) for one in wanted]


def send(visitor: Visitor, page: Seen, **values: str | list[str]) -> Seen:
    """Press the first form's button."""
    boxes: dict[str, str | list[str]] = {"step": "change", **values}
    return visitor.send(page, "/6", boxes)


@pytest.mark.rule("S1")
@pytest.mark.rule("S4")
def test_the_page_shows_nothing_that_she_chose(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = change(house, visitor)
    assert visitor.status == 303
    for hers in ("körsbär", "Anna", HERS, "checked"):
        assert hers not in page.response.text.split("<main")[1].split("</main>")[0]
    assert page.filled("/6")["handle"] not in visitor.address
    names = {str(one["name"]) for one in page.soup.select("main [name]")}
    assert not names & {"word", "q9", "alias", "texts", "voicemail"}


@pytest.mark.rule("S4")
def test_new_times_are_marked_and_the_number_stays(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = change(house, visitor)
    done = send(visitor, page, windows=times(page, 4, 5))
    assert "The times are changed" in done.words
    with house.writing() as session:
        (request,) = house.requests(session)
        standing = [one for one in request.windows if not one.withdrawn_at]
        assert [one.origin for one in standing] == [Origin.RECEIPT] * 2
        assert len(request.numbers) == 1
        assert request.contact is Contact.ALLOWED
        kinds = select(Event).where(Event.kind == EventKind.WINDOWS.value)
        assert session.scalars(kinds).one().data["origin"] == "receipt"


@pytest.mark.rule("S4")
def test_a_new_number_is_marked_and_the_words_stay(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = change(house, visitor)
    send(visitor, page, windows=times(page, 4), number=OTHERS, phone="own")
    with house.writing() as session:
        (request,) = house.requests(session)
        numbers = [(one.origin, bool(one.withdrawn_at)) for one in request.numbers]
        assert numbers == [(Origin.FORM, True), (Origin.RECEIPT, False)]
        texts = house.texts(session, request)
        words = [text for kind, text in texts if kind is Kind.WORD]
        assert words == ["körsbär"]


@pytest.mark.rule("S15")
def test_stopping_calls_leaves_the_request_open(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = change(house, visitor, 0, 1)
    done = visitor.send(page, "/6", {"step": "cancel"})
    assert "We do not call any more" in done.words
    request = _only(house)
    assert (request.state, request.contact) == (State.UNREAD, Contact.CANCELLED)
    assert request.callable_until is None


@pytest.mark.rule("S9")
def test_none_is_safe_ends_calls_too(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = change(house, visitor)
    assert "We do not call" in send(visitor, page, q8="y").words
    assert _only(house).contact is Contact.NONE_SAFE


@pytest.mark.rule("S39")
def test_what_is_unclear_comes_back_as_it_was(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = change(house, visitor)
    again = send(visitor, page, number=OTHERS)
    assert visitor.status == 303
    assert len(again.said) == 2  # whose phone, and when
    assert again.soup.select_one(f"input[name=number][value='{OTHERS}']")
    done = send(visitor, again, number=OTHERS, phone="own", windows=times(again, 2))
    assert "The times are changed" in done.words


def test_times_alone_do_not_bring_back_a_number_that_is_gone(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    page = change(house, visitor)
    with house.writing() as session:
        (request,) = house.requests(session)
        for number in request.numbers:
            number.tag = number.worker_box = None  # as closing does
    again = send(visitor, page, windows=times(page, 2))
    assert "Write a number" in again.said[0]


def test_after_half_an_hour_the_number_is_asked_for(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = change(house, visitor)
    house.wait(minutes=31)
    assert send(visitor, page, q8="y").form("/4")
    assert _only(house).contact is Contact.ALLOWED


def _only(house: PublicHouse) -> Request:
    with house.writing() as session:
        (request,) = house.requests(session)
        session.expunge(request)
        return request


@pytest.mark.rule("S39")
def test_a_fault_of_ours_gives_the_change_back(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a fault")

    visitor = house.visitor()
    page = change(house, visitor)
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(views, "changed", broken)
    kept = send(visitor, page, number=OTHERS)
    assert "our fault" in kept.said[0]
    (number,) = kept.soup.select("input[name=number]")
    assert number["value"] == OTHERS
