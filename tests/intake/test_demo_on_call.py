"""The trial's on-call lists: somebody wakes at every hour, by a number of nobody's."""

import pytest
from sqlalchemy import select

from intake.alert_outbox import Ways
from intake.alert_tables import OnCallName
from intake.alerts import on_duty
from intake.people import Desk
from intake.units import UnitKind
from tests.factories import Bureau
from web.demo_on_call import seed_on_call


@pytest.mark.rule("S25")
def test_somebody_is_alerted_at_every_desk_by_night_and_by_day(bureau: Bureau) -> None:
    with bureau.writing() as session:
        seed_on_call(bureau._stage(session))
        session.flush()
        for hours in (0, 12):
            now = bureau.clock.forward(hours=hours)
            for desk in session.scalars(select(Desk)):
                if bureau.office.units[desk.unit].kind is UnitKind.ON_CALL:
                    names = on_duty(session, bureau.office, desk, now)
                    assert len(names) == 2, (desk.unit, desk.side, hours)
        rows = session.scalars(select(OnCallName)).all()
        ways = [Ways.opened(row.worker_box, bureau.worker.pair) for row in rows]
        assert any(row.is_head for row in rows)
        assert {row.desk.unit for row in rows} >= {"adult", "children", "on-call"}
    # The range that the authority keeps free; an address that can not be.
    assert all(one.number.startswith("+467017406") for one in ways)
    assert all(one.mail.endswith(".example") for one in ways)
