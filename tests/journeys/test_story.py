"""The main story, end to end: she writes, is answered, is called, and takes it back."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.people import Member, Visitor

pytestmark = pytest.mark.journey
WORDS = "Jag behöver prata med någon om det som händer hemma."
MORE = "En sak till: jag är ensam på tisdagar."
ANSWER = "Tack för att du skrev. Vi kan ses när du vill."


def _new(member: Member, act: Callable[[], object]) -> str:
    """Return the reference of the one request that an act brought to a queue."""
    before = member.queue()
    act()
    (reference,) = member.queue() - before
    return reference


@pytest.mark.rule("S1", "S3", "S5")
def test_she_writes_is_answered_writes_more_and_takes_it_back(
    phone: Page, maria: Member
) -> None:
    visitor = Visitor(phone)
    reference = _new(maria, lambda: _write(visitor))
    digits = visitor.receipt()
    phone.get_by_role("button", name="Jag har sparat det").click()
    expect(phone.locator("main")).not_to_contain_text(digits)

    assert WORDS in maria.opens(reference)
    maria.presses("Ta ärendet")
    maria.answers(ANSWER)

    visitor.comes_back(digits)
    expect(phone.locator("main")).to_contain_text(ANSWER)
    assert WORDS not in visitor.reads()
    visitor.unfolds(phone.locator("textarea[name=text]"))
    phone.locator("textarea[name=text]").fill(MORE)
    visitor.form("5").locator("button").first.click()
    expect(phone.locator("main")).not_to_contain_text(ANSWER)
    assert MORE in maria.opens(reference)

    visitor.comes_back(digits)
    expect(phone.locator("main")).to_contain_text(ANSWER)
    visitor.presses("7")
    expect(phone.locator("h1")).not_to_have_text("Det här har hänt")
    assert "Återtaget" in maria.opens(reference)

    visitor.comes_back(digits)
    expect(phone.locator(".errors")).to_be_visible()
    expect(phone.locator("main")).not_to_contain_text(ANSWER)


def _write(visitor: Visitor) -> None:
    visitor.opens()
    visitor.phone.locator("details.page > summary").first.click()
    visitor.phone.locator("a.row[href='/sv/2a']:visible").first.click()
    visitor.writes(WORDS, q1="soon", q3="y")
    visitor.receipt()


@pytest.mark.rule("S9", "S11", "S12", "S4")
def test_she_asks_to_be_called_and_changes_her_mind(phone: Page, maria: Member) -> None:
    visitor = Visitor(phone)

    def ask() -> None:
        visitor.opens("3a")
        visitor.types("number", "070 174 06 44")
        visitor.picks("phone", "own")
        first = phone.locator("[name=windows]").nth(3)
        visitor.unfolds(first)
        first.check(force=True)
        visitor.types("word", "kanelbulle")
        visitor.sends()
        visitor.receipt()

    reference = _new(maria, ask)
    digits = visitor.receipt()
    maria.opens(reference)
    maria.presses("Ta ärendet")
    seen = maria.opens(reference)
    assert "kanelbulle" in seen  # to be recognised, never said (S10)
    assert "174 06 44" not in seen.replace("\xa0", " ")
    assert not maria.page.locator("a[href^='tel:']").count()
    assert not maria.page.get_by_role("button", name="Ring", exact=True).count()

    visitor.comes_back(digits)
    expect(phone.locator("h1")).to_have_text("Det här har hänt")
    visitor.presses("6")
    stop = phone.locator("button[name=step][value=cancel]")
    stop.wait_for(state="attached")
    visitor.unfolds(stop)
    stop.click()
    expect(phone.locator("button[name=step]")).to_have_count(0)
    maria.opens(reference)
    expect(maria.page.locator("main")).to_contain_text("kanske av en annan")


@pytest.mark.rule("S12", "S13")
def test_amina_calls_within_the_window_and_only_once(amina: Member) -> None:
    amina.page.goto("/")
    # Not what came by text: that has no word agreed.
    hers = amina.page.locator("a[href^='/r/']", has_text="Vuxenenheten")
    hers.filter(has_text="ring nu").first.click()
    assert not amina.page.locator("a[href^='tel:']").count()
    amina.presses("Ta ärendet")
    amina.page.get_by_role("button", name="Ring", exact=True).click()
    expect(amina.page.locator("a[href^='tel:']")).to_be_visible()
    amina.page.locator("[name=outcome][value=word-came]").check()
    amina.presses("Anteckna utfallet")
    expect(amina.page.locator("a[href^='tel:']")).to_have_count(0)
    assert not amina.page.get_by_role("button", name="Ring", exact=True).count()


@pytest.mark.rule("S20", "S21", "S22")
def test_a_text_becomes_one_request(
    demo: Demonstration, amina: Member, erik: Member
) -> None:
    hidden = erik.queue()

    def text_in_twice() -> None:
        before = amina.queue()
        demo.text_in("+46701740688", "hej kan ni ringa")
        demo.text_in("+46701740688", "hej kan ni ringa")
        amina.waits_for_more_than(before)
        amina.page.wait_for_timeout(4000)  # the second makes none of its own

    reference = _new(amina, text_in_twice)
    seen = amina.opens(reference)
    assert "hej kan ni ringa" in seen
    assert erik.queue() == hidden


def test_two_members_can_not_hold_one_request(
    script_phone: Page, maria: Member, amina: Member
) -> None:
    visitor = Visitor(script_phone)
    reference = _new(maria, lambda: _write(visitor))
    amina.opens(reference)
    maria.opens(reference)
    maria.presses("Ta ärendet")
    amina.presses("Ta ärendet")
    expect(amina.page.locator("main")).to_contain_text("Maria")


def test_the_wall_stands_between_the_sides(
    script_phone: Page, maria: Member, erik: Member
) -> None:
    visitor = Visitor(script_phone)
    reference = _new(maria, lambda: _write(visitor))
    assert erik.page.goto(f"/r/{reference}").status == 404  # type: ignore[union-attr]  # a navigation answers
    assert reference not in erik.queue()


def test_with_the_network_cut_her_text_is_kept_and_she_is_told(
    script_phone: Page,
) -> None:
    visitor = Visitor(script_phone)
    visitor.opens("2")
    script_phone.locator("textarea[name=text]").fill(WORDS)
    script_phone.context.set_offline(True)
    visitor.sends()
    expect(script_phone.locator("[role=status]")).to_contain_text("Din text finns kvar")
    expect(script_phone.locator("textarea[name=text]")).to_have_value(WORDS)
    script_phone.context.set_offline(False)
    visitor.sends()
    expect(script_phone.locator(".digits bdi").first).to_be_visible()


def test_in_arabic_she_writes_and_reads_the_answer(phone: Page, maria: Member) -> None:
    visitor = Visitor(phone, "ar")
    words = "أريد أن أتحدث مع شخص ما."

    def write() -> None:
        visitor.opens("2a")
        assert phone.locator("html").get_attribute("dir") == "rtl"
        visitor.writes(words)
        visitor.receipt()

    reference = _new(maria, write)
    digits = visitor.receipt()
    assert words in maria.opens(reference)
    eastern = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    visitor.comes_back(eastern)
    expect(phone.locator("main")).not_to_contain_text(words)
    expect(visitor.form("5")).to_have_count(1)


@pytest.mark.rule("S39")
def test_leave_burns_the_number_and_back_shows_nothing_typed(phone: Page) -> None:
    visitor = Visitor(phone)
    _write(visitor)
    digits = visitor.receipt()
    phone.route("https://**", lambda route: route.fulfill(body="weather"))
    phone.locator(".leave").click()
    _gone(phone)
    for _ in range(4):
        seen = _pressed_back(phone)
        assert digits not in seen
        assert WORDS not in seen


def _pressed_back(phone: Page) -> str:
    """Press Back and return what shows; the exit page leads on while it is asked."""
    with suppress(Error):
        phone.go_back()
    for _ in range(50):
        phone.wait_for_timeout(300)
        with suppress(Error):
            return phone.content()
    raise AssertionError("no page comes to rest")


def _gone(phone: Page) -> None:
    """Wait until the address is another's; there is no network to load it from."""
    for _ in range(100):
        if "localhost" not in phone.url:
            return
        phone.wait_for_timeout(50)
    raise AssertionError("she is still here")
