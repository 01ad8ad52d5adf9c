"""Each language on a small phone: nothing beside it, no letter without a font."""

import pytest
from playwright.sync_api import Page

from tests.journeys.people import Visitor
from tests.journeys.test_look import stays_within

pytestmark = pytest.mark.journey
# The longer pages of everybody, of three walls, and of newcomers.
PATHS = ("", "2a", "3d", "4", "9", "12", "20", "27", "33", "41", "46")
# A letter that no font has is drawn as a box, the same for all of them.
_BOXES = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const drawn = letter => {
    pen.clearRect(0, 0, 64, 64);
    pen.font = "24px system-ui, sans-serif";
    pen.fillText(letter, 16, 40);
    return canvas.toDataURL();
  };
  const none = drawn("\\u0378"), letters = new Set(document.body.textContent);
  const boxes = [...letters].filter(one => one.trim() && drawn(one) === none);
  return [boxes, letters.size, drawn("a") !== none];
}"""


def test_nothing_reaches_beside_the_narrowest_phone(
    script_phone: Page, language: str
) -> None:
    script_phone.set_viewport_size({"width": 320, "height": 640})
    for path in PATHS:
        Visitor(script_phone, language).opens(path)
        assert stays_within(script_phone) == [], path


def test_every_letter_has_a_font(script_phone: Page, language: str) -> None:
    script_phone.goto(f"/{language}/")
    boxes, letters, told_apart = script_phone.evaluate(_BOXES)
    assert told_apart
    assert letters > 40
    assert boxes == []


def test_any_language_is_two_presses_away(phone: Page, language: str) -> None:
    start = "sv" if language != "sv" else "en"
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(f"/{start}/")
    Visitor(phone).speaks(language)
    shown = phone.locator(f".leave[href='/{language}/u']")
    shown.wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") == 320
