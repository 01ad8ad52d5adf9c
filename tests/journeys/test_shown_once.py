"""Pages that no link leads to, shown once or in answer to a press: keyboard, and axe.

The walks of the other journeys follow links, and would pass these by.
"""

from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect

from intake import queue
from intake.keyring import desk_of
from intake.topics import Side
from tests.factories import text
from tests.journeys.offices import Office, picks, to_place, unfolds
from tests.journeys.test_accessibility import hold_no_barrier
from tests.journeys.test_keyboard import come_to_all, standing_still, to_button

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
WORDS = "Skrivet utan mus"
PASSWORD = "en mening som bara jag vet"
# How far a list's numbers reach over the left side of the screen.
_NUMBERS_OVER = """list => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = getComputedStyle(list).font;
  return pen.measureText(`${list.children.length}. `).width
    - list.children[0].getBoundingClientRect().left;
}"""


def looked_over(page: Page) -> None:
    """Look at a page as it stands, and come to everything on it."""
    hold_no_barrier(page)
    with standing_still(page):
        come_to_all(page)


def numbers_whole(page: Page) -> None:
    """Look that the order of what is to be copied can be read on a phone."""
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.locator("ol.secret").evaluate(_NUMBERS_OVER) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})


def presses(page: Page, name: str) -> None:
    """Press a button by its words, and wait for the page that it leads to."""
    to_button(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def types(page: Page, where: str, words: str) -> None:
    """Come to a field and type."""
    to_place(page, where)
    page.keyboard.type(words)


def taken(office: Office, login: str) -> str:
    """Return the page of a request that a member has."""
    bureau = office.bureau
    reference = bureau.send(text(), bureau.digits())
    with bureau.writing() as session:
        desk, request = (
            bureau.desk(session, login),
            bureau.request(session, reference),
        )
        queue.claim(desk, request, bureau.clock())
    return f"/r/{reference}"


def invited(office: Office) -> str:
    """Let an administrator make a link; returns its path."""
    page = office.sits_down("karin")
    page.goto("/members")
    unfolds(page, "/members")
    for field, words in (
        ("login", "tova"),
        ("working_name", "Tova"),
        ("real_name", "Tova Exempelstrand"),
    ):
        types(page, f"[name={field}]", words)
    picks(page, "role", "staff")
    to_place(page, "[name=desks]")
    page.keyboard.press("Space")
    presses(page, "Bjud in")
    looked_over(page)
    return urlsplit(page.locator(".secret").inner_text()).path


def test_a_link_leads_a_new_colleague_through_its_steps(office: Office) -> None:
    path, page = invited(office), office.page
    page.context.clear_cookies()
    page.goto(path)
    looked_over(page)
    types(page, "[name=code]", "000000")
    presses(page, "Fortsätt")
    expect(page.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
    hold_no_barrier(page)

    secret = page.locator(".secret").inner_text().replace(" ", "")
    types(page, "[name=code]", pyotp.TOTP(secret).at(office.bureau.clock()))
    presses(page, "Fortsätt")
    expect(page.locator("h1")).to_have_text("Koden stämmer")
    looked_over(page)
    types(page, "[name=password]", "kort")
    presses(page, "Spara")
    expect(page.locator("[name=password]")).to_have_attribute("aria-invalid", "true")
    hold_no_barrier(page)

    types(page, "[name=password]", PASSWORD)
    types(page, "[name=again]", PASSWORD)
    presses(page, "Spara")
    expect(page.locator("h1")).to_have_text("Klart")
    looked_over(page)
    page.goto(path)
    expect(page.locator("h1")).not_to_contain_text("Välkommen")
    looked_over(page)


def test_what_is_shown_of_keys_and_codes_once(office: Office) -> None:
    page = office.sits_down("maria")
    page.goto("/account")
    presses(page, "Gör nya reservkoder")
    expect(page.locator("h1")).to_have_text("Dina reservkoder")
    numbers_whole(page)
    looked_over(page)
    with office.bureau.writing() as session:
        desk = desk_of(session, "adult", Side.HURT).id
    page.goto(f"/keys/{desk}")
    to_button(page, "Gör ett nytt papper")
    page.keyboard.press("Enter")
    presses(page, "Byt nyckeln och visa ett nytt papper")
    expect(page.locator("h1")).to_contain_text("Nytt papper")
    numbers_whole(page)
    looked_over(page)


def test_an_answer_is_looked_at_before_it_is_saved(office: Office) -> None:
    path, page = taken(office, "amina"), office.sits_down("amina")
    page.goto(path)
    unfolds(page, "/answer")
    types(page, "#answer-text", "Vi hör av oss i morgon.\nHälsningar")
    presses(page, "Visa hur det blir")
    expect(page.locator(".preview")).to_contain_text("Vi hör av oss i morgon.")
    looked_over(page)
    presses(page, "Spara svaret")
    expect(page.locator(".paper.answer")).to_contain_text("Hälsningar")


def test_what_was_typed_is_kept_when_it_comes_too_late(office: Office) -> None:
    path, page = taken(office, "amina"), office.sits_down("amina")
    bureau = office.bureau

    def writes_a_note() -> None:
        page.goto(path)
        unfolds(page, "/note")
        types(page, "#note-text", WORDS)

    writes_a_note()
    with bureau.writing() as session:
        request = bureau.request(session, path.removeprefix("/r/"))
        queue.release(bureau.desk(session, "amina"), request, bureau.clock())
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(WORDS)
    expect(page.locator("h1")).not_to_contain_text("utloggad")
    looked_over(page)

    page.goto(path)
    presses(page, "Ta ärendet")
    writes_a_note()
    bureau.clock.forward(hours=11)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Du är utloggad")
    expect(page.locator("main")).to_contain_text(WORDS)
    looked_over(page)


def test_the_door_of_a_protected_request_is_opened_by_two(office: Office) -> None:
    reference = office.bureau.send(text(protected=True))
    path, page = f"/r/{reference}", office.sits_down("amina")
    page.goto(path)
    looked_over(page)
    presses(page, "Be en kollega")
    expect(page.locator("main")).to_contain_text("Du har bett om det.")
    looked_over(page)

    page = office.sits_down("maria")
    page.goto("/two-person")
    looked_over(page)
    page.goto("/two-person")
    to_place(page, "main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(".done").wait_for()

    page = office.sits_down("amina")
    page.goto(path)
    expect(page.locator("#safe")).to_be_visible()


def test_a_protected_file_waits_for_a_second_person(office: Office) -> None:
    reference = office.bureau.send(text(protected=True))
    page = office.sits_down("vera")
    page.goto("/consult")
    types(page, "[name=reference]", reference)
    types(page, "[name=reason]", "Gemensam bedömning av säkerheten")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Ärendet öppnas av två.")
    looked_over(page)
