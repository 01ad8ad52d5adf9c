"""A page that stood open while something came, and a colleague read it (S38)."""

import pytest

from intake import returning
from intake.models import Request
from intake.returning import Return
from intake.topics import Contact, Mark, State
from intake.vault import KeyPair
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen
from tests.factories import text

NEWER = "Något nytt kom medan du läste."


@pytest.fixture
def reference(staff: StaffBureau) -> str:
    return staff.send(staff.callback())


@pytest.fixture
def maria(staff: StaffBureau, reference: str) -> Browser:
    """Return the head, who has taken it and is in a call."""
    browser = staff.signed_in("maria")
    browser.press(f"/r/{reference}", "/reading", {"urgency": "normal"})
    browser.press(f"/r/{reference}", "/claim")
    browser.press(f"/r/{reference}", "/call")
    return browser


def after(maria: Browser, reference: str, outcome: str) -> Seen:
    return maria.press(f"/r/{reference}", "/outcome", {"outcome": outcome})


def comes(staff: StaffBureau, reference: str) -> None:
    """Let more be written with the number, and a colleague read it at once."""
    with staff.writing() as session:
        request: Request = staff.request(session, reference)
        visit = Return(0, request, KeyPair.generate())
        more = text("Han har min telefon nu. Ring inte.", protected=True)
        now = staff.clock.forward(minutes=1)
        returning.write_more(session, staff.office, visit, more, now)
        session.commit()
    amina = staff.signed_in("amina")
    amina.press(f"/r/{reference}", "/reading", {"urgency": "acute"})


@pytest.mark.rule("S4", "S9", "S14", "S38")
@pytest.mark.parametrize(
    ("outcome", "action", "values"),
    [
        ("word-came", "/close", {"conflict_checked": "y", "drops_times": "y"}),
        ("word-came", "/position", {"position": "exposed"}),
        ("word-came", "/after-call", {"voicemail": "yes", "text": "Ring på kvällen"}),
        ("said-stop", "/decide", {"lifts": "yes", "reason": "Talat med personen"}),
    ],
)
def test_an_old_page_decides_nothing_over_what_came_since(
    staff: StaffBureau,
    maria: Browser,
    reference: str,
    outcome: str,
    action: str,
    values: dict[str, str],
) -> None:
    page = after(maria, reference, outcome)
    comes(staff, reference)
    answer = maria.send(page, action, values)
    assert answer.response.status_code == 409
    assert NEWER in answer.words
    assert all(kept in answer.words for kept in values.values() if " " in kept)
    with staff.writing() as session:
        request = staff.request(session, reference)
        assert Mark.PROTECTED_DATA.value in request.marks
        assert request.state is not State.CLOSED
        stops = Contact.SAID_STOP if outcome == "said-stop" else Contact.ALLOWED
        assert request.contact is stops
    fresh = maria.open(f"/r/{reference}")
    assert maria.send(fresh, action, values).response.status_code == 303
