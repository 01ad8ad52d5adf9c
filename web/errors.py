"""Error pages in the visitor's words, or in Swedish for staff."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from flask import (
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from web.fetches import is_fetch
from web.i18n import current_language, languages, lazy
from web.quiet_log import QuietFlask

TOLD = "told"  # the endpoint that shows an error at an address of its own
_DRAINED = 20 * 10**6  # bytes of a too large body that are read and thrown away
_CHUNK = 2**16


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """What an error page says. The texts may be lazy."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as it is shown."""

    code: int
    title: str
    text: str


FaultAnswer = Callable[[Fault], Response | None]

_AGAIN = ErrorWords(
    lazy("This did not work"),
    lazy("Nothing was sent. Start again from the first page."),
)
VISITORS_WORDS: Mapping[int, ErrorWords] = {
    400: _AGAIN,
    403: ErrorWords(
        lazy("This did not work"),
        lazy(
            "Nothing was sent. Your browser did not show that the form came from this "
            "site. Open it again from the first page."
        ),
    ),
    404: ErrorWords(
        lazy("There is no page here"),
        lazy("It may have been shown already. Start again from the first page."),
    ),
    405: _AGAIN,
    413: ErrorWords(
        lazy("That was too much at once"),
        lazy("Nothing was sent. Send a shorter text first, and the rest after it."),
    ),
    422: ErrorWords(
        lazy("Something has to be put right"),
        lazy("Nothing was sent yet. Look at what you filled in."),
    ),
    429: ErrorWords(
        lazy("Too many tries"),
        lazy("Wait ten minutes and try again. You can call us meanwhile."),
    ),
    500: ErrorWords(
        lazy("Something went wrong with us"),
        lazy(
            "It is our fault. If you sent something, we don't know if it arrived: send "
            "it once more from the same form, it counts once. Or call us."
        ),
    ),
    503: ErrorWords(
        lazy("We can't receive anything now"),
        lazy("Nothing was sent. Call us, or try again later."),
    ),
}
_BACK = "Inget har sparats. Gå tillbaka, ladda om sidan och försök igen."
STAFF_WORDS: Mapping[int, ErrorWords] = {
    400: ErrorWords("Det gick inte", _BACK),
    403: ErrorWords("Du får inte göra detta", "Fråga en chef om du behöver kunna det."),
    404: ErrorWords("Sidan finns inte", "Ärendet kan ha gått till en annan enhet."),
    405: ErrorWords("Det gick inte", _BACK),
    413: ErrorWords(
        "Det var för mycket på en gång", "Inget har sparats. Korta texten."
    ),
    422: ErrorWords("Något behöver rättas", "Inget har sparats än."),
    429: ErrorWords("För många försök", "Vänta tio minuter och försök igen."),
    500: ErrorWords(
        "Något gick fel hos oss", "Se efter om det sparades innan du gör om."
    ),
    503: ErrorWords("Det går inte att spara nu", "Säg till den som sköter driften."),
}


@dataclass(frozen=True, slots=True)
class ErrorPages:
    """How an app answers errors."""

    words: Mapping[int, ErrorWords]
    template: str
    on_post_error: FaultAnswer | None
    hooks: frozenset[str]
    by_redirect: bool

    def answer(self, error: HTTPException) -> Response | HTTPException:
        """Return the page of an error, or the 303 that leads to it."""
        if error.response is not None:
            return error
        if error.code == 413:
            _drain()
        fault = self.fault(error.code or 500)
        if (
            self.by_redirect
            and _is_form_by_page()
            and request.endpoint not in self.hooks
        ):
            return self.elsewhere(fault)
        response = self.page(fault, fault.code)
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods or ())
        return response

    def elsewhere(self, fault: Fault) -> Response:
        """Return a 303, so that no typed text stays in the browser's session (S39)."""
        answer = None
        try:
            answer = self.on_post_error and self.on_post_error(fault)
        except (
            Exception
        ):  # the database may be what broke; she must be told all the same
            current_app.log_exception(sys.exc_info())
        return answer or _see_other(fault.code)

    def fault(self, code: int) -> Fault:
        """Return what is said of a status; of a rare one what its kind says."""
        words = self.words.get(code) or self.words[400 if code < 500 else 500]
        return Fault(code, str(words.title), str(words.text))

    def page(self, fault: Fault, status: int) -> Response:
        """Return the page that shows a fault."""
        shown = {"code": fault.code, "title": fault.title, "text": fault.text}
        return make_response(render_template(self.template, **shown), status)

    def told(self, lang: str, code: int) -> Response:
        """Show a fault at an address of its own, always as 404: no page to keep."""
        known = lang in {language.code for language in languages()}
        return self.page(self.fault(code if known and code in self.words else 404), 404)


def init_visitors_errors(
    app: QuietFlask,
    on_post_error: FaultAnswer | None = None,
    hooks: frozenset[str] = frozenset(),
    template: str = "errors/error.html",
) -> None:
    """Answer errors in the visitor's language, a form sent as a page always by 303.

    `on_post_error` may return a 303 to a sealed page that gives the text back; where
    it returns None or fails, /<lang>/e<code> says what happened. `hooks` are endpoints
    that machines post to: they get the true status, as fetches do.
    """
    pages = ErrorPages(VISITORS_WORDS, template, on_post_error, hooks, by_redirect=True)
    app.register_error_handler(HTTPException, pages.answer)
    app.add_url_rule("/<lang>/e<int:code>", TOLD, pages.told)


def init_staff_errors(app: QuietFlask, template: str = "staff/error.html") -> None:
    """Answer errors in Swedish, with their true status."""
    pages = ErrorPages(STAFF_WORDS, template, None, frozenset(), by_redirect=False)
    app.register_error_handler(HTTPException, pages.answer)


def _is_form_by_page() -> bool:
    return request.method == "POST" and not is_fetch(request)


def _see_other(code: int) -> Response:
    address = url_for(TOLD, lang=current_language().code, code=code)
    return cast(Response, redirect(address, 303))


def _drain() -> None:
    """Read a too large body to its end: a browser that still sends hears no answer."""
    left = min(_DRAINED, request.content_length or 0)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(_CHUNK, left))):
        left -= len(chunk)
