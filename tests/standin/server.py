"""The stand-in as a whole: an account behind an HTTP server in a thread."""

import logging
import threading
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Self

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.standin.account import ACCOUNT, TOKEN, Account
from tests.standin.api import build_api
from tests.standin.behaviour import Conduct

_HOST = "127.0.0.1"
_ENDS_WITHIN = 0.02  # seconds


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Log nothing: addresses hold numbers."""


class StandIn(Account):
    """Twilio on this machine, from the beginning of a `with` block to its end.

    Port 0 is any free one. The rest is as `Account` says.
    """

    build = staticmethod(build_api)

    def __init__(
        self,
        port: int = 0,
        *,
        sid: str = ACCOUNT,
        token: str = TOKEN,
        senders: Collection[str] = (),
        api_keys: Mapping[str, str] | None = None,
        conduct: Conduct | None = None,
    ) -> None:
        super().__init__(sid, token, senders, api_keys or {}, conduct or Conduct())
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        api = self.build(self)
        self._server = make_server(
            _HOST, port, api, threaded=True, request_handler=_Quiet
        )
        self._thread = threading.Thread(target=self._serve, name="api")

    @property
    def url(self) -> str:
        """The base address, for STILLA_TWILIO_API_URL."""
        return f"http://{_HOST}:{self._server.server_port}"

    def _serve(self) -> None:
        self._server.serve_forever(_ENDS_WITHIN)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self.settle()
        self._server.server_close()
