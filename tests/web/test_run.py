"""How the launcher knows that a site has come up, and that one never will."""

import socket
import subprocess
import sys

import pytest

from tests.ports import free_port
from web.run import answers, stand_by


class Lent(socket.socket):
    """A socket that is lent the very port that it asks for, as Linux may do."""

    def connect_ex(self, address: tuple[str, int], /) -> int:  # type: ignore[override]
        self.bind(address)
        return super().connect_ex(address)


def test_who_reaches_himself_reached_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setattr("socket.socket", Lent)
    with Lent() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) == 0
    assert not answers(free_port())


def test_a_site_that_ended_is_named_at_once() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", ""]) as ended,
        pytest.raises(SystemExit, match=r"^stilla: the staff site ended by itself"),
    ):
        stand_by("staff site", ended, free_port())
