"""How pages look to an eye that needs more: large text, narrow screens, contrast."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.conftest import on_a_phone
from tests.journeys.demonstration import Demonstration
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey
PATHS = ("", "2a", "3a", "4", "9", "10", "nix")
LEAST_BORDER = 3.0  # WCAG 1.4.11
LEAST_TARGET = 48  # px
_UNFOLDED = """() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const more of document.querySelectorAll(".follow")) more.style.display = "block";
}"""
_TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && !one.closest(".trap"))
  .filter(one => {
    const box = one.getBoundingClientRect();
    return box.right > innerWidth + 1 || box.left < -1;
  }).map(one => one.textContent.trim().slice(0, 40))"""
_CONTRAST = """one => {
  const light = colour => {
    const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255);
    const [r, g, b] = parts.map(
      part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const style = getComputedStyle(one), page = getComputedStyle(document.body);
  const [more, less] = [style.borderTopColor, page.backgroundColor]
    .map(light).sort((a, b) => b - a);
  return parseFloat(style.borderTopWidth) >= 2 ? (more + .05) / (less + .05) : 0;
}"""
# A corner of a box that Leave lies on, where a page begins.
_COVERED = """() => {
  const leave = document.querySelector(".leave").getBoundingClientRect();
  return [...document.querySelectorAll("header *, main *")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && box.top < leave.bottom && box.bottom > leave.top
      && box.left < leave.right && box.right > leave.left;
  }).length;
}"""


@pytest.fixture(params=[(320, 16), (320, 32), (360, 32)], ids=str)
def narrow(
    chromium: Browser, demo: Demonstration, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """Return a narrow phone; its owner may have set the text to twice the size."""
    width, size = request.param
    context = on_a_phone(chromium, demo.url)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 640})
    settings = context.new_cdp_session(page)
    settings.send("Page.enable")
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    yield page
    context.close()


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_nothing_scrolls_sideways(narrow: Page, language: str) -> None:
    for path in PATHS:
        narrow.goto(f"/{language}/{path}")
        assert stays_within(narrow) == [], path
    visitor = Visitor(narrow, language)
    visitor.opens("3a")
    visitor.sends()
    narrow.locator(".errors").wait_for()
    assert stays_within(narrow) == []
    visitor.opens("2a")
    visitor.writes("Hej.", q1="now")
    digits = visitor.receipt()
    assert stays_within(narrow) == []
    visitor.comes_back(digits)
    visitor.form("7").wait_for(state="attached")
    assert stays_within(narrow) == []


def stays_within(page: Page) -> list[str]:
    """Return what reaches beside the screen, with everything unfolded."""
    page.evaluate(_UNFOLDED)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found or (["the page itself"] if wide else [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_boxes_to_tick_are_seen(script_phone: Page, scheme: str) -> None:
    script_phone.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    script_phone.goto("/sv/3a")
    picks = script_phone.locator(".pick > input").all()
    assert len(picks) > 20
    assert min(one.evaluate(_CONTRAST) for one in picks) >= LEAST_BORDER
    chosen = script_phone.locator("[name=phone][value=own]")
    before = chosen.evaluate("one => getComputedStyle(one).backgroundColor")
    chosen.check(force=True)
    after = chosen.evaluate("one => getComputedStyle(one).backgroundColor")
    assert before != after


@pytest.fixture
def wide(chromium: Browser, demo: Demonstration) -> Iterator[BrowserContext]:
    """Return a computer's browser; the width is each test's."""
    context = chromium.new_context(base_url=demo.url)
    yield context
    context.close()


@pytest.mark.parametrize("width", [1216, 1280, 1920])
def test_leave_keeps_its_corner_and_covers_nothing(
    wide: BrowserContext, width: int
) -> None:
    page = wide.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    for language in ("sv", "en", "ar"):
        for path in PATHS:
            page.goto(f"/{language}/{path}")
            box = page.locator(".leave").bounding_box()
            assert box is not None
            assert (box["x"] + box["width"], box["y"]) == (width, 0)
            assert LEAST_TARGET <= box["height"] < 100
            assert page.evaluate(_COVERED) == 0
            page.mouse.wheel(0, 2000)
            assert page.locator(".leave").bounding_box() == box
