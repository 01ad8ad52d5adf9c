"""Piles in pages: counted whole, walked by key, and the same on either database."""

from datetime import timedelta

import pytest

from intake import queue, seeing, today
from intake.piles import Beside, Pile, View
from intake.store import reading
from intake.today import Place, Row, Today
from intake.topics import Side, Urgency
from tests.factories import Bureau, text


def view(bureau: Bureau, login: str = "maria", side: Side = Side.HURT) -> View:
    with reading(bureau.engine) as session:
        return View(bureau.member(session, login).id, side, bureau.clock())


def look(bureau: Bureau) -> Today:
    with reading(bureau.engine) as session:
        return today.today(session, view(bureau))


def walk(bureau: Bureau, pile: Pile | Beside) -> list[Row]:
    """Go from page to page until one is empty."""
    walked: list[Row] = []
    with reading(bureau.engine) as session:
        while rows := today.page(
            session, view(bureau), pile, walked[-1].place if walked else None
        ):
            walked += rows
    return walked


def read(bureau: Bureau, reference: str) -> None:
    with bureau.writing() as session:
        desk = bureau.desk(session, "maria")
        request = bureau.request(session, reference)
        queue.first_reading(desk, request, Urgency.NORMAL, bureau.clock())


def test_pages_show_each_once_in_the_order_of_the_whole(
    either_bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "FEW", 2)
    monkeypatch.setattr(today, "MANY", 3)
    sent = []
    for hours in (5, 1, 1, 1, 3, 2, 4):  # three end together
        sent.append(
            either_bureau.send(either_bureau.callback(either_bureau.around(hours)))
        )
        read(either_bureau, sent[-1])
        either_bureau.clock.forward(seconds=1)
    rows = walk(either_bureau, Pile.COMING)
    assert [row.request.reference for row in rows] == [
        sent[n] for n in (1, 2, 3, 5, 4, 6, 0)
    ]
    shown = look(either_bureau)
    assert [row.place for row in shown.piles[Pile.COMING]] == [
        row.place for row in rows[:2]
    ]
    assert shown.counts[Pile.COMING] == len(sent)
    assert shown.by_unit == {"adult": {Pile.COMING: len(sent)}}


def test_children_are_walked_by_the_time_of_their_own_decision(
    either_bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "FEW", 1)
    monkeypatch.setattr(today, "MANY", 1)
    sent = [either_bureau.send(text(children=True)) for _ in range(3)]
    for reference in reversed(sent):
        either_bureau.clock.forward(minutes=5)
        with either_bureau.writing() as session:
            desk = either_bureau.desk(session, "maria")
            request = either_bureau.request(session, reference)
            seeing.opened(desk, request, either_bureau.clock())
    rows = walk(either_bureau, Beside.CHILDREN)
    assert [row.request.reference for row in rows] == sent[::-1]
    shown = look(either_bureau)
    children = Beside.CHILDREN
    told = len(shown.beside[children]), shown.beside_counts[children]
    assert told == (1, 3)


def test_what_another_holds_the_keys_to_is_in_no_page_and_no_count(
    either_bureau: Bureau,
) -> None:
    either_bureau.send(text(under_18=True))
    assert walk(either_bureau, Pile.UNREAD) == []
    shown = look(either_bureau)
    assert set(shown.counts.values()) == {0}
    assert shown.by_unit == {}


def test_the_version_moves_with_what_is_shown_and_only_then(
    either_bureau: Bureau,
) -> None:
    def version() -> str:
        with reading(either_bureau.engine) as session:
            return today.version(session, view(either_bureau))

    versions = [version()]
    reference = either_bureau.send(text())
    versions.append(version())
    read(either_bureau, reference)
    versions.append(version())
    with either_bureau.writing() as session:
        desk = either_bureau.desk(session, "amina")
        request = either_bureau.request(session, reference)
        queue.claim(desk, request, either_bureau.clock())
    versions.append(version())
    either_bureau.clock.forward(days=30)  # late, and nobody did anything
    versions.append(version())
    assert len(set(versions)) == len(versions)
    assert versions[-1] == version() == look(either_bureau).version
    either_bureau.send(text(under_18=True))  # behind a wall
    assert versions[-1] == version()


@pytest.mark.parametrize("given", ["", "1", "1.2", "a.b.c", "1.2.3.4", "1." + "9" * 30])
def test_a_place_that_nobody_wrote_is_none(given: str) -> None:
    assert Place.read(given) is None


def test_a_place_is_read_as_it_was_written(bureau: Bureau) -> None:
    place = Place(1, bureau.clock() + timedelta(microseconds=1), 7)
    assert Place.read(str(place)) == place


def test_what_is_due_within_the_hour_is_told_apart(bureau: Bureau) -> None:
    bureau.send(text())
    (row,) = walk(bureau, Pile.UNREAD)
    assert row.due is not None
    for left, soon, late in ((61, False, False), (59, True, False), (0, False, True)):
        bureau.clock.now = row.due - timedelta(minutes=left)
        (seen,) = walk(bureau, Pile.UNREAD)
        assert (seen.is_soon, seen.is_late) == (soon, late)
