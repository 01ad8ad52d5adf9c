"""The page of a desk's key, turning it, and letting a colleague go."""

import pytest
from sqlalchemy import select

from intake import queue, rotation
from intake.keyring import desk_of
from intake.models import RequestKey
from intake.paper_keys import from_paper
from intake.people import Desk
from intake.topics import Role, Side
from intake.vault import KeyPair, unseal
from tests.blueprints.conftest import Browser, StaffBureau
from tests.factories import text


def desk_id(staff: StaffBureau, unit: str = "adult", side: Side = Side.HURT) -> int:
    with staff.writing() as session:
        return desk_of(session, unit, side).id


def member_id(staff: StaffBureau, login: str) -> int:
    with staff.writing() as session:
        return staff.member(session, login).id


def post(browser: Browser, path: str, **values: str) -> int:
    """Send a form that the member's own pages do not offer; returns the status."""
    token = browser.open("/people").filled("/sign-out")["csrf_token"]
    answer = browser.client.post(path, data={"csrf_token": token, **values})
    return answer.status_code


def test_a_head_turns_the_key_and_all_goes_on_being_read(
    staff: StaffBureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = [staff.send(text()) for _ in range(3)]
    maria, amina = staff.signed_in("maria"), staff.signed_in("amina")
    path = f"/keys/{desk_id(staff)}"
    page = maria.open("/people")
    assert "Nyckeln är från starten." in page.words
    assert "Du kan byta den, liksom Johan." in page.words
    page = maria.press(path, f"{path}/turn")
    assert "Kön har en ny nyckel." in page.words
    assert "6 lås är kvar" in page.words
    came.append(staff.send(text()))
    for reference in came:
        shown = amina.open(f"/r/{reference}")
        assert "Hemligheten om trappan" in shown.words
    # Whoever holds the key goes on, not only who began.
    page = amina.press(path, f"{path}/go-on")
    assert "Nyckeln byttes senast måndag 23 november." in page.words
    assert "nyckeln byttes · av Maria" in page.words
    assert "bytet blev klart · av Amina" in page.words
    for reference in came:
        assert "Hemligheten om trappan" in amina.open(f"/r/{reference}").words


def test_a_long_turn_goes_on_in_parts(
    staff: StaffBureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        staff.send(text())
    monkeypatch.setattr(rotation.go_on, "__defaults__", (3,))
    maria, path = staff.signed_in("maria"), f"/keys/{desk_id(staff)}"
    maria.press(path, f"{path}/turn")
    page = maria.press(path, f"{path}/go-on")
    assert "1 lås är kvar" in page.words
    form = page.form(f"{path}/go-on")
    assert form.has_attr("data-goes-on")  # with script it goes on by itself
    page = maria.press(path, f"{path}/go-on")
    assert "lås är kvar" not in page.words
    with staff.writing() as session:
        found = select(RequestKey.generation)
        assert set(session.scalars(found)) == {2}


def test_who_is_no_head_is_told_whose_it_is(staff: StaffBureau) -> None:
    amina, path = staff.signed_in("amina"), f"/keys/{desk_id(staff)}"
    page = amina.open(path)
    assert "Den byts av Johan eller Maria." in page.words
    assert page.soup.select(f'form[action="{path}/turn"]') == []
    assert post(amina, f"{path}/turn", generation="1") == 409


def test_a_key_that_is_another_s_is_not_there(staff: StaffBureau) -> None:
    leila, path = staff.signed_in("leila"), f"/keys/{desk_id(staff)}"
    assert leila.open(path).response.status_code == 404
    for press in ("turn", "go-on"):
        assert post(leila, f"{path}/{press}", generation="1") == 404


def test_an_old_page_turns_nothing_twice(staff: StaffBureau) -> None:
    maria, path = staff.signed_in("maria"), f"/keys/{desk_id(staff)}"
    page = maria.open(path)
    assert maria.send(page, f"{path}/turn").response.status_code == 303
    again = maria.send(page, f"{path}/turn")
    assert again.response.status_code == 409
    assert "Nyckeln har bytts sedan du öppnade sidan." in again.words


def test_a_new_paper_is_shown_once_to_the_head_who_made_it(
    staff: StaffBureau,
) -> None:
    reference = staff.send(text())
    maria, at = staff.signed_in("maria"), desk_id(staff)
    path, older = f"/keys/{at}", maria.open(f"/keys/{at}")
    shown = maria.send(older, f"{path}/paper")
    assert shown.response.status_code == 200
    assert shown.response.headers["Cache-Control"] == "no-store"
    groups = [one.get_text() for one in shown.soup.select("ol.secret li")]
    with staff.writing() as session:
        paper = KeyPair.from_secret(from_paper(" ".join(groups)))
        row = session.get_one(Desk, at)
        opened = KeyPair.from_secret(unseal(row.recovery_box, paper))
        assert opened.public == row.public_key
    # Pressed again, or loaded anew, it makes no second one.
    assert maria.send(older, f"{path}/paper").response.status_code == 409
    page = maria.open(path)
    assert "ett nytt papper gjordes · av Maria" in page.words
    assert [one for one in groups if one in page.response.text] == []
    assert "Nyckeln byttes senast" in maria.press(path, f"{path}/go-on").words
    for login in ("maria", "amina"):
        words = staff.signed_in(login).open(f"/r/{reference}").words
        assert "Hemligheten om trappan" in words


def test_who_is_no_head_makes_no_paper(staff: StaffBureau) -> None:
    amina, leila = staff.signed_in("amina"), staff.signed_in("leila")
    hurts = f"/keys/{desk_id(staff, side=Side.HURTS)}"
    page = leila.open(hurts)
    assert page.form(f"{hurts}/turn")  # with no head there she may turn it
    for who, path in ((leila, hurts), (amina, f"/keys/{desk_id(staff)}")):
        assert "Gör ett nytt papper" not in who.open(path).words
        assert post(who, f"{path}/paper", generation="1") == 409
    assert post(leila, f"/keys/{desk_id(staff)}/paper", generation="1") == 404


@pytest.mark.rule("S33")
def test_a_head_lets_a_colleague_go_and_is_told_what_follows(
    staff: StaffBureau,
) -> None:
    reference = staff.send(text())
    with staff.writing() as session:
        amina, request = (
            staff.desk(session, "amina"),
            staff.request(session, reference),
        )
        queue.claim(amina, request, staff.clock())
    amina_there, maria = staff.signed_in("amina"), staff.signed_in("maria")
    path = f"/members/{member_id(staff, 'amina')}/leave"
    led = maria.open(path.removesuffix("/leave")).soup("a")
    assert path in {str(link.get("href")) for link in led}
    page = maria.open(path)
    assert "1 ärenden som hen har går tillbaka" in page.words
    assert "färre än två som kan öppna Mottagningen" in page.words
    half = maria.send(page, path)
    assert half.response.status_code == 422
    assert amina_there.open("/").response.status_code == 200
    page = maria.press(path, path, {"right": "y"})
    assert "Kollegan är utloggad" in page.words
    owed = maria.open("/people").words
    assert "Någon slutade måndag 23 november. Nyckeln ska bytas." in owed
    assert amina_there.open("/").response.headers["Location"] == "/sign-in"
    assert maria.open(path).response.status_code == 404
    with staff.writing() as session:
        assert staff.request(session, reference).holder_id is None


def test_a_head_ends_one_place_at_her_own_desk_only(staff: StaffBureau) -> None:
    reference = staff.send(text())
    maria, amina = staff.signed_in("maria"), staff.signed_in("amina")
    path = f"/members/{member_id(staff, 'amina')}/leave"
    elsewhere = f"{path}/{desk_id(staff, 'reception')}"
    assert maria.open(path).soup.select(f'form[action="{elsewhere}"]') == []
    assert post(maria, elsewhere) == 404
    maria.press(path, f"{path}/{desk_id(staff)}")
    # She is signed in still, and her other desk is hers; this one is gone at once.
    assert amina.open(f"/r/{reference}").response.status_code == 404
    assert "Mottagningen" in amina.open("/people").words


@pytest.mark.parametrize("whom", ["leila", "sara", "maria"])
def test_a_head_lets_nobody_else_go(staff: StaffBureau, whom: str) -> None:
    maria, path = staff.signed_in("maria"), f"/members/{member_id(staff, whom)}/leave"
    assert maria.open(path).response.status_code == 404
    assert post(maria, path, right="y") == 404


@pytest.mark.rule("S33")
def test_a_desk_that_nobody_can_open_is_told_to_its_units_head(
    staff: StaffBureau,
) -> None:
    with staff.writing() as session:
        for login in ("leila", "erik"):
            for place in staff.member(session, login).memberships:
                session.delete(place)
    maria = staff.signed_in("maria").open("/people")
    assert "Ingen kan öppna Vuxenenheten, den som använder våld." in maria.words
    assert "Leila" not in maria.words  # who sat across the wall stays untold
    assert "Ingen kan öppna" not in staff.signed_in("amina").open("/people").words


@pytest.mark.rule("S33")
def test_an_administrator_is_told_of_every_desk_and_lets_go(
    staff: StaffBureau,
) -> None:
    with staff.writing() as session:
        erik = staff.member(session, "erik")
        for place in erik.memberships:
            session.delete(place)
        erik.role = Role.ADMINISTRATOR
    erik_there = staff.signed_in("erik")
    page = erik_there.open("/members")
    assert page.words.count("Bara en kan öppna") == 3
    path = f"/members/{member_id(staff, 'leila')}/leave"
    page = erik_there.press(path, path, {"right": "y"})
    assert page.words.count("Ingen kan öppna") == 3
