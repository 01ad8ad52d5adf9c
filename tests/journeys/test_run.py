"""`make run`: starts everything, keeps everything, and ends cleanly."""

import re
import signal
import socket
import stat
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.demonstration import END, SITES, demonstration
from tests.ports import free_port

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """Run the demonstration once, to its end, and return what it left and said."""
    folder, port = tmp_path_factory.mktemp("run"), free_port(SITES)
    with demonstration(folder, port) as running:
        return folder, port, running.welcome


def test_welcome_names_addresses_sign_ins_and_commands(
    first: tuple[Path, int, str],
) -> None:
    _, port, welcome = first
    assert f"http://localhost:{port}/" in welcome
    assert f"http://localhost:{port + 1}/" in welcome
    assert len(re.findall(r"code \d{6}", welcome)) >= 6
    assert "make text" in welcome
    assert "make codes" in welcome


def test_each_process_has_a_file_of_its_own_that_only_the_owner_reads(
    first: tuple[Path, int, str],
) -> None:
    files = sorted((first[0] / "secrets").iterdir())
    assert [file.name for file in files] == ["public.env", "staff.env", "worker.env"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_each_process_says_where_it_runs_and_nothing_secret(
    first: tuple[Path, int, str],
) -> None:
    folder, port, welcome = first
    for line in (
        f"visitors' site answers on 127.0.0.1:{port}, ",
        f"staff site answers on 127.0.0.1:{port + 1}, ",
    ):
        assert line in welcome
    for file in (folder / "secrets").iterdir():
        for line in file.read_text().splitlines():
            name, _, value = line.partition("=")
            if name.endswith(("_KEY", "_PEPPER")):
                assert value not in welcome, name


def test_the_database_is_its_owners_alone(first: tuple[Path, int, str]) -> None:
    kept = [file for file in first[0].iterdir() if file.is_file()]
    assert first[0] / "stilla.db" in kept
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}


def test_second_run_makes_nothing_anew_and_loses_nothing(
    first: tuple[Path, int, str],
) -> None:
    folder, port, _ = first
    secrets = [file.read_text() for file in sorted((folder / "secrets").iterdir())]
    with demonstration(folder, port) as running:
        assert "made-up people" not in running.welcome
        with urllib.request.urlopen(f"{running.url}/healthz") as answer:
            assert answer.status == 200
    now = [file.read_text() for file in sorted((folder / "secrets").iterdir())]
    assert now == secrets


def test_a_taken_port_is_named_and_nothing_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = pytest.raises(AssertionError, match=f"port {port} is taken")
        with refused, demonstration(tmp_path, port):
            raise RuntimeError("it must not start")


def test_ctrl_c_ends_every_process(tmp_path: Path) -> None:
    with demonstration(tmp_path) as running:
        children = _children(running.process.pid)
        assert len(children) == 4
        running.process.send_signal(signal.SIGINT)
        running.process.wait(END)
        assert not any(Path(f"/proc/{child}/cmdline").exists() for child in children)
        assert running.process.returncode == 0


def _children(pid: int) -> list[int]:
    """Return a process's children, read where the system itself keeps them."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]
