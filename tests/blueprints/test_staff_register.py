"""Registering for others at the desk, and numbers read out in a call."""

import pytest
from sqlalchemy import select

from intake.models import Door, Request, Sending
from intake.queue import find
from intake.store import reading
from intake.topics import Channel, Contact, Danger, Mark, Phone, Side
from intake.voice_receipts import LASTS
from tests.blueprints.conftest import Browser, Given, StaffBureau
from tests.blueprints.public import Seen

SECRET = "Hon sa att trappan inte är säker"
HERS = "070-174 06 55"
EXPOSED, CHILDS = "/register/exposed", "/register/child"


@pytest.fixture
def maria(staff: StaffBureau) -> Browser:
    return staff.signed_in("maria")


def first_time(page: Seen) -> str:
    box = page.form(str(EXPOSED)).select_one("[name=windows]")
    assert box is not None
    return str(box["value"])


def call(page: Seen, **more: str | list[str]) -> Given:
    """Return a call's facts: her number, a time, and what is safe."""
    return {
        "channel": "phone",
        "text": SECRET,
        "number": HERS,
        "phone": "own",
        "windows": first_time(page),
        "word": "äppelkaka",
        "not_now_word": "onsdag",
        **more,
    }


def requests(staff: StaffBureau) -> list[Request]:
    with reading(staff.engine) as session:
        return list(session.scalars(select(Request).order_by(Request.id)))


def shown_number(page: Seen) -> str:
    digits = page.soup.select_one(".digits bdi")
    return digits.get_text() if digits else ""


@pytest.mark.parametrize(
    ("channel", "words"),
    [("phone", "Telefon"), ("visit", "Besök"), ("on-call", "Från socialjouren")],
)
def test_what_was_told_to_us_lies_in_the_queue_and_says_who_wrote_it(
    staff: StaffBureau, maria: Browser, channel: str, words: str
) -> None:
    page = maria.open(EXPOSED)
    facts = call(page, danger="soon", children="y", marks=["honour"], language="ar")
    facts = {**facts, "channel": channel}
    answer = maria.press(EXPOSED, EXPOSED, facts)
    assert "Ärendet är registrerat." in answer.words
    for said in (SECRET, "antecknat av oss", "Maria", words, "Lämnat av oss"):
        assert said in answer.words
    assert HERS not in answer.response.text
    with staff.writing() as session:
        request = session.scalars(select(Request)).one()
        assert request.channel is Channel(channel)
        assert (request.danger, request.marks) == (Danger.SOON, [Mark.HONOUR])
        assert (request.language, request.child_mark) == ("ar", True)
        assert request.contact is Contact.ALLOWED
        assert len(request.windows) == 1
        assert request.doors == []


def test_a_double_press_makes_one_request_and_a_change_after_it_is_told(
    staff: StaffBureau, maria: Browser
) -> None:
    page = maria.open(EXPOSED)
    facts = call(page, gives_number="y")
    first, again = (maria.send(page, EXPOSED, facts) for _ in range(2))
    pages = [maria.open(one.response.headers["Location"]) for one in (first, again)]
    assert shown_number(pages[0])
    assert shown_number(pages[0]) == shown_number(pages[1])
    assert len(requests(staff)) == 1
    changed = maria.send(page, EXPOSED, {**facts, "text": "Mer kom till"})
    assert changed.response.status_code == 422
    assert "Det du har ändrat sedan dess är inte sparat" in changed.words
    assert "Mer kom till" in changed.response.text
    assert len(requests(staff)) == 1
    saved = maria.send(changed, EXPOSED)
    assert saved.response.status_code == 303
    assert len(requests(staff)) == 2


@pytest.mark.rule("S6")
def test_a_number_is_read_out_once_and_staff_see_that_it_was(
    staff: StaffBureau, maria: Browser
) -> None:
    page = maria.open(EXPOSED)
    facts = call(page, gives_number="y", own_word="gunga")
    where = maria.send(page, EXPOSED, facts).response.headers["Location"]
    given = maria.open(where)
    digits = shown_number(given)
    assert len(digits.replace(" ", "")) == 20
    after = maria.press(where, "/done")
    assert "gavs med rösten" in after.words
    assert maria.open(where).response.status_code == 404
    # The form is sent once more from the browser's memory: nothing is shown again.
    again = maria.send(page, EXPOSED, facts).response.headers["Location"]
    assert again.startswith("/r/")
    with staff.writing() as session:
        door = session.scalars(select(Door)).one()
        assert door.ends_at == staff.clock() + LASTS
        key = staff.peppers.key(digits.replace(" ", ""), "gunga")
        assert door.tag == key.tag
        assert session.scalars(select(Sending)).one().burned_at is not None
    claimed = maria.press(f"/r/{requests(staff)[0].reference}", "/claim")
    assert "Numret till svaret gavs med rösten" in claimed.words


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "Fyll i det här."),
        ({"channel": "sms"}, "Välj eller skriv"),
        ({"number": "112"}, "Dit ringer personen själv"),
        ({"phone": ""}, "Ange vems telefon"),
        ({"windows": []}, "Välj tider, eller att ingen"),
        ({"windows": "2020-01-01T10:00:00+00:00"}, "Välj igen"),
        ({"none_safe": "y"}, "Välj tider, eller att ingen är säker"),
        ({"number": ""}, "Tiderna behöver ett nummer"),
        ({"number": "+47 21 12 34 56"}, "Numret är utländskt"),
        ({"not_now_word": "Äppelkaka"}, "Välj två olika ord"),
        ({"kept": "children"}, "Välj eller skriv"),
        ({"token": "x"}, "stått öppen länge"),
    ],
)
def test_what_is_unclear_comes_back_with_everything_that_was_written(
    staff: StaffBureau, maria: Browser, wrong: Given, said: str
) -> None:
    page = maria.open(EXPOSED)
    answer = maria.send(page, EXPOSED, {**call(page, note="Inte kvällar"), **wrong})
    assert answer.response.status_code == 422
    assert said in answer.words
    assert "Inte kvällar" in answer.response.text
    assert requests(staff) == []


def test_a_form_that_stood_open_for_a_day_is_saved_with_one_more_press(
    staff: StaffBureau, maria: Browser
) -> None:
    page = maria.open(EXPOSED)
    staff.clock.forward(hours=24, minutes=1)
    maria = staff.signed_in("maria")
    token = maria.open(EXPOSED).filled(EXPOSED)["csrf_token"]
    facts: Given = {"channel": "visit", "text": SECRET, "csrf_token": token}
    late = maria.send(page, EXPOSED, facts)
    assert late.response.status_code == 422
    assert maria.send(late, EXPOSED).response.status_code == 303
    assert len(requests(staff)) == 1


def test_the_last_place_that_is_gone_keeps_what_was_written(
    staff: StaffBureau, maria: Browser
) -> None:
    page = maria.open(EXPOSED)
    facts = call(page)
    for left in (2, 1):  # the unit's capacity
        assert f"svensk tid, {left} kvar" in maria.open(EXPOSED).words
        maria.press(EXPOSED, EXPOSED, facts)
    full = maria.send(page, EXPOSED, facts)
    assert full.response.status_code == 422
    assert "Den sista platsen" in full.words
    assert SECRET in full.response.text
    assert len(requests(staff)) == 2


@pytest.mark.rule("S27")
def test_a_childs_own_goes_to_its_unit_and_a_parents_phone_is_not_rung(
    staff: StaffBureau, maria: Browser
) -> None:
    page = maria.open(CHILDS)
    assert [one["value"] for one in page.form(CHILDS).select("[name=kept]")] == [""]
    box = page.form(CHILDS).select_one("[name=windows]")
    assert box is not None
    facts = {**call(maria.open(EXPOSED)), "windows": str(box["value"])}
    answer = maria.press(CHILDS, CHILDS, {**facts, "phone": "parent"})
    assert "en kö som du inte kan öppna" in answer.words
    with staff.writing() as session:
        request = session.scalars(select(Request)).one()
        assert (request.unit, request.under_18) == ("children", True)
        assert request.contact is Contact.NOT_HER_PHONE
        member = staff.member(session, "maria")
        assert find(session, member.id, request.reference) is None


@pytest.mark.rule("S30")
def test_what_goes_across_the_wall_is_told_without_a_reference(
    staff: StaffBureau, maria: Browser
) -> None:
    path = "/register/uses-violence"
    told: Given = {"channel": "phone", "text": SECRET, "gives_number": "y"}
    given = maria.press(path, path, told)
    request = requests(staff)[0]
    assert request.side is Side.HURTS
    assert shown_number(given)
    after = maria.open(maria.send(given, "/done").response.headers["Location"])
    for page in (given, after):
        assert request.reference not in page.response.text
    assert maria.open(f"/r/{request.reference}").response.status_code == 404


