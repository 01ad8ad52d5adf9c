"""After a call in which she could talk: words, and what holds until the next."""

import dataclasses

import pytest
from bs4 import Tag

from intake.hours import Slot
from intake.models import Request
from intake.topics import Contact, Origin
from intake.windows import coming, reserve
from tests.blueprints.conftest import Browser, StaffBureau
from tests.blueprints.public import Seen

OTHER = "070-174 06 77"
TEXTED, SENDS = "+46701740600", "+46701740601"


@pytest.fixture
def reference(staff: StaffBureau) -> str:
    return staff.send(staff.callback(texts=True))


@pytest.fixture
def path(reference: str) -> str:
    """Return the page of a request that may be called now."""
    return f"/r/{reference}"


@pytest.fixture
def maria(staff: StaffBureau, path: str) -> Browser:
    """Return who has read it and taken it, before any call."""
    browser = staff.signed_in("maria")
    browser.press(path, "/reading", {"urgency": "normal"})
    browser.press(path, "/claim")
    return browser


def ring(browser: Browser, path: str, outcome: str = "word-came") -> Seen:
    browser.press(path, "/call")
    return browser.press(path, "/outcome", {"outcome": outcome})


@pytest.fixture
def talked(maria: Browser, path: str) -> Seen:
    """Return the page after a call in which she could talk."""
    return ring(maria, path)


def boxes(page: Seen) -> list[Tag]:
    """Return the times that may be ticked."""
    return page.form("/after-call").select("[name=windows]")


def waits(staff: StaffBureau, reference: str) -> list[tuple[str, Origin]]:
    with staff.writing() as session:
        windows = coming(staff.request(session, reference), staff.clock())
        return [(window.starts_at.isoformat(), window.origin) for window in windows]


def contact(staff: StaffBureau, reference: str) -> Contact:
    with staff.writing() as session:
        request: Request = staff.request(session, reference)
        return request.contact


@pytest.mark.rule("S9", "S10")
@pytest.mark.parametrize("outcome", [None, "no-answer", "not-now"])
def test_without_a_talk_there_is_no_form_and_no_way_round(
    maria: Browser, path: str, outcome: str | None
) -> None:
    page = ring(maria, path, outcome) if outcome else maria.open(path)
    for action in ("/words", "/after-call"):
        assert page.soup.select(f'form[action$="{action}"]') == []
        token = page.soup.select_one("[name=csrf_token]")
        assert token is not None
        sent = {"csrf_token": str(token["value"]), "word": "x", "none_safe": "y"}
        answer = Seen(maria.client.post(path + action, data=sent))
        assert answer.response.status_code == 409
        assert "efter ett samtal där personen kunde prata" in answer.words


@pytest.mark.rule("S10")
@pytest.mark.usefixtures("talked")
def test_new_words_are_kept_after_the_call(maria: Browser, path: str) -> None:
    page = maria.press(path, "/words", {"word": "blåbär", "not_now_word": ""})
    assert "blåbär" in page.words
    assert "äppelkaka" not in page.words
    assert "Kommer onsdag betyder det ”inte nu”" in page.words


@pytest.mark.rule("S10")
@pytest.mark.usefixtures("talked")
def test_two_words_that_sound_alike_are_given_back(maria: Browser, path: str) -> None:
    page = maria.press(path, "/words", {"word": "blåbär", "not_now_word": "Blåbär"})
    assert page.response.status_code == 422
    assert "Välj två olika ord." in page.form("/words").get_text()
    assert page.soup.select('[name=word][value="blåbär"]')


@pytest.mark.rule("S10", "S14")
def test_after_a_doubt_both_boxes_must_be_filled(
    staff: StaffBureau, maria: Browser, path: str, reference: str
) -> None:
    ring(maria, path, "no-word")
    maria.press(path, "/decide", {"lifts": "yes", "reason": "Hon skrev igen"})
    with staff.writing() as session:
        slots, request = staff.around(), staff.request(session, reference)
        reserve(session, staff.office.units, request, slots, Origin.FORM)
    page = ring(maria, path)
    assert "Båda orden måste vara nya." in page.form("/words").get_text()
    page = maria.press(path, "/words", {"word": "blåbär", "not_now_word": ""})
    assert page.response.status_code == 422
    assert page.soup.select("#words-not_now_word-error")
    words = {"word": "blåbär", "not_now_word": "lördag"}
    assert "lördag" in maria.press(path, "/words", words).words


@pytest.mark.rule("S9")
def test_nothing_is_chosen_beforehand(talked: Seen) -> None:
    filled = talked.filled("/after-call")
    filled.pop("csrf_token")
    filled.pop("seen")  # where the page stood, not what she said
    assert {value for value in filled.values() if value} == set()
    assert boxes(talked)


