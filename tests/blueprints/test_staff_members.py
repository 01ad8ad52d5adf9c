"""People and access on the staff site, by administrators and heads of unit."""

import re

import pytest

from intake.people import Member, UnitRecord
from intake.topics import Role
from tests.blueprints.conftest import Browser, Given, StaffBureau
from tests.blueprints.public import Seen
from tests.factories import text

NORA: Given = {"login": "nora", "working_name": "Nora", "real_name": "Nora Exempellund"}


def member(staff: StaffBureau, login: str) -> Member:
    with staff.writing() as session:
        found = staff.member(session, login)
        session.expunge(found)
    return found


def invites(browser: Browser, desk: str, **more: str) -> Seen:
    """Fill in the invitation, with a place at the desk whose words these are."""
    page = browser.open("/members")
    labels = page.form("/members").select(".choice label")
    box = next(one.input for one in labels if desk in one.get_text())
    assert box is not None
    values = {**NORA, "desks": str(box["value"]), **more}
    return browser.send(page, "/members", values)


def test_an_administrator_begins_with_people_and_finds_no_request(
    staff: StaffBureau,
) -> None:
    karin = staff.signed_in("karin")
    start = karin.open("/").response
    assert (start.status_code, start.headers["Location"]) == (303, "/members")
    page = karin.open("/members")
    for name in ("Maria", "Leila", "Sara", "Olof"):
        assert name in page.words
    for link in page.soup.select("header nav a"):
        assert karin.open(str(link["href"])).response.status_code == 200
    assert page.soup.select_one('form[action="/find"]') is None
    for path in ("/people", "/news", "/list/unread", "/register", "/figures", "/log"):
        assert karin.open(path).response.status_code == 404


def test_a_head_sees_her_own_desks_and_gives_no_roles(staff: StaffBureau) -> None:
    johan = staff.signed_in("johan")
    page = johan.open("/members")
    assert "Amina" in page.words
    assert "Leila" not in page.words
    leila, amina = member(staff, "leila"), member(staff, "amina")
    assert johan.open(f"/members/{leila.id}").response.status_code == 404
    one = johan.open(f"/members/{amina.id}")
    for action in ("/role", "/reset"):
        assert one.soup.select(f'form[action$="{action}"]') == []
    token = one.filled("/sign-out")["csrf_token"]
    for action, said in (("role", {"role": "head"}), ("reset", {"right": "y"})):
        path = f"/members/{amina.id}/{action}"
        answer = johan.client.post(path, data={"csrf_token": token, **said})
        assert answer.status_code == 409
    assert member(staff, "amina").role is Role.STAFF


@pytest.mark.parametrize("login", ["amina", "olof"])
def test_for_others_there_is_nothing_here(staff: StaffBureau, login: str) -> None:
    browser = staff.signed_in(login)
    assert browser.open("/members").response.status_code == 404
    assert browser.open("/members/1").response.status_code == 404


def test_a_link_is_shown_once_and_lets_her_in(staff: StaffBureau) -> None:
    karin = staff.signed_in("karin")
    answer = invites(karin, "Vuxenenheten: utsatta")
    assert answer.response.status_code == 200
    found = re.search(r"\S+(/invitation/\S+)", answer.words)
    assert found
    assert staff.browser().open(found[1]).response.status_code == 200
    nora = member(staff, "nora")
    for path in ("/members", f"/members/{nora.id}"):
        page = karin.open(path)
        assert found[1] not in page.response.text
        assert "Exempellund" not in page.response.text
    again = karin.press(f"/members/{nora.id}", "/link")
    assert "/invitation/" in again.words
    assert staff.browser().open(found[1]).response.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "Nora E"},
        {"login": "maria"},
        {"working_name": ""},
        {"role": "administrator"},
        {"role": "analyst"},
        {"role": "nobody"},
    ],
)
def test_a_faulty_invitation_is_given_back(
    staff: StaffBureau, wrong: dict[str, str]
) -> None:
    karin = staff.signed_in("karin")
    answer = invites(karin, "Vuxenenheten: utsatta", **wrong)
    assert answer.response.status_code == 422
    assert answer.said
    field = answer.soup.select_one("[name=real_name]")
    assert field is not None
    assert field["value"] == NORA["real_name"]


def test_a_role_a_place_and_the_mark_for_children_are_given(
    staff: StaffBureau,
) -> None:
    karin, amina = staff.signed_in("karin"), member(staff, "amina")
    path = f"/members/{amina.id}"
    page = karin.press(path, "/role", {"role": "head"})
    assert "Chef" in page.words
    select = page.form("/place").select("option")
    shut = ("Vuxenenheten: utsatta", "ersättare")  # she is there; it is full (S29)
    assert not [one for one in select if any(w in one.get_text() for w in shut)]
    page = karin.press(path, "/place", {"desk": str(select[0]["value"])})
    assert "väntar på att bli insläppt" in page.words
    karin.press(path, "/children", {"takes_children": "y"})
    assert (member(staff, "amina").role, member(staff, "amina").takes_children) == (
        Role.HEAD,
        True,
    )


def test_nobody_changes_her_own(staff: StaffBureau) -> None:
    karin = staff.signed_in("karin")
    path = f"/members/{member(staff, 'karin').id}"
    page = karin.open(path)
    assert page.soup.select("main form") == []
    token = page.filled("/sign-out")["csrf_token"]
    said = {"csrf_token": token, "role": "head"}
    assert karin.client.post(f"{path}/role", data=said).status_code == 409
    assert member(staff, "karin").role is Role.ADMINISTRATOR


def test_the_key_person_stands_with_her_unit(staff: StaffBureau) -> None:
    johan, amina = staff.signed_in("johan"), member(staff, "amina")
    action = "/members/unit/adult/key-person"
    johan.press("/members", action, {"member": str(amina.id)})
    assert "Nyckelperson: Amina" in staff.signed_in("amina").open("/people").words
    sara = {"member": str(member(staff, "sara").id)}
    answer = johan.send(johan.open("/members"), action, sara)
    assert answer.response.status_code == 422
    with staff.writing() as session:
        assert session.get_one(UnitRecord, "adult").key_person_id == amina.id


def test_a_reset_ends_her_session_and_shows_a_link(staff: StaffBureau) -> None:
    karin, amina = staff.signed_in("karin"), staff.signed_in("amina")
    path = f"/members/{member(staff, 'amina').id}"
    by_a_slip = karin.press(path, "/reset")
    assert by_a_slip.response.status_code == 422
    assert amina.open("/").response.status_code == 200
    answer = karin.press(path, "/reset", {"right": "y"})
    assert "/invitation/" in answer.words
    assert amina.open("/").response.headers["Location"] == "/sign-in"
    assert member(staff, "amina").public_key is None


def test_a_childs_own_is_offered_to_who_is_named(staff: StaffBureau) -> None:
    reference = staff.send(text(under_18=True))
    page = staff.signed_in("sara").open(f"/r/{reference}")
    assert page.soup.select('form[action$="/claim"]')
    karin, sara = staff.signed_in("karin"), member(staff, "sara")
    karin.press(f"/members/{sara.id}", "/children", {"takes_children": []})
    page = staff.signed_in("sara").open(f"/r/{reference}")
    assert page.soup.select('form[action$="/claim"]') == []
    assert "utsedd att ta barns" in page.words
