"""What staff ask and assess, from the page."""

import pytest

from intake.topics import Audience
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen
from tests.factories import text

EXPOSED = Audience.EXPOSED


@pytest.fixture
def maria(staff: StaffBureau) -> Browser:
    return staff.signed_in("maria")


def taken(staff: StaffBureau, browser: Browser, audience: Audience = EXPOSED) -> str:
    """Send a request and take it; returns its page's path."""
    path = f"/r/{staff.send(text(audience=audience))}"
    browser.press(path, "/claim")
    return path


def asked(page: Seen) -> str:
    shown = page.soup.select_one(".asked")
    assert shown is not None
    return " ".join(shown.get_text(" ", strip=True).split())


@pytest.mark.parametrize(
    ("audience", "login"),
    [
        (EXPOSED, "maria"),
        (Audience.RELATIVE, "johan"),
        (Audience.USES_VIOLENCE, "leila"),
    ],
)
def test_every_request_says_whether_violence_was_asked_about(
    staff: StaffBureau, audience: Audience, login: str
) -> None:
    browser = staff.signed_in(login)
    page = browser.open(f"/r/{staff.send(text(audience=audience))}")
    both = "Utsatt för våld: inte frågat än Använder våld: inte frågat än"
    assert asked(page) == f"Personen {both}"


@pytest.mark.rule("S26")
def test_a_child_is_asked_in_its_own_right(staff: StaffBureau, maria: Browser) -> None:
    path = taken(staff, maria)
    fields = {one["value"] for one in maria.open(path).form("/asked").select("option")}
    assert {"0", "1", "2"} <= fields
    page = maria.press(path, "/asked", {"exposed": "not-safe"})
    assert "Utsatt för våld: inte säkert att fråga nu , 2026-11-23" in asked(page)
    page = maria.press(path, "/asked", {"child": "1", "exposed": "yes"})
    assert "Barn 1 Utsatt för våld: ja , 2026-11-23" in asked(page)
    assert "Beslutet för barnet saknas" in page.form("/close").get_text()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Svara på minst en av frågorna."),
        ({"exposed": "no", "on": "2026-11-24"}, "Den dagen har inte varit än."),
        ({"exposed": "no", "on": "i går"}, "Skriv en dag som 2026-11-23."),
        ({"exposed": "no", "child": "x"}, "giltigt svar"),
    ],
)
def test_what_can_not_be_taken_is_said_at_the_field(
    staff: StaffBureau, maria: Browser, said: dict[str, str], words: str
) -> None:
    path = taken(staff, maria)
    page = maria.press(path, "/asked", said)
    assert page.response.status_code == 422
    assert words in page.form("/asked").get_text()
    assert "ja" not in asked(page).split()


def test_who_does_not_have_it_reads_the_answers_and_writes_none(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    maria.press(path, "/asked", {"using": "no"})
    page = staff.signed_in("amina").open(path)
    assert "Använder våld: nej" in asked(page)
    assert page.soup.select('form[action$="/asked"]') == []
