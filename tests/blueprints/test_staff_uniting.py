"""Joining requests of one person from the page, and parting them again (S8)."""

import pytest

from intake.outcomes import Outcome
from intake.topics import Audience
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text
from tests.intake.two import both_called

WHY = {"because": "read"}
pytestmark = pytest.mark.rule("S8")


@pytest.fixture
def maria(staff: StaffBureau) -> Browser:
    return staff.signed_in("maria")


def come(staff: StaffBureau) -> tuple[str, str]:
    """Let two requests of one person come; returns their references."""
    first = staff.send(text("Trappan, i måndags"))
    staff.clock.forward(minutes=1)
    return first, staff.send(text("Trappan, igen"))


def take(browser: Browser, reference: str) -> None:
    """Read a request and take it."""
    path = f"/r/{reference}"
    browser.press(path, "/reading")
    browser.press(path, "/claim")


def unite(browser: Browser, first: str, later: str) -> None:
    """Join two requests from the later one's page."""
    browser.press(f"/r/{first}", "/reading")
    take(browser, later)
    typed = {"reference": first.lower().replace("-", " "), **WHY}
    page = browser.press(f"/r/{later}", "/unite", typed)
    assert page.response.request.path == f"/r/{first}"
    assert "Ärendena är sammanförda" in page.words


def test_the_later_stands_on_the_firsts_page_and_leaves_the_piles(
    staff: StaffBureau, maria: Browser
) -> None:
    first, later = come(staff)
    unite(maria, first, later)
    page = maria.open(f"/r/{first}")
    joined = page.soup.select_one("section.joined")
    assert joined is not None
    told = joined.get_text(" ", strip=True)
    for words in (later, "Trappan, igen", "Säker kontakt", "Kom in", "Svara senast"):
        assert words in told
    lists = page.soup.select("nav.lists a.row")
    assert [row["href"] for row in lists] == [f"/r/{first}"]
    assert "Sammanfört" in lists[0].get_text()
    other = maria.open(f"/r/{later}")
    assert other.soup.select(f'section.joined a[href="/r/{first}"]')
    assert other.soup.select('form[action$="/unite"]') == []


def test_one_press_parts_them(staff: StaffBureau, maria: Browser) -> None:
    first, later = come(staff)
    unite(maria, first, later)
    page = maria.press(f"/r/{later}", f"/r/{later}/part")
    assert "var för sig igen" in page.words
    assert "Skildes från ett annat ärende" in page.words
    assert page.soup.select("section.joined") == []
    assert len(page.soup.select("nav.lists a.row")) == 2


@pytest.mark.rule("S31")
def test_what_she_can_not_find_is_not_there(staff: StaffBureau, maria: Browser) -> None:
    first, _ = come(staff)
    beyond = staff.send(text(audience=Audience.USES_VIOLENCE))
    take(maria, first)
    told = []
    for reference in (beyond, "AAAA-AAAA"):
        page = maria.press(f"/r/{first}", "/unite", {"reference": reference, **WHY})
        assert page.response.status_code == 422
        form = page.form("/unite")
        assert page.filled("/unite")["reference"] == reference
        told.append(form.get_text(" ", strip=True))
    assert told[0] == told[1]
    assert "Du har inget sådant ärende" in told[0]


def test_without_a_ground_nothing_is_joined(staff: StaffBureau, maria: Browser) -> None:
    first, later = come(staff)
    take(maria, first)
    page = maria.press(f"/r/{first}", "/unite", {"reference": later})
    assert page.response.status_code == 422
    unread = maria.press(f"/r/{first}", "/unite", {"reference": later, **WHY})
    assert unread.response.status_code == 409
    assert "oläst" in unread.words
    assert maria.open(f"/r/{first}").soup.select("section.joined") == []


@pytest.mark.rule("S30", "S31")
def test_once_across_its_history_tells_of_no_joining(
    staff: StaffBureau, maria: Browser
) -> None:
    first, later = come(staff)
    unite(maria, first, later)
    assert "Fördes ihop" in maria.open(f"/r/{first}").words
    maria.press(f"/r/{later}", "/mark", {"sure": "y"})
    page = staff.signed_in("leila").open(f"/r/{later}")
    assert page.response.status_code == 200
    assert first not in page.response.text
    assert "Fördes ihop" not in page.words
    assert "Skildes" not in page.words


@pytest.mark.rule("S11", "S15")
def test_a_stop_in_one_is_said_on_the_others_page(
    staff: StaffBureau, maria: Browser
) -> None:
    one, other = both_called(staff)
    first = staff.send(one)
    staff.clock.forward(minutes=1)
    later = staff.send(other)
    unite(maria, first, later)
    maria.press(f"/r/{first}", "/claim")
    maria.press(f"/r/{first}", "/call")
    stop = {"outcome": Outcome.SAID_STOP.value}
    maria.press(f"/r/{first}", "/outcome", stop)
    page = maria.open(f"/r/{later}")
    assert "I ett ärende som hör ihop med det här får personen inte" in page.words
    assert page.soup.select('form[action$="/call"]') == []


@pytest.mark.rule("S32")
def test_a_protected_later_one_shows_its_reference_alone(
    staff: StaffBureau, maria: Browser
) -> None:
    first, later = come(staff)
    unite(maria, first, later)
    maria.press(f"/r/{later}", "/position", {"own_level": "secrecy-mark"})
    assert "Trappan, igen" in maria.open(f"/r/{first}").words
    amina = staff.signed_in("amina")
    page = amina.open(f"/r/{first}")
    assert "Trappan, igen" not in page.words
    assert f"{later} öppnas av två" in page.words
