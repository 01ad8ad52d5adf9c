"""Across the wall from the page: side, position, "may be the one who hurts" (S30)."""

import pytest

from intake.submissions import Submission
from intake.topics import Audience, Mark, Position
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text

USES = Audience.USES_VIOLENCE
WHY = "Han säger att det är han som slår."
SURE = {"sure": "y"}


@pytest.fixture
def maria(staff: StaffBureau) -> Browser:
    return staff.signed_in("maria")


def take(staff: StaffBureau, browser: Browser, submission: Submission) -> str:
    """Send a request and take it; returns its page's path."""
    path = f"/r/{staff.send(submission)}"
    browser.press(path, "/claim")
    return path


def sees(staff: StaffBureau, login: str, path: str) -> bool:
    return staff.signed_in(login).open(path).response.status_code == 200


@pytest.mark.rule("S30")
def test_a_corrected_side_is_gone_for_who_has_no_place_there(
    staff: StaffBureau, maria: Browser
) -> None:
    path = take(staff, maria, text())
    told = maria.open(path).form("/side").get_text(" ", strip=True)
    assert "Vuxenenheten, ”Den som använder våld”" in told
    assert "Du har inte plats där" in told
    page = maria.press(path, "/side", {"reason": WHY})
    assert page.response.request.path == "/"
    assert path.removeprefix("/r/") in page.words  # that it moved, in words
    assert path not in page.response.text
    gone = maria.open(path)
    assert gone.response.status_code == 404
    assert maria.client.post(f"{path}/mark").status_code in (400, 404)
    page = staff.signed_in("leila").open(path)
    assert WHY in page.words
    assert "Sidan rättades: till ”Den som använder våld”" in page.words
    assert "Oläst" in page.words


@pytest.mark.rule("S30")
def test_without_a_reason_nothing_crosses(staff: StaffBureau, maria: Browser) -> None:
    path = take(staff, maria, text())
    page = maria.press(path, "/side", {"reason": " "})
    assert page.response.status_code == 422
    assert "Skriv varför" in page.form("/side").get_text()
    named = maria.press(path, "/side", {"reason": "Samma som ACDE-FH34"})
    assert named.response.status_code == 409
    assert "Skriv ingen beteckning" in named.words
    assert "Samma som ACDE-FH34" in named.response.text  # what was typed is kept
    assert not sees(staff, "leila", path)


@pytest.mark.rule("S30")
def test_a_second_press_moves_nothing_back(staff: StaffBureau) -> None:
    sara = staff.signed_in("sara")  # she has a place on both sides
    path = take(staff, sara, text(under_18=True))
    before = sara.open(path)
    assert "Du har plats där" in before.form("/side").get_text(" ", strip=True)
    assert sara.send(before, "/side", {"reason": WHY}).response.status_code == 303
    sara.press(path, "/claim")
    assert sara.send(before, "/side", {"reason": WHY}).response.status_code == 409
    assert "”Den som använder våld”" in sara.open(path).words


@pytest.mark.rule("S30", "S31")
def test_any_member_marks_and_is_told_before_what_it_costs(staff: StaffBureau) -> None:
    path = take(staff, staff.signed_in("maria"), text())
    amina = staff.signed_in("amina")  # Maria has it
    page = amina.open(path)
    assert page.soup.select('form[action$="/side"]') == []
    told = page.form("/mark").get_text(" ", strip=True)
    assert "kan inte öppna ärendet sedan" in told
    assert page.soup.select('form[action$="/mark"] textarea') == []
    slip = amina.press(path, "/mark")
    assert slip.response.status_code == 422
    assert "Kryssa i rutan" in slip.form("/mark").get_text()
    queue = amina.press(path, "/mark", SURE)
    assert queue.response.request.path == "/"
    assert "flyttat" in queue.words
    assert amina.open(path).response.status_code == 404
    theirs = staff.signed_in("erik").open(path)
    assert "Märktes och flyttades: kan vara den som skadar" in theirs.words
    tags = [tag.get_text() for tag in theirs.soup.select(".head .tag")]
    assert "Kan vara den som skadar" in tags
    again = theirs.soup.select('form[action$="/mark"]')
    assert again == []  # it was marked


