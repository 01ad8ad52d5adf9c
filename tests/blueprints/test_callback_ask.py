"""Asking to be called: dated times, a number that may be rung, and careful defaults."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.arrivals import accept
from intake.hours import Slot
from intake.models import Request
from intake.numbers import read_number
from intake.submissions import CallWish, Submission
from intake.topics import Audience, Channel, Contact, Kind, Mark, Phone, Side, Wish
from tests.blueprints.public import PublicHouse, Seen, Values, Visitor, opened

HERS = "070-174 06 55"
CALL: Values = {"number": HERS, "phone": "own"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


def times(page: Seen, *wanted: int) -> list[str]:
    """Return the values of the wanted times among those that the page offers."""
    boxes = page.form("3a").select("input[name=windows]")
    return [str(boxes[one]["value"]) for one in wanted]


def ask(house: PublicHouse, visitor: Visitor, values: Values, *wanted: int) -> Seen:
    """Open the form, take a minute, choose times, and send it."""
    page = visitor.open("3a")
    house.wait(minutes=1)
    chosen = {"windows": times(page, *wanted)} if wanted else {}
    return visitor.send(page, "3a", {**CALL, **chosen, **values})


def only(house: PublicHouse) -> tuple[Request, dict[Kind, str]]:
    """Return the one request, and what is sealed in it."""
    with house.writing() as session:
        (request,) = house.requests(session)
        texts = dict(house.texts(session, request))
        _ = request.windows, request.numbers
        session.expunge_all()
        return request, texts


def safety(house: PublicHouse) -> dict[str, object]:
    found: dict[str, object] = json.loads(only(house)[1][Kind.SAFETY])
    return found


def test_a_number_and_a_time_are_enough(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = ask(house, visitor, {}, 0, 2)
    assert visitor.status == 303
    assert page.digits
    assert "We call only in the times that you chose." in page.words
    request, texts = only(house)
    assert (request.channel, request.wish) == (Channel.CALLBACK, Wish.CALL)
    assert request.contact is Contact.ALLOWED
    assert texts[Kind.NUMBER] == "+46701740655"
    assert len(request.windows) == 2
    assert HERS not in page.response.text


@pytest.mark.rule("S9")
def test_times_are_dated_swedish_and_within_seven_days(house: PublicHouse) -> None:
    page = house.visitor().open("3a")
    field = page.soup.find(id="windows")
    assert field is not None
    words = " ".join(field.get_text(" ").split())
    assert "Monday 23 November" in words
    assert "11:00 to 12:00, Swedish time" in words
    assert "Tuesday 1 December" not in words
    assert "Saturday" not in words
    with house.writing() as session:
        slots = house.office.units["adult"].calendar.slots(house.clock())
        assert len(field.select("input[name=windows]")) == len(slots)
        assert session.is_active


@pytest.mark.rule("S9")
def test_none_of_these_is_safe_is_always_offered_with_other_ways(
    house: PublicHouse,
) -> None:
    page = house.visitor().open("3a")
    tick = page.soup.select_one("#q8")
    assert tick is not None
    row = tick.find_parent(class_="pick")
    assert row is not None
    assert "08-465 004 10" in row.get_text()
    after = ask(house, house.visitor(), {"q8": "y", "number": "", "phone": ""})
    assert "We do not call." in after.words
    assert only(house)[0].contact is Contact.NOT_ASKED


@pytest.mark.rule("S9")
def test_a_number_without_a_safe_time_is_kept_and_not_rung(house: PublicHouse) -> None:
    ask(house, house.visitor(), {"q8": "y"})
    request, texts = only(house)
    assert request.contact is Contact.NONE_SAFE
    assert texts[Kind.NUMBER] == "+46701740655"


@pytest.mark.rule("S9")
def test_a_foreign_number_asks_where_she_is(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = ask(house, visitor, {"number": "+47 40 61 23 45"}, 0)
    assert "Write which country you are in" in page.said[0]
    assert "Swedish time" in page.said[0]
    visitor.send(page, "3a", {"country": "Norge"})
    assert safety(house)["country"] == "Norge"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("112", "You call this number yourself."),
        ("114 14", "You call this number yourself."),
        ("0900-123 45 67", "numbers that cost extra"),
        ("hej", "We cannot read this as a phone number."),
        ("", "Write a number, or choose"),
    ],
)
def test_what_must_not_be_rung_is_refused_kindly(
    house: PublicHouse, typed: str, said: str
) -> None:
    visitor = house.visitor()
    page = ask(house, visitor, {"number": typed, "word": "körsbär"}, 1)
    assert said in page.said[0]
    assert visitor.status == 303
    kept = page.filled("3a")
    assert (kept["number"], kept["word"]) == (typed, "körsbär")
    assert kept.getlist("windows") == ["2026-11-23T12:00:00+00:00"]


@pytest.mark.parametrize(
    ("values", "wanted", "said"),
    [
        ({}, (), "Choose at least one time"),
        ({"q8": "y"}, (0,), "Choose one of the two."),
        ({"windows": ["2026-11-23T03:00:00+00:00"]}, (), "is over, or cannot be had"),
        ({"windows": ["tomorrow"]}, (), "is over, or cannot be had"),
        ({"phone": ""}, (0,), "Say whose phone it is"),
        ({"word": "Bär", "q9": "bär "}, (0,), "Choose two different words."),
    ],
)
def test_what_is_unclear_is_asked_again(
    house: PublicHouse, values: Values, wanted: tuple[int, ...], said: str
) -> None:
    page = ask(house, house.visitor(), values, *wanted)
    assert said in page.said[0]
    with house.writing() as session:
        assert house.requests(session) == []


@pytest.mark.rule("S10")
@pytest.mark.rule("S11")
@pytest.mark.rule("S17")
@pytest.mark.rule("S18")
def test_every_default_is_the_careful_one(house: PublicHouse) -> None:
    ask(house, house.visitor(), {}, 0)
    said = safety(house)
    assert (said["voicemail"], said["texts"]) == (False, False)
    assert (said["opening"], said["voice"]) == ("wrong-person", "any")
    assert said["shown"] == "hidden"
    _, texts = only(house)
    assert not {Kind.WORD, Kind.NOT_NOW_WORD, Kind.ALIAS} & texts.keys()


@pytest.mark.rule("S18")
def test_what_she_chose_is_sealed_as_she_chose_it(house: PublicHouse) -> None:
    values: Values = {
        "alias": "Anna",
        "word": "körsbär",
        "q9": "plommon",
        "opening": "club",
        "voice": "woman",
        "shown": "shown",
        "voicemail": "y",
        "texts": "y",
        "note": "Han jobbar natt.",
        "text": "Ring mig.",
        "wish": "meeting",
    }
    ask(house, house.visitor(), values, 0)
    request, texts = only(house)
    assert request.wish is Wish.MEETING
    assert (texts[Kind.ALIAS], texts[Kind.WORD]) == ("Anna", "körsbär")
    assert (texts[Kind.NOT_NOW_WORD], texts[Kind.ACCOUNT]) == ("plommon", "Ring mig.")
    assert safety(house) == {
        "opening": "club",
        "voice": "woman",
        "shown": "shown",
        "phone": "own",
        "voicemail": True,
        "texts": True,
        "note": "Han jobbar natt.",
    }


@pytest.mark.rule("S18")
def test_the_form_shows_the_lines_that_are_really_said(house: PublicHouse) -> None:
    words = house.visitor().open("3a").words
    for line in (
        "Hello, it is about the bike to be fixed. Is this the right number?",
        "Hello, I am calling about the training. Is now a good time?",
        "Sorry, wrong number",
    ):
        assert line in words


@pytest.mark.rule("S10")
def test_the_form_explains_the_words(house: PublicHouse) -> None:
    words = house.visitor().open("3a").words
    assert "We never say it and never ask for it." in words
    assert "They do not prove who you are." in words
    assert "we say “Hello, is this the right number?” and name nothing" in words


@pytest.mark.rule("S17")
def test_the_form_says_what_her_call_list_will_hold(house: PublicHouse) -> None:
    words = house.visitor().open("3a").words
    assert "in the call list afterwards, also on a watch, tablet or computer" in words


@pytest.mark.rule("S6")
@pytest.mark.rule("S14")
def test_the_form_says_what_happens_when_another_answers(house: PublicHouse) -> None:
    words = house.visitor().open("3a").words
    assert "do not call again until you have come back here" in words
    assert "never read out an answer or your number by phone" in words


@pytest.mark.rule("S27")
@pytest.mark.parametrize("phone", ["shared", "parent"])
def test_a_childs_shared_phone_is_not_rung_and_she_is_told_kindly(
    house: PublicHouse, phone: str
) -> None:
    form = house.visitor().open("3a")
    option = form.soup.select_one(f"input[name=phone][value={phone}]")
    assert option is not None
    row = option.find_parent(class_="pick")
    assert row is not None
    assert "116 111" in row.get_text()
    values: Values = {"phone": phone, "q2": "y", "texts": "y", "voicemail": "y"}
    page = ask(house, house.visitor(), values, 1)
    assert "We do not call or text that phone" in page.words
    assert "116 111" in page.words
    request, _ = only(house)
    assert (request.unit, request.contact) == ("children", Contact.NOT_HER_PHONE)
    assert request.windows == []
    assert (safety(house)["texts"], safety(house)["voicemail"]) == (False, False)


@pytest.mark.rule("S19")
def test_anothers_phone_is_rung_only_when_that_person_knows(house: PublicHouse) -> None:
    page = ask(house, house.visitor(), {"q6": "y", "phone": "shared"}, 0)
    assert "We do not call or text that phone" in page.words
    ask(house, house.visitor(), {"q6": "y", "phone": "other-knows"}, 0)
    with house.writing() as session:
        contacts = [one.contact for one in house.requests(session)]
    assert contacts == [Contact.NOT_HER_PHONE, Contact.ALLOWED]


@pytest.mark.rule("S28")
def test_a_helper_is_told_not_to_give_the_others_number(house: PublicHouse) -> None:
    page = house.visitor().open("2b")
    assert page.form("2b").select_one("[name=number]") is None
    assert "Do not write the other person's phone number" in page.words


@pytest.mark.rule("S37")
def test_two_people_and_one_last_place(house: PublicHouse) -> None:
    first, second = house.visitor(), house.visitor()
    _fill(house, places=1)
    one, other = first.open("3a"), second.open("3a")
    house.wait(minutes=1)
    (last,) = times(one, 0)
    assert first.send(one, "3a", {**CALL, "windows": [last]}).digits
    late = {**CALL, "windows": [last], "text": "Hej."}
    page = second.send(other, "3a", late)
    assert page.said == ["Someone else just took the last place. Choose another time."]
    assert page.filled("3a")["text"] == "Hej."
    assert last not in times(page, *range(5))
    assert second.send(page, "3a", {"windows": times(page, 0)}).digits
    with house.writing() as session:
        contacts = [one.contact for one in house.requests(session)]
        assert contacts == [Contact.ALLOWED] * 3


@pytest.mark.rule("S3")
def test_sent_again_after_its_time_it_still_counts_once(house: PublicHouse) -> None:
    """The time is over and its last place hers: neither may refuse the same form."""
    visitor = house.visitor()
    _fill(house, places=1)
    form = visitor.open("3a")
    house.wait(minutes=1)
    values = {**CALL, "windows": times(form, 0)}
    first = visitor.send(form, "3a", values)
    again = visitor.send(form, "3a", values)
    house.wait(hours=9)
    later = visitor.send(form, "3a", values)
    assert first.digits == again.digits == later.digits
    with house.writing() as session:
        assert len(house.requests(session)) == 2


def test_a_time_that_passed_while_she_wrote_is_told(house: PublicHouse) -> None:
    visitor = house.visitor()
    form = visitor.open("3a")
    house.wait(hours=3)
    page = visitor.send(form, "3a", {**CALL, "windows": times(form, 0), "text": "Hej."})
    assert "is over, or cannot be had" in page.said[0]
    assert page.filled("3a")["text"] == "Hej."


@pytest.mark.rule("S29")
def test_who_would_call_follows_from_what_she_ticks(house: PublicHouse) -> None:
    """The closed circle opens at eight and has no lunch; the adult unit has."""
    visitor = house.visitor()
    form = visitor.open("3a")
    house.wait(minutes=1)
    noon = "2026-11-24T11:00:00+00:00"
    page = visitor.send(form, "3a", {**CALL, "windows": [noon]})
    assert "is over, or cannot be had" in page.said[0]
    assert visitor.send(page, "3a", {"windows": [noon], "q4": "y"}).digits
    assert only(house)[0].unit == "closed-circle"


@pytest.mark.rule("S29")
def test_the_times_are_those_of_a_unit_that_enough_can_open(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reception, which would be asked first, is open at noon."""
    held = {("adult", Side.HURT): 2}
    monkeypatch.setattr("intake.apart.members_by_desk", lambda _: held)
    visitor, noon = house.visitor(), "2026-11-24T11:00:00+00:00"
    form = visitor.open("3a")
    house.wait(minutes=1)
    childs = {**CALL, "q2": "y", "q4": "y", "q10": "y"}
    page = visitor.send(form, "3a", {**childs, "windows": [noon]})
    assert "is over, or cannot be had" in page.said[0]
    held[("reception", Side.HURT)] = 2
    assert visitor.send(page, "3a", {**childs, "windows": [noon]}).digits
    assert only(house)[0].unit == "reception"


