"""Starting a process for real: the server of a face, or the worker's loop."""

import signal
import socket
import sys
import threading
from types import FrameType

import click
from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake import founding, rulebook
from intake.errors import BadData
from intake.gone_units import gone_units
from intake.migrate import is_current
from intake.people import Installation
from intake.store import reading, writing
from web import library
from web.environment import Face
from web.wholeness import held_back
from web.wiring import Wiring

# Requests mostly wait, for the database or for hashes that let go of Python's lock.
THREADS = 8
HERE = "127.0.0.1"


def serve(app: Flask) -> None:
    """Serve a face until it is told to stop (granian; see docs/adr)."""
    wiring: Wiring = app.extensions["stilla"]
    settings = wiring.settings
    public = settings.face is Face.PUBLIC
    refuse_unready(wiring)
    if public:
        refuse_bad_words(app)
        open_doors(wiring)
    name = "visitors' site" if public else "staff site"
    port = settings.port if public else settings.staff_port
    url = settings.public_url if public else settings.staff_url
    server = Granian(
        "app:create_app",
        factory=True,
        address=HERE,  # for the proxy in front, and nobody else
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        log_access=False,  # no address, path or user agent is ever written down
        log_enabled=False,
        workers_kill_timeout=10,
    )
    # Only now is the port its own.
    where = f"{name} answers on {HERE}:{port}, as {url} to browsers"
    server.on_startup(lambda: say(wiring, where))
    _refuse_taken(port)
    server.serve()
    say(wiring, f"{name} stopped")


def refuse_bad_words(app: Flask) -> None:
    """End with one line when a file of words is bad, or the own language not whole."""
    wiring: Wiring = app.extensions["stilla"]
    try:
        library.refuse_bad_words(app, wiring.clock())
        for line in held_back(wiring.settings, wiring.clock().date()):
            say(wiring, line)
    except BadData as error:
        sys.exit(f"stilla: {error}; `flask content check` names every fault")


def say(wiring: Wiring, what: str) -> None:
    """Say on the terminal, or in the journal, what starts and ends."""
    click.echo(f"stilla: {what} ({wiring.settings.mode})")


def open_doors(wiring: Wiring) -> None:
    """Let visitors in once two members can open every desk that requests reach.

    Until that was so for the first time, end with one line. Later only warn: who
    writes must never meet a closed door because a member fell ill (S33).
    """
    office = wiring.office
    with writing(wiring.engine) as session:
        members = founding.members_by_desk(session)
        thin = ", ".join(rulebook.thin_desks(office.rules, office.units, members))
        house = session.scalars(select(Installation)).one()
        few = f"fewer than two members can open {thin}; see `flask routing check`"
        if thin and house.opened_at is None:
            sys.exit(f"stilla: {few}")
        if thin:
            say(wiring, f"warning: {few}")
        house.opened_at = house.opened_at or wiring.clock()
        session.commit()


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        # As the server itself asks, or its own port would be taken after a restart.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            sys.exit(f"stilla: port {port} can't be listened on; is it taken?")


def refuse_unready(wiring: Wiring) -> None:
    """End with one line when the database is not set up, or not for these settings."""
    try:
        # Its disk is what is looked at before each message is taken in (S36).
        wiring.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        sys.exit("stilla: STILLA_DATA_DIR can't be made, or is no folder")
    if not is_current(wiring.engine):
        sys.exit("stilla: the database is not up to date; run `flask setup`")
    with reading(wiring.engine) as session:
        installation = session.scalars(select(Installation)).first()
        gone = gone_from_file(wiring, session)
    mode = wiring.settings.mode.value
    if installation is None or installation.mode != mode:
        there = installation.mode if installation else "nothing"
        sys.exit(f"stilla: STILLA_MODE is {mode}, but the database is for {there}")
    # Whoever opens, or writes in, what lies there would meet a fault each time.
    if gone:
        sys.exit(f"stilla: {gone}")


def gone_from_file(wiring: Wiring, session: Session) -> str:
    """Say which units are left without their block in units.toml, and what to do."""
    gone = gone_units(session, list(wiring.office.units), wiring.clock())
    if not gone:
        return ""
    return (
        f"{wiring.settings.units.name} lacks unit {', '.join(map(repr, gone))}, where "
        "requests or members are left: put it back, or hand over and close what lies "
        "there and end its places first (docs/routing.md tells how a unit ends)"
    )


def until_stopped() -> threading.Event:
    """Return an event that is set when the process is asked to end."""
    stop = threading.Event()

    def ask(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop
