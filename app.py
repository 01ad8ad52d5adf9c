"""The composition root: what a process is made of follows from its settings alone."""

import os
import sys
from dataclasses import replace

from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints import callback, contact, pages, reports, staff
from blueprints.callback import voice_hooks
from blueprints.callback.hooks import hooks
from blueprints.callback.voice_hooks import voice
from intake.errors import BadData
from intake.hours import HOME_ZONE
from intake.life import Signer
from intake.live_units import LiveUnits
from intake.office import Office
from intake.receipts import Peppers
from intake.rulebook import load_rules
from intake.store import connect
from intake.units import load_municipality, load_units
from intake.vault import KeyPair
from web import (
    cli,
    desk,
    errors,
    forms,
    headers,
    i18n,
    library,
    once,
    outside,
    own_texts,
    printed,
    sessions,
    shell,
    unasked,
)
from web.csrf import init_public_csrf
from web.document import AWAY
from web.environment import Face, SettingsError
from web.languages import known
from web.limits import Limits
from web.names import load_names, named_home, named_unit, planned_unit
from web.published import refuse_published
from web.quiet_log import QuietFlask, configure_log
from web.refusals import refuse_made_up
from web.settings import Settings
from web.shelves import PACKAGE
from web.tokens import FormTokens
from web.wholeness import help_lines, offered
from web.wiring import Wiring, close_session, system_clock

PUBLIC = (pages.bp, contact.bp, callback.bp, hooks, voice)
STAFF = (staff.bp, reports.bp)
HOOKS = frozenset({"hooks.sms", "hooks.text_status", *voice_hooks.ALL})
# Machines ask here and act on the status: to them a 404 is a failure.
LISTED = HOOKS | {"pages.health"}
# POST / shows the document and takes no field; the webhooks carry a signature.
NO_CSRF = HOOKS | {"pages.start"}


def create_app(settings: Settings | None = None) -> QuietFlask:
    """Build one face; without settings they are read from the environment."""
    if settings is None:
        return _from_environment()
    # A language is shown whole or not at all.
    shown = offered(settings, system_clock().astimezone(HOME_ZONE).date())
    settings = replace(settings, languages=shown)
    # Visitors' pages carry all they need, so their face has no address for files.
    staff_files = "static" if settings.face is Face.STAFF else None
    app = QuietFlask(__name__, static_folder=staff_files)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    # Werkzeug's own limit on what is typed is 500 kB, and would come before ours.
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body
    # A name that nobody gave must fail a test, not leave out a warning to her.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.pop("config", None)  # no template can print a secret
    app.extensions["stilla"] = wire(settings)
    app.teardown_appcontext(close_session)
    cli.init(app)
    if settings.face is Face.PUBLIC:
        _face_visitors(app, settings)
    if settings.face is Face.STAFF:
        _face_staff(app, settings)
    return app


def wire(settings: Settings) -> Wiring:
    """Build the parts that a face's views work with."""
    said = load_names(settings.shelves, known(settings.languages))
    home = named_home(load_municipality(settings.units), said)
    refuse_made_up(settings, home)
    units = {key: named_unit(u, said) for key, u in load_units(settings.units).items()}
    lines = help_lines(settings)
    # Every process passes here: none may start with a sender that tells (S17).
    called = (home.name, *home.site_names.values())
    sender, caller = settings.sms_sender, settings.voice_number
    refuse_published(sender, units.values(), lines, called, caller)
    # A setting and no row: who can write to the database could put his own key there.
    worker = settings.worker_public_key
    if settings.face is Face.WORKER:
        worker = KeyPair.from_secret(settings.worker_secret_key).public
    engine = connect(settings.database_url)
    office = Office(
        units=LiveUnits(engine, units, planned_unit),
        rules=load_rules(settings.routing, units),
        worker_public=worker,
        # Each signs as itself: a stolen visitors' key forges nothing that staff did.
        signer=Signer(settings.face.value, settings.event_key),
        texts=own_texts.load(settings, home, units.values()),
        sender=sender,
    )
    key = settings.form_key or settings.session_key
    return Wiring(
        settings=settings,
        engine=engine,
        office=office,
        municipality=home,
        limits=Limits(),
        lines=lines,
        peppers=Peppers(settings.receipt_pepper) if settings.receipt_pepper else None,
        # Each face's own key: a form of one is none of the other's.
        tokens=FormTokens(key) if key else None,
        provider=outside.build(settings),
    )


def _face_visitors(app: QuietFlask, settings: Settings) -> None:
    _stand_behind_proxies(app, settings)
    sessions.configure_sessions(app, settings)
    i18n.init(app, PACKAGE, settings.languages)
    errors.init_visitors_errors(app, once.tell, HOOKS)
    for blueprint in PUBLIC:
        app.register_blueprint(blueprint)
    home = app.extensions["stilla"].municipality
    shell.init(app, settings, home)
    unasked.init(app)
    library.init(app, settings, app.extensions["stilla"].office, home)
    init_public_csrf(app, settings, app.extensions["stilla"].tokens, NO_CSRF)
    printed.init(app)  # before the headers, whose work on an answer comes first
    styles = shell.STYLE, shell.FORM_STYLE
    headers.init_headers(app, settings, styles, [shell.SCRIPT, AWAY], LISTED)


def _face_staff(app: QuietFlask, settings: Settings) -> None:
    _stand_behind_proxies(app, settings)
    sessions.configure_sessions(app, settings)
    i18n.init(app, PACKAGE, settings.languages)
    errors.init_staff_errors(app)
    for blueprint in STAFF:
        app.register_blueprint(blueprint)
    desk.init(app)
    # After the gate: who was signed out while she wrote gets her text, not a 400.
    forms.init_staff_csrf(app)
    headers.init_headers(app, settings)


def _stand_behind_proxies(app: QuietFlask, settings: Settings) -> None:
    # Only our own hops count: what stands before them in the header anybody can write,
    # and the limits would then count what he makes up.
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]  # Flask documents it


def _from_environment() -> QuietFlask:
    """Build what the environment describes; a fault ends the start in one line."""
    configure_log()
    try:
        return create_app(Settings.from_env(os.environ))
    except (SettingsError, BadData) as error:
        sys.exit(f"stilla: {error}")
