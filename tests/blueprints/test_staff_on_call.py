"""The on-call lists: heads keep them, and nobody reads a number there again."""

import pytest
from sqlalchemy import select

from intake.alert_tables import OnCallName
from intake.alerts import mail_unit
from intake.people import Desk
from intake.topics import Role, Side
from tests.blueprints.conftest import Browser, StaffBureau

NUMBER = "070-174 06 11"
ANNA = {"name": "Anna", "number": NUMBER, "when": "always"}
pytestmark = pytest.mark.rule("S25")


def desk_id(staff: StaffBureau, unit: str, side: Side = Side.HURT) -> int:
    with staff.writing() as session:
        found = select(Desk.id).where(Desk.unit == unit, Desk.side == side)
        return session.scalars(found).one()


def names(staff: StaffBureau, at: int) -> list[str]:
    with staff.writing() as session:
        listed = select(OnCallName.name).where(OnCallName.desk_id == at)
        return list(session.scalars(listed.order_by(OnCallName.place)))


def put(head: Browser, at: int, **said: str) -> str:
    return head.press("/on-call", f"/on-call/{at}", {**ANNA, **said}).words


def test_a_head_keeps_the_list_in_its_order(staff: StaffBureau) -> None:
    maria, at = staff.signed_in("maria"), desk_id(staff, "adult")
    assert "Ingen står på listan" in maria.open("/on-call").words
    words = put(maria, at)
    assert "Namnet står sist på jourlistan." in words
    assert "…0611" in words
    assert "larmas nu" in words
    put(maria, at, name="Bo", number="", mail="bo@kommun.example", when="closed")
    assert names(staff, at) == ["Anna", "Bo"]
    with staff.writing() as session:
        bo = session.scalars(select(OnCallName).where(OnCallName.name == "Bo")).one()
        action = f"/on-call/name/{bo.id}"
    page = maria.press("/on-call", f"{action}/up")
    assert "b…@kommun.example" in page.words
    assert names(staff, at) == ["Bo", "Anna"]
    maria.press("/on-call", f"{action}/remove")
    assert names(staff, at) == ["Anna"]


def test_no_number_or_address_is_shown_or_stored_in_plain(staff: StaffBureau) -> None:
    maria, at = staff.signed_in("maria"), desk_id(staff, "adult")
    put(maria, at, mail="anna.riktig@kommun.example")
    page = maria.open("/on-call").response.text
    assert "1740611" not in page.replace(" ", "").replace("-", "")
    assert "anna.riktig" not in page
    with staff.writing() as session:
        row = session.scalars(select(OnCallName)).one()
        stored = f"{row.shown}{row.worker_box!r}"
    assert "740611" not in stored
    assert "riktig" not in stored


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"number": ""}, "Fyll i ett telefonnummer, en e-postadress, eller båda."),
        ({"number": "112"}, "Det är inget nummer att sms:a."),
        ({"number": "", "mail": "anna"}, "Skriv adressen som namn@kommun.se."),
        ({"mail": "a@b.se, c@d.se"}, "Skriv adressen som namn@kommun.se."),
        ({"name": ""}, "Fyll i det här."),
    ],
)
def test_what_reaches_nobody_is_given_back_as_it_was_typed(
    staff: StaffBureau, said: dict[str, str], told: str
) -> None:
    maria, at = staff.signed_in("maria"), desk_id(staff, "adult")
    filled = {**ANNA, **said}
    page = maria.send(maria.open("/on-call"), f"/on-call/{at}", filled)
    assert page.response.status_code == 422
    assert told in page.words
    form = page.filled(f"/on-call/{at}")
    assert form["name"] == filled["name"]
    assert form["number"] == filled["number"]
    assert names(staff, at) == []


def test_the_lists_of_other_units_are_not_hers_but_on_calls_is_every_heads(
    staff: StaffBureau,
) -> None:
    maria = staff.signed_in("maria")
    put(maria, desk_id(staff, "on-call", Side.HURTS))
    at = desk_id(staff, "children")
    page = maria.open("/on-call")
    assert "Barnenheten" not in page.words
    token = page.filled("/sign-out")["csrf_token"]
    said = {**ANNA, "csrf_token": token}
    assert maria.client.post(f"/on-call/{at}", data=said).status_code == 404
    assert names(staff, at) == []


def _alerted(staff: StaffBureau, unit: str, side: Side) -> None:
    with staff.writing() as session:
        at = session.get_one(Desk, desk_id(staff, unit, side))
        mail_unit(session, at, 1, staff.clock())


def test_the_other_side_of_her_unit_is_another_heads(staff: StaffBureau) -> None:
    maria, at = staff.signed_in("maria"), desk_id(staff, "adult", Side.HURTS)
    # No head holds a key there yet: somebody must keep the list all the same.
    put(maria, at)
    _alerted(staff, "adult", Side.HURTS)
    page = maria.open("/on-call")
    assert page.soup.select_one(f'form[action="/on-call/{at}"]')
    assert "Senaste larmen" not in page.words
    with staff.writing() as session:
        staff.member(session, "leila").role = Role.HEAD
        name = session.scalars(select(OnCallName.id)).one()
    page = maria.open("/on-call")
    assert not page.soup.select_one(f'form[action="/on-call/{at}"]')
    token = page.filled("/sign-out")["csrf_token"]
    for path in (f"{at}", f"name/{name}/up", f"name/{name}/remove"):
        said = {**ANNA, "csrf_token": token}
        answer = maria.client.post(f"/on-call/{path}", data=said)
        assert answer.status_code == 404, path
    assert names(staff, at) == ["Anna"]
    leila = staff.signed_in("leila")
    assert "Senaste larmen" in leila.open("/on-call").words
    hurt = desk_id(staff, "adult")
    assert not leila.open("/on-call").soup.select_one(f'form[action="/on-call/{hurt}"]')


def test_on_calls_log_is_told_by_side(staff: StaffBureau) -> None:
    with staff.writing() as session:
        staff.member(session, "leila").role = Role.HEAD
    _alerted(staff, "on-call", Side.HURT)
    leila = staff.signed_in("leila")
    assert "Senaste larmen" not in leila.open("/on-call").words
    _alerted(staff, "on-call", Side.HURTS)
    assert "Senaste larmen" in leila.open("/on-call").words


def test_who_is_no_head_sees_no_list(staff: StaffBureau) -> None:
    amina = staff.signed_in("amina")
    page = amina.open("/")
    assert page.soup.select_one('header a[href="/on-call"]') is None
    assert amina.open("/on-call").response.status_code == 404


@pytest.mark.parametrize(
    ("typed", "is_hers"),
    [("AMINA, journummer", True), ("Exempel A.", True), ("Ami", False), ("Bo", False)],
)
def test_who_leaves_is_looked_for_on_the_lists(
    staff: StaffBureau, typed: str, is_hers: bool
) -> None:
    maria = staff.signed_in("maria")
    put(maria, desk_id(staff, "on-call"), name=typed)
    with staff.writing() as session:
        path = f"/members/{staff.member(session, 'amina').id}/leave"
    words = maria.open(path).words
    assert ("står på jourlistan för Socialjouren, " in words) is is_hers
