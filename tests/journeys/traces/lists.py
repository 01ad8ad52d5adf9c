"""What the browsers' own screens show of a visit: history, tiles, completions."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.journeys.traces.browser import Browser
from tests.journeys.traces.chromium import Chromium
from tests.journeys.traces.firefox import Firefox

# Chromium's own pages are built of shadow roots in shadow roots.
_ALL_TEXT = """(() => {
  const found = []
  const walk = at => {
    for (const one of at.querySelectorAll('*')) {
      if (one.shadowRoot) walk(one.shadowRoot)
      if (one.href) found.push(String(one.href))
    }
    found.push(at.textContent || '')
  }
  walk(document)
  found.push(document.documentElement.innerText)
  return found.join(' ')
})()"""
_SHOWS_WITHIN = 15  # seconds
_FIREFOX = (
    "SELECT url FROM moz_places WHERE hidden = 0 AND visit_count > 0",
    "places.sqlite",
)
_WEBKIT = ("SELECT url FROM urls", "ephy-history.db")


def history(browser: Browser, host: str) -> list[str]:
    """Return the addresses of a host that Firefox's or GNOME Web's history lists."""
    query, name = _FIREFOX if isinstance(browser, Firefox) else _WEBKIT
    (file,) = browser.home.rglob(name)
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
        found = [str(url) for (url,) in base.execute(query)]
    return sorted(url for url in found if host in url)


def screens(browser: Chromium, hosts: tuple[str, ...]) -> dict[str, list[str]]:
    """Return which of Chromium's lists show each host, from its own screens.

    The browser is one that was started on a copy of the profile.
    """
    shown: dict[str, list[str]] = {host: [] for host in hosts}
    for name, address in (("tile", "chrome://newtab/"), ("list", "chrome://history/")):
        _goes(browser, address)
        time.sleep(2)
        text = _text_with(browser, hosts[-1])  # which each visit comes from
        for host in hosts:
            if host in text:
                shown[host].append(name)
    for host in hosts:
        for name, keys in (("completion", ()), ("suggestion", ("Down",))):
            _goes(browser, "about:blank")
            _types(browser, host[:2], *keys)
            (led,) = browser.until("location.href != 'about:blank' && [location.host]")
            if led == host:
                shown[host].append(name)
                break
    return shown


def _text_with(browser: Chromium, host: str) -> str:
    """Return a screen's text once it shows a host, or after a while in any case."""
    ends = time.monotonic() + _SHOWS_WITHIN
    while True:
        (text,) = browser.until(f"[{_ALL_TEXT}]")
        if host in text or time.monotonic() > ends:
            return str(text)
        time.sleep(0.2)


def _goes(browser: Chromium, address: str) -> None:
    _types(browser, address)
    scheme = address.partition(":")[0]
    browser.until(f"location.href.startsWith('{scheme}:')")


def _types(browser: Chromium, text: str, *keys: str) -> None:
    """Type into the address bar, wait for what it offers, and take it."""
    browser.screen.press("ctrl+l")
    browser.screen.type(text)
    time.sleep(1)
    browser.screen.press(*keys, "Return")
    time.sleep(1.5)


def copied(home: Path, target: Path) -> Path:
    """Copy a home, without what marks it as in use."""
    shutil.copytree(
        home,
        target,
        symlinks=True,
        ignore=shutil.ignore_patterns("Singleton*", "DevToolsActivePort"),
    )
    return target
