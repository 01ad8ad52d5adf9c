"""Starting the processes: what they say, when the doors open, and what stops them."""

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import create_app
from intake import founding
from intake.people import Installation, Member
from intake.store import writing
from tests.apps import own_units, prepare, seed, settings
from tests.factories import quicken
from tests.ports import free_port
from web import cli, key_files
from web.environment import Face
from web.settings import ROOT, Settings
from web.wiring import Wiring


class Server:
    """A server that is told to stop as soon as it runs."""

    def __init__(self, *_: object, **__: object) -> None:
        self.hooks: list[Callable[[], None]] = []

    def on_startup(self, hook: Callable[[], None]) -> None:
        self.hooks.append(hook)

    def serve(self) -> None:
        for hook in self.hooks:
            hook()


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.serving.Granian", Server)
    monkeypatch.setattr("web.cli.run", lambda worker, stop: None)
    monkeypatch.setattr("web.serving.until_stopped", lambda: None)
    quicken(monkeypatch)


def face(folder: Path, which: Face, **given: str) -> Flask:
    """Start a face of the demonstration, with a port that nobody else has."""
    port = str(free_port())
    ports = {"port": port} if which is Face.PUBLIC else {"staff_port": port}
    return create_app(settings(folder, which, **{**ports, **given}))


def said(app: Flask, command: str) -> str:
    return str(FlaskCliRunner(app).invoke(args=[command]).output)


def test_each_process_says_once_what_runs_where_and_that_it_ended(
    tmp_path: Path,
) -> None:
    seed(tmp_path)
    for which, name in ((Face.PUBLIC, "visitors' site"), (Face.STAFF, "staff site")):
        app = face(tmp_path, which)
        made: Settings = app.extensions["stilla"].settings
        port = made.port if which is Face.PUBLIC else made.staff_port
        assert said(app, "serve").splitlines() == [
            f"stilla: {name} answers on 127.0.0.1:{port}, "
            f"as http://localhost:{port} to browsers (demo)",
            f"stilla: {name} stopped (demo)",
        ]


def test_the_worker_says_who_carries_and_no_password(tmp_path: Path) -> None:
    seed(tmp_path)
    mail = {"mail_url": "smtp://anna:hemligt@mail.example", "mail_from": "a@b.example"}
    assert said(face(tmp_path, Face.WORKER, **mail), "worker").splitlines() == [
        "stilla: worker runs, texts: off, mails: by SMTP (demo)",
        "stilla: worker stopped (demo)",
    ]


def test_a_taken_port_ends_the_start_in_one_line(tmp_path: Path) -> None:
    seed(tmp_path)
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        app = face(tmp_path, Face.PUBLIC, port=str(port))
        result = FlaskCliRunner(app).invoke(args=["serve"])
    assert str(result.exception).startswith(f"stilla: port {port} can't be")


@pytest.mark.rule("S33")
def test_doors_stay_shut_until_two_can_open_every_desk(tmp_path: Path) -> None:
    prepare(settings(tmp_path, Face.PUBLIC))
    result = FlaskCliRunner(face(tmp_path, Face.PUBLIC)).invoke(args=["serve"])
    line = str(result.exception)
    assert line.startswith("stilla: fewer than two members can open adult:hurt, ")
    assert "closed-circle:hurts" in line
    assert "answers" not in result.output
    # Staff come in meanwhile, or nobody could ever be let in.
    assert "staff site answers" in said(face(tmp_path, Face.STAFF), "serve")


@pytest.mark.rule("S33")
def test_doors_that_opened_once_stay_open_with_a_warning(tmp_path: Path) -> None:
    seed(tmp_path)
    app = face(tmp_path, Face.PUBLIC)
    assert "warning" not in said(app, "serve")
    wiring: Wiring = app.extensions["stilla"]
    with writing(wiring.engine) as session:
        opened = session.scalars(select(Installation.opened_at)).one()
        leila = session.scalars(select(Member).where(Member.login == "leila")).one()
        founding.reset(session, leila, wiring.clock())
        session.commit()
    lines = said(app, "serve").splitlines()
    assert lines[0] == (
        "stilla: warning: fewer than two members can open "
        "adult:hurts, on-call:hurts, reception:hurts; see `flask routing check` (demo)"
    )
    assert "answers on" in lines[1]
    with writing(wiring.engine) as session:
        assert session.scalars(select(Installation.opened_at)).one() == opened


def test_the_worker_says_what_is_wrong_at_the_carrier_before_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(tmp_path)
    monkeypatch.setattr(cli, "doubts", lambda *_: ["texts answer by themselves"])
    lines = said(face(tmp_path, Face.WORKER), "worker").splitlines()
    warning = "stilla: warning: texts answer by themselves (demo)"
    assert lines.index(warning) < lines.index("stilla: worker stopped (demo)")


def renamed(folder: Path) -> dict[str, str]:
    """Write units and rules in which the reception has another key."""
    for name in ("units", "routing"):
        shipped = (ROOT / "intake" / "data" / f"{name}.toml").read_text("utf-8")
        other = shipped.replace('"reception"', '"front"')
        assert other != shipped
        (folder / f"{name}.toml").write_text(other, "utf-8")
    return {name: str(folder / f"{name}.toml") for name in ("units", "routing")}


@pytest.mark.parametrize("which", Face)
def test_a_unit_that_is_left_without_its_block_stops_the_start(
    tmp_path: Path, which: Face
) -> None:
    seed(tmp_path)
    command = "worker" if which is Face.WORKER else "serve"
    app = face(tmp_path, which, **renamed(tmp_path))
    result = FlaskCliRunner(app).invoke(args=[command])
    line = str(result.exception)
    assert line.startswith("stilla: units.toml lacks unit 'reception', where ")
    assert "put it back, or hand over and close" in line
    assert "\n" not in line
    # Said before the restart as well, by the check that every change asks for.
    checked = FlaskCliRunner(app).invoke(args=["routing", "check"])
    assert checked.exit_code == 1
    assert line.removeprefix("stilla: ") in checked.output
    again = face(tmp_path, which)
    assert FlaskCliRunner(again).invoke(args=[command]).exit_code == 0


def test_nothing_starts_before_it_is_set_up(tmp_path: Path) -> None:
    key_files.make(tmp_path / "etc")
    more = {
        "STILLA_DATA_DIR": str(tmp_path / "var"),
        "STILLA_UNITS": str(own_units(tmp_path)),
        "STILLA_PUBLIC_URL": "https://stod.example.se",
        "STILLA_TRUSTED_PROXIES": "1",
    }
    environ = key_files.read(tmp_path / "etc", "public") | more
    app = create_app(Settings.from_env(environ))
    result = FlaskCliRunner(app).invoke(args=["serve"])
    assert "run `flask setup`" in str(result.exception)
