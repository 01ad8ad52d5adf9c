"""The access log's pages: real names, one desk at a time, and the signed check."""

import pytest

from intake.keyring import desk_of
from intake.topics import Side
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text

WHY = "Hon är på väg hem till honom."


def _path(staff: StaffBureau, side: Side) -> str:
    with staff.writing() as session:
        return f"/log/{desk_of(session, 'adult', side).id}"


@pytest.fixture
def checked(staff: StaffBureau) -> Browser:
    """Return a head, the month after a colleague opened a request."""
    staff.signed_in("amina").open(f"/r/{staff.send(text())}")
    staff.clock.forward(days=14)
    return staff.signed_in("maria")


@pytest.mark.rule("S35")
def test_real_names_stand_in_the_access_log(
    staff: StaffBureau, checked: Browser
) -> None:
    page = checked.open(_path(staff, Side.HURT))
    assert "Amina Exempel (Amina)" in page.words
    assert "öppnade ett oläst ärende · gjorde inget mer" in page.words
    assert "Vuxenenheten" in checked.open("/log").words


@pytest.mark.rule("S32")
def test_each_line_says_why_and_of_a_broken_glass_its_reason(
    staff: StaffBureau,
) -> None:
    amina, maria = staff.signed_in("amina"), staff.signed_in("maria")
    amina.press("/", "/find", {"reference": staff.send(text())})
    path = f"/r/{staff.send(text(protected=True))}"
    amina.press(path, "/break-glass", {"reason": f"{WHY} <b>"})
    log = maria.open(_path(staff, Side.HURT))
    assert "(Amina) · sökte på beteckningen · gjorde inget mer" in log.words
    assert f"(Amina) · öppnade ensam, med skäl: {WHY} <b> · gjorde" in log.words
    maria.press(path, "/two-person")
    amina.press("/two-person", "/approve")
    maria.open(path)
    log = maria.open(_path(staff, Side.HURT))
    assert "(Maria) · öppnade när en kollega hade godkänt · gjorde" in log.words


@pytest.mark.rule("S31")
def test_another_desks_log_is_not_there(staff: StaffBureau, checked: Browser) -> None:
    assert checked.open(_path(staff, Side.HURTS)).response.status_code == 404
    amina = staff.signed_in("amina")
    assert amina.open(_path(staff, Side.HURT)).response.status_code == 404
    assert 'href="/log"' not in amina.open("/").response.text


def test_a_check_is_drawn_marked_and_signed(
    staff: StaffBureau, checked: Browser
) -> None:
    path = _path(staff, Side.HURT)
    drawn = checked.press(path, "/draw")
    assert "Urvalet är draget." in drawn.words
    slip = checked.press(path, "/sign")
    assert slip.response.status_code == 422
    assert "Markera raden." in slip.words
    name = str(drawn.soup.select('form[action$="/sign"] input[type=radio]')[0]["name"])
    johan = staff.signed_in("johan").open(path)
    assert "Urvalet är draget av Maria" in johan.words
    signed = checked.press(path, "/sign", {name: "reported"})
    assert "Granskad och signerad av Maria" in signed.words
    assert "Anmäld vidare" in signed.words