@pytest.mark.rule("S28")
@pytest.mark.parametrize(
    ("who", "unit"), [("child", "children"), ("adult", "reception")]
)
def test_a_concern_report_has_no_field_for_a_number_and_says_unverified(
    staff: StaffBureau, maria: Browser, who: str, unit: str
) -> None:
    path = f"/concern/{who}"
    page = maria.open(path)
    names = set(page.filled(path)) | {
        str(i.get("name")) for i in page.form(path).select("input, select")
    }
    assert names.isdisjoint({"number", "phone", "windows", "gives_number", "own_word"})
    sent: Given = {"text": SECRET, "number": HERS, "gives_number": "y"}
    assert maria.send(page, path, sent).response.status_code == 303
    with staff.writing() as session:
        request = session.scalars(select(Request)).one()
        assert (request.channel, request.unit) == (Channel.CONCERN, unit)
        assert (request.numbers, request.doors) == ([], [])
        reference = request.reference
    reader = staff.signed_in("sara" if who == "child" else "johan")
    shown = reader.open(f"/r/{reference}")
    assert "Obekräftat" in shown.words
    assert "ett sätt att kontrollera någon" in shown.words
    assert "Barnets eget ärende" not in shown.words


@pytest.mark.rule("S29")
def test_whom_she_fears_at_the_desk_gets_nothing_of_it(staff: StaffBureau) -> None:
    amina = staff.signed_in("amina")
    told: Given = {"channel": "visit", "text": SECRET, "avoid_text": "Amina"}
    answer = amina.press(EXPOSED, EXPOSED, told)
    assert "en kö som du inte kan öppna" in answer.words
    assert requests(staff)[0].unit == "closed-circle"


def test_it_stays_at_her_own_unit_where_she_says_so(staff: StaffBureau) -> None:
    amina = staff.signed_in("amina")
    told: Given = {"channel": "visit", "text": SECRET, "kept": "reception"}
    amina.press(EXPOSED, EXPOSED, told)
    assert requests(staff)[0].unit == "reception"


@pytest.mark.parametrize("path", ["/register/nobody", "/concern/exposed"])
def test_other_addresses_are_not_there(maria: Browser, path: str) -> None:
    assert maria.open(path).response.status_code == 404


def ring(
    staff: StaffBureau, browser: Browser, outcome: str, agreed: bool = True
) -> str:
    said = staff.callback() if agreed else staff.callback(word="", not_now_word="")
    path = f"/r/{staff.send(said, staff.digits())}"
    browser.press(path, "/reading", {"urgency": "normal"})
    browser.press(path, "/claim")
    browser.press(path, "/call")
    browser.press(path, "/outcome", {"outcome": outcome})
    return path


@pytest.mark.rule("S6")
def test_after_her_word_a_lost_number_is_replaced_in_the_call(
    staff: StaffBureau, maria: Browser
) -> None:
    path = ring(staff, maria, "word-came")
    page = maria.open(path)
    refused = maria.send(page, "/voice", {})
    assert refused.response.status_code == 422
    first, again = (maria.send(page, "/voice", {"sure": "y"}) for _ in range(2))
    where = [one.response.headers["Location"] for one in (first, again)]
    digits = [shown_number(maria.open(one)) for one in where]
    assert digits[0]
    assert digits[0] == digits[1]
    with staff.writing() as session:
        old, new = session.scalars(select(Door).order_by(Door.id))
        assert old.closed_at is not None
        assert (new.by_voice, new.closed_at) == (True, None)
        assert new.ends_at == staff.clock() + LASTS
    for one in where:
        maria.press(one, "/done")
    assert (
        maria.send(page, "/voice", {"sure": "y"}).response.headers["Location"] == path
    )


@pytest.mark.rule("S6")
@pytest.mark.parametrize(
    ("outcome", "agreed", "why"),
    [
        ("said-unasked", False, "efter ordet"),
        ("not-now", True, "efter ett samtal där personen kunde prata"),
    ],
)
def test_without_her_word_there_is_no_new_number(
    staff: StaffBureau, maria: Browser, outcome: str, agreed: bool, why: str
) -> None:
    path = ring(staff, maria, outcome, agreed)
    page = maria.open(path)
    assert page.soup.select('form[action$="/voice"]') == []
    token = page.soup.select_one("[name=csrf_token]")
    assert token is not None
    sent = {"csrf_token": str(token["value"]), "sure": "y"}
    answer = Seen(maria.client.post(f"{path}/voice", data=sent))
    assert answer.response.status_code == 409
    assert why in answer.words
    with staff.writing() as session:
        assert session.scalars(select(Door)).one().by_voice is False


def test_a_visitors_own_page_is_no_number_to_read_out(maria: Browser) -> None:
    assert maria.open("/given/" + "x" * 22).response.status_code == 404


def test_whose_phone_it_is_is_asked_in_words(maria: Browser) -> None:
    shown = maria.open(EXPOSED).form(EXPOSED).select("[name=phone] option")
    assert len(shown) == len(Phone)
