"""The log's chains, held fast in a second file: what is cut off, too, is seen."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update

from intake import anchors, staff_log
from intake.anchors import Fault
from intake.life import EventKind, Signer, record
from intake.models import Event, Request
from intake.staff_log import StaffAct, StaffEvent
from intake.store import reading
from intake.worker import Worker, anchor_chains
from tests.workbench import Carrier, House, found, worker_in

SIGNERS = ("worker", b"e" * 32)


@pytest.fixture
def house(engine: Engine) -> House:
    return found(engine)


@pytest.fixture
def ours(house: House, tmp_path: Path) -> Worker:
    return replace(worker_in(house, Carrier()), anchors=tmp_path / "anchors")


def _arrive(house: House) -> int:
    with house.writing() as session:
        return house.callback(session, ()).id


def _add(house: House, request_id: int) -> None:
    with house.writing() as session:
        request = session.get_one(Request, request_id)
        signer = house.office.signer
        record(session, request, EventKind.OPENED, signer, house.clock())


def _faults(ours: Worker) -> list[tuple[Fault, int, str]]:
    assert ours.anchors
    name, key = SIGNERS
    kept = anchors.read(ours.anchors, key)
    with reading(ours.engine) as session:
        every = anchors.verify(session, kept, {name: key})
        return [(one.fault, one.request_id, one.at) for one in every if one]


def _lines(ours: Worker) -> list[str]:
    assert ours.anchors
    return ours.anchors.read_text().splitlines()


def test_whole_chains_are_anchored_once_a_day_and_only_what_moved(
    house: House, ours: Worker
) -> None:
    one, two = _arrive(house), _arrive(house)
    assert anchor_chains(ours) == 2
    _add(house, one)
    assert anchor_chains(ours) == 0  # the same day
    house.clock.forward(days=1)
    assert anchor_chains(ours) == 1
    heads = [line.split()[:3] for line in _lines(ours) if line.startswith("head")]
    assert heads == [
        ["head", str(one), "1"],
        ["head", str(two), "1"],
        ["head", str(one), "2"],
    ]
    assert _faults(ours) == []
    assert ours.anchors
    assert ours.anchors.stat().st_mode & 0o777 == 0o600


def test_a_day_without_anything_new_is_anchored_too(house: House, ours: Worker) -> None:
    _arrive(house)
    anchor_chains(ours)
    house.clock.forward(days=1)
    assert anchor_chains(ours) == 0
    assert anchors.last_day(ours.anchors or Path()) == date(2026, 11, 24)


def test_a_chains_newest_end_does_not_vanish_unseen(house: House, ours: Worker) -> None:
    one, other = _arrive(house), _arrive(house)
    _add(house, one)
    anchor_chains(ours)
    with house.writing() as session:
        session.execute(delete(Event).where(Event.request_id == one, Event.seq == 2))
    assert _faults(ours) == [(Fault.CUT, one, "2")]
    with house.writing() as session:
        session.execute(delete(Event).where(Event.request_id == other))
    assert (Fault.GONE, other, "") in _faults(ours)


def test_a_changed_event_and_a_forged_chain_are_seen(
    house: House, ours: Worker
) -> None:
    one, two = _arrive(house), _arrive(house)
    _add(house, one)
    anchor_chains(ours)
    with house.writing() as session:
        changed = update(Event).where(Event.request_id == one, Event.seq == 2)
        session.execute(changed.values(at=house.clock() - timedelta(hours=1)))
        # Who holds a process's key can write a chain anew, but not the anchors.
        session.execute(delete(Event).where(Event.request_id == two))
        request = session.get_one(Request, two)
        at, signer = house.clock() - timedelta(days=1), house.office.signer
        record(session, request, EventKind.ARRIVED, signer, at, contact="allowed")
    assert _faults(ours) == [(Fault.BROKEN, one, "2"), (Fault.REPLACED, two, "1")]


def test_an_event_by_nobody_known_fits_no_chain(house: House, ours: Worker) -> None:
    one = _arrive(house)
    with house.writing() as session:
        request, nobody = session.get_one(Request, one), Signer("other", b"")
        record(session, request, EventKind.OPENED, nobody, house.clock())
    assert _faults(ours) == [(Fault.BROKEN, one, "2")]


def test_the_file_itself_cannot_be_changed_unseen(house: House, ours: Worker) -> None:
    one = _arrive(house)
    anchor_chains(ours)
    house.clock.forward(days=1)
    _add(house, one)
    anchor_chains(ours)
    assert ours.anchors
    kept = ours.anchors.read_text()
    first_day, _, second_day = kept.partition("day 2026-11-23")
    for changed in (
        kept.replace(f"head {one} 1", f"head {one} 3"),
        kept.replace(first_day, ""),
        "not a line of ours\n" + kept,
        f"day 2026-11-23{second_day}",
    ):
        ours.anchors.write_text(changed)
        assert (Fault.FILE, 0, "2026-11-23") in _faults(ours)
    # A whole earlier day left out breaks the code of the one after it.
    ours.anchors.write_text("".join(kept.splitlines(keepends=True)[2:]))
    assert _faults(ours) == [(Fault.FILE, 0, "2026-11-24")]


def test_what_a_killed_worker_had_begun_is_written_anew(
    house: House, ours: Worker
) -> None:
    one = _arrive(house)
    anchor_chains(ours)
    assert ours.anchors
    whole = ours.anchors.read_bytes()
    ours.anchors.write_bytes(whole + b"head 1 2 ab\nday 2026-11-2")
    assert _faults(ours) == []
    house.clock.forward(days=1)
    _add(house, one)
    assert anchor_chains(ours) == 1
    assert ours.anchors.read_bytes().startswith(whole + b"head ")
    assert _faults(ours) == []


def test_an_empty_house_is_anchored_too(ours: Worker) -> None:
    anchor_chains(ours)
    assert anchors.last_day(ours.anchors or Path()) == date(2026, 11, 23)


def test_a_worker_without_a_file_anchors_nothing(house: House) -> None:
    _arrive(house)
    assert anchor_chains(worker_in(house, Carrier())) == 0


def test_every_fault_is_in_the_chain_of_the_request_it_names(
    house: House, ours: Worker
) -> None:
    one = _arrive(house)
    with house.writing() as session:
        session.execute(update(Event).where(Event.request_id == one).values(seq=7))
    with reading(ours.engine) as session:
        reference = session.scalars(select(Request.reference)).one()
        every = anchors.verify(session, anchors.Anchored(), {"worker": b"e" * 32})
        assert [f.reference for f in every if f] == [reference]


def _act(house: House) -> None:
    with house.writing() as session:
        signer, now = house.office.signer, house.clock()
        staff_log.record(session, signer, StaffAct.LET_IN, now, house.member_id)


def test_who_got_and_lost_keys_is_one_chain_more(house: House, ours: Worker) -> None:
    _act(house)
    _act(house)
    anchor_chains(ours)
    assert _lines(ours)[0].startswith("head 0 2 ")
    assert _faults(ours) == []
    with house.writing() as session:
        session.execute(delete(StaffEvent).where(StaffEvent.seq == 2))
    assert _faults(ours) == [(Fault.CUT, 0, "2")]
    house.clock.forward(minutes=1)
    _act(house)
    assert _faults(ours) == [(Fault.REPLACED, 0, "2")]
    with house.writing() as session:
        session.execute(update(StaffEvent).values(desk_id=1))
    assert _faults(ours) == [(Fault.BROKEN, 0, "1")]
