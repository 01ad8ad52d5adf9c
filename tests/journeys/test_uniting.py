"""Two requests of one person, joined and parted by keyboard; how both pages look."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk_pages import unfold
from tests.journeys.people import Member
from tests.journeys.test_accessibility import findings
from tests.journeys.test_keyboard import to_button

pytestmark = [pytest.mark.journey, pytest.mark.rule("S8")]
_WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def joined(maria: Member) -> tuple[str, str]:
    """Join what was missed with what can be called now; returns the pages' paths."""
    page = maria.page
    page.goto("/")
    paths = [
        page.locator("a.row", has_text=words).first.get_attribute("href") or ""
        for words in ("missad tid", "ring nu")
    ]
    page.goto(paths[1])
    maria.presses("Ta ärendet")
    page.locator(".done").wait_for()
    to_button(page, "För ihop med ett annat ärende samma person")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(paths[0].removeprefix("/r/").lower())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")  # the last of the grounds: by what we read
    to_button(page, "För ihop")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Ärendena är sammanförda.")
    return paths[0], paths[1]


def faces(page: Page, *paths: str) -> Iterator[Page]:
    for path in (*paths, "/"):
        page.goto(path)
        unfold(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            yield page


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_what_is_joined_holds_no_barrier(
    maria: Member, joined: tuple[str, str], width: int
) -> None:
    maria.page.set_viewport_size({"width": width, "height": 800})
    found: list[str] = []
    for page in faces(maria.page, *joined):
        found += findings(page)
        assert page.evaluate(_WIDER) <= 0, page.url
    assert found == []


def test_it_stands_on_the_firsts_page_until_one_press_parts_them(
    maria: Member, joined: tuple[str, str]
) -> None:
    page, (first, later) = maria.page, joined
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")
    row = page.locator(f"a.row[href='{first}']")
    expect(row).to_contain_text("Sammanfört")
    expect(page.locator(f"a.row[href='{later}']")).to_have_count(0)
    page.goto(first)
    shown = page.locator("section.joined")
    expect(shown).to_contain_text("Kan ni ringa? Jag är ensam en stund.")
    to_button(page, f"Skilj {later.removeprefix('/r/')} från det här")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Ärendena står var för sig igen.")
    assert urlsplit(page.url).path == later
    expect(page.locator("section.joined")).to_have_count(0)
