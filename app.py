"""The composition root: what a process is made of follows from its settings alone."""

import os
import sys

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints import callback, contact, pages, reports, staff
from blueprints.callback.hooks import hooks
from intake.life import Signer
from intake.office import Office
from intake.receipts import Peppers
from intake.rulebook import load_rules
from intake.store import connect
from intake.units import load_municipality, load_units
from intake.vault import KeyPair
from web import cli, desk, errors, forms, headers, i18n, inlined, once, sessions
from web.csrf import init_public_csrf
from web.environment import Face, SettingsError
from web.limits import Limits
from web.settings import Settings
from web.tokens import FormTokens
from web.wiring import Wiring, close_session

PUBLIC = (pages.bp, contact.bp, callback.bp, hooks)
STAFF = (staff.bp, reports.bp)
# POST / shows the document and takes no field; the webhooks carry a signature.
NO_CSRF = frozenset({"pages.start", "hooks.sms", "hooks.text_status", "pages.leave"})


def create_app(settings: Settings | None = None) -> Flask:
    """Build one face; without settings they are read from the environment."""
    settings = settings or _settings()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.pop("config")  # no template can print a secret
    app.extensions["stilla"] = wire(settings)
    app.teardown_appcontext(close_session)
    cli.init(app)
    if settings.face is not Face.WORKER:
        _serve_pages(app, settings)
    return app


def wire(settings: Settings) -> Wiring:
    """Build the parts that a face's views work with."""
    units = load_units(settings.units)
    worker = settings.worker_public_key
    if settings.face is Face.WORKER:
        worker = KeyPair.from_secret(settings.worker_secret_key).public
    office = Office(
        units=units,
        rules=load_rules(settings.routing, units),
        worker_public=worker,
        signer=Signer(settings.face.value, settings.event_key),
    )
    public = settings.face is Face.PUBLIC
    return Wiring(
        settings=settings,
        engine=connect(settings.database_url),
        office=office,
        municipality=load_municipality(settings.units),
        limits=Limits(),
        peppers=Peppers(settings.receipt_pepper) if settings.receipt_pepper else None,
        tokens=FormTokens(settings.form_key) if public else None,
    )


def _serve_pages(app: Flask, settings: Settings) -> None:
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign] # Flask's documented way
    sessions.configure_sessions(app, settings)
    i18n.init(app)
    errors.init_errors(app)
    public = settings.face is Face.PUBLIC
    for blueprint in PUBLIC if public else STAFF:
        app.register_blueprint(blueprint)
    if public:
        inlined.init(app)
        once.init(app)
        init_public_csrf(app, settings, app.extensions["stilla"].tokens, NO_CSRF)
    else:
        desk.init(app)
        forms.init_staff_csrf(app)
    headers.init_headers(app, settings)


def _settings() -> Settings:
    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(f"stilla: {error}")
