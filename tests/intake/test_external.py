"""Another organisation's unit: reached by hand-over with consent, and by nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from intake import handover, on_call, queue
from intake.errors import BadData, NotAllowed
from intake.queue import find
from intake.registering import own_units
from intake.rulebook import load_rules
from intake.topics import HandOverGround, Side
from intake.units import UnitKind, load_units
from tests.factories import Bureau, text
from tests.workbench import DATA

SHELTER = "reception"  # its members stand in for those of a shelter


@pytest.fixture
def town(either_bureau: Bureau) -> Bureau:
    """Return a bureau in which one unit is another organisation's."""
    bureau = either_bureau
    shelter = replace(bureau.office.units[SHELTER], kind=UnitKind.EXTERNAL)
    units = {**bureau.office.units, SHELTER: shelter}
    bureau.office = replace(bureau.office, units=units)
    return bureau


def hand_over(town: Bureau, reference: str, ground: HandOverGround) -> None:
    with town.writing() as session:
        maria, request = town.desk(session, "maria"), town.request(session, reference)
        queue.claim(maria, request, town.clock())
        handover.hand_over(maria, request, SHELTER, ground, "", town.clock())


@pytest.mark.rule("S33")
@pytest.mark.parametrize(
    "ground", [one for one in HandOverGround if one is not HandOverGround.CONSENT]
)
def test_without_her_consent_nothing_goes_out_of_the_house(
    town: Bureau, ground: HandOverGround
) -> None:
    reference = town.send(text())
    with pytest.raises(NotAllowed, match="external-consent"):
        hand_over(town, reference, ground)
    with town.writing() as session:
        assert town.request(session, reference).unit == "adult"


@pytest.mark.rule("S33")
def test_with_consent_it_opens_there_and_only_what_was_handed_over(
    town: Bureau,
) -> None:
    given, kept = town.send(text()), town.send(text())
    hand_over(town, given, HandOverGround.CONSENT)
    with town.writing() as session:
        request = town.request(session, given)
        assert {key.desk.unit for key in request.keys} == {SHELTER}
        maria = town.member(session, "maria")
        assert find(session, maria.id, given) is None
        for login in ("leila", "erik"):  # the other side of the same unit
            member = town.member(session, login)
            assert find(session, member.id, given) is None
            assert find(session, member.id, kept) is None


def test_no_rule_leads_to_it_and_the_start_says_so(tmp_path: Path) -> None:
    shipped = (DATA / "units.toml").read_text("utf-8")
    before, after = shipped.split('key = "reception"\nkind = "day"', 1)
    file = tmp_path / "units.toml"
    file.write_text(f'{before}key = "reception"\nkind = "external"{after}', "utf-8")
    units = load_units(file)
    assert units[SHELTER].kind is UnitKind.EXTERNAL
    with pytest.raises(BadData, match="'reception', which is external"):
        load_rules(DATA / "routing.toml", units)


def test_nothing_is_kept_there_and_no_list_of_ours_is(town: Bureau) -> None:
    with town.writing() as session:
        amina = town.desk(session, "amina")
        assert own_units(amina, Side.HURT) == ["adult"]
        places = [p for p in amina.member.memberships if p.desk.unit != SHELTER]
        for place in places:
            session.delete(place)
        session.flush()
        session.expire(amina.member, ["memberships"])
        shown = {one.desk.unit for one in on_call.lists(amina, town.clock())}
        assert shown == {SHELTER}
