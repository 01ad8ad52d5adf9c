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


def test_the_guide_is_empty_each_time_and_what_was_told_stands_there(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    page = maria.press(path, "/guide", {"soon": "Ny telefon", "network": "En syster"})
    written = page.form("/guide").select("textarea")
    assert len(written) == 7
    assert {field.get_text().strip() for field in written} == {""}
    shown = page.soup.select_one("dl.told")
    assert shown is not None
    words = " ".join(shown.get_text(" ", strip=True).split())
    assert "Nätverk En syster måndag 23 november, Maria" in words
    assert page.soup.select('form[action$="/of-who-uses"]') == []


def test_what_was_told_is_lost_neither_empty_nor_late(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    page = maria.open(path)
    answer = maria.send(page, "/guide")
    assert answer.response.status_code == 422
    assert "Skriv något i minst ett av fälten." in answer.form("/guide").get_text()
    long = {"soon": "x" * 10_001, "acute": "Inte i natt"}
    answer = maria.send(page, "/guide", long)
    assert answer.response.status_code == 422
    assert "Inte i natt" in answer.form("/guide").get_text()
    maria.press(path, "/release")
    answer = maria.send(page, "/guide", {"soon": "En natt borta", "acute": "I natt"})
    assert answer.response.status_code == 409
    kept = {one.get_text() for one in answer.soup.select("textarea")}
    assert kept == {"En natt borta", "I natt"}


def test_who_uses_violence_is_weighed_in_that_file(staff: StaffBureau) -> None:
    leila = staff.signed_in("leila")
    path = taken(staff, leila, Audience.USES_VIOLENCE)
    page = leila.press(path, "/of-who-uses", {"relapse": "Tre gånger i höst"})
    assert "Risk för återfall" in page.words
    assert "Tre gånger i höst" in page.words
    assert "Det här stannar i det här ärendet" in page.words


def test_an_assessment_tells_when_the_next_is_late(
    staff: StaffBureau, maria: Browser
) -> None:
    path = taken(staff, maria)
    said = {"child": "1", "method": "freda-short", "on": "2026-11-02"}
    answer = maria.press(path, "/assessed", {**said, "next_on": "2026-11-01"})
    assert answer.response.status_code == 422
    assert "måste ligga efter" in answer.form("/assessed").get_text()
    assert maria.press(path, "/assessed", {}).response.status_code == 422
    page = maria.press(path, "/assessed", {**said, "next_on": "2026-11-22"})
    made = page.soup.select_one(".made")
    assert made is not None
    words = " ".join(made.get_text().split())
    assert words == (
        "Barn 1: FREDA kortfrågor, 2026-11-02. Försenad: nästa skulle göras "
        "2026-11-22. Utbyte med polisen: inte frågat."
    )


@pytest.mark.rule("S27")
def test_a_childs_page_says_that_the_protection_assessment_is_missing(
    staff: StaffBureau,
) -> None:
    path = f"/r/{staff.send(text(under_18=True))}"
    sara = staff.signed_in("sara")
    assert "Den görs genast, vid första läsningen." in sara.open(path).words
    sara.press(path, "/reading", {"urgency": "normal"})
    page = sara.press(path, "/claim")
    assert "Den började vid första läsningen, i dag kl. 10" in page.words
    assert "Skyddsbedömningen av barnet är inte antecknad." in (
        page.form("/close").get_text()
    )
    page = sara.press(path, "/assessed", {"method": "protection"})
    assert "Skyddsbedömning av barnet saknas" not in page.words
