"""How the launcher knows that a site has come up, and that one never will."""

import socket
import subprocess
import sys

import pytest

from tests.ports import free_port
from web.run import answers, stand_by

_connect = socket.socket.connect_ex


def lent(probe: socket.socket, address: tuple[str, int]) -> int:
    """Connect from the very port that is asked for, which Linux may lend."""
    probe.bind(address)
    return _connect(probe, address)


def test_who_reaches_himself_reached_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setattr("socket.socket.connect_ex", lent)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) == 0
    assert not answers(free_port())


def test_a_site_that_ended_is_named_at_once() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", ""]) as ended,
        pytest.raises(SystemExit, match=r"^stilla: the staff site ended by itself"),
    ):
        stand_by("staff site", ended, free_port())
