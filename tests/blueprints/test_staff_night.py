"""To on-call and back, from the page, and the list of the morning on Today."""

import pytest

from intake.topics import Danger
from tests.blueprints.conftest import StaffBureau
from tests.factories import text

DO = {"ground": "right-unit", "text": "Ring henne i kväll"}


def test_it_goes_to_on_call_and_comes_back_on_the_mornings_list(
    staff: StaffBureau,
) -> None:
    reference = staff.send(text())
    path, maria = f"/r/{reference}", staff.signed_in("maria")
    assert maria.open(path).soup.select('form[action$="/to-on-call"]') == []
    maria.press(path, "/claim")
    answer = maria.press(path, "/to-on-call", {"ground": "consent"})
    assert answer.response.status_code == 422
    assert "Fyll i det här." in answer.form("/to-on-call").get_text()
    page = maria.press(path, "/to-on-call", DO)
    assert f"Jouren kan också öppna ärendet {reference} nu." in page.words
    assert "Från jouren" not in page.words
    sara = staff.signed_in("sara")
    assert "Ring henne i kväll" in sara.press(path, "/claim").words
    page = sara.press(path, "/to-day", {"text": "Hon är trygg i natt"})
    assert f"Ärendet {reference} är lämnat tillbaka till dagen." in page.words
    assert sara.open(path).response.status_code == 404
    page = maria.open("/")
    assert "1 Från jouren" in page.words
    listed = page.soup.select_one("#night")
    assert listed is not None
    assert reference in listed.get_text()
    assert "Hon är trygg i natt" not in page.words
    assert reference in maria.open("/list/night").words
    page = maria.open(path)
    assert "Hon är trygg i natt" in page.words
    assert "Lämnades också till jouren: rätt enhet för ärendet" in page.words
    assert "Jouren lämnade tillbaka" in page.words


@pytest.mark.rule("S33")
def test_an_acute_one_waits_with_on_call_until_the_day_opens(
    staff: StaffBureau,
) -> None:
    staff.clock.forward(hours=12)
    reference = staff.send(text(danger=Danger.NOW))
    path, sara = f"/r/{reference}", staff.signed_in("sara")
    page = sara.press(path, "/claim")
    assert page.soup.select('form[action$="/to-day"]') == []
    assert "Ärendet är akut och enheten har stängt." in page.words
    maria = staff.signed_in("maria")
    sara.press(path, "/release")
    page = maria.press(path, "/claim")
    moves = 'form[action$="/to-day"], form[action$="/to-on-call"]'
    assert page.soup.select(moves) == []
    assert "Jouren kan öppna det tills" in page.words
    assert sara.open(path).response.status_code == 200
