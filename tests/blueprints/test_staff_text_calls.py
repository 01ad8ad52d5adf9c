"""A time that a text names, and a text's call at night, on the request's page."""

import pytest

from tests.blueprints.conftest import StaffBureau
from tests.intake.test_text_calls import texts, to_monday


@pytest.mark.rule("S21")
def test_staff_see_the_very_words_and_the_time_and_follow_it(
    staff: StaffBureau,
) -> None:
    path, amina = f"/r/{texts(staff, 'ring mig 14-15')}", staff.signed_in("amina")
    page = amina.open(path)
    shown = page.soup.select_one("section[aria-labelledby=text-time]")
    assert shown is not None
    said = " ".join(shown.get_text().split())
    assert "ring mig 14-15" in said
    assert "kl. 14.00–15.00, svensk tid" in said
    assert "Ta ärendet om tiden är tydlig" in said
    assert page.soup.select('form[action$="/text-time"]') == []
    page = amina.press(path, "/claim")
    assert "Tiden är tydlig: ring då" in page.form("/text-time").get_text()
    page = amina.press(path, "/text-time")
    assert "Tiden i sms:et gäller nu." in page.words
    assert "Nästa tid står här under." in page.words
    assert page.soup.select("section[aria-labelledby=text-time]") == []
    assert "Ett sms rings på tiden som det nämner: " in page.words
    staff.clock.forward(hours=4)
    amina = staff.signed_in("amina")
    amina.press(path, "/claim")
    assert "070-174 06 55" in amina.press(path, "/call").words


@pytest.mark.rule("S20")
def test_a_press_on_an_old_page_follows_no_time(staff: StaffBureau) -> None:
    path, amina = f"/r/{texts(staff, 'ring mig 14-15')}", staff.signed_in("amina")
    amina.press(path, "/claim")
    old = amina.open(path)
    texts(staff, "vänta, han är hemma")
    answer = amina.send(old, "/text-time")
    assert answer.response.status_code == 409
    assert "Något nytt kom medan du läste." in answer.words


@pytest.mark.rule("S21")
def test_without_a_clear_time_the_words_stand_there_and_no_button(
    staff: StaffBureau,
) -> None:
    path, amina = f"/r/{texts(staff, 'kl 14 eller kl 15')}", staff.signed_in("amina")
    page = amina.press(path, "/claim")
    assert "Ingen enda tid gick att läsa ur det." in page.words
    assert page.soup.select('form[action$="/text-time"]') == []


@pytest.mark.rule("S21")
def test_on_call_opens_a_call_at_night_with_a_reason(staff: StaffBureau) -> None:
    to_monday(staff, 23)
    path, sara = f"/r/{texts(staff, 'snälla ring')}", staff.signed_in("sara")
    assert "Sms:et kom när ingen fick ringa" in sara.open(path).words
    page = sara.press(path, "/claim")
    assert "Det går inte att ringa nu:" in page.words
    answer = sara.press(path, "/night-call", {"reason": " "})
    assert answer.response.status_code == 422
    assert "Fyll i det här." in answer.form("/night-call").get_text()
    page = sara.press(path, "/night-call", {"reason": "Han är borta till fyra"})
    assert "Samtalet är öppet i en timme" in page.words
    assert "Får ringas nu." in page.words
    assert "Han är borta till fyra" in page.words
    assert page.soup.select('form[action$="/night-call"]') == []
    assert "070-174 06 55" in sara.press(path, "/call").words


@pytest.mark.rule("S21")
def test_by_day_nobody_is_offered_a_call_of_the_night(staff: StaffBureau) -> None:
    path, amina = f"/r/{texts(staff, 'ring mig')}", staff.signed_in("amina")
    page = amina.press(path, "/claim")
    assert "Sms:et kom när ingen fick ringa" not in page.words
