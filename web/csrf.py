"""Which POSTs the visitors' site takes: its own pages', without a cookie to check by.

There is no cookie, so nobody's standing can be abused from another page. What is kept
out is another site making browsers send, and guesses at receipts through strangers.
"""

from urllib.parse import urlsplit

from flask import Flask, Request, abort, request

from web.readers import LOCAL_HOSTS
from web.settings import Settings
from web.tokens import FormTokens

TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_public_csrf(
    app: Flask, settings: Settings, tokens: FormTokens, exempt: frozenset[str]
) -> None:
    """Refuse foreign POSTs with 403. `exempt` names endpoints: the door, the hooks."""

    @app.before_request
    def refuse_foreign() -> None:
        if request.method in _SAFE_METHODS or request.endpoint in exempt:
            return
        # An address that does not exist, or takes no POST, says so itself.
        if request.endpoint is not None and not _is_own(settings, tokens):
            abort(403)


def is_own_host(request: Request, settings: Settings) -> bool:
    """Say whether it was asked of the host that STILLA_PUBLIC_URL names.

    A proxy may show us under a path of another site as well, without telling us.
    """
    hosts = {urlsplit(origin).netloc for origin in _own_origins(settings)}
    return request.host in hosts


def _is_own(settings: Settings, tokens: FormTokens) -> bool:
    """Take the browser's own word first; the token only where a browser says nothing.

    A token proves no origin, since anybody can read one off the form.
    """
    site = request.headers.get("Sec-Fetch-Site")
    # `same-site` is refused: a neighbour under the same domain may be broken into.
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in _own_origins(settings)
    return tokens.is_genuine(request.form.get(TOKEN_FIELD, ""))


def _own_origins(settings: Settings) -> set[str]:
    origins = {settings.public_url}
    if settings.is_demo:
        # The demo answers to every name of this machine, and to no other.
        here = f"http://{request.host}"
        if urlsplit(here).hostname in LOCAL_HOSTS:
            origins.add(here)
    return origins
