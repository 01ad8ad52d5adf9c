"""`make run`: the whole demonstration on this machine, ended with Ctrl-C.

Makes what is missing (secrets, tables, made-up people), then starts the visitors'
site, the staff site, the worker and a local stand-in for the text message provider,
each as a process of its own that is given its own secrets only.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from intake.access import current_code
from intake.life import Signer
from intake.migrate import upgrade
from intake.office import Office
from intake.people import Member
from intake.receipts import Peppers
from intake.rulebook import load_rules
from intake.store import connect, writing
from intake.units import load_units
from web import demo, key_files
from web.demo_on_call import seed_on_call
from web.demo_story import seed_requests
from web.environment import SettingsError
from web.settings import ROOT, Settings
from web.wiring import system_clock

_ACCOUNT = "AC" + "0" * 32
_OUTSIDE = ("STILLA_PORT", "STILLA_STAFF_PORT", "STILLA_DATABASE_URL")
# Each process reads every language first; a small or busy machine takes its time.
_STARTS_WITHIN, _ENDS_WITHIN = 90, 10  # seconds


def main() -> None:
    """Prepare, start, print, and wait for Ctrl-C."""
    folder = Path(os.environ.get("STILLA_DATA_DIR", ROOT / "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    say("secrets")
    key_files.make(folder / "secrets", key_files.DEMO_MARK, _surroundings(folder))
    environments = {face: _environment(folder, face) for face in key_files.FACES}
    try:
        staff, public, worker = (
            Settings.from_env(environments[face])
            for face in ("staff", "public", "worker")
        )
    except SettingsError as error:
        sys.exit(f"stilla: {error}")
    for port in (public.port, staff.staff_port, _standin_port()):
        if answers(port):
            sys.exit(f"stilla: port {port} is taken; is it running already?")
    say("tables")
    upgrade(staff.database_url)
    _seed(staff, worker)
    # SIGINT too: a shell starts what runs in its background without it.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    # Ctrl-C may come at any moment, also while things still start.
    with suppress(KeyboardInterrupt), ExitStack() as running:
        _start_all(running, environments, (public.port, staff.staff_port))
        _print_welcome(staff, public, folder)
        signal.pause()
    say("stopped; nothing was lost")


def say(line: str) -> None:
    """Show what is being done."""
    print(f"  stilla: {line}", flush=True)  # noqa: T201 - the launcher talks to a person


def _surroundings(folder: Path) -> dict[str, str]:
    """Return what the demonstration's processes share and what is no secret."""
    return {
        "STILLA_MODE": "demo",
        "STILLA_DATA_DIR": str(folder),
        "STILLA_SMS_GATEWAY": "twilio",
        # From the numbers that PTS keeps for films and examples.
        "STILLA_SMS_NUMBER": "+46701740600",
        "STILLA_SMS_SENDER": "+46701740601",
    }


def _environment(folder: Path, face: str) -> dict[str, str]:
    """Return one process's settings: its file, and what the person set outside."""
    ports = {name: os.environ[name] for name in _OUTSIDE if name in os.environ}
    provider = {
        "STILLA_TWILIO_ACCOUNT_SID": _ACCOUNT,
        "STILLA_TWILIO_AUTH_TOKEN": "demo-" + "0" * 32,
        "STILLA_TWILIO_API_URL": f"http://127.0.0.1:{_standin_port()}",
    }
    wanted = {"public": list(provider)[:2], "worker": list(provider), "staff": []}
    texts = {name: provider[name] for name in wanted[face]}
    return {**key_files.read(folder / "secrets", face), **ports, **texts}


def _standin_port() -> int:
    """Return the stand-in's port: the one after the staff site's."""
    return int(os.environ.get("STILLA_STAFF_PORT", "8001")) + 1


