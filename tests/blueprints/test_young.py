"""The doors of those under 18: the letter asks, the tick decides (S26, S27)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.topics import Audience, Contact, Kind, Phone, Side
from tests.blueprints.public import PublicHouse, Values, opened

TEXT: Values = {"text": "Jag vill prata med någon."}
CALL: Values = {"number": "070-174 06 55", "phone": "parent", "q8": "y"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


@pytest.mark.rule("S26")
@pytest.mark.parametrize(
    ("letter", "audience", "side"),
    [
        ("d", Audience.EXPOSED, Side.HURT),
        ("e", Audience.USES_VIOLENCE, Side.HURTS),
    ],
)
@pytest.mark.parametrize("form", ["2", "3"])
def test_a_childs_own_door_leads_to_the_childrens_unit(
    house: PublicHouse, form: str, letter: str, audience: Audience, side: Side
) -> None:
    visitor, at = house.visitor(), form + letter
    page = visitor.open(at)
    house.wait(minutes=1)
    assert visitor.send(page, at, TEXT | (CALL if form == "3" else {})).digits
    with house.writing() as session:
        (request,) = house.requests(session)
        assert (request.audience, request.side) == (audience, side)
        assert (request.under_18, request.unit) == (True, "children")


@pytest.mark.rule("S26")
@pytest.mark.parametrize(("letter", "unit"), [("d", "adult"), ("e", "adult")])
def test_an_adult_who_came_that_way_takes_the_tick_away(
    house: PublicHouse, letter: str, unit: str
) -> None:
    visitor = house.visitor()
    page = visitor.open(f"2{letter}")
    house.wait(minutes=1)
    visitor.send(page, f"2{letter}", {**TEXT, "q2": []})
    with house.writing() as session:
        (request,) = house.requests(session)
        assert (request.under_18, request.unit) == (False, unit)


@pytest.mark.rule("S27")
@pytest.mark.parametrize("at", ["2d", "3d", "2e", "3e"])
def test_the_tick_stands_open_before_the_box_with_bris_beside_it(
    house: PublicHouse, at: str
) -> None:
    page = house.visitor().open(at).soup
    ticks = page.select("input[name=q2]")
    assert len(ticks) == 1
    assert ticks[0].has_attr("checked")
    assert ticks[0].find_parent("details") is None
    beside = ticks[0].find_parent(class_="pick")
    assert beside is not None
    assert beside.select_one('a[href="tel:116111"]') is not None
    html = str(page)
    assert html.index('name="q2"') < html.index("<textarea")


@pytest.mark.parametrize("at", ["2", "2a", "2b", "2c", "3a"])
def test_no_other_door_takes_somebody_for_a_child(house: PublicHouse, at: str) -> None:
    tick = house.visitor().open(at).soup.select_one("input[name=q2]")
    assert tick is not None
    assert not tick.has_attr("checked")


@pytest.mark.rule("S27")
def test_a_parents_phone_is_kept_and_never_rung(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = visitor.open("3d")
    house.wait(minutes=1)
    times = page.form("3d").select("input[name=windows]")
    visitor.send(page, "3d", {**CALL, "q8": [], "windows": str(times[0]["value"])})
    with house.writing() as session:
        (request,) = house.requests(session)
        assert request.contact is Contact.NOT_HER_PHONE
        safety = json.loads(dict(house.texts(session, request))[Kind.SAFETY])
        assert safety["phone"] == Phone.PARENT


@pytest.mark.rule("S26")
def test_the_childs_own_answer_outlasts_a_mistake(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = visitor.open("2d")
    house.wait(minutes=1)
    again = visitor.send(page, "2d", {"text": "", "q2": []})
    tick = again.soup.select_one("input[name=q2]")
    assert tick is not None
    assert not tick.has_attr("checked")
