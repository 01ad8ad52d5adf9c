"""Writing without a name: one request, one number, and nothing typed that is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from intake import arrivals
from intake.models import OnePage, Sending
from intake.topics import Audience, Channel, Danger, Kind, Side, Urgency
from tests.blueprints.public import (
    NAVIGATES,
    PublicHouse,
    Seen,
    Values,
    Visitor,
    opened,
)
from web import limits, room

TEXT = "Det är inte bra hemma.\nJag vet inte vad jag ska göra."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PublicHouse]:
    with opened(tmp_path) as made:
        yield made


def write(
    house: PublicHouse, visitor: Visitor, values: Values | None = None, at: str = "2"
) -> Seen:
    """Open the form, take a minute, and send it."""
    page = visitor.open(at)
    house.wait(minutes=1)
    return visitor.send(page, at, {"text": TEXT, **(values or {})})


def test_only_the_text_is_needed(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = write(house, visitor)
    assert visitor.status == 303
    assert re.fullmatch(r"(\d{4} ){4}\d{4}", page.digits)
    with house.writing() as session:
        (request,) = house.requests(session)
        assert house.texts(session, request) == [(Kind.ACCOUNT, TEXT)]
        assert (request.channel, request.language) == (Channel.FORM, "en")
        assert (request.audience, request.unit) == (Audience.UNSAID, "reception")
        assert not request.set_aside


@pytest.mark.parametrize(
    ("at", "audience", "side", "unit"),
    [
        ("2a", Audience.EXPOSED, Side.HURT, "adult"),
        ("2b", Audience.RELATIVE, Side.HURT, "reception"),
        ("2c", Audience.USES_VIOLENCE, Side.HURTS, "adult"),
    ],
)
def test_a_letter_in_the_address_tells_the_section(
    house: PublicHouse, at: str, audience: Audience, side: Side, unit: str
) -> None:
    write(house, house.visitor(), at=at)
    with house.writing() as session:
        (request,) = house.requests(session)
        assert (request.audience, request.side, request.unit) == (audience, side, unit)


@pytest.mark.rule("S23")
def test_when_a_person_reads_and_the_danger_stand_before_the_box(
    house: PublicHouse,
) -> None:
    html = house.visitor().open("2a").response.text
    before, _, after = html.partition("<textarea")
    assert "Monday 23 November at 15:00, Swedish time" in before
    assert "How dangerous is it now, for anyone?" in before
    for number in ("112", "90390", "116111"):
        assert f'href="tel:{number}"' in before
    assert "Without a phone number we can" in before
    assert 'name="q2"' in after


@pytest.mark.rule("S23")
def test_danger_now_is_urgent_and_the_numbers_stand_on_the_receipt(
    house: PublicHouse,
) -> None:
    page = write(house, house.visitor(), {"q1": "now"}, at="2a")
    for number in ("112", "90 390", "116 111"):
        assert number in page.words
    assert "we can't find you" in page.words
    assert "Monday 23 November at 10:15" in page.words
    with house.writing() as session:
        (request,) = house.requests(session)
        assert (request.danger, request.urgency) == (Danger.NOW, Urgency.ACUTE)


@pytest.mark.rule("S43")
def test_beside_the_box_stands_what_the_phone_may_keep(house: PublicHouse) -> None:
    page = house.visitor().open("2").soup
    box = page.select_one("textarea[name=text]")
    assert box is not None
    hint = page.find(id=str(box["aria-describedby"]))
    assert hint is not None
    assert "Do not dictate, copy or take a screenshot" in hint.get_text()
    assert (box["autocomplete"], box["spellcheck"]) == ("off", "false")


def test_nobody_asks_who_she_is(house: PublicHouse) -> None:
    names = {
        str(one["name"]) for one in house.visitor().open("2").form("2").select("[name]")
    }
    assert names == {
        *("token", "website", "text", "q1", "language", "interpreter"),
        *("interpreter_voice", "q2", "q3", "q4", "q5"),
        *("q6", "q7", "q10", "earlier", "earlier_word", "own_word"),
        *("no_number", "part"),
    }


@pytest.mark.rule("S26")
@pytest.mark.rule("S29")
def test_what_an_answer_leads_to_is_said_before_the_tick(house: PublicHouse) -> None:
    words = house.visitor().open("2").words
    for consequence, tick in (
        ("if a report of concern has to be made", "There are children where this"),
        ("only the head of the unit and one deputy", "Who must not see it?"),
        ("not the unit for adults", "I am under 18"),
    ):
        assert -1 < words.find(consequence) < words.find(tick)


@pytest.mark.rule("S29")
def test_what_somebody_there_must_not_see_goes_to_two_people(
    house: PublicHouse,
) -> None:
    write(house, house.visitor(), {"q5": "En i växeln"}, at="2a")
    with house.writing() as session:
        (request,) = house.requests(session)
        assert {key.desk.unit for key in request.keys} == {"closed-circle"}
        assert (Kind.AVOID, "En i växeln") in house.texts(session, request)


def test_the_folded_answers_arrive(house: PublicHouse) -> None:
    values: Values = {
        "language": "so",
        "interpreter": "y",
        "interpreter_voice": "woman",
        "q3": "y",
        "q6": "y",
        "q7": "y",
        "q1": "soon",
    }
    write(house, house.visitor(), values, at="2a")
    with house.writing() as session:
        (request,) = house.requests(session)
        assert (request.language, request.interpreter) == ("so", True)
        assert (request.child_mark, request.for_other) == (True, True)
        assert (request.marks, request.unit) == (["protected-data"], "adult")
        safety = dict(house.texts(session, request))[Kind.SAFETY]
        assert '"interpreter": "woman"' in safety


@pytest.mark.rule("S26")
def test_a_child_goes_to_the_childrens_unit_and_sees_bris(house: PublicHouse) -> None:
    page = write(house, house.visitor(), {"q2": "y"}, at="2c")
    assert "116 111" in page.words
    with house.writing() as session:
        (request,) = house.requests(session)
        assert request.unit == "children"


@pytest.mark.rule("S39")
def test_a_form_that_fails_comes_back_as_it_was_typed(house: PublicHouse) -> None:
    visitor = house.visitor()
    typed: Values = {"text": "", "q5": "<b>Växeln</b>", "q1": "soon"}
    page = write(house, visitor, {**typed, "q3": "y", "language": "so"})
    assert visitor.status == 303
    assert "/p/" in visitor.address
    assert page.said == ["Write something first. One sentence is enough."]
    assert page.soup.select_one("[role=alert]") is not None
    filled = page.filled("2")
    assert {name: filled.get(name) for name in typed} == typed
    assert (filled["q3"], filled["language"]) == ("y", "so")
    with house.writing() as session:
        assert house.requests(session) == []
        assert "xeln" not in str(
            [page.box for page in session.scalars(select(OnePage))]
        )
    assert "/p/" in visitor.address
    house.wait(minutes=5)
    assert "Växeln" not in visitor.again().response.text
    assert visitor.address == "/en/"


@pytest.mark.rule("S39")
def test_the_script_is_told_at_once_and_nothing_is_stored(house: PublicHouse) -> None:
    visitor = house.scripted()
    page = write(house, visitor, {"text": "", "q5": "Växeln"})
    assert visitor.status == 422
    assert page.filled("2")["q5"] == "Växeln"
    with house.writing() as session:
        assert session.scalars(select(OnePage)).all() == []
    assert visitor.send(page, "2", {"text": TEXT}).digits
    assert visitor.status == 303


def test_too_long_a_text_is_not_cut(house: PublicHouse) -> None:
    page = write(house, house.visitor(), {"text": "å" * 10_001})
    assert "10,000 characters" in page.said[0]
    assert len(page.filled("2")["text"]) == 10_001
    lines = "\r\n" * 2_000 + "å" * 8_000  # a browser sends two for each line's end
    assert write(house, house.visitor(), {"text": "å" + lines[:-1]}).digits


@pytest.mark.rule("S3")
def test_pressing_twice_gives_one_request_and_one_number(house: PublicHouse) -> None:
    visitor = house.visitor()
    form = visitor.open("2a")
    house.wait(minutes=1)
    first = visitor.send(form, "2a", {"text": TEXT})
    shown_again = visitor.again()
    house.wait(hours=23)
    second = visitor.send(form, "2a", {"text": TEXT})
    assert first.digits == shown_again.digits == second.digits
    assert "It counts once" in second.words
    with house.writing() as session:
        assert len(house.requests(session)) == 1
        assert len(house.texts(session, house.requests(session)[0])) == 1


@pytest.mark.rule("S3")
def test_changed_text_joins_what_was_sent(house: PublicHouse) -> None:
    visitor = house.visitor()
    form = visitor.open("2a")
    house.wait(minutes=1)
    first = visitor.send(form, "2a", {"text": TEXT})
    second = visitor.send(form, "2a", {"text": "Och mer.", "own_word": "plommon"})
    assert second.digits == first.digits
    assert "the first time you sent this" in second.words
    with house.writing() as session:
        (request,) = house.requests(session)
        assert house.texts(session, request) == [
            (Kind.ACCOUNT, TEXT),
            (Kind.MORE, "Och mer."),
        ]


@pytest.mark.rule("S3")
def test_once_saved_the_number_is_never_shown_again(house: PublicHouse) -> None:
    visitor = house.visitor()
    form = visitor.open("2a")
    house.wait(minutes=1)
    receipt = visitor.send(form, "2a", {"text": TEXT})
    address = visitor.address
    after = visitor.send(receipt, "/saved")
    assert visitor.status == 303
    assert receipt.digits not in after.response.text
    assert "A person reads this at the latest on" in after.words
    visitor.address = address
    assert receipt.digits not in visitor.again().response.text
    again = visitor.send(form, "2a", {"text": TEXT})
    assert "It has been sent already" in again.words
    assert not again.digits


@pytest.mark.rule("S3")
def test_what_changed_after_saving_is_not_lost_and_can_be_sent(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    form = visitor.open("2a")
    house.wait(minutes=1)
    receipt = visitor.send(form, "2a", {"text": TEXT})
    visitor.send(receipt, "/saved")
    kept = visitor.send(form, "2a", {"text": "Och mer."})
    assert kept.filled("2a")["text"] == "Och mer."
    house.wait(minutes=1)
    assert visitor.send(kept, "2a").digits not in ("", receipt.digits)
    with house.writing() as session:
        assert len(house.requests(session)) == 2


@pytest.mark.rule("S3")
def test_leaving_burns_the_number(house: PublicHouse) -> None:
    visitor = house.visitor()
    receipt = write(house, visitor)
    address = visitor.address
    leaving = {**visitor.headers, "Referer": f"http://localhost{address}"}
    client = house.app.test_client(use_cookies=False)
    client.get("/en/u", headers=leaving)
    assert receipt.digits not in visitor.again().response.text
    with house.writing() as session:
        assert session.scalars(select(Sending)).one().burned_at is not None


def test_a_form_left_open_for_days_keeps_its_text(house: PublicHouse) -> None:
    visitor = house.visitor()
    form = visitor.open("2a")
    house.wait(hours=30)
    page = visitor.send(form, "2a", {"text": TEXT})
    assert "open for too long" in page.said[0]
    assert page.filled("2a")["text"] == TEXT
    house.wait(minutes=1)
    assert visitor.send(page, "2a").digits


@pytest.mark.rule("S3")
def test_sent_long_ago_it_is_not_sent_twice(house: PublicHouse) -> None:
    visitor = house.visitor()
    form = visitor.open("2a")
    house.wait(hours=2)
    visitor.send(form, "2a", {"text": TEXT})
    house.wait(hours=23)  # the form is too old by now, the sending is not
    assert "It counts once" in visitor.send(form, "2a", {"text": TEXT}).words
    with house.writing() as session:
        assert len(house.requests(session)) == 1


@pytest.mark.rule("S36")
def test_what_a_machine_may_have_sent_is_set_aside_not_refused(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    trapped = write(house, visitor, {"website": "https://spam.example"})
    fast = visitor.open("2")
    house.wait(seconds=1)
    fast = visitor.send(fast, "2", {"text": TEXT})
    assert trapped.digits
    assert fast.digits
    with house.writing() as session:
        assert [one.set_aside for one in house.requests(session)] == [True, True]


@pytest.mark.rule("S36")
def test_over_the_limit_everything_is_taken_and_set_aside(house: PublicHouse) -> None:
    burst = limits.RATES[limits.Limited.SEND].burst
    wiring = house.app.extensions["stilla"]
    for _ in range(burst):
        wiring.limits.over(limits.Limited.SEND, "127.0.0.1", house.clock())
    visitor = house.visitor()
    form = visitor.open("2")
    house.wait(seconds=3)
    assert visitor.send(form, "2", {"text": TEXT}).digits
    with house.writing() as session:
        assert [one.set_aside for one in house.requests(session)] == [True]


@pytest.mark.rule("S36")
def test_a_full_disk_is_told_truthfully(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "disk_reserve_left", lambda *_: False)
    visitor = house.visitor()
    page = write(house, visitor)
    assert visitor.address == "/en/e503"
    assert "We can't receive anything now" in page.words
    assert "08-465 004 00" in page.words
    scripted = house.scripted()
    page = write(house, scripted)  # what the page holds already costs no room
    assert scripted.status == 503
    assert "We cannot receive anything right now." in page.said[0]
    assert page.filled("2")["text"] == TEXT
    with house.writing() as session:
        assert session.scalars(select(OnePage)).all() == []


@pytest.mark.rule("S36")
def test_refused_forms_keep_their_own_fields_only(house: PublicHouse) -> None:
    form = house.visitor().open("2").filled("2")
    for name, typed in {"text": "", "q5": "Växeln", "junk": "x" * 900_000}.items():
        form[name] = typed
    client = house.app.test_client(use_cookies=False)
    answer = client.post("/en/2", data=form, headers=NAVIGATES)
    kept = Seen(client.get(answer.headers["Location"], headers=NAVIGATES))
    assert kept.filled("2")["q5"] == "Växeln"
    with house.writing() as session:
        (page,) = session.scalars(select(OnePage))
        assert len(page.box) < 5_000


def test_a_number_in_the_text_box_leads_to_where_it_opens(house: PublicHouse) -> None:
    visitor = house.visitor()
    digits = write(house, visitor).digits
    page = write(house, visitor, {"text": f" {digits}\n"})
    assert page.filled("/4")["digits"] == digits
    assert "has not been sent" in page.said[0]
    with house.writing() as session:
        assert len(house.requests(session)) == 1


@pytest.mark.rule("S1", "S8")
@pytest.mark.parametrize("scripted", [False, True])
def test_a_number_in_the_text_box_costs_nothing_else_that_was_typed(
    house: PublicHouse, scripted: bool
) -> None:
    digits = write(house, house.visitor()).digits
    visitor = house.scripted() if scripted else house.visitor()
    said: Values = {"own_word": "plommon", "q1": "now", "q4": "y", "q5": "Växeln"}
    page = write(house, visitor, {"text": digits, **said})
    assert page.said == ["This is a number that you got from us. It has not been sent."]
    assert page.soup.select('main a[href="/en/4"]')
    filled = page.filled("2")
    assert {name: filled[name] for name in said} == said
    with house.writing() as session:
        assert len(house.requests(session)) == 1
    assert visitor.send(page, "2", {"text": TEXT}).digits


@pytest.mark.rule("S39")
def test_a_fault_of_ours_gives_the_text_back(
    house: PublicHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(arrivals, "send", broken)
    visitor = house.visitor()
    page = write(house, visitor)
    assert visitor.status == 303
    assert page.filled("2")["text"] == TEXT
    assert "our fault" in page.said[0]
    monkeypatch.undo()
    assert visitor.send(page, "2").digits


@pytest.mark.rule("S39")
def test_a_body_that_is_too_large_is_told_so_elsewhere(house: PublicHouse) -> None:
    visitor = house.visitor()
    page = write(house, visitor, {"text": "å" * 600_000})
    assert visitor.status == 303
    assert "too much at once" in page.words
    scripted = house.scripted()
    write(house, scripted, {"text": "å" * 600_000})
    assert scripted.status == 413


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_the_number_reads_from_left_to_right_in_every_language(
    house: PublicHouse, language: str
) -> None:
    page = write(house, house.visitor(language), at="2c")
    shown = page.soup.select_one(".digits bdi")
    assert shown is not None
    assert shown["dir"] == "ltr"
    with house.writing() as session:
        assert house.requests(session)[0].language == language


def test_nothing_of_hers_shows_after_sending(house: PublicHouse) -> None:
    page = write(house, house.visitor(), {"own_word": "körsbär", "q5": "Växeln"})
    for hers in ("hemma", "körsbär", "Växeln"):
        assert hers not in page.response.text
    assert "only together with your own word" in page.words


@pytest.mark.rule("S39")
def test_a_form_of_unknown_origin_is_given_back_and_not_sent(
    house: PublicHouse,
) -> None:
    visitor = house.visitor()
    form = visitor.open("2")
    house.wait(minutes=1)
    visitor.headers = NAVIGATES | {"Sec-Fetch-Site": "cross-site"}
    kept = visitor.send(form, "2", {"text": TEXT})
    assert visitor.status == 303
    assert "did not show that the form came from this site" in kept.said[0]
    assert kept.filled("2")["text"] == TEXT
    with house.writing() as session:
        assert house.requests(session) == []
    visitor.headers = dict(NAVIGATES)
    assert visitor.send(kept, "2").digits
