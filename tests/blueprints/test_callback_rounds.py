"""What is wrong with a form to be called is told at once, and kindly."""

import dataclasses
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.blueprints.public import PublicHouse, Seen, Values, opened
from tests.blueprints.test_callback_ask import CALL, _fill, times
from tests.blueprints.test_contact_write import write

TEXTED, SENDS = "+46701740600", "+46701740601"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        wiring = made.app.extensions["stilla"]
        numbers = {"sms_number": TEXTED, "sms_sender": SENDS}
        settings = dataclasses.replace(wiring.settings, **numbers)
        made.app.extensions["stilla"] = dataclasses.replace(wiring, settings=settings)
        yield made


def sent(house: PublicHouse, values: Values) -> Seen:
    """Open the form, take a minute, and send it with these values alone."""
    visitor = house.visitor()
    page = visitor.open("3a")
    house.wait(minutes=1)
    return visitor.send(page, "3a", values)


def test_an_empty_form_is_told_all_that_it_lacks(house: PublicHouse) -> None:
    said = " ".join(sent(house, {}).said)
    assert "Write a number" in said
    assert "Say whose phone it is" in said
    assert "Choose at least one time" in said


def test_a_number_that_opens_nothing_is_told_with_the_rest(house: PublicHouse) -> None:
    digits = write(house, house.visitor(), {"own_word": "plommon"}).digits
    said = sent(house, {"earlier": digits, "earlier_word": "fel"}).said
    assert len(said) == 4
    assert "do not fit together" in " ".join(said)


@pytest.mark.rule("S37")
def test_a_place_that_is_gone_is_told_with_the_rest(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = visitor.open("3a")
    last = times(page, 0)
    _fill(house, places=0)
    house.wait(minutes=1)
    page = visitor.send(page, "3a", {**CALL, "windows": last, "phone": ""})
    assert len(page.said) == 2
    assert "Someone else just took the last place." in page.said[1]


def test_a_form_that_stood_open_too_long_is_told_the_rest_as_well(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    page = visitor.open("3a")
    house.wait(hours=25)
    said = visitor.send(page, "3a", {}).said
    assert len(said) == 4
    assert "open for too long" in said[-1]


@pytest.mark.parametrize(
    ("typed", "link", "shown"),
    [
        ("112", "tel:112", "112"),
        ("114 14", "tel:11414", "114\xa014"),
        ("1177", "tel:1177", "1177"),
        ("116 006", "tel:116006", "116\xa0006"),
        ("+46 20 50 50 50", "tel:020505050", "020-50\xa050\xa050"),
    ],
)
def test_a_service_is_hers_to_call(
    house: PublicHouse, typed: str, link: str, shown: str
) -> None:
    page = sent(house, {**CALL, "number": typed})
    assert "You call this number yourself." in page.said[0]
    own = page.form("3a").select_one(f'a[href="{link}"]:has(bdi)')
    assert own is not None
    assert own.get_text() == shown
    assert f"Call {shown.replace(chr(160), ' ')} yourself." in page.words


@pytest.mark.parametrize("typed", ["08-465 004 10", "070-174 06 00", SENDS])
def test_our_own_number_is_not_hers(house: PublicHouse, typed: str) -> None:
    page = sent(house, {**CALL, "number": typed})
    assert "This is our own number." in page.said[0]
    assert page.filled("3a")["number"] == typed


@pytest.mark.rule("S1", "S8")
def test_a_receipt_in_the_text_box_drops_no_number_and_no_time(
    house: PublicHouse,
) -> None:
    digits = write(house, house.visitor()).digits
    form = house.visitor().open("3a")
    said: Values = {**CALL, "windows": times(form, 0, 2), "word": "blåbär"}
    page = sent(house, {**said, "text": digits})
    assert page.said == ["This is a number that you got from us. It has not been sent."]
    assert page.soup.select('main a[href="/en/4"]')
    assert "Take it out of the text" in page.words
    filled = page.filled("3a")
    assert {name: filled.getlist(name) for name in said} == {
        name: [value] if isinstance(value, str) else value
        for name, value in said.items()
    }
    with house.writing() as session:
        assert len(house.requests(session)) == 1


def test_a_receipt_alone_in_a_form_to_be_called_opens_the_way_in(
    house: PublicHouse,
) -> None:
    digits = write(house, house.visitor()).digits
    assert sent(house, {"text": digits}).filled("/4")["digits"] == digits


def test_what_she_wrote_is_here_only_if_she_wrote(house: PublicHouse) -> None:
    def heading(page: Seen) -> str:
        found = page.soup.select_one(".errors h2")
        return found.get_text() if found else ""

    assert heading(sent(house, {"q1": "soon"})) == "Please look at this again."
    kept = "Please look at this again. What you wrote is still here."
    assert heading(sent(house, {"text": "Hej."})) == kept
    assert heading(sent(house, {"number": "hej"})) == kept


@pytest.mark.rule("S23")
def test_an_answer_on_danger_can_be_taken_back(house: PublicHouse) -> None:
    for path in ("2a", "3a"):
        options = house.visitor().open(path).form(path).select("input[name=q1]")
        assert [one["value"] for one in options] == ["not-now", "soon", "now", "unsaid"]
        assert not any(one.has_attr("checked") for one in options)
    page = write(house, house.visitor(), {"q1": "unsaid"})
    assert page.digits
    with house.writing() as session:
        (request,) = house.requests(session)
        assert request.urgency == "normal"


@pytest.mark.parametrize("path", ["2a", "3a"])
def test_send_stands_by_what_is_needed_and_again_at_the_end(
    house: PublicHouse, path: str
) -> None:
    form = house.visitor().open(path).form(path)
    needed = form.select_one("textarea[name=text], input[name=windows]")
    folded = form.select_one("[name=q4]")
    assert needed is not None
    assert folded is not None
    sends = form.select("button.go:not(.quiet)")
    assert len(sends) == 2
    for before, after in pairwise((needed, sends[0], folded, sends[1])):
        # By place: to the parser, two equal buttons are one.
        assert after.sourceline is not None
        assert (before.sourceline, before.sourcepos) < (
            after.sourceline,
            after.sourcepos,
        )
    above = sends[0].find_previous("p", class_="hint")
    assert above is not None
    assert "someone who works there must not see this" in above.get_text()  # S29
    names = {str(button.get("name")) for button in form.select("button")}
    assert names <= {"None", "part"}