@pytest.mark.rule("S31")
def test_its_history_leads_to_no_other_request(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    other = staff.send(text())
    path = take(staff, maria, text())
    maria.press(path, "/mark", SURE)
    page = staff.signed_in("leila").open(path)
    assert other not in page.response.text
    links = {str(link["href"]) for link in page.soup.select('a[href^="/r/"]')}
    assert links == {path}


@pytest.mark.rule("S13", "S30")
def test_while_a_call_is_on_the_page_says_why_it_stays(
    staff: StaffBureau, maria: Browser
) -> None:
    path = take(staff, maria, staff.callback())
    before = maria.open(path)
    page = maria.press(path, "/call")
    for action in ("/side", "/mark"):
        assert page.soup.select(f'form[action$="{action}"]') == []
        refused = maria.send(before, action, {"reason": WHY, **SURE})
        assert refused.response.status_code == 409
    assert "utfallet är inte antecknat" in page.words


@pytest.mark.rule("S29", "S30")
def test_who_may_not_see_it_is_asked_for_first(staff: StaffBureau) -> None:
    johan = staff.signed_in("johan")
    path = take(staff, johan, text(avoid=True, elsewhere=True))
    page = johan.press(path, "/side", {"reason": WHY})
    assert page.response.status_code == 422
    found = {"position": Position.USES_VIOLENCE.value, "reason": WHY}
    refused = johan.press(path, "/position", found)
    assert refused.response.status_code == 409
    assert "under Rätt sida" in refused.words
    read = {"reason": WHY, "avoid_read": "y"}
    assert johan.press(path, "/side", read).response.request.path == "/"


@pytest.mark.rule("S30")
@pytest.mark.parametrize(
    ("submission", "holder", "found", "other"),
    [
        (text(), "maria", Position.USES_VIOLENCE, "leila"),
        (text(audience=USES), "leila", Position.EXPOSED, "maria"),
    ],
)
def test_a_position_of_the_other_side_asks_why_and_moves(
    staff: StaffBureau,
    submission: Submission,
    holder: str,
    found: Position,
    other: str,
) -> None:
    browser = staff.signed_in(holder)
    path = take(staff, browser, submission)
    chosen = {"position": found.value, "marks": [Mark.HONOUR.value]}
    page = browser.press(path, "/position", chosen)
    assert page.response.status_code == 422
    assert "Skriv varför" in page.form("/position").get_text()
    page = browser.press(path, "/position", {**chosen, "reason": WHY})
    assert page.response.request.path == "/"
    assert "flyttat" in page.words
    assert browser.open(path).response.status_code == 404
    theirs = staff.signed_in(other).open(path)
    assert WHY in theirs.words
    tags = [tag.get_text() for tag in theirs.soup.select(".head .tag")]
    assert "Heder" in tags


def test_a_position_of_its_own_side_moves_nothing(
    staff: StaffBureau, maria: Browser
) -> None:
    path = take(staff, maria, text())
    page = maria.press(path, "/position", {"position": Position.RELATIVE.value})
    assert page.response.request.path == path
    assert "Du har ärendet" in page.words


def test_what_was_being_written_when_it_moved_is_not_lost(
    staff: StaffBureau, maria: Browser
) -> None:
    path = take(staff, maria, text())
    open_page = maria.open(path)
    maria.press(path, "/side", {"reason": WHY})
    page = maria.send(open_page, "/note", {"text": "Hon ringde också."})
    assert page.response.status_code == 404
    kept = [box.get_text() for box in page.soup.select("textarea[readonly]")]
    assert kept == ["Hon ringde också."]