@pytest.mark.rule("S9")
def test_times_said_in_a_call_are_dated_and_take_the_old_ones_place(
    staff: StaffBureau, maria: Browser, path: str, reference: str, talked: Seen
) -> None:
    box = boxes(talked)[3]
    assert told(talked, str(box["value"])).endswith("svensk tid, 2 kvar")
    maria.press(path, "/after-call", {"windows": str(box["value"])})
    assert waits(staff, reference) == [(box["value"], Origin.STAFF)]
    page = maria.press(path, "/after-call", {"none_safe": "y"})
    assert waits(staff, reference) == []
    assert "Ring inte. Ingen tid är säker." in page.words


@pytest.mark.rule("S9", "S11")
def test_another_number_comes_with_whose_it_is_and_new_times(
    staff: StaffBureau, maria: Browser, path: str, talked: Seen
) -> None:
    said: dict[str, str | list[str]] = {"number": OTHER, "text": "Ring inte på dörren"}
    page = maria.press(path, "/after-call", said)
    assert page.response.status_code == 422
    told = page.form("/after-call").get_text()
    assert "Ange vems telefon det nya numret går till." in told
    assert "Välj tider för det nya numret också" in told
    assert "Ring inte på dörren" in page.form("/after-call").get_text()
    assert page.soup.select(f'[name=number][value="{OTHER}"]')
    said |= {"phone": "own", "windows": str(boxes(page)[2]["value"])}
    page = maria.press(path, "/after-call", said)
    assert "Lämnat av oss. Inte bekräftat i något samtal än." in page.words
    assert "Ring inte på dörren" in page.words
    assert OTHER not in page.words
    assert "Nytt telefonnummer" in page.words


@pytest.fixture
def texting(staff: StaffBureau) -> None:
    """Let texts come to one number and go out from another."""
    wiring = staff.app.extensions["stilla"]
    numbers = {"sms_number": TEXTED, "sms_sender": SENDS}
    settings = dataclasses.replace(wiring.settings, **numbers)
    staff.app.extensions["stilla"] = dataclasses.replace(wiring, settings=settings)


@pytest.mark.rule("S9", "S17")
@pytest.mark.usefixtures("texting")
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"number": "112"}, "Dit ringer personen själv."),
        ({"number": "020-50 50 50"}, "Dit ringer personen själv."),
        ({"number": "116 006"}, "Dit ringer personen själv."),
        ({"number": "08-465 004 10"}, "Det är vårt eget nummer."),
        ({"number": TEXTED}, "Det är vårt eget nummer."),
        ({"number": SENDS}, "Det är vårt eget nummer."),
        ({"number": "+358 40 1234567", "phone": "own"}, "Skriv vilket land."),
        ({"windows": "2026-11-23T08:00:00+00:00"}, "En vald tid är över"),
    ],
)
def test_what_does_not_do_is_given_back(
    maria: Browser, path: str, talked: Seen, said: dict[str, str], told: str
) -> None:
    page = maria.press(path, "/after-call", said)
    assert page.response.status_code == 422
    assert told in page.form("/after-call").get_text()


@pytest.mark.rule("S27")
def test_a_shared_phone_takes_no_yes(maria: Browser, path: str, talked: Seen) -> None:
    said = {"phone": "shared", "texts": "yes", "voicemail": "yes"}
    page = maria.press(path, "/after-call", said)
    assert "Delas med någon: ring inte, sms:a inte" in page.words
    assert "Nej. Skicka aldrig något." in page.words
    assert "Nej. Lämna aldrig något." in page.words


@pytest.mark.rule("S37")
def test_a_place_that_was_just_taken_keeps_what_was_written(
    staff: StaffBureau, maria: Browser, path: str, reference: str, talked: Seen
) -> None:
    kept, full = (str(box["value"]) for box in boxes(talked)[2:4])
    maria.press(path, "/after-call", {"windows": kept})
    fill(staff, full, places=1)
    page = maria.open(path)
    assert told(page, full).endswith(", 1 kvar")
    assert told(page, kept).endswith(", 2 kvar")  # her own is given back
    fill(staff, full, places=1)
    answer = maria.send(page, "/after-call", {"windows": full, "text": "Viska"})
    assert answer.response.status_code == 422
    assert "Den sista platsen i en vald tid togs just" in answer.words
    assert "Viska" in answer.form("/after-call").get_text()
    assert full not in {str(box["value"]) for box in boxes(answer)}
    assert waits(staff, reference) == [(kept, Origin.STAFF)]
    assert contact(staff, reference) is Contact.ALLOWED


def told(page: Seen, start: str) -> str:
    """Return what stands beside the box of a time."""
    (box,) = [one for one in boxes(page) if one["value"] == start]
    label = box.find_parent("label")
    assert label is not None
    return label.get_text().strip()


def fill(staff: StaffBureau, start: str, places: int) -> None:
    """Let others take places of a time."""
    calendar = staff.office.units["adult"].calendar
    slots = calendar.slots(staff.clock())
    slot: Slot = next(one for one in slots if one.starts_at.isoformat() == start)
    for _ in range(places):
        staff.send(staff.callback((slot,)))
