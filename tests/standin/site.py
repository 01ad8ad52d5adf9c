"""What takes the product's place where only its webhooks are looked at."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs


class Site:
    """Keeps the webhooks that come in a `with` block, and answers them all alike."""

    def __init__(self) -> None:
        self.got: list[dict[str, list[str]]] = []
        self.signatures: list[str] = []
        self.status = HTTPStatus.OK.value
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                site.got.append(parse_qs(body, keep_blank_values=True))
                site.signatures.append(self.headers["X-Twilio-Signature"] or "")
                self.send_response(site.status)
                self.end_headers()
                self.wfile.write(b"answer")

            def log_message(self, *_: object) -> None: ...

        return Handler
