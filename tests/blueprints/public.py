"""The visitors' site as a browser meets it, and the house that opens what came in."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from flask import Flask, g
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app import create_app
from intake import founding
from intake.models import Envelope, Request
from intake.store import writing
from intake.topics import Kind
from intake.units import load_units
from tests.apps import Prepared, settings
from tests.factories import worker_keys
from tests.workbench import MONDAY_10, Clock, House
from web.environment import Face
from web.settings import Settings
from web.wiring import Wiring

ORIGIN = "http://localhost"
OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
NAVIGATES = OWN | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FETCHES = OWN | {
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
    "Stilla-Fetch": "1",
}
Values = dict[str, "str | list[str]"]


@cache
def _prepared() -> Prepared[dict[str, bytes]]:
    """Found a house once for all tests, with the recovery key of each unit."""
    return Prepared.of(Face.PUBLIC, _found)


def _found(engine: Engine, made: Settings) -> dict[str, bytes]:
    with writing(engine) as session:
        founding.found(session, made.mode.value, MONDAY_10)
        units = load_units(made.units).values()
        recovery = {one.key: founding.add_unit(session, one) or b"" for one in units}
        session.commit()
    return recovery


@dataclass
class Seen:
    """A page as a browser has it."""

    response: TestResponse

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.response.text, "html.parser")

    @property
    def words(self) -> str:
        """Return what she reads in the page's main part."""
        main = self.soup.main
        return " ".join(main.get_text(" ").split()) if main else ""

    @property
    def digits(self) -> str:
        """Return the number that the page shows, or ""."""
        shown = self.soup.select_one(".digits bdi")
        return shown.get_text() if shown else ""

    @property
    def said(self) -> list[str]:
        """Return what stands in the summary of errors."""
        return [line.get_text() for line in self.soup.select(".errors li")]

    def form(self, action: str) -> Tag:
        """Return the form whose address ends so."""
        forms = self.soup.select(f'form[action$="{action}"]')
        assert forms, f"no form leads to {action}: {self.words[:300]}"
        return forms[-1]

    def filled(self, action: str) -> "MultiDict[str, str]":
        """Return what a browser would send of a form that nobody touched."""
        values: MultiDict[str, str] = MultiDict()
        for one in self.form(action).select("input, textarea, select"):
            name = str(one.get("name"))
            if one.name == "textarea":
                # Browsers drop the line end that follows the tag.
                values.add(name, one.get_text().lstrip("\r").removeprefix("\n"))
            elif one.name == "select":
                chosen = one.select_one("option[selected]") or one.select_one("option")
                values.add(name, str(chosen["value"]) if chosen else "")
            elif one.get("type") not in {"checkbox", "radio"}:
                values.add(name, str(one.get("value", "")))
            elif one.has_attr("checked"):
                values.add(name, str(one.get("value", "y")))
        return values


@dataclass
class Visitor:
    """Someone with a browser, with or without script."""

    app: Flask
    language: str = "en"
    headers: dict[str, str] = field(default_factory=lambda: dict(NAVIGATES))
    address: str = ""
    answer: TestResponse | None = None  # to the last form that was sent

    def open(self, path: str) -> Seen:
        """Go to a page of her language."""
        return self._get(f"/{self.language}/{path}")

    def again(self) -> Seen:
        """Fetch the page that she is on once more."""
        return self._get(self.address)

    def send(self, page: Seen, action: str, values: Values | None = None) -> Seen:
        """Send a form of a page as filled in, and go where it leads."""
        filled = page.filled(action)
        for name, value in (values or {}).items():
            filled.setlist(name, [value] if isinstance(value, str) else value)
        path = str(page.form(action)["action"])
        client = self.app.test_client(use_cookies=False)
        self.answer = client.post(path, data=filled, headers=self.headers)
        if self.answer.status_code != 303:
            return Seen(self.answer)
        return self._get(self.answer.headers["Location"])

    @property
    def status(self) -> int:
        """Return the status that the last form was answered with."""
        assert self.answer is not None
        return self.answer.status_code

    def _get(self, path: str) -> Seen:
        self.address = path
        client = self.app.test_client(use_cookies=False)
        seen = Seen(client.get(path, headers=self.headers))
        if seen.response.status_code == 303:
            return self._get(seen.response.headers["Location"])
        return seen


@dataclass
class PublicHouse(House):
    """A house whose visitors' site is open."""

    app: Flask = field(default_factory=lambda: Flask(__name__))

    def visitor(self, language: str = "en") -> Visitor:
        """Return someone without script."""
        return Visitor(self.app, language)

    def scripted(self) -> Visitor:
        """Return someone whose browser runs the page's script."""
        return Visitor(self.app, headers=dict(FETCHES))

    def wait(self, **by: float) -> None:
        """Let some time pass."""
        self.clock.forward(**by)

    def requests(self, session: Session) -> list[Request]:
        """Return what came in, the first first."""
        return list(session.scalars(select(Request).order_by(Request.id)))

    def texts(self, session: Session, request: Request) -> list[tuple[Kind, str]]:
        """Open all that is sealed of a request."""
        found = select(Envelope).where(Envelope.request_id == request.id)
        envelopes = session.scalars(found.order_by(Envelope.id))
        return [(one.kind, self.opened(session, one)) for one in envelopes]


@contextmanager
def opened(folder: Path) -> Iterator[PublicHouse]:
    """Open the visitors' site of a fresh house in a folder, on a Monday at ten."""
    recovery = _prepared().copy_to(folder)
    app = create_app(settings(folder, Face.PUBLIC, data_dir=str(folder)))
    app.testing = True
    clock = Clock()
    wiring: Wiring = app.extensions["stilla"]
    app.extensions["stilla"] = dataclasses.replace(wiring, clock=clock)
    _fail_on_unsaved(app)
    pair, office = worker_keys(folder).pair, wiring.office
    yield PublicHouse(wiring.engine, office, pair, b"", clock, recovery, app=app)
    wiring.engine.dispose()


def _fail_on_unsaved(app: Flask) -> None:
    """Let a request fail that wrote something and did not commit it."""

    @app.teardown_appcontext
    def check(_: BaseException | None = None) -> None:
        session: Session | None = g.get("session")
        if session is not None:
            assert not session.info.get("wrote"), "written, but not committed"


@event.listens_for(Session, "after_flush")
def _wrote(session: Session, _: object) -> None:
    session.info["wrote"] = True


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _settled(session: Session) -> None:
    session.info["wrote"] = False
