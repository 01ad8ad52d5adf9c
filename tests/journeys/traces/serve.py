"""The visitors' site over TLS and HTTP/2: `python -m tests.journeys.traces.serve`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from flask import Flask, Response
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import create_app
from web import shell

IDLE = "2e4"  # ms; longer than any pause of a visit


def scriptless() -> Flask:
    """Build the site with a policy that allows no script, for want of a switch."""

    def change(response: Response) -> None:
        _put_policy(response, "script-src", "")

    return _changed(change)


def hasty() -> Flask:
    """Build the site with a script whose five idle minutes are twenty seconds."""
    assert shell.SCRIPT.count("3e5") == 1, "which of these are the minutes?"
    with patch.object(shell, "SCRIPT", shell.SCRIPT.replace("3e5", IDLE)):
        return create_app()


def under_a_path() -> DispatcherMiddleware:
    """Build a municipality's own site that shows Stilla as well, which is refused.

    Which of the two has the paths is one to a browser: both are one origin. On a host
    that isn't its own Stilla clears nothing.
    """

    def change(response: Response) -> None:
        _put_policy(response, "frame-ancestors", "frame-ancestors 'self'")
        response.headers.pop("Clear-Site-Data", None)

    town, page = Flask("town"), Path(os.environ["DOOR_PAGE"]).read_text()
    town.add_url_rule("/", view_func=lambda: page, endpoint="door")
    return DispatcherMiddleware(_changed(change), {"/kontakt": town})


def _changed(change: Callable[[Response], None]) -> Flask:
    """Build the site with answers that are changed last of all."""
    app = create_app()

    def after(response: Response) -> Response:
        change(response)
        return response

    # Functions are called from the last to the first: this one after all others.
    app.after_request_funcs.setdefault(None, []).insert(0, after)
    return app


def _put_policy(response: Response, name: str, instead: str) -> None:
    """Put another line into the policy."""
    policy = response.headers.get("Content-Security-Policy", "")
    parts = [instead if p.startswith(name) else p for p in policy.split("; ")]
    response.headers["Content-Security-Policy"] = "; ".join(filter(None, parts))


def main(target: str, address: str, port: str, certificate: str, key: str) -> None:
    """Serve the face that the environment describes, until told to stop."""
    Granian(
        target,
        factory=True,
        address=address,
        port=int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.auto,
        ssl_cert=Path(certificate),
        ssl_key=Path(key),
        websockets=False,
        blocking_threads=4,
        log_access=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
