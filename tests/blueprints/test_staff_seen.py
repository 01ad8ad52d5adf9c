"""A page that stood open while something came, and a colleague read it (S38)."""

import pytest
from sqlalchemy import select

from intake import returning
from intake.messages import OutboundText
from intake.models import Number, Request
from intake.returning import Return
from intake.topics import Contact, Mark, ShownNumber, State
from intake.vault import KeyPair
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen, Values
from tests.blueprints.test_staff_bridge import OWN, configure, recorded
from tests.factories import text

NEWER = "Något nytt kom medan du läste."
CLOSING = {"conflict": "mine", "ending": "helped", "drops_times": "y"}


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
    staff.let_in(reference, "amina", "maria")
    amina = staff.signed_in("amina")
    amina.press(f"/r/{reference}", "/reading", {"urgency": "acute"})


@pytest.mark.rule("S4", "S9", "S14", "S38")
@pytest.mark.parametrize(
    ("outcome", "action", "values"),
    [
        ("word-came", "/close", CLOSING),
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


@pytest.fixture
def callable_now(staff: StaffBureau) -> str:
    """Return a request that Maria holds, to be rung in either way, and texted."""
    configure(staff)
    recorded(staff)
    slots = (*staff.around(), *staff.around(hours=2))
    wish = staff.callback(slots, texts=True, shown=ShownNumber.SHOWN)
    reference = staff.send(wish)
    with staff.writing() as session:
        session.scalars(select(Number)).one().confirmed_at = staff.clock()
    staff.signed_in("maria").press(f"/r/{reference}", "/claim")
    return reference


@pytest.mark.rule("S4", "S12", "S38")
@pytest.mark.parametrize(
    ("action", "values"),
    [("/call", {}), ("/bridge", OWN), ("/text", {"template": "later"})],
)
def test_an_old_page_reaches_nobody_over_what_came_since(
    staff: StaffBureau, callable_now: str, action: str, values: dict[str, str]
) -> None:
    browser = staff.signed_in("maria")
    page = browser.open(f"/r/{callable_now}")
    comes(staff, callable_now)
    answer = browser.send(page, action, values)
    assert answer.response.status_code == 409
    assert NEWER in answer.words
    assert 'href="tel:' not in answer.response.text
    with staff.writing() as session:
        assert staff.request(session, callable_now).state is not State.CALLING
        assert session.scalars(select(OutboundText)).all() == []
    fresh = browser.open(f"/r/{callable_now}")
    assert "Han har min telefon nu. Ring inte." in fresh.words
    assert browser.send(fresh, action, values).response.status_code == 303


@pytest.mark.rule("S12")
def test_a_press_that_tells_of_no_page_rings_nobody(
    staff: StaffBureau, callable_now: str
) -> None:
    browser = staff.signed_in("maria")
    page = browser.open(f"/r/{callable_now}")
    answer = browser.send(page, "/call", {"seen": ""})
    assert answer.response.status_code == 409
    assert NEWER in answer.words


@pytest.mark.rule("S9", "S38")
def test_a_form_shown_again_below_the_newer_words_goes_through(
    staff: StaffBureau, maria: Browser, reference: str
) -> None:
    page = after(maria, reference, "word-came")
    comes(staff, reference)
    wrong = {"number": "112", "text": "Ring på kvällen"}
    again = maria.send(page, "/after-call", wrong)
    assert again.response.status_code == 422
    assert "Han har min telefon nu. Ring inte." in again.words
    assert NEWER in again.words
    answer = maria.send(again, "/after-call", {"number": "", "voicemail": "no"})
    assert answer.response.status_code == 303


@pytest.mark.rule("S38")
def test_what_comes_after_a_form_was_shown_again_still_stops_it(
    staff: StaffBureau, maria: Browser, reference: str
) -> None:
    page = after(maria, reference, "word-came")
    again = maria.send(page, "/after-call", {"number": "112"})
    assert NEWER not in again.words
    comes(staff, reference)
    answer = maria.send(again, "/after-call", {"number": "", "voicemail": "no"})
    assert answer.response.status_code == 409


@pytest.mark.rule("S9", "S10")
def test_all_that_was_said_in_a_call_is_there_to_copy(
    staff: StaffBureau, maria: Browser, reference: str
) -> None:
    page = after(maria, reference, "word-came")
    comes(staff, reference)
    said: Values = {
        "number": "+358 40 1234567",
        "phone": "own",
        "country": "Finland",
        "none_safe": "y",
        "text": "Ring på kvällen",
        "interpreter_note": "Finska, en kvinna",
    }
    answer = maria.send(page, "/after-call", said)
    assert answer.response.status_code == 409
    assert copied(answer) == {
        "Det du skrev": "Ring på kvällen",
        "Numret": "+358 40 1234567",
        "Landet": "Finland",
        "Tolkens språk och kön": "Finska, en kvinna",
    }
    maria.press(f"/r/{reference}", "/release")
    answer = maria.send(page, "/words", {"word": "blåbär", "not_now_word": "lördag"})
    assert answer.response.status_code == 409
    assert list(copied(answer).values()) == ["blåbär", "lördag"]


def copied(page: Seen) -> dict[str, str]:
    """Return what is there to be copied, by what the page calls it."""
    boxes = {str(box["id"]): box.get_text() for box in page.soup.select("textarea")}
    labels = page.soup.select('label[for^="kept-"]')
    ending = " sparades inte. Kopiera det härifrån."
    return {
        one.get_text().removesuffix(ending): boxes[str(one["for"])].strip()
        for one in labels
    }
