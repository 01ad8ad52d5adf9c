"""A site that is its webhooks and no more, for tests of texts and bridged calls."""

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from flask import Flask
from sqlalchemy import Engine

from blueprints.callback.hooks import hooks
from blueprints.callback.voice_hooks import voice
from intake.office import Office
from intake.units import load_municipality
from tests.workbench import Clock
from web import key_files
from web.environment import Face, SmsCarrier
from web.limits import Limits
from web.settings import Settings
from web.wiring import Wiring, close_session

NUMBER, SENDER = "+46701740600", "+46701740601"
TOKENS = ("old-token", "new-token")
SITE = "https://stod.kommun.example"


def texting(folder: Path) -> Settings:
    """Return settings of a visitors' site that takes texts."""
    key_files.make(folder / "secrets", key_files.DEMO_MARK, {"STILLA_MODE": "demo"})
    made = Settings.from_env(key_files.read(folder / "secrets", Face.PUBLIC))
    return replace(
        made,
        public_url=SITE,
        sms_gateway=SmsCarrier.TWILIO,
        sms_number=NUMBER,
        sms_sender=SENDER,
        twilio_auth_token=TOKENS,
    )


class Housed(Protocol):
    """What a site needs of a house."""

    @property
    def engine(self) -> Engine:
        """Its database."""
        ...

    @property
    def office(self) -> Office:
        """Its units, and the worker's public key."""
        ...

    @property
    def clock(self) -> Clock:
        """Its clock."""
        ...


def site(house: Housed, settings: Settings) -> Flask:
    """Return the site, on the house's database and clock."""
    app = Flask(__name__)
    home = load_municipality(settings.units)
    app.extensions["stilla"] = Wiring(
        settings, house.engine, house.office, home, Limits(), clock=house.clock
    )
    app.register_blueprint(hooks)
    app.register_blueprint(voice)
    app.teardown_appcontext(close_session)
    return app
