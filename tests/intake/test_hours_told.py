"""The hour that a text may name: it tells no day, and no country (S9)."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from intake import replies
from intake.envelopes import put, put_number
from intake.errors import NotAllowed
from intake.hours import Slot
from intake.messages import Delivery, OutboundText
from intake.models import Request
from intake.numbers import is_abroad, read_number, tag
from intake.sms import texts
from intake.store import reading
from intake.topics import Kind, Opening, Origin
from intake.vault import seal
from intake.windows import reserve
from intake.worker import send_texts
from tests.factories import HERS, Bureau
from tests.intake.walls import Held, hold
from tests.workbench import Carrier, House, found, minutes, worker_in

FINNISH = read_number("+358 40 1234567")
BOTH = {"later", "at-time"}


@pytest.fixture
def held(bureau: Bureau) -> Iterator[Held]:
    """Return a request with a confirmed number, a window now and one in two hours."""
    slots = (*bureau.around(), *bureau.around(hours=2))
    reference = bureau.send(bureau.callback(slots, texts=True))
    with bureau.writing() as session:
        made = hold(bureau, session, "amina", reference)
        made.request.numbers[0].confirmed_at = bureau.clock()
        yield made


def offered(held: Held) -> set[str]:
    """Return the texts that are offered; no other one can be written."""
    now, kind = held.bureau.clock(), Opening.CLUB
    shown = set(replies.previews(held.desk, held.request, kind, now))
    for key in set(texts.TEMPLATES) - shown:
        with pytest.raises(NotAllowed, match="no-text"):
            replies.write_text(held.desk, held.request, key, kind, True, now)
    return shown


@pytest.mark.rule("S9")
def test_the_hour_of_another_days_call_is_not_offered(held: Held) -> None:
    assert offered(held) == BOTH
    last = held.request.windows[1]
    last.starts_at += timedelta(days=1)
    last.ends_at += timedelta(days=1)
    assert offered(held) == {"later"}


@pytest.mark.rule("S9")
def test_an_hour_is_not_offered_for_who_is_in_another_country(held: Held) -> None:
    now, said = held.bureau.clock(), json.dumps({"country": "Finland"})
    put(held.session, held.request, Kind.SAFETY, said, Origin.STAFF, now)
    assert offered(held) == {"later"}


@pytest.mark.rule("S9")
def test_an_hour_is_not_offered_for_a_foreign_number(held: Held) -> None:
    now, session = held.bureau.clock(), held.session
    at = (session, held.bureau.office, held.request, FINNISH, Origin.FORM)
    put_number(*at, now + minutes(1)).confirmed_at = now
    held.bureau.tag(session)
    assert offered(held) == {"later"}


@pytest.fixture
def house(engine: Engine) -> House:
    """Return a house with a text that names an hour, and may go out now."""
    made = found(engine)
    with made.writing() as session:
        request = made.agreed(session)
        text = made.text_out(request, request.windows[0])
        text.template = "at-time"
        session.add(text)
    return made


def call_in(house: House, **ahead: int) -> None:
    """Let her next window begin some time ahead."""
    with house.writing() as session:
        request = session.scalars(select(Request)).one()
        starts = house.clock() + timedelta(**ahead)
        slot = Slot(starts, starts + timedelta(hours=1))
        reserve(session, house.office.units, request, [slot], Origin.FORM)


def unsaid(house: House) -> bool:
    """Say whether it ended for want of an hour that it may name."""
    with reading(house.engine) as session:
        row = session.scalars(select(OutboundText)).one()
        return (row.state, row.error) == (Delivery.FAILED, "no-text")


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("ahead", "goes"), [({"hours": 2}, True), ({"hours": 50}, False)]
)
def test_an_hour_is_told_on_its_own_day_only(
    house: House, ahead: dict[str, int], goes: bool
) -> None:
    carrier = Carrier()
    call_in(house, **ahead)
    send_texts(worker_in(house, carrier))
    bodies = [sent.body for sent in carrier.taken]
    assert bodies == (["Hej! Träningen börjar kl 12:00 som vi sa."] if goes else [])
    assert unsaid(house) is not goes


@pytest.mark.rule("S9")
def test_a_swedish_hour_goes_to_no_foreign_number(house: House) -> None:
    call_in(house, hours=2)
    with house.writing() as session:
        row = session.scalars(select(OutboundText)).one()
        row.worker_box = seal(FINNISH.e164.encode(), house.pair.public)
        row.request.numbers[0].tag = tag(FINNISH.e164, house.number_key)
    carrier = Carrier()
    send_texts(worker_in(house, carrier))
    assert carrier.taken == []
    assert unsaid(house)


@pytest.mark.parametrize(("typed", "abroad"), [(HERS, False), (FINNISH.e164, True)])
def test_a_number_on_file_tells_whether_it_is_of_another_country(
    typed: str, abroad: bool
) -> None:
    assert is_abroad(read_number(typed).e164) is abroad
