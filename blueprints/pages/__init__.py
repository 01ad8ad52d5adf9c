"""The quiet front: the first document, the longer pages, and the way out."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from web.browsers import BROWSERS, browser_of
from web.content import Page
from web.csrf import is_own_host
from web.document import FirstDocument
from web.i18n import Language, current_language, speaking
from web.leaving import end_page_left, end_what_was_shown
from web.library import library
from web.printed import Printed, best_coding
from web.wiring import now, wired

bp = Blueprint("pages", __name__)
# Not "cookies": that would clear those of every site under the municipality's domain.
_CLEAR = {"Clear-Site-Data": '"cache", "storage"'}
# Firefox by a file in its cache, Chromium by a line in its settings.
_NOTE_THE_CLEARING = ("Firefox/", "Chrome/")


@bp.route("/", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    """Show the document in the browser's language; POST is a door, without fields."""
    return _document(current_language())


@bp.get("/<lang>/")
def document(lang: str) -> ResponseReturnValue:
    """Show the document of a language."""
    return _document(current_language())


@bp.get("/<lang>/9")
def plain(lang: str) -> ResponseReturnValue:
    """Show the accessibility statement."""
    return _sent("9", "plain.html", lambda: {"page": _page("accessibility")})


@bp.get("/<lang>/10", defaults={"number": 10})
@bp.get("/<lang>/<int(min=20, max=99):number>")
def longer(lang: str, number: int) -> ResponseReturnValue:
    """Show a longer page, where the language has one of that number."""
    section = library().shown(current_language(), now()).longer(number)
    if section is None:
        abort(404)
    return _sent(str(number), "longer.html", lambda: {"section": section})


@bp.get("/<lang>/12")
def steps(lang: str) -> ResponseReturnValue:
    """Show what the asking browser remembers; what it calls itself is kept nowhere."""
    own = browser_of(request.user_agent.string) or ""
    return _sent(f"12{own}", "steps.html", lambda: _steps(own))


@bp.route("/<lang>/u", methods=["GET", "POST"])
def leave(lang: str) -> ResponseReturnValue:
    """Leave: end what the page showed. With script nobody waits for the answer."""
    answer = Response(status=204)
    if request.method == "GET":
        answer = make_response(render_template("pages/exit.html", onward=_onward()))
    # For the script too: GNOME Web else keeps a file that names the site as one that
    # might store something. Others keep nothing, and would note that we cleared it.
    agent = str(request.user_agent)
    if request.method == "GET" or not any(one in agent for one in _NOTE_THE_CLEARING):
        answer.headers.update(_cleared())
    # Only now, and also in a GET: nothing that breaks here may take the way out away.
    # `Referrer-Policy: same-origin` is what lets us see the page that she leaves.
    end_what_was_shown()
    return answer


@bp.get("/<lang>/u2")
def left(lang: str) -> ResponseReturnValue:
    """Go on to the neutral site. Two answers empty Chromium's memory of pages."""
    return redirect(_target(), 303), _cleared()


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")


def _onward() -> str:
    """Return where the page to leave by leads.

    Answered 404 it needs no second answer: Chromium keeps no such page for Back, and a
    redirect it would keep as a visit, which its address bar then suggests.
    """
    unlisted = wired().settings.unlisted
    return _target() if unlisted else f"/{current_language().code}/u2"


def _target() -> str:
    return wired().settings.leave_url_for(current_language().code)


def _cleared() -> dict[str, str]:
    """Clear what the browser keeps of us; on a host that is not ours, of nobody."""
    return _CLEAR if is_own_host(request, wired().settings) else {}


def _document(language: Language) -> Response:
    end_page_left()
    return _sent("", "document.html", lambda: {"document": _first(language)}, language)


def _first(language: Language) -> FirstDocument:
    return library().shown(language, now()).first_document()


def _steps(own: str) -> dict[str, object]:
    return {
        "page": _page("steps"),
        "own": _page(own) if own else None,
        "others": [_page(key) for key in BROWSERS if key != own],
        "remains": _page("remains"),
    }


def _page(key: str) -> Page:
    return library().page(current_language(), key, now())


def _sent(
    name: str,
    template: str,
    shown: Callable[[], dict[str, Any]],
    language: Language | None = None,
) -> Response:
    """Return a page of guidance, the same bytes for all who ask within five minutes."""
    spoken = language or current_language()

    def render() -> str:
        with speaking(spoken):
            return render_template(f"pages/{template}", **shown())

    return _smallest(library().printed((spoken.code, name), now(), render))


def _smallest(printed: Printed) -> Response:
    coding = best_coding()
    body = {"br": printed.br, "gzip": printed.gzip}.get(coding, printed.plain)
    response = make_response(body)
    if coding:
        response.content_encoding = coding
    response.vary.add("Accept-Encoding")
    return response
