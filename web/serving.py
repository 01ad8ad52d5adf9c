"""Starting a process for real: the server of a face, or the worker's loop."""

import signal
import sys
import threading
from types import FrameType

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from sqlalchemy import select

from intake.migrate import is_current
from intake.people import Installation
from intake.store import reading
from web.environment import Face
from web.wiring import Wiring

# Requests mostly wait, for the database or for hashes that let go of Python's lock.
THREADS = 8


def serve(app: Flask) -> None:
    """Serve a face until it is told to stop (granian; see docs/adr)."""
    wiring: Wiring = app.extensions["stilla"]
    settings = wiring.settings
    refuse_unready(wiring)
    Granian(
        "app:create_app",
        factory=True,
        address="127.0.0.1",  # for the proxy in front, and nobody else
        port=settings.port if settings.face is Face.PUBLIC else settings.staff_port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        log_access=False,  # no address, path or user agent is ever written down
        log_enabled=False,
        workers_kill_timeout=10,
    ).serve()


def refuse_unready(wiring: Wiring) -> None:
    """End with one line when the database is not set up, or is for another mode."""
    if not is_current(wiring.engine):
        sys.exit("stilla: the database is not up to date; run `flask setup`")
    try:
        # Its disk is what is looked at before each message is taken in (S36).
        wiring.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        sys.exit("stilla: STILLA_DATA_DIR can't be made, or is no folder")
    with reading(wiring.engine) as session:
        installation = session.scalars(select(Installation)).first()
    mode = wiring.settings.mode.value
    if installation is None or installation.mode != mode:
        there = installation.mode if installation else "nothing"
        sys.exit(f"stilla: STILLA_MODE is {mode}, but the database is for {there}")


def until_stopped() -> threading.Event:
    """Return an event that is set when the process is asked to end."""
    stop = threading.Event()

    def ask(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop
