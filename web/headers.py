"""The headers of every answer, and the status that keeps a visit out of lists.

Measured reasons for each stand in the design notes: `no-referrer` would make browsers
send `Origin: null` on the site's own forms; Chromium lists no page answered with 404.
"""

import base64
import hashlib
from collections.abc import Iterable

from flask import Flask, Response, request

from web.environment import Face
from web.fetches import is_navigation
from web.settings import Settings

# Chromium shows a page of its own in place of a shorter 404.
LEAST_BODY = 512
# What could watch her. The others can wait: no script but ours ever runs.
_UNUSED_POWERS = ("camera", "display-capture", "geolocation", "microphone")
_SAME_EVERYWHERE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": ",".join(f"{power}=()" for power in _UNUSED_POWERS),
    "Server": "web",  # naming the product helps only who knows its holes
}


def csp_hash(text: str) -> str:
    """Return the CSP source that allows one inline style or script, to the byte."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def init_public_headers(
    app: Flask,
    settings: Settings,
    styles: Iterable[str],
    scripts: Iterable[str],
    listed: frozenset[str] = frozenset(),
) -> None:
    """Set the visitors' headers; `styles` and `scripts` are the inlined texts.

    `listed` names endpoints whose true status every browser gets.
    """
    headers = _SAME_EVERYWHERE | _public_headers(settings, styles, scripts)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers.update(headers)
        response.vary.update(("Sec-Fetch-Mode", "Sec-Fetch-Dest"))
        if response.mimetype == "text/html":
            _lengthen(response)
            if settings.unlisted and request.endpoint not in listed:
                _unlist(response)
        return response


def init_staff_headers(app: Flask, settings: Settings) -> None:
    """Set the staff site's headers: own style and script files, no frames, no index."""
    headers = _SAME_EVERYWHERE | {
        # Not for visitors: Firefox keeps a row about each site that asks for it.
        "Cross-Origin-Opener-Policy": "same-origin",  # who opened it can't watch it
        "Content-Security-Policy": _policy("'self'", "'self'", "'none'"),
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        **_hsts(settings),
    }

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers.update(headers)
        return response


def init_headers(
    app: Flask,
    settings: Settings,
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
    listed: frozenset[str] = frozenset(),
) -> None:
    """Set the headers of the face that the settings name."""
    if settings.face is Face.STAFF:
        init_staff_headers(app, settings)
    else:
        init_public_headers(app, settings, styles, scripts, listed)


def _public_headers(
    settings: Settings, styles: Iterable[str], scripts: Iterable[str]
) -> dict[str, str]:
    style = " ".join(map(csp_hash, styles)) or "'none'"
    script = " ".join(map(csp_hash, scripts)) or "'none'"
    frames = " ".join(settings.frame_ancestors) or "'none'"
    robots = "noarchive, nosnippet" if settings.indexed else "noindex, noarchive"
    # No X-Frame-Options: every browser that knows the policy's hashes knows its frames.
    return {
        "Content-Security-Policy": _policy(style, script, frames),
        "X-Robots-Tag": robots,
        **_hsts(settings),
    }


def _policy(style: str, script: str, frames: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {style}",
            f"script-src {script}",
            "connect-src 'self'",  # the page's script fetches forms, and Leave
            "img-src data:",  # the empty icon, which keeps browsers from asking for one
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {frames}",
        )
    )


def _hsts(settings: Settings) -> dict[str, str]:
    # Off by default: a browser's list of such hosts is itself a trace of a visit.
    if not settings.hsts:
        return {}
    return {"Strict-Transport-Security": f"max-age={settings.hsts}"}


def _lengthen(response: Response) -> None:
    """Lengthen a short page with a comment, so that browsers show it when it is 404."""
    # What comes compressed is the first document, which is far longer.
    if response.direct_passthrough or response.content_encoding:
        return
    if response.status_code in {204, 304} or 300 <= response.status_code < 400:
        return
    missing = LEAST_BODY - len(response.get_data())
    if missing > 0:
        response.set_data(response.get_data() + b"\n<!--" + b"." * missing + b"-->")


def _unlist(response: Response) -> None:
    """Answer a browser's own navigation with 404, errors too: only 404 is unlisted."""
    # A redirect stays one: as a 404 it would lead nowhere.
    if is_navigation(request) and not 300 <= response.status_code < 400:
        response.status_code = 404
