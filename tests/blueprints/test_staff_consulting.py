"""The safety co-ordinator's pages: no list, one file, nothing to press (S31)."""

import pytest

from intake.topics import Audience
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen
from tests.factories import text

pytestmark = pytest.mark.rule("S31")
WORDS, OTHERS = "Hemligheten om trappan", "Det var jag som slog"
WHY = "Gemensam bedömning av säkerheten"


@pytest.fixture
def vera(staff: StaffBureau) -> Browser:
    return staff.signed_in("vera")


def consult(vera: Browser, reference: str, why: str = WHY) -> Seen:
    return vera.press("/consult", "/consult", {"reference": reference, "reason": why})


def test_both_sides_are_read_one_at_a_time_and_never_listed(
    staff: StaffBureau, vera: Browser
) -> None:
    hurt = staff.send(text(WORDS))
    hurts = staff.send(text(OTHERS, audience=Audience.USES_VIOLENCE))
    start = vera.open("/").response
    assert (start.status_code, start.headers["Location"]) == (303, "/consult")
    empty = vera.open("/consult")
    for reference in (hurt, hurts):
        assert reference not in empty.words
    first = consult(vera, hurt)
    assert WORDS in first.response.text
    second = consult(vera, hurts.lower().replace("-", " "))
    assert OTHERS in second.response.text
    for page in (second, vera.open("/consult"), vera.open("/consult/file")):
        assert hurt not in page.response.text
        assert WORDS not in page.response.text
    vera.press("/consult", "/consult/end")
    assert vera.open("/consult/file").response.status_code == 404


def test_a_file_is_read_without_number_words_or_anything_to_press(
    staff: StaffBureau, vera: Browser
) -> None:
    reference = staff.send(staff.callback())
    page = consult(vera, reference)
    assert WORDS in page.response.text
    for hidden in ("äppelkaka", "onsdag", "0701740655", "070-174 06 55", "Kim"):
        assert hidden not in page.response.text
    main = page.soup.select_one("main")
    assert main is not None
    actions = {str(form["action"]) for form in main.select("form")}
    assert actions == {"/consult/end"}
    assert main.select("a[href*='/r/']") == []


def test_slips_are_given_back_with_what_was_written(
    staff: StaffBureau, vera: Browser
) -> None:
    reference, other = staff.send(text()), staff.send(text())
    circle = staff.send(text(avoid="Amina"))
    for asked, why, status in (
        (reference, "", 422),
        (reference, f"Som i {other}", 422),
        ("AAAA-AAAA", WHY, 404),
        (circle, WHY, 404),
    ):
        page = consult(vera, asked, why)
        assert page.response.status_code == status
        assert asked in page.response.text
        assert why in page.response.text
        assert page.soup.select(".error")
        assert vera.open("/consult/file").response.status_code == 404


def test_the_reason_stands_in_the_desks_log_and_nothing_in_the_file(
    staff: StaffBureau, vera: Browser
) -> None:
    reference = staff.send(text())
    consult(vera, reference)
    maria = staff.signed_in("maria")
    with staff.writing() as session:
        places = staff.member(session, "maria").memberships
        own = next(one.desk_id for one in places if one.desk.unit == "adult")
    log = maria.open(f"/log/{own}").words
    assert f"Vera Exempelgren (Vera) · läste i samråd, skäl: {WHY}" in log
    shown = maria.open(f"/r/{reference}")
    assert "Vera" not in shown.words
    assert WHY not in shown.response.text


@pytest.mark.rule("S32")
def test_a_protected_file_waits_for_a_member_of_its_desk(
    staff: StaffBureau, vera: Browser
) -> None:
    reference = staff.send(text(WORDS, protected=True))
    assert WORDS not in consult(vera, reference).response.text
    staff.signed_in("amina").press("/two-person", "/approve")
    assert WORDS in vera.open("/consult/file").response.text
