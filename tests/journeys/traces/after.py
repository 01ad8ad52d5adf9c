"""What shows when somebody presses Back, Forward or starts the browser again."""

import time

from tests.journeys.traces.browser import PATIENCE, Browser
from tests.journeys.traces.hosts import AWAY, NEAR, SEARCH, SITE, TOWN

_SEEN = """(() => {
  const fields = [...document.querySelectorAll(
    'textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
  const digits = document.querySelector('.digits')
  return [location.host, document.body ? document.body.innerText.trim() : '',
    fields.map(one => one.value).join(''), digits ? digits.textContent : '',
    !!document.querySelector('main.home'), fields.length > 1,
    (document.querySelector('h1') || {}).textContent || '',
    document.querySelectorAll('iframe').length]
})()"""
_STEPS = 6
NEIGHBOURS = {SEARCH: "search page", AWAY: "target", TOWN: "door", "": "new tab"}
# What may show after leaving without script.
HARMLESS = frozenset({"landing document", "empty page", "empty form"})


def back_and_forward(browser: Browser) -> list[str]:
    """Press Back until it leads no further, then Forward; return what showed."""
    found: list[str] = []
    for key in ("alt+Left", "alt+Right"):
        for _ in range(_STEPS):
            browser.screen.press(key)
            time.sleep(1.5)
            found.append(shown(browser))
        browser.screen.press("F5")
        time.sleep(1.5)
        found.append(shown(browser))
    return [one for n, one in enumerate(found) if not n or found[n - 1] != one]


def reopened(browser: Browser) -> str:
    """Close the tab, open it again as people do, and return what shows."""
    browser.screen.press("ctrl+t")
    time.sleep(1)
    browser.screen.press("ctrl+Page_Up")
    time.sleep(0.5)
    browser.screen.press("ctrl+w")
    time.sleep(1)
    browser.screen.press("ctrl+shift+t")
    time.sleep(2)
    return shown(browser)


def restored(browser: Browser) -> str:
    """Open a browser that was killed on what was open before; say what shows."""
    browser.restore()
    ends = time.monotonic() + PATIENCE
    try:
        while shown(browser) == "new tab" and time.monotonic() < ends:
            time.sleep(0.5)
        time.sleep(1.5)
        found = shown(browser)
    finally:
        browser.kill()
    assert found != "new tab", f"{browser.name} restored nothing"
    return found


def shown(browser: Browser) -> str:
    """Say in one word or two what the window shows."""
    seen = browser.until(f"document.readyState == 'complete' && {_SEEN}")
    host, text, typed, digits, home, form, heading, frames = seen
    if host == TOWN and frames:
        return "DOOR WITH THE FRAME"
    if host not in {SITE, NEAR}:
        # The browsers' own pages have hosts, too: “newtab” and the like.
        return NEIGHBOURS.get(host, str(host) if "." in host else "new tab")
    if typed.strip():
        return "TYPED TEXT"
    if digits.strip():
        return "RECEIPT"
    if home:
        return "landing document"
    if form:
        return "empty form"
    return "empty page" if len(text) < 60 else f"page “{heading}”"


def harmful(found: list[str], *, script: bool, arrived: bool = True) -> list[str]:
    """Return what may not have shown.

    Before the target has `arrived` Forward leads to the entry that was left. With
    script it stays empty there, and leads away again.
    """
    neutral = {*NEIGHBOURS.values(), "new tab"}
    if not script:
        neutral |= HARMLESS
    elif not arrived:
        neutral.add("empty page")
    return [one for one in found if one not in neutral]
