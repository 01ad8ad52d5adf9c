"""Real databases for tests: an SQLite file, and a PostgreSQL server of our own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

_UNPRIVILEGED = "postgres"  # the server refuses to run as root


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server of our own and return the address of its database."""
    with tempfile.TemporaryDirectory(prefix="stilla-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, _UNPRIVILEGED)
        with _running(folder) as url:
            yield url


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    port = free_port()
    data = folder / "data"
    options = f"-k {folder} -p {port} -c listen_addresses= -c fsync=off"
    _run(programs / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "-U", "stilla")
    control = programs / "pg_ctl"
    _run(control, "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        _run(programs / "createdb", "-h", folder, "-p", port, "-U", "stilla", "stilla")
        yield f"postgresql+psycopg://stilla@/stilla?host={folder}&port={port}"
    finally:
        _run(control, "-D", data, "-w", "-m", "immediate", "stop")


def _run(program: Path, *arguments: object) -> None:
    command = [str(program), *map(str, arguments)]
    if os.geteuid() == 0:
        command = [
            "setpriv",
            f"--reuid={_UNPRIVILEGED}",
            "--regid=nogroup",
            "--clear-groups",
            *command,
        ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{program.name} failed: {result.stderr[-500:]}")
