"""How the desk is worked: one short page, for every member, from every page."""

import pytest

from tests.blueprints.conftest import StaffBureau

HERE = "/working"
MOST_WORDS = 450  # a screen and a half at 1280 px


@pytest.mark.parametrize("login", ["amina", "maria", "karin", "olof", "vera"])
def test_the_page_is_led_to_from_the_header_for_every_role(
    staff: StaffBureau, login: str
) -> None:
    who = staff.signed_in(login)
    link = who.open("/account").soup.select_one(f'header a[href="{HERE}"]')
    assert link is not None
    assert link.get_text() == "Så arbetar du"
    page = who.open(HERE)
    here = page.soup.select_one(f'header a[href="{HERE}"]')
    assert here is not None
    assert here.get("aria-current") == "page"
    assert [one.get_text() for one in page.soup.select("main h2")] == [
        "I dag, uppifrån",
        "Färgerna",
        "Att ringa",
        "Om någon annan svarar",
        "Fara för liv",
        "Vem ser vad",
    ]


@pytest.mark.rule("S10", "S11", "S12", "S13", "S14")
def test_it_is_short_and_says_the_rules_of_a_call_in_ten_lines(
    staff: StaffBureau,
) -> None:
    page = staff.signed_in("amina").open(HERE)
    assert len(page.soup.select("main ol li")) == 10
    assert len(page.words.split()) <= MOST_WORDS
    for said in (
        "Säg aldrig ordet själv, och fråga aldrig efter det",
        "bekräfta inget ärende, ingen verksamhet, ingen tidigare kontakt",
        "numret rings inte i något annat ärende",
        "Är du osäker gäller nej",
    ):
        assert said in page.words
    # It can be read aloud over a shoulder: nothing of any request stands there.
    assert page.soup.select("main form, main script, main [href^='/r/']") == []
