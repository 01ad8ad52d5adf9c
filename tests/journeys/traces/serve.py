"""The visitors' site over TLS and HTTP/2: `python -m tests.journeys.traces.serve`."""

import sys
from pathlib import Path

from flask import Flask, Response
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from app import create_app


def scriptless() -> Flask:
    """Build the site with a policy that allows no script, for want of a switch."""
    app = create_app()

    def forbid(response: Response) -> Response:
        policy = response.headers.get("Content-Security-Policy", "")
        parts = [one for one in policy.split("; ") if not one.startswith("script-src")]
        response.headers["Content-Security-Policy"] = "; ".join(parts)
        return response

    # Functions are called from the last to the first: this one after all others.
    app.after_request_funcs.setdefault(None, []).insert(0, forbid)
    return app


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
