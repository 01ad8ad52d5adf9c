"""The pictures in docs/screenshots/, taken of the running demonstration.

`make screenshots` starts it, plays a short visit and overwrites them.
"""

import tempfile
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import QUIET, on_a_phone
from tests.journeys.demonstration import ROOT, Demonstration, demonstration
from tests.journeys.people import Member, Visitor
from web.languages import KNOWN

FOLDER = ROOT / "docs" / "screenshots"
_SHEET = "<style>body{margin:8px}img{width:200px;margin:4px;border:1px solid}</style>"
_PICTURE = '<img src="data:image/png;base64,{}">'


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=QUIET
        )
        with demonstration(Path(folder)) as running:
            _of_the_visit(browser, running)
            _of_the_desk(browser, running)
            for width in (320, 360):
                _of_the_languages(browser, running, width)
        browser.close()


def _of_the_visit(browser: Browser, running: Demonstration) -> None:
    for language, scheme in (("sv", "light"), ("ar", "light"), ("sv", "dark")):
        context = on_a_phone(browser, running.url)
        phone = context.new_page()
        phone.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        visitor = Visitor(phone, language)
        visitor.opens()
        name = f"landing-{language}" + ("-dark" if scheme == "dark" else "")
        phone.screenshot(path=FOLDER / f"{name}.png")
        if name == "landing-sv":
            phone.locator("details.page > summary").first.click()
            phone.screenshot(path=FOLDER / "section-sv.png")
            visitor.opens("2a")
            phone.screenshot(path=FOLDER / "write-sv.png", full_page=True)
            visitor.writes("Hej. Jag vet inte riktigt hur jag ska börja.")
            phone.locator(".digits").first.wait_for(state="attached")
            phone.screenshot(path=FOLDER / "receipt-sv.png")
        context.close()


def _of_the_languages(browser: Browser, running: Demonstration, width: int) -> None:
    """Put the first screen of every language on one sheet."""
    context = on_a_phone(browser, running.url)
    phone = context.new_page()
    phone.set_viewport_size({"width": width, "height": 640})
    taken = []
    for code in KNOWN:
        if context.request.get(f"/{code}/").ok:
            Visitor(phone, code).opens()
            taken.append(b64encode(phone.screenshot()).decode())
    phone.set_viewport_size({"width": 1344, "height": 640})
    phone.set_content(_SHEET + "".join(map(_PICTURE.format, taken)))
    name = f"languages-{width}.jpg"
    phone.screenshot(path=FOLDER / name, full_page=True, type="jpeg", quality=70)
    context.close()


def _of_the_desk(browser: Browser, running: Demonstration) -> None:
    context = browser.new_context(
        base_url=running.staff_url, viewport={"width": 1280, "height": 900}
    )
    amina = Member.signs_in(context, running, "amina")
    _at_both_widths(amina.page, "today")
    amina.page.locator("a[href^='/r/']", has_text="ring nu").first.click()
    amina.presses("Ta ärendet")
    amina.page.locator(".safe").wait_for()
    _at_both_widths(amina.page, "request")
    context.close()


def _at_both_widths(page: Page, name: str) -> None:
    """Take a page of the desk on a wide screen and on half of one."""
    path = page.url
    for width in (1280, 768):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True)


if __name__ == "__main__":
    main()
