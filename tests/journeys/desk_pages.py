"""Every page of the desk, found by the links that lead there: none is forgotten."""

from collections.abc import Iterator

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

import blueprints.reports
import blueprints.staff

# What is no page, or shows once and to one person only.
APART = {
    "static",
    "staff.health",
    "staff.news",  # an event for a script
    "staff.sign_in",  # for who is not signed in: test_accessibility.py
    "staff.invitation",  # test_shown_once.py
    "staff.given",  # a number that is read out: test_bridged.py
    "staff.passkey_to_add",  # what a script asks for
    "staff.passkey_to_sign_in",
    "staff.outside",  # to the municipality's own sign-in, and back: test_outside.py
    "staff.outside_to_bind",
    "staff.outside_back",
    "staff.outside_in",
    "staff.outside_bind",
}
# For a safety co-ordinator, and for no head.
FOR_THE_COORDINATOR = {"staff.consulting", "staff.consulted"}
# Linked only while a list is long, or while somebody waits.
NOT_ALWAYS = ("/list/unread", "/two-person")
_OPEN_ALL = (
    "document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)"
)


def addresses() -> MapAdapter:
    """Return the desk's own table of routes."""
    app = Flask(__name__)
    app.register_blueprint(blueprints.staff.bp)
    app.register_blueprint(blueprints.reports.bp)
    return app.url_map.bind("localhost")


def pages() -> set[str]:
    """Return the name of every page that a head can come to."""
    every = addresses().map.iter_rules()
    shown = {one.endpoint for one in every if "GET" in (one.methods or ())}
    return shown - APART - FOR_THE_COORDINATOR


def walk(page: Page, *starts: str) -> dict[str, str]:
    """Follow the links from some pages; returns an address of each page by its name."""
    adapter, found = addresses(), dict[str, str]()
    to_see = [*starts, "/", *NOT_ALWAYS]
    while to_see:
        path = to_see.pop(0)
        name = _name(adapter, path)
        if not name or name in found or name in APART:
            continue
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            continue
        found[name] = path
        to_see += _links(page)
    return found


def unfold(page: Page) -> None:
    """Open every fold of a page, but for the menu, which would lie over others."""
    page.evaluate(_OPEN_ALL)


def _name(adapter: MapAdapter, path: str) -> str:
    try:
        return str(adapter.match(path.split("?")[0].split("#")[0], "GET")[0])
    except (HTTPException, RequestRedirect):
        return ""


def _links(page: Page) -> Iterator[str]:
    for link in page.locator("a[href^='/']").all():
        yield link.get_attribute("href") or "/"
