"""How a request came: by the page's own script, or as a page that the browser shows."""

from werkzeug.wrappers import Request

# One of our own, since older browsers do not say by themselves how they ask.
HEADER = "Stilla-Fetch"


def is_fetch(request: Request) -> bool:
    """Say whether the page's script sent it; it is then told the true status."""
    return request.headers.get(HEADER) == "1"


def is_navigation(request: Request) -> bool:
    """Say whether the browser says that it opens it as a page of its own.

    Frames are not (their visits are in no list), nor browsers too old to say so.
    """
    return (
        request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )
