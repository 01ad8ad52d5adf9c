"""Handing over and deciding for a child, from the page."""

import pytest
from sqlalchemy import select

from intake.models import Request
from intake.submissions import Submission
from intake.topics import Audience
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text


@pytest.fixture
def maria(staff: StaffBureau) -> Browser:
    return staff.signed_in("maria")


def take(staff: StaffBureau, browser: Browser, submission: Submission) -> str:
    """Send a request and take it; returns its page's path."""
    path = f"/r/{staff.send(submission)}"
    browser.press(path, "/claim")
    return path


@pytest.mark.rule("S33")
def test_a_request_goes_with_its_ground_and_is_gone_for_the_first_unit(
    staff: StaffBureau,
) -> None:
    johan = staff.signed_in("johan")
    path = take(staff, johan, text(audience=Audience.RELATIVE))
    form = johan.open(path).form("/hand-over")
    units = {str(one["value"]) for one in form.select("option")}
    assert units == {"adult", "children", "on-call", "closed-circle"}
    said = {"unit": "children", "ground": "child-duty", "reason": "Två barn"}
    assert johan.press(path, "/hand-over", said).response.request.path == "/"
    assert johan.open(path).response.status_code == 404
    page = staff.signed_in("sara").open(path)
    assert "Två barn" in page.words
    assert "till Barn- och ungdomsenheten" in page.words
    assert "skyldighet för ett barns skull" in page.words


def test_the_key_persons_stand_beside_the_units_to_choose(
    staff: StaffBureau, maria: Browser
) -> None:
    form = maria.open(take(staff, maria, text())).form("/hand-over")
    shown = {str(one["value"]): one.get_text() for one in form.select("option")}
    assert shown["children"] == "Barn- och ungdomsenheten, nyckelperson Sara"
    assert shown["closed-circle"] == "Enhetschefen och en ersättare"


@pytest.mark.rule("S33")
def test_without_a_ground_nothing_goes(staff: StaffBureau, maria: Browser) -> None:
    path = take(staff, maria, text())
    said = {"unit": "reception", "reason": "Rätt ställe"}
    page = maria.press(path, "/hand-over", said)
    assert page.response.status_code == 422
    assert "Rätt ställe" in page.form("/hand-over").get_text()
    assert maria.open(path).response.status_code == 200


@pytest.mark.rule("S29")
def test_nothing_leaves_the_closed_circle_by_a_slip(
    staff: StaffBureau, maria: Browser
) -> None:
    path = take(staff, maria, text(avoid=True))
    page = maria.open(path)
    assert "Någon som arbetar här får inte se ärendet" in page.words
    said = {"unit": "adult", "ground": "right-unit", "reason": "Hon sa vem det är"}
    sure = {"avoid_read": "y"}
    for lacking in (said, {**said, **sure, "reason": " "}):
        assert maria.press(path, "/hand-over", lacking).response.status_code == 422
    assert staff.signed_in("amina").open(path).response.status_code == 404
    assert maria.press(path, "/hand-over", {**said, **sure}).response.status_code == 200
    words = staff.signed_in("amina").open(path).words
    assert "Hon sa vem det är" in words
    assert "Någon som arbetar här får inte se ärendet" in words  # it goes along


@pytest.mark.rule("S29")
def test_outside_the_circle_too_it_is_read_who_may_not_see_it(
    staff: StaffBureau,
) -> None:
    johan, amina = staff.signed_in("johan"), staff.signed_in("amina")
    path = take(staff, johan, text(avoid=True, elsewhere=True))
    said = {"unit": "adult", "ground": "right-unit", "reason": ""}
    page = johan.press(path, "/hand-over", said)
    assert page.response.status_code == 422
    assert "Bekräfta det" in page.form("/hand-over").get_text()
    sure = {**said, "avoid_read": "y"}
    assert johan.press(path, "/hand-over", sure).response.request.path == "/"
    assert amina.open(path).response.status_code == 200
    plain = take(staff, johan, text(audience=Audience.RELATIVE))
    assert johan.open(plain).form("/hand-over").select('[name="avoid_read"]') == []


@pytest.mark.rule("S26")
def test_with_a_childs_decision_missing_no_unit_is_offered(
    staff: StaffBureau, maria: Browser
) -> None:
    path = take(staff, maria, text(children=True))
    page = maria.open(path)
    assert page.soup.select('form[action$="/hand-over"]') == []
    assert "Beslutet för barnet saknas" in page.form("/close").get_text()


@pytest.mark.rule("S26", "S29")
@pytest.mark.parametrize("elsewhere", [False, True])
def test_before_a_report_it_is_read_who_may_not_see_it(
    staff: StaffBureau, elsewhere: bool
) -> None:
    johan = staff.signed_in("johan")
    hidden = text(children=True, avoid=True, elsewhere=elsewhere)
    path = take(staff, johan, hidden)
    said = {"decision": "report", "text": "Två barn hör allt."}
    page = johan.press(path, "/child", said)
    assert page.response.status_code == 422
    assert "Bekräfta det" in page.form("/child").get_text()
    page = johan.press(path, "/child", {**said, "avoid_read": "y"})
    assert "orosanmälan gjord" in page.words
    # The reason for none goes to nobody, and is never held back.
    other = take(staff, johan, hidden)
    none = {"decision": "none", "text": "Anmält genom chefen."}
    assert "ingen orosanmälan" in johan.press(other, "/child", none).words


@pytest.mark.rule("S26")
def test_a_report_becomes_an_item_of_its_own(
    staff: StaffBureau, maria: Browser
) -> None:
    path = take(staff, maria, text(children=True))
    empty = maria.press(path, "/child", {"decision": "report", "text": ""})
    assert empty.response.status_code == 422
    said = {"decision": "report", "text": "Två barn hör allt."}
    page = maria.press(path, "/child", said)
    assert "orosanmälan gjord" in page.words
    assert page.soup.select('form[action$="/child"]') == []
    with staff.writing() as session:
        made = session.scalars(select(Request).where(Request.unit == "children")).one()
        item = made.reference
    theirs = staff.signed_in("sara").open(f"/r/{item}")
    assert "Två barn hör allt." in theirs.words
    assert "Obekräftat" in theirs.words
    assert path.removeprefix("/r/") not in theirs.response.text
    assert maria.open(f"/r/{item}").response.status_code == 404
