"""Protected requests, and what waits for a head: a door, a colleague, the glass."""

from datetime import timedelta

import pytest

from intake import missed
from intake.topics import Audience
from tests.blueprints.conftest import StaffBureau
from tests.factories import text

pytestmark = pytest.mark.rule("S32")
WORDS = "Hemligheten om trappan"
WHY = "Hon är på väg hem till honom."


@pytest.fixture
def path(staff: StaffBureau) -> str:
    return f"/r/{staff.send(text(WORDS, protected=True))}"


def test_two_open_it_each_from_her_own_session(staff: StaffBureau, path: str) -> None:
    amina, maria = staff.signed_in("amina"), staff.signed_in("maria")
    door = amina.open(path)
    assert "öppnas av två" in door.words
    assert WORDS not in door.response.text
    asked = amina.press(path, "/two-person")
    assert WORDS not in asked.response.text
    assert "1 väntar på att du godkänner" in maria.open("/").words
    assert WORDS not in maria.press("/two-person", "/approve").response.text
    assert WORDS in amina.open(path).response.text
    assert WORDS not in maria.open(path).response.text
    assert "godkände en kollega" in amina.open(path).words


def test_no_form_gets_past_the_door_and_no_text_is_lost(
    staff: StaffBureau, path: str
) -> None:
    staff.app.config["WTF_CSRF_ENABLED"] = False
    amina = staff.signed_in("amina")
    sent = amina.client.post(f"{path}/note", data={"text": "Viktigt"})
    assert sent.status_code == 409
    assert "Viktigt" in sent.get_data(as_text=True)
    assert amina.client.post(f"{path}/claim").status_code == 409
    assert amina.client.post("/two-person/1/approve").status_code == 404


def test_the_glass_is_broken_with_a_reason_that_the_head_reads(
    staff: StaffBureau, path: str
) -> None:
    amina, maria = staff.signed_in("amina"), staff.signed_in("maria")
    slip = amina.press(path, "/break-glass")
    assert slip.response.status_code == 422
    opened = amina.press(path, "/break-glass", {"reason": WHY})
    assert WORDS in opened.response.text
    assert "1 öppnad ensam att granska" in maria.open("/").words
    assert WHY in maria.open("/two-person").words
    staff.clock.forward(days=2)
    maria = staff.signed_in("maria")
    assert "▲ sen" in maria.open("/").words
    signed = maria.press("/two-person", "/review")
    assert "Inget att granska" in signed.words
    assert WHY not in staff.signed_in("amina").open("/two-person").words


def test_who_sets_the_mark_reads_on_and_her_colleague_waits(staff: StaffBureau) -> None:
    path = f"/r/{staff.send(text(WORDS))}"
    amina, maria = staff.signed_in("amina"), staff.signed_in("maria")
    amina.press(path, "/claim")
    after = amina.press(path, "/position", {"marks": ["protected-data"]})
    assert WORDS in after.response.text
    assert WORDS not in maria.open(path).response.text


@pytest.mark.rule("S37")
def test_what_we_missed_stands_on_the_heads_today_until_noted(
    staff: StaffBureau,
) -> None:
    reference = staff.send(staff.callback())
    staff.clock.now += timedelta(hours=3)
    with staff.writing() as session:
        request = staff.request(session, reference)
        missed.mark_missed(session, staff.office, request.id, staff.clock())
    maria = staff.signed_in("maria")
    assert "1 missad av oss" in maria.open("/").words
    assert "missad av oss" not in staff.signed_in("amina").open("/").words
    assert reference in maria.open("/two-person").words
    assert reference not in maria.open("/two-person?side=hurts").words
    noted = maria.press("/two-person", "/missed/1")
    assert "Det är noterat." in noted.words
    assert "missad av oss" not in maria.open("/").words


@pytest.mark.rule("S31")
def test_what_waits_is_told_side_by_side_and_never_together(
    staff: StaffBureau,
) -> None:
    hurt, hurts = (
        staff.send(text(avoid="Amina", protected=True, audience=audience))
        for audience in (Audience.EXPOSED, Audience.USES_VIOLENCE)
    )
    johan, maria = staff.signed_in("johan"), staff.signed_in("maria")
    for reference in (hurt, hurts):
        johan.press(f"/r/{reference}", "/two-person")
    for side, mine, other in (("hurt", hurt, hurts), ("hurts", hurts, hurt)):
        page = maria.open(f"/two-person?side={side}").words
        assert mine in page
        assert other not in page
        assert page.count("väntar på att du godkänner") == 1
    assert hurt not in maria.open("/?side=hurts").words


def test_a_level_is_recorded_shown_and_kept_when_the_mark_is_unticked(
    staff: StaffBureau,
) -> None:
    path = f"/r/{staff.send(text(WORDS))}"
    amina, maria = staff.signed_in("amina"), staff.signed_in("maria")
    amina.press(path, "/claim")
    levels = {"own_level": "registered-elsewhere", "child_level": "assumed-identity"}
    amina.press(path, "/position", levels)
    page = amina.press(path, "/position", {"marks": []})
    assert WORDS in page.response.text
    told = page.words
    assert "Personens uppgifter Skyddad folkbokföring" in told
    assert "Barns uppgifter Fingerade personuppgifter" in told
    assert "post går genom Skatteverket" in told
    assert "skriv aldrig gamla och nya uppgifter" in told
    assert "Sekretessmarkering: en varning" not in told
    assert "Skyddade personuppgifter. Skriv aldrig adress" in told
    assert WORDS not in maria.open(path).response.text
    wrong = amina.press(path, "/position", {"own_level": "other"})
    assert wrong.response.status_code == 422
