"""One-time pages: what every answer to a form leads to, at an address that ends (S39).

A POST by navigation is answered 303, also where it failed: a direct answer would leave
the typed text in the browser's session files. The page's script, which leaves nothing,
is told the true status at once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Response, abort, make_response, redirect, request

from intake.errors import UnknownReceipt
from intake.pages_once import FORM_FOR, Shown, end_page, keep, show, trail
from intake.returning import Return, re_enter
from web.errors import Fault
from web.fetches import is_fetch
from web.i18n import current_language, languages
from web.room import has_room_for_form
from web.wiring import db, now

Content = dict[str, Any]
Renderer = Callable[[Content, str], str]  # what was kept, and the page's own handle
_DOOR = "door"
_HANDLE = re.compile(r"/p/([\w-]+)(?:/saved)?$")

_renderers: dict[str, Renderer] = {}
_givers: dict[str, Callable[[str], "Page"]] = {}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be shown once: a view's name, and what it shows as JSON allows it."""

    view: str
    content: Content = field(default_factory=dict)
    status: int = 200  # what the page's script is told
    ends_number: bytes | None = None  # the sending whose number ends with the page (S3)


def speak(_: str | None, values: dict[str, Any] | None) -> None:
    """Take the language off a view's values; one that is not offered has no pages."""
    if values and values.pop("lang", None) not in {one.code for one in languages()}:
        abort(404)


def shows(view: str) -> Callable[[Renderer], Renderer]:
    """Register what renders the one-time pages of a view."""

    def register(renderer: Renderer) -> Renderer:
        _renderers[view] = renderer
        return renderer

    return register


def gives_back(endpoint: str, giver: Callable[[str], Page]) -> None:
    """Register how a form's page is made again when its POST broke in our hands."""
    _givers[endpoint] = giver


def lead_to(page: Page) -> Response:
    """Return the 303 to a page; the page's script gets a refusal directly."""
    if page.status >= 400 and is_fetch(request):
        shown = Shown(page.view, page.content)
        return make_response(render(shown, ""), page.status)
    if _keeps_words(page) and not has_room_for_form():
        return see_other("e503")
    before = handle_of(request.path) or handle_of(request.referrer)
    others = (*trail(db(), before), *_hidden(page.content))
    shown = Shown(page.view, page.content, others)
    handle = keep(db(), shown, now(), sending_hash=page.ends_number)
    _end_typed(before, page)
    return see_other(f"p/{handle}")


def _keeps_words(page: Page) -> bool:
    """Say whether a page keeps a form that was not taken, or a text that goes along."""
    typed = page.content.get("typed", ())
    return page.status >= 400 or any(text for name, text in typed if name == "text")


def see_other(path: str = "") -> Response:
    """Return a 303 to a path of the current language; without one, its document."""
    return cast(Response, redirect(current_language().home + path, 303))


def render(shown: Shown, handle: str) -> str:
    """Return the HTML of a kept page."""
    return _renderers[shown.view](shown.content, handle)


def tell(fault: Fault) -> Response | None:
    """Lead to the form as it was typed, where nothing in it was wrong; else None."""
    giver = _givers.get(request.endpoint or "")
    # 403: the browser did not show where the form came from, which she can't help.
    if giver is None or not (fault.code >= 500 or fault.code == 403):
        return None
    # What broke is undone first, or it would be kept together with the page.
    db().rollback()
    response = lead_to(giver(fault.text))
    db().commit()
    return response


def door_handle(visit: Return) -> str:
    """Keep an open door for 30 minutes under a handle that a form hides."""
    # A key in JSON, as the page's own lock is what seals it.
    kept = {"door": visit.door_id, "secret": visit.answers.secret.hex()}
    return keep(db(), Shown(_DOOR, kept), now(), lasts=FORM_FOR)


def through_door(handle: str) -> Return:
    """Open the door again that a form's hidden handle kept. Raises UnknownReceipt."""
    shown = show(db(), handle, now())
    if shown is None or shown.view != _DOOR:
        raise UnknownReceipt("the handle is spent")
    secret = bytes.fromhex(shown.content["secret"])
    return re_enter(db(), shown.content["door"], secret, now())


def handle_of(address: str | None) -> str:
    """Return the handle in a one-time page's address, as a Referer gives it, or ""."""
    try:
        found = _HANDLE.search(urlsplit(address or "").path)
    except ValueError:  # what was sent is no address
        return ""
    return found[1] if found else ""


def open_page(handle: str) -> Shown | None:
    """Return what an address shows; a form's hidden handle is no address."""
    shown = show(db(), handle, now())
    return None if shown is None or shown.view == _DOOR else shown


def _hidden(content: Content) -> list[str]:
    """Return the handles that a page's forms will hide: they end with the page."""
    typed = [text for name, text in content.get("typed", ()) if name == "handle"]
    way = content.get("go_on", {})
    named = (content.get("handle"), way.get("handle"), *typed)
    return [one for one in named if one]


def _end_typed(before: str, page: Page) -> None:
    """End a form that was given back, once what she typed in it has been taken.

    While it is refused again it stays: the answer may get lost on its way, and her
    text with it. What shows a number or an answer stays too, for its five minutes.
    With script the text is in the open page, and another form may have been sent.
    """
    typed = show(db(), before, now()) if before and not is_fetch(request) else None
    if typed and "typed" in typed.content and "typed" not in page.content:
        end_page(db(), before, now())