def _seed(staff: Settings, worker: Settings) -> None:
    engine = connect(staff.database_url)
    with writing(engine) as session:
        if demo.is_seeded(session):
            return
        say("made-up people and requests")
        units = load_units(staff.units)
        office = Office(
            units,
            load_rules(staff.routing, units),
            staff.worker_public_key,
            Signer("staff", staff.event_key),
            sender=staff.sms_sender,
        )
        stage = demo.Stage(
            session,
            office,
            Peppers(staff.receipt_pepper),
            worker.number_key,
            staff.account_key,
            system_clock(),
        )
        demo.seed_people(stage)
        seed_requests(stage)
        seed_on_call(stage)
        session.commit()
    engine.dispose()


def _start_all(
    running: ExitStack,
    environments: Mapping[str, dict[str, str]],
    ports: tuple[int, int],
) -> None:
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    standin = [sys.executable, "-m", "tests.standin", "serve"]
    commands = {
        "text message stand-in": ([*standin, "--port", str(_standin_port())], "worker"),
        "visitors' site": ([*flask, "serve"], "public"),
        "staff site": ([*flask, "serve"], "staff"),
        "worker": ([*flask, "worker"], "worker"),
    }
    processes = {}
    for name, (command, face) in commands.items():
        say(f"starting the {name}")
        processes[name] = _start(running, command, environments[face])
    for name, port in zip(("visitors' site", "staff site"), ports, strict=True):
        stand_by(name, processes[name], port)


def _start(
    running: ExitStack, command: list[str], settings: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process that knows only the settings that are its own."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("STILLA_")}
    # A session apart: Ctrl-C reaches the launcher, which ends the others in turn.
    process = subprocess.Popen(  # noqa: S603 - our own commands, no outside text
        command, env={**plain, **settings}, cwd=ROOT, start_new_session=True
    )
    running.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        # With the server's own children, or its port would stay taken.
        os.killpg(process.pid, signal.SIGKILL)


def answers(port: int) -> bool:
    """Say whether something listens on a port of this machine."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)):
            return False
        # Linux may lend who asks the very port that he asks for: he reaches himself.
        return bool(probe.getsockname() != probe.getpeername())


def stand_by(name: str, process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a site answers; end with one line if it ended or takes too long."""
    patience = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < patience:
        if process.poll() is not None:
            sys.exit(f"stilla: the {name} ended by itself; it says above why")
        if answers(port):
            return
        time.sleep(0.1)
    sys.exit(f"stilla: nothing answers on port {port}")


def _print_welcome(staff: Settings, public: Settings, folder: Path) -> None:
    lines = [
        "",
        f"Visitors' site   {public.public_url}/",
        f"Staff site       {staff.staff_url}/",
        "",
        f"Sign in to the staff site, password “{demo.PASSWORD}”:",
        *_sign_ins(staff),
        "",
        f"Fresh codes      {_chosen()}make codes",
        f'Text in          {_chosen()}make text TEXT="hej, ring mig"',
        f"Kept in          {folder}      Stop with Ctrl-C",
        "",
    ]
    print("\n".join(lines), flush=True)  # noqa: T201 - the launcher talks to a person


def _chosen() -> str:
    """Return what the person set outside, as another shell has to be told it too."""
    names = ("STILLA_DATA_DIR", *_OUTSIDE)
    return "".join(f"{n}={os.environ[n]} " for n in names if n in os.environ)


def _sign_ins(staff: Settings) -> list[str]:
    engine = connect(staff.database_url)
    now = system_clock()
    with writing(engine) as session:
        members = session.scalars(select(Member).order_by(Member.id)).all()
        return [
            f"  {member.login:8} code {_code(member, staff, now)}"
            f"   {member.role:6} {_desks(member)}"
            for member in members
        ]


def _code(member: Member, staff: Settings, now: datetime) -> str:
    return current_code(member, staff.account_key, now) or "(waits)"


def _desks(member: Member) -> str:
    return ", ".join(f"{p.desk.unit} ({p.desk.side})" for p in member.memberships)


if __name__ == "__main__":
    main()
