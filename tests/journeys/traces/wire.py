"""As much of WebSocket as a browser's debugging channel needs."""

import base64
import json
import os
import socket
import struct
import time
from types import TracebackType
from typing import Any

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_LAST = 0x80


class Wire:
    """One connection, opened for an instant and closed again."""

    def __init__(self, port: int, path: str, patience: float = 20) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), patience)
        self._bytes = b""
        self._patience = patience
        self._calls = 0
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._bytes:
            self._bytes += self._some()
        head, _, self._bytes = self._bytes.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.decode(errors="replace"))

    def __enter__(self) -> "Wire":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def call(self, method: str, **given: object) -> Any:  # noqa: ANN401 - JSON
        """Call a method and return its result; raises RuntimeError for a refusal."""
        self._calls += 1
        mine = self._calls
        self.send({"id": mine, "method": method, "params": given})
        while True:
            said = self.receive()
            if said.get("id") == mine:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']}")
                return said.get("result")

    def send(self, message: dict[str, object]) -> None:
        """Send one message as JSON."""
        self._frame(_TEXT, json.dumps(message).encode())

    def receive(self) -> dict[str, Any]:
        """Return the next message; raises TimeoutError when none comes."""
        ends, whole = time.monotonic() + self._patience, b""
        while True:
            self._socket.settimeout(max(0.01, ends - time.monotonic()))
            first, body = self._next()
            if first & 0x0F == _PING:
                self._frame(_PONG, body)
                continue
            if first & 0x0F == _CLOSE:
                raise ConnectionError("the browser hung up")
            whole += body
            if first & _LAST:
                message: dict[str, Any] = json.loads(whole)
                return message

    def _frame(self, kind: int, body: bytes) -> None:
        mask, size = os.urandom(4), len(body)
        if size < 126:
            head = struct.pack("!BB", _LAST | kind, 0x80 | size)
        elif size < 1 << 16:
            head = struct.pack("!BBH", _LAST | kind, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", _LAST | kind, 0x80 | 127, size)
        masked = bytes(one ^ mask[at % 4] for at, one in enumerate(body))
        self._socket.sendall(head + mask + masked)

    def _next(self) -> tuple[int, bytes]:
        first, size = self._take(2)
        size &= 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return first, self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self._bytes) < size:
            self._bytes += self._some()
        taken, self._bytes = self._bytes[:size], self._bytes[size:]
        return taken

    def _some(self) -> bytes:
        some = self._socket.recv(1 << 16)
        if not some:
            raise ConnectionError("the browser hung up")
        return some