def test_to_meet_needs_no_number(house: PublicHouse) -> None:
    values: Values = {"wish": "meeting", "number": "", "phone": ""}
    page = ask(house, house.visitor(), values)
    assert page.digits
    assert only(house)[0].contact is Contact.NOT_ASKED


@pytest.mark.rule("S8")
def test_an_earlier_request_is_called_instead(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = ask(house, visitor, {"word": "körsbär"}, 0).digits
    page = ask(house, visitor, {"earlier": digits, "word": "forged"}, 3)
    assert "The number that you have goes on" in page.words
    with house.writing() as session:
        (request,) = house.requests(session)
        texts = house.texts(session, request)
        assert [text for kind, text in texts if kind is Kind.WORD] == ["körsbär"]  # S4
        assert len([one for one in request.windows if not one.withdrawn_at]) == 1


@pytest.mark.rule("S8")
def test_another_units_earlier_request_is_not_given_wrong_times(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    form = visitor.open("2")  # unsaid: the reception's
    house.wait(minutes=1)
    digits = visitor.send(form, "/2", {"text": "Hej."}).digits
    page = ask(house, visitor, {"earlier": digits}, 0)
    assert page.digits not in ("", digits)
    with house.writing() as session:
        assert [one.unit for one in house.requests(session)] == ["reception", "adult"]


def test_protected_data_is_marked(house: PublicHouse) -> None:
    ask(house, house.visitor(), {"q7": "y"}, 0)
    assert only(house)[0].marks == [Mark.PROTECTED_DATA.value]


def _fill(house: PublicHouse, places: int) -> Slot:
    """Take all places of the adult unit's first window but so many."""
    calendar = house.office.units["adult"].calendar
    slot = calendar.slots(house.clock())[0]
    call = CallWish(read_number("0701740699"), (slot,), phone=Phone.OWN)
    with house.writing() as session:
        for _ in range(calendar.slot_capacity - places):
            others = Submission("sv", Audience.EXPOSED, call=call)
            accept(session, house.office, others, house.clock())
    return slot
