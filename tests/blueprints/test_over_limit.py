"""A network that is over its limit: nothing that was typed is refused or lost (S36)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.receipts import from_seed, grouped
from tests.blueprints.public import PublicHouse, Seen, Values, Visitor, opened
from web import limits, room

TEXT = "Det är inte bra hemma."
LONG = "å" * 10_001


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


def use_up(house: PublicHouse, kind: limits.Limited = limits.Limited.SEND) -> None:
    """Let others of the visitor's network use all that it may send at once."""
    shared = house.app.extensions["stilla"].limits
    for _ in range(limits.RATES[kind].burst):
        shared.over(kind, "127.0.0.1", house.clock())


def come_in(visitor: Visitor, digits: str, text: str = "") -> Seen:
    """Type a number where it opens, with a text that travels along."""
    page = visitor.open("4")
    return visitor.send(page, "/4", {"digits": digits, "text": text})


@pytest.mark.rule("S36", "S39")
@pytest.mark.parametrize("scripted", [False, True])
@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("2", {"text": LONG, "q5": "Växeln"}),
        ("2a", {"text": TEXT, "earlier": "1234"}),
        ("3", {"text": TEXT, "number": "070-174 06 05", "word": "blåbär"}),
    ],
)
def test_a_form_to_put_right_comes_back_as_it_was_typed(
    house: PublicHouse, action: str, typed: Values, scripted: bool
) -> None:
    visitor = house.scripted() if scripted else house.visitor()
    form = visitor.open(action)
    house.wait(minutes=1)
    use_up(house)
    for _ in range(3):
        page = visitor.send(form, action, typed)
        assert visitor.status == (422 if scripted else 303)
        assert page.said
        filled = page.filled(action)
        assert {name: filled[name] for name in typed} == typed


@pytest.mark.rule("S36", "S39")
@pytest.mark.parametrize("scripted", [False, True])
def test_words_whose_half_hour_is_over_go_along(
    house: PublicHouse, scripted: bool
) -> None:
    visitor = house.scripted() if scripted else house.visitor()
    sent = visitor.send(visitor.open("2"), "2", {"text": TEXT})
    thread = come_in(visitor, sent.digits)
    house.wait(minutes=31)
    use_up(house)
    page = visitor.send(thread, "/5", {"text": TEXT})
    assert page.filled("/4")["text"] == TEXT


@pytest.mark.rule("S36", "S39")
def test_a_guess_is_refused_and_the_words_beside_it_stay(house: PublicHouse) -> None:
    visitor = house.visitor()
    use_up(house)
    use_up(house, limits.Limited.RECEIPT)
    page = come_in(visitor, grouped(from_seed(b"a guess")), TEXT)
    assert "too many tries" in page.said[0]
    assert page.filled("/4")["text"] == TEXT


@pytest.mark.rule("S36")
def test_forms_given_back_leave_the_room_of_messages_free(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 1.5 * limits.DISK_RESERVE

    def is_left(_: Path, reserve: int = limits.DISK_RESERVE) -> bool:
        return free > reserve

    monkeypatch.setattr(room, "disk_reserve_left", is_left)
    visitor = house.visitor()
    form = visitor.open("2")
    house.wait(minutes=1)
    assert visitor.send(form, "2", {"text": LONG}).said
    use_up(house)
    visitor.send(form, "2", {"text": LONG})
    assert visitor.address == "/en/e503"
    assert visitor.send(form, "2", {"text": TEXT}).digits
