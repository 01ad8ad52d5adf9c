"""Training: made-up people, marked on every page, and nothing that can leave."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import create_app
from intake.access import current_code, sign_in
from intake.mail import PrintMailer
from intake.models import Request
from intake.people import Installation, Member
from intake.proofs import prove
from intake.store import reading, writing
from tests.apps import prepare
from tests.factories import quicken
from tests.web.test_settings import STAFF, TWILIO, WORKER, refused
from web import key_files, working
from web.demo import PASSWORD
from web.desk import KEY
from web.environment import Face, Mode, SmsCarrier
from web.settings import Settings
from web.wiring import Wiring

DESK = "https://ovning-desk.example"
CARRIERS = {
    **TWILIO,
    "STILLA_SMS_GATEWAY": "console",
    "STILLA_SMS_NUMBER": "+46701740600",
    "STILLA_TWILIO_API_URL": "http://localhost:8002",
    "STILLA_MAIL_URL": "smtp://mail.example:587",
    "STILLA_MAIL_FROM": "stod@kommun.example",
}


def training(folder: Path, face: Face, **given: str) -> dict[str, str]:
    around = {
        "STILLA_MODE": "training",
        "STILLA_DATA_DIR": str(folder),
        "STILLA_PUBLIC_URL": "https://ovning.example",
        "STILLA_STAFF_URL": DESK,
        "STILLA_TRUSTED_PROXIES": "1",
    }
    key_files.make(folder / "secrets", key_files.DEMO_MARK)
    return {**key_files.read(folder / "secrets", face), **around, **given}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    quicken(monkeypatch)
    made = create_app(Settings.from_env(training(tmp_path, Face.STAFF)))
    made.testing = True
    yield made
    made.extensions["stilla"].engine.dispose()


def reset(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["training", "reset"])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", CARRIERS)
def test_a_setting_that_could_carry_something_out_stops_the_start(
    tmp_path: Path, name: str
) -> None:
    given = training(tmp_path, Face.WORKER)
    Settings.from_env(given)  # without it, it starts
    assert name in refused({**given, name: CARRIERS[name]})


def test_visitors_never_meet_a_training(tmp_path: Path) -> None:
    assert "no visitors' site" in refused(training(tmp_path, Face.PUBLIC))


@pytest.mark.parametrize(("face", "keys"), [("staff", STAFF), ("worker", WORKER)])
def test_real_keys_stay_out_of_it(face: str, keys: dict[str, str]) -> None:
    assert "was not made for the demo" in refused({**keys, "STILLA_MODE": "training"})


def test_the_worker_has_nobody_who_carries_whatever_it_was_told(
    app: Flask, tmp_path: Path
) -> None:
    made = create_app(Settings.from_env(training(tmp_path, Face.WORKER)))
    wiring: Wiring = made.extensions["stilla"]
    # Past the first lock: as if the start had taken all of it.
    told = replace(
        wiring.settings,
        sms_gateway=SmsCarrier.TWILIO,
        mail_url="smtp://mail.example:587",
        mail_from="stod@kommun.example",
    )
    worker = working.worker_of(replace(wiring, settings=told))
    assert worker.gateway is None
    assert isinstance(worker.mailer, PrintMailer)
    wiring.engine.dispose()


def test_it_begins_anew_with_the_same_people(app: Flask) -> None:
    assert PASSWORD in reset(app)
    wiring: Wiring = app.extensions["stilla"]
    with writing(wiring.engine) as session:
        session.execute(update(Member).values(working_name="Någon"))
        session.commit()
    reset(app)
    with reading(wiring.engine) as session:
        names = list(session.scalars(select(Member.working_name)))
        assert "Maria" in names
        assert "Någon" not in names
        assert len(session.scalars(select(Request.id)).all()) >= 12
        assert session.scalars(select(Installation.mode)).one() == "training"


def test_another_database_is_never_deleted(app: Flask) -> None:
    wiring: Wiring = app.extensions["stilla"]
    prepare(replace(wiring.settings, mode=Mode.PRODUCTION))
    runner = app.test_cli_runner()
    result = runner.invoke(args=["training", "reset"])
    assert result.exit_code == 1
    assert "this database is for production; nothing was deleted" in result.output
    demo = replace(wiring.settings, mode=Mode.DEMO)
    app.extensions["stilla"] = replace(wiring, settings=demo)
    assert "nothing was deleted" in runner.invoke(args=["training", "reset"]).output


def test_every_page_says_that_it_is_practice(app: Flask) -> None:
    reset(app)
    wiring: Wiring = app.extensions["stilla"]
    now = wiring.clock()
    with writing(wiring.engine) as session:
        maria = session.scalars(select(Member).where(Member.login == "maria")).one()
        code = current_code(maria, wiring.settings.account_key, now)
        proof = prove(session, "maria", PASSWORD)
        token = sign_in(session, wiring.settings.account_key, proof, code, now)
        session.commit()
    client = app.test_client()
    signed_out = client.get("/sign-in").get_data(as_text=True)
    with client.session_transaction(base_url=DESK) as cookie:
        cookie[KEY] = token
    pages = [client.get(path, base_url=DESK) for path in ("/", "/register", "/people")]
    for page in (signed_out, *(one.get_data(as_text=True) for one in pages)):
        assert "<strong>ÖVNING</strong>" in page
        assert "ÖVNING</title>" in page
