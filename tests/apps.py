"""The two faces as tests start them: made-up secrets, a fresh database, no network."""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from flask import Flask
from sqlalchemy import Engine

from app import create_app
from intake import founding
from intake.migrate import upgrade
from intake.store import connect, writing
from intake.units import load_units
from tests.workbench import Clock
from web import key_files, run
from web.environment import Face
from web.settings import ROOT, Settings
from web.wiring import Wiring, system_clock

T = TypeVar("T")


@dataclass(frozen=True)
class Prepared(Generic[T]):
    """A folder with secrets and a database, made once and copied for each test."""

    folder: Path
    made: T  # what filling the database came to
    kept: object  # deletes the folder when it is let go

    @classmethod
    def of(cls, face: Face, fill: Callable[[Engine, Settings], T]) -> "Prepared[T]":
        """Make the folder of a face, and fill its empty tables."""
        kept = tempfile.TemporaryDirectory(prefix="stilla-")  # goes with the process
        folder = Path(kept.name)
        made = settings(folder, face)
        upgrade(made.database_url)
        engine = connect(made.database_url)
        filled = fill(engine, made)
        engine.dispose()
        return cls(folder, filled, kept)

    def copy_to(self, folder: Path) -> T:
        """Copy all of it into a folder; returns what filling came to."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return self.made


def settings(folder: Path, face: Face, **given: str) -> Settings:
    """Return a face's settings; `given` are further ones, by their field's name.

    Both faces of one folder share secrets and database, as they do in a real house.
    """
    around = {"STILLA_MODE": "demo", "STILLA_DATA_DIR": str(folder)}
    key_files.make(folder / "secrets", key_files.DEMO_MARK, around)
    more = {f"STILLA_{name.upper()}": text for name, text in given.items()}
    return Settings.from_env(key_files.read(folder / "secrets", face) | more)


def own_units(folder: Path) -> Path:
    """Write the units' file that a municipality of its own would have."""
    shipped = (ROOT / "intake" / "data" / "units.toml").read_text("utf-8")
    own = re.sub(r"(?m)^made_up = true.*\n", "", shipped)
    assert own != shipped
    (folder / "units.toml").write_text(own, "utf-8")
    return folder / "units.toml"


def prepare(made: Settings) -> None:
    """Make the tables, the units and their keys, unless they are there."""
    upgrade(made.database_url)
    engine = connect(made.database_url)
    with writing(engine) as session:
        founding.found(session, made.mode.value, system_clock())
        for unit in load_units(made.units).values():
            founding.add_unit(session, unit)
        session.commit()
    engine.dispose()


def seed(folder: Path) -> None:
    """Make the demonstration's people and requests, as the first start does."""
    staff = settings(folder, Face.STAFF)
    upgrade(staff.database_url)
    run._seed(staff, settings(folder, Face.WORKER))


def public_app(folder: Path, **given: str) -> Flask:
    """Start the visitors' site on a prepared database."""
    return _app(settings(folder, Face.PUBLIC, **given))


def standing_still(app: Flask) -> Flask:
    """Stop an app's clock on a Monday at ten: what a page says then, it says each day.

    Help lines are shown until they are to be checked again, and answers are promised
    for the next half hour.
    """
    wiring: Wiring = app.extensions["stilla"]
    app.extensions["stilla"] = replace(wiring, clock=Clock())
    return app


def staff_app(folder: Path, **given: str) -> Flask:
    """Start the staff site on a prepared database."""
    return _app(settings(folder, Face.STAFF, **given))


def _app(made: Settings) -> Flask:
    prepare(made)
    app = create_app(made)
    app.testing = True
    return app
