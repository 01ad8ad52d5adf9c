"""Forms that Chromium asks nobody about.

With each form that it sees it asks its maker what to fill in, and keeps the answer in
its cache under the name of the site. It leaves out the forms that search, which it
knows by their addresses. So the script adds an ending to those of ours, which is taken
off again here.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ENDING = "/search"


def init(app: Flask) -> None:
    """Answer what is sent to an address with the ending as if it were without."""
    answer = app.wsgi_app

    def plainly(
        environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            environ["PATH_INFO"] = environ["PATH_INFO"].removesuffix(ENDING)
        return answer(environ, start_response)

    app.wsgi_app = plainly  # type: ignore[method-assign]  # Flask documents it
