"""Back to the thread without the number, and the unit that answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.models import Request
from tests.blueprints.public import PublicHouse, Seen, opened
from tests.blueprints.test_callback_ask import ask
from tests.blueprints.test_callback_change import send, times
from tests.blueprints.test_contact_return import answer, come_in
from tests.blueprints.test_contact_write import TEXT, write

ADULT, RECEPTION, CHILDREN = "08-465 004 10", "08-465 004 00", "08-465 004 20"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


@pytest.mark.rule("S1")
def test_after_writing_more_she_reads_on_without_the_number(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, at="2a").digits
    thread = come_in(visitor, digits)
    added = visitor.send(thread, "/5", {"text": "Mer."})
    answer(house)
    again = visitor.send(added, "/11")
    assert visitor.status == 303
    assert "Kom på torsdag." in again.words
    assert TEXT not in again.response.text
    assert "Mer." not in again.response.text
    assert thread.filled("/5")["handle"] == again.filled("/5")["handle"]
    assert again.filled("/5")["handle"] not in visitor.address


def test_the_half_hour_is_not_made_longer(house: PublicHouse) -> None:
    visitor = house.visitor()
    thread = come_in(visitor, write(house, visitor).digits)
    added = visitor.send(thread, "/5", {"text": "Mer."})
    house.wait(minutes=20)
    again = visitor.send(added, "/11")
    house.wait(minutes=11)
    page = visitor.send(again, "/5", {"text": "För sent."})
    assert "Half an hour has passed" in page.said[0]
    assert visitor.send(again, "/7").form("/4")


@pytest.mark.rule("S5")
def test_a_door_that_was_closed_shows_nothing_more(house: PublicHouse) -> None:
    visitor = house.visitor()
    thread = come_in(visitor, write(house, visitor).digits)
    added = visitor.send(thread, "/5", {"text": "Mer."})
    visitor.send(thread, "/7")
    assert visitor.send(added, "/11").form("/4")


@pytest.mark.rule("S4")
def test_after_a_change_she_reads_on(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = ask(house, visitor, {"word": "körsbär"}, 0).digits
    form = visitor.send(come_in(visitor, digits), "/6")
    unchanged = visitor.send(form, "/11")
    assert "A call is planned." in unchanged.words
    form = visitor.send(unchanged, "/6")
    changed = send(visitor, form, windows=times(form, 4))
    assert "The times are changed" in changed.words
    again = visitor.send(changed, "/11")
    assert "A call is planned." in again.words
    assert "körsbär" not in again.response.text
    stopped = visitor.send(visitor.send(again, "/6"), "/6", {"step": "cancel"})
    assert "No call is planned." in visitor.send(stopped, "/11").words


def test_every_page_behind_the_number_shows_who_answers(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = ask(house, visitor, {"q2": "y"}, 0).digits
    thread = come_in(visitor, digits)
    form = visitor.send(thread, "/6")
    pages = [
        thread,
        form,
        visitor.send(form, "/6", {"step": "cancel"}),
        visitor.send(thread, "/5", {"text": "Mer."}),
        visitor.send(thread, "/8"),
    ]
    for page in pages:
        shown = _reached_at(page)
        assert shown == {CHILDREN}


def test_a_thread_that_moved_shows_who_answers_now(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor, at="2a").digits
    assert _reached_at(come_in(visitor, digits)) == {ADULT}
    with house.writing() as session:
        (request,) = house.requests(session)
        _move(request)
        session.commit()
    assert _reached_at(come_in(visitor, digits)) == {RECEPTION}


def _move(request: Request) -> None:
    request.unit = "reception"


def _reached_at(page: Seen) -> set[str]:
    """Return the phone numbers under the ways to reach a unit."""
    return {a.get_text() for a in page.soup.select('.reach a[href^="tel:+46846500"]')}


@pytest.mark.rule("S1")
def test_a_receipt_is_no_text_to_add(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    thread = come_in(visitor, digits)
    page = visitor.send(thread, "/5", {"text": f"{digits}\n"})
    assert page.said == ["This is a number that you got from us. It has not been sent."]
    assert page.filled("/5")["text"].strip() == digits
    assert visitor.send(page, "/5", {"text": "Mer."}).form("/11")


@pytest.mark.rule("S26")
@pytest.mark.parametrize("path", ["2", "3"])
def test_nobody_is_told_to_look_below_for_what_stands_above(
    house: PublicHouse, path: str
) -> None:
    below = "that you are under 18"
    assert below not in house.visitor().open(f"{path}d").words
    assert below in house.visitor().open(f"{path}a").words


@pytest.mark.parametrize("scripted", [True, False])
def test_a_picture_of_the_page_shows_no_number_and_no_answer(
    house: PublicHouse, *, scripted: bool
) -> None:
    # GNOME Web keeps one of each page that it opens; what the script fetches is none.
    visitor = house.scripted() if scripted else house.visitor()
    receipt = write(house, visitor)
    answer(house)
    thread = come_in(visitor, receipt.digits)
    assert thread.soup.select_one(".answer") is not None
    for page, css in ((receipt, ".digits"), (thread, ".answer")):
        closed = page.soup.select(f"details:not([open]) {css}")
        assert len(closed) == (0 if scripted else 1)
