"""Every setting, declared once: its name is STILLA_ and the field's in capitals."""
# ruff: noqa: RUF009 -- setting() makes a dataclasses.field, which ruff can't see

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from web import readers
from web.environment import (
    ALL_FACES,
    Face,
    Mode,
    declared_on,
    key_of,
    read_declared,
    setting,
    variable,
)
from web.languages import KNOWN
from web.refusals import refuse_wrong
from web.shelves import Shelves
from web.voice_settings import VoiceSettings

ROOT = Path(__file__).resolve().parents[1]
_PUBLIC = frozenset({Face.PUBLIC})
_STAFF = frozenset({Face.STAFF})
_WORKER = frozenset({Face.WORKER})
_WEB = _PUBLIC | _STAFF


@dataclasses.dataclass(frozen=True, slots=True)
class SettingText:
    """What documentation says about one setting."""

    name: str
    meaning: str
    default: str
    faces: tuple[Face, ...]


def _shipped(file: str, meaning: str) -> Path:
    shown = f"intake/data/{file}"
    return setting(meaning, readers.existing, ROOT / shown, shown=shown)


@dataclasses.dataclass(frozen=True, slots=True)
class Settings(VoiceSettings):
    """What one process is told from outside."""

    face: Face = setting(
        "which of the three processes this is: public, staff or worker",
        readers.one_of(Face),
        Face.PUBLIC,
        shown="none, it must be given",
    )
    mode: Mode = setting(
        "`production`; made-up people: `demo`, on this machine only, or `training`",
        readers.one_of(Mode),
        Mode.PRODUCTION,
    )
    data_dir: Path = setting(
        "folder of the database and of what belongs to it",
        readers.folder,
        ROOT / "var",
        shown="var/",
    )
    database_url: str = setting(
        "address of the database, `sqlite://…` or `postgresql://…`",
        readers.database_url,
        "",
        shown="sqlite:///<data dir>/stilla.db",
        in_repr=False,  # it may hold a password
    )
    port: int = setting("port of the visitors' site", readers.port, 8000)
    staff_port: int = setting("port of the staff site", readers.port, 8001)
    public_url: str = setting(
        "address of the visitors' site as browsers see it; https in production",
        readers.own_origin,
        "",
        shown="http://localhost:<port> in the demo",
    )
    staff_url: str = setting(
        "address of the staff site as browsers see it; https in production",
        readers.origin,
        "",
        shown="http://localhost:<staff port> in the demo",
    )
    trusted_proxies: int = setting(
        "how many proxies of your own stand in front; 1 to 5 in production",
        readers.integer(0, 5),
        0,
        _WEB,
        shown="0 in the demo",
    )
    languages: tuple[str, ...] = setting(
        "languages of the visitors' site, its own first; those not whole are left out",
        readers.languages,
        tuple(KNOWN),
        shown="all that docs/translating.md names, in its order",
    )
    show_unreviewed: bool | None = setting(
        "`on`: visitors see what no person has reviewed yet, marked",
        readers.switch,
        None,
        _PUBLIC,
        shown="on in the demo, off in production",
    )
    leave_url: Mapping[str, str] = setting(
        "where Leave leads, no search engine; one address, or `sv=… ar=…`",
        readers.leave_urls,
        {"": readers.WEATHER},
        _PUBLIC,
        shown=readers.WEATHER,
    )
    unlisted: bool = setting(
        "`on`: browsers' visits are answered 404, so that Chromium lists none",
        readers.switch,
        True,
        _PUBLIC,
        shown="on",
    )
    indexed: bool = setting(
        "`on`: search engines may list the visitors' site",
        readers.switch,
        False,
        _PUBLIC,
        shown="off",
    )
    frame_ancestors: tuple[str, ...] = setting(
        "https origins whose pages may show the visitors' site in a frame",
        readers.origins,
        (),
        _PUBLIC,
        shown="none",
    )
    hsts: int = setting(
        "seconds of Strict-Transport-Security (itself a trace), or `off`",
        readers.seconds,
        0,
        _WEB,
        shown="off",
    )
    units: Path = _shipped("units.toml", "file of the units, their hours and numbers")
    routing: Path = _shipped("routing.toml", "file of the routing rules")
    helplines: Path = _shipped("helplines.toml", "file of the help lines")
    content_dir: Path | None = setting(
        "folder of own words: pages, names, texts, help lines; docs/translating.md",
        readers.existing,
        None,
        shown="none",
    )
    form_key: bytes = key_of(_PUBLIC, "signs the forms' tokens")
    receipt_pepper: Mapping[int, bytes] = setting(
        "salts the receipts' hash: `1:key,2:key`, the last is current",
        readers.peppers,
        {},
        _WEB,
        shown="none",
        secret=True,
        required=True,
    )
    event_key: bytes = key_of(ALL_FACES, "chains this process's events; one for each")
    worker_public_key: bytes = setting(
        "public half of the worker's key pair",
        readers.key,
        b"",
        _WEB,
        shown="none",
        required=True,
    )
    session_key: bytes = key_of(_STAFF, "signs staff's sessions")
    account_key: bytes = key_of(_STAFF, "seals the secrets of staff's one-time codes")
    oidc_issuer: str = setting(
        "staff's sign-in with the municipality: the issuer of its OpenID Connect",
        readers.issuer,
        "",
        _STAFF,
    )
    oidc_client_id: str = setting(
        "what the issuer calls the staff site", readers.plain, "", _STAFF
    )
    oidc_secret_file: Path | None = setting(
        "file with the client's secret and nothing else",
        readers.existing,
        None,
        _STAFF,
        shown="none",
    )
    worker_secret_key: bytes = key_of(_WORKER, "secret half of the worker's key pair")
    number_key: bytes = key_of(_WORKER, "tags numbers, so that they can be compared")
    anchor_file: Path | None = setting(
        "file of the daily anchors of the log; another disk is best",
        readers.folder,
        None,
        _STAFF | _WORKER,
        shown="<data dir>/anchors",
    )
    mail_url: str = setting(
        "takes the units' mails: `print` or `smtp://user:password@host:587?starttls`",
        readers.mail_url,
        "print",
        _WORKER,
        secret=True,
    )
    mail_from: str = setting("sender of the units' mails", readers.plain, "", _WORKER)
    max_body: int = setting(
        "largest request in bytes", readers.integer(50_000, 50_000_000), 1_000_000, _WEB
    )
    session_idle: int = setting(
        "minutes after which an unused session of staff ends",
        readers.integer(6, 60),
        30,
        _STAFF,
    )
    session_longest: int = setting(
        "hours after which every session of staff ends",
        readers.integer(1, 14),
        10,
        _STAFF,
    )
    log_sample: int = setting(
        "how many openings of a desk a head checks each month",
        readers.integer(1, 200),
        20,
        _STAFF,
    )
    max_talks: int = setting(
        "how many talks the pages promise", readers.integer(1, 99), 5, _PUBLIC
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read all settings of one process. Raises SettingsError, one line."""
        given = read_declared(cls, environ)
        settings = _with_addresses(cls(**given))
        refuse_wrong(settings, environ)
        return settings

    @property
    def shelves(self) -> Shelves:
        """Return where words stand."""
        return Shelves(self.content_dir)

    @property
    def own_help_lines(self) -> Path | None:
        """Return where the municipality adds help lines, if it has a folder."""
        return self.content_dir / "helplines.toml" if self.content_dir else None

    @property
    def anchors(self) -> Path:
        """Return the file of the log's daily anchors."""
        return self.anchor_file or self.data_dir / "anchors"

    @property
    def is_demo(self) -> bool:
        """Say whether this is the demonstration, all of it on one machine."""
        return self.mode is Mode.DEMO

    @property
    def is_training(self) -> bool:
        """Say whether staff practise: made-up people, and nothing can leave."""
        return self.mode is Mode.TRAINING

    @property
    def is_made_up(self) -> bool:
        """Say whether nobody in the database is a real person."""
        return self.mode is not Mode.PRODUCTION

    def leave_url_for(self, language: str) -> str:
        """Return the neutral address that Leave leads to in a language."""
        return self.leave_url.get(language) or self.leave_url[""]


def _with_addresses(settings: Settings) -> Settings:
    """Fill in what follows from other settings."""
    database = f"sqlite:///{settings.data_dir}/stilla.db"
    here = "http://localhost:{}" if settings.is_demo else ""
    unreviewed = settings.show_unreviewed
    return dataclasses.replace(
        settings,
        database_url=settings.database_url or database,
        public_url=settings.public_url or here.format(settings.port),
        staff_url=settings.staff_url or here.format(settings.staff_port),
        show_unreviewed=settings.is_demo if unreviewed is None else unreviewed,
    )


def describe() -> list[SettingText]:
    """Return every setting's name, meaning, default and the faces that use it."""
    return [
        SettingText(variable(name), said.meaning, said.shown, tuple(sorted(said.faces)))
        for name, said in declared_on(Settings)
    ]
