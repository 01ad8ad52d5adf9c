"""The staff site as tests meet it: the members, a clock, and a strict browser."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from intake import two_person
from intake.access import current_code
from tests.blueprints.public import Seen, Values
from tests.factories import Bureau, quicken, staffed
from web.demo import PASSWORD

Given = Mapping[str, str | list[str]]


class Unsaved:
    """Watches every session: what was written must be committed or rolled back."""

    def __init__(self) -> None:
        self.sessions: set[int] = set()

    def flushed(self, session: Session, _: object) -> None:
        self.sessions.add(id(session))

    def executed(self, state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            self.sessions.add(id(state.session))

    def settled(self, session: Session) -> None:
        self.sessions.discard(id(session))


class StrictClient(FlaskClient):
    """A browser that fails a request which wrote something and did not commit it."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Send a request and look at what it left behind."""
        unsaved: Unsaved = self.application.extensions["unsaved"]
        unsaved.sessions.clear()
        answer = super().open(*args, **kwargs)  # type: ignore[arg-type]  # as it came
        assert not unsaved.sessions, "written, but not committed"
        return answer


@dataclass
class Browser:
    """A member at her own browser."""

    client: FlaskClient
    bureau: "StaffBureau"

    def open(self, path: str) -> Seen:
        """Go to a page."""
        return Seen(self.client.get(path))

    def send(self, page: Seen, action: str, values: Given | None = None) -> Seen:
        """Send a form of a page as filled in; the answer is not followed."""
        filled: MultiDict[str, str] = page.filled(action)
        for name, value in (values or {}).items():
            filled.setlist(name, [value] if isinstance(value, str) else value)
        path = str(page.form(action)["action"])
        return Seen(self.client.post(path, data=filled))

    def press(self, path: str, action: str, values: Given | None = None) -> Seen:
        """Open a page, send one of its forms, and go where it leads."""
        answer = self.send(self.open(path), action, values)
        if answer.response.status_code == 303:
            return self.open(answer.response.headers["Location"])
        return answer


@dataclass
class StaffBureau(Bureau):
    """A bureau whose staff site is open."""

    app: Flask = field(default_factory=lambda: Flask(__name__))

    def browser(self) -> Browser:
        """Return a browser that nobody is signed in with."""
        return Browser(self.app.test_client(), self)

    def signed_in(self, login: str) -> Browser:
        """Return a browser that a member has just signed in with."""
        browser = self.browser()
        values: Values = {
            "login": login,
            "password": PASSWORD,
            "code": self.code(login),
        }
        page = browser.open("/sign-in")
        answer = browser.send(page, "/sign-in", values)
        assert answer.response.status_code == 303, answer.words
        return browser

    def let_in(self, reference: str, *logins: str) -> None:
        """Let members into a protected request, as two of them would (S32)."""
        with self.writing() as session:
            for login in logins:
                desk = self.desk(session, login)
                request = self.request(session, reference)
                two_person.keep_open(desk, request, self.clock())

    def code(self, login: str) -> str:
        """Return a member's one-time code; time moves on, for each counts once."""
        now = self.clock.forward(seconds=30)
        with self.writing() as session:
            return current_code(self.member(session, login), self.account_key, now)


@pytest.fixture
def staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffBureau]:
    """Open the staff site of a fresh house, on a Monday at ten."""
    quicken(monkeypatch)
    bureau = staffed(StaffBureau, tmp_path)
    bureau.app.testing = True
    bureau.app.test_client_class = StrictClient
    unsaved = bureau.app.extensions["unsaved"] = Unsaved()
    watched: dict[str, Callable[..., Any]] = {
        "after_flush": unsaved.flushed,
        "do_orm_execute": unsaved.executed,
        "after_commit": unsaved.settled,
        "after_rollback": unsaved.settled,
    }
    for name, watch in watched.items():
        event.listen(Session, name, watch)
    yield bureau
    for name, watch in watched.items():
        event.remove(Session, name, watch)
    bureau.engine.dispose()
