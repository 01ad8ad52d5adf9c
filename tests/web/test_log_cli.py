"""`flask log verify` says that the log is whole, or names each fault and fails."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select

from app import create_app
from intake import anchors
from intake.models import Event, Request
from intake.store import reading, writing
from tests.apps import seed, settings
from web import key_files, readers
from web.environment import Face
from web.wiring import Wiring


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seed the demonstration, whose events staff and visitors' site have signed."""
    folder = tmp_path_factory.mktemp("house")
    seed(folder)
    return folder


@pytest.fixture
def app(house: Path) -> Flask:
    return create_app(settings(house, Face.STAFF, data_dir=str(house)))


def verify(app: Flask, *more: str) -> Result:
    return app.test_cli_runner().invoke(args=["log", "verify", *more])


def anchor(app: Flask, house: Path) -> None:
    wiring: Wiring = app.extensions["stilla"]
    key = readers.key(key_files.read(house / "secrets", "worker")["STILLA_EVENT_KEY"])
    with reading(wiring.engine) as session:
        anchors.write(session, wiring.settings.anchors, key, date(2026, 11, 23))


def test_a_whole_log_is_said_to_be_and_how_far_it_is_anchored(
    app: Flask, house: Path
) -> None:
    said = verify(app)
    assert said.exit_code == 0
    assert "chains are whole" in said.output
    assert "No day is anchored yet" in said.output
    anchor(app, house)
    assert "Anchored up to 2026-11-23, code " in verify(app).output


def test_a_fault_is_named_and_the_command_fails(app: Flask, house: Path) -> None:
    anchor(app, house)
    with writing(app.extensions["stilla"].engine) as session:
        longer = select(Request).join(Request.events).where(Event.seq == 2)
        request = session.scalars(longer.order_by(Request.id)).all()[0]
        newest = request.events[-1]
        session.execute(delete(Event).where(Event.id == newest.id))
        reference, seq = request.reference, newest.seq
        session.commit()
    said = verify(app)
    assert said.exit_code == 1
    assert f"{reference}: event {seq} and later ones are gone" in said.output
    assert "faults: 1 in" in said.output


def test_without_the_keys_it_says_what_it_needs(app: Flask, tmp_path: Path) -> None:
    said = verify(app, "--secrets", str(tmp_path))
    assert said.exit_code == 1
    assert "public.env, staff.env, worker.env" in said.output
