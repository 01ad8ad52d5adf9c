"""What a whole bridged call leaves in the logs: no number, and not what was pressed."""

import logging
import re

import pytest

from intake.bridge_tables import BridgeState
from intake.worker import STEPS
from tests.blueprints.bridge.conftest import HER_NUMBER, PHONE, Wire
from tests.standin import Answer
from tests.standin.phones import Telephone

# At ringing staff, and at ringing her: well, or badly in each way that is logged.
ANSWERS: list[tuple[Answer | None, Answer | None]] = [
    (None, None),
    (None, Answer.TOO_MANY),
    (None, Answer.TAKEN_SERVER_ERROR),
    (Answer.GARBAGE, Answer.GARBAGE),
    (None, Answer.DROPPED),
]


def take_all_steps(wire: Wire) -> None:
    """Let a worker do all that it does."""
    worker = wire.worker()
    for step in STEPS:
        step(worker)


def talks(
    wire: Wire, ringing: Answer | None, dialling: Answer | None
) -> tuple[Telephone, str]:
    """Go through a whole call; returns staff's telephone, and the digits."""
    answers = wire.standin.conduct.answers
    answers.extend([ringing] if ringing else [])
    wire.press()
    take_all_steps(wire)
    phone = Telephone(wire.standin, wire.standin.calls[0])
    phone.picks_up()
    code = wire.row().code
    phone.presses(code)
    answers.extend([dialling] if dialling else [])
    take_all_steps(wire)
    if phone.hers:
        phone.she("completed")
    phone.hangs_up()
    return phone, code


def said(caplog: pytest.LogCaptureFixture, name: str) -> list[str]:
    """Return what loggers said whose name begins so."""
    return [r.getMessage() for r in caplog.records if r.name.startswith(name)]


@pytest.mark.rule("S22")
@pytest.mark.parametrize(("ringing", "dialling"), ANSWERS)
def test_no_log_of_a_whole_call_holds_a_number_or_the_digits(
    wire: Wire,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    ringing: Answer | None,
    dialling: Answer | None,
) -> None:
    caplog.set_level(logging.DEBUG)  # of every library that is not silenced
    caplog.set_level(logging.DEBUG, "werkzeug")  # the site's own lines, with paths
    logging.getLogger("any.library").debug("this is heard")
    phone, code = talks(wire, ringing, dialling)
    assert bool(phone.hers) == (dialling is not Answer.TOO_MANY)
    wire.bureau.clock.forward(minutes=10)
    take_all_steps(wire)
    assert (wire.standin.calls, bool(wire.row().deleted_at)) == ([], True)
    logged = "".join((*capfd.readouterr(), caplog.text))
    assert "this is heard" in logged
    assert "POST /hooks/voice/" in logged
    for number in (HER_NUMBER, PHONE.e164):
        assert number.removeprefix("+46") not in logged
    # Two digits stand in every time of day: what was pressed is looked for by itself.
    assert "Digits" not in logged
    lines = [one for one in said(caplog, "") if one not in said(caplog, "werkzeug")]
    assert not [one for one in lines if re.search(rf"(?<!\w){code}(?!\w)", one)]
    assert wire.row().state in (BridgeState.OVER, BridgeState.FAILED)
