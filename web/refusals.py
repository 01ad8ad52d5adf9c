"""What stops a start: settings that are each readable but unsafe or no use together."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from intake.units import Municipality
from web import text_refusals, voice_settings
from web.environment import (
    Face,
    SettingsError,
    SmsCarrier,
    declared_on,
    variable,
)
from web.readers import DEMO_MARK, is_local

if TYPE_CHECKING:
    from web.settings import Settings

_MADE_FOR_DEMO = re.compile(rf"(^|[\s,:]){DEMO_MARK}")


def refuse_wrong(settings: "Settings", environ: Mapping[str, str]) -> None:
    """Raise SettingsError for the first thing that is wrong, in one line."""
    if not environ.get(variable("face"), "").strip():
        raise SettingsError(f"{variable('face')} must be public, staff or worker")
    own = (_training, _keys, _addresses, _mail, _oidc, _neighbours)
    checks = (*own, text_refusals.faults, voice_settings.faults)
    for check in checks:
        for fault in check(settings, environ):
            raise SettingsError(fault)


def refuse_made_up(settings: "Settings", home: Municipality) -> None:
    """Raise SettingsError when real people would meet numbers that reach nobody."""
    if home.made_up and not settings.is_made_up:
        raise SettingsError(
            f"{variable('units')} is the made-up municipality; production needs a file "
            "of its own, without `made_up = true`"
        )


def _training(settings: "Settings", environ: Mapping[str, str]) -> Iterator[str]:
    """Refuse whatever could carry something out of a training, and visitors in it."""
    if not settings.is_training:
        return
    if settings.face is Face.PUBLIC:
        # Somebody could write there in earnest, and nobody would read it.
        yield f"{variable('mode')} training has no visitors' site"
    carriers = ("sms_", "twilio_", "elks_", "mail_", "voice_")
    for field, _ in declared_on(type(settings)):
        given = environ.get(variable(field), "").strip()
        if field.startswith(carriers) and given not in ("", SmsCarrier.OFF):
            yield f"{variable(field)} must not be given in training: nothing is sent"


def _keys(settings: "Settings", environ: Mapping[str, str]) -> Iterator[str]:
    face = settings.face
    for field, said in declared_on(type(settings)):
        name = variable(field)
        text = environ.get(name, "").strip()
        if said.secret and text and face not in said.faces:
            # One process that is broken into must not hand over the others' keys.
            yield f"{name} must not be given to the {face} process"
        if said.required and not text and face in said.faces:
            yield f"{name} is missing; the {face} process can't start without it"
        is_key = said.secret or said.required
        if is_key and not settings.is_made_up and _MADE_FOR_DEMO.search(text):
            yield f"{name} was made for the demo; production needs its own"
        # What opens real people's secrets must never meet the demo's printed password.
        is_own = said.secret and said.required and text
        if is_own and settings.is_made_up and not _is_all_demo(text):
            yield f"{name} was not made for the demo; it stays out of it"


def _is_all_demo(text: str) -> bool:
    return all(_MADE_FOR_DEMO.search(one) for one in text.split(","))


def _addresses(settings: "Settings", _: Mapping[str, str]) -> Iterator[str]:
    users = {"public_url": Face.STAFF, "staff_url": Face.PUBLIC}
    for field, not_used_by in users.items():
        url: str = getattr(settings, field)
        if settings.is_demo and not is_local(url):
            yield f"{variable(field)} must be on localhost in the demo"
        if settings.is_demo or (not url and settings.face is not_used_by):
            continue
        if not url.startswith("https://"):
            yield f"{variable(field)} must be given in production and begin with https://"
    web = settings.face is not Face.WORKER
    if web and not settings.is_demo and not settings.trusted_proxies:
        # The server listens on this machine alone: without a proxy's word everybody
        # has one address, and the limits of one are the limits of all.
        yield f"{variable('trusted_proxies')} must be 1 or more in production"
    if settings.port == settings.staff_port:
        yield f"{variable('staff_port')} must differ from {variable('port')}"


def _mail(settings: "Settings", _: Mapping[str, str]) -> Iterator[str]:
    if settings.mail_url != "print" and not settings.mail_from:
        yield f"{variable('mail_from')} is missing; mails need a sender"


def _oidc(settings: "Settings", _: Mapping[str, str]) -> Iterator[str]:
    together = ("oidc_issuer", "oidc_client_id", "oidc_secret_file")
    given = [bool(getattr(settings, field)) for field in together]
    if settings.face is not Face.STAFF or not any(given):
        return
    if not all(given):
        missing = variable(together[given.index(False)])
        yield f"{missing} is missing; sign-in with the municipality needs it"
    here = is_local(settings.oidc_issuer)
    if settings.is_made_up and not here:
        yield f"{variable('oidc_issuer')} must be on localhost in demo and training"
    if not settings.is_made_up and not settings.oidc_issuer.startswith("https://"):
        yield f"{variable('oidc_issuer')} must begin with https:// in production"
    yield from _secret_file(settings.oidc_secret_file)


def _secret_file(path: Path | None) -> Iterator[str]:
    name = variable("oidc_secret_file")
    try:
        lines = path.read_text("utf-8").strip().splitlines() if path else []
        rights = path.stat().st_mode if path else 0
    except (OSError, ValueError):
        yield f"{name} can't be read"
        return
    if len(lines) != 1:
        yield f"{name} must hold the secret alone, on one line"
    if rights & 0o004:
        yield f"{name} must not be readable for everybody on the machine"


def _neighbours(settings: "Settings", _: Mapping[str, str]) -> Iterator[str]:
    strangers = set(settings.leave_url) - {"", *settings.languages}
    if strangers:
        yield f"{variable('leave_url')} names a language that the site does not have"
    if settings.public_url in settings.frame_ancestors:
        # Scripts of its own origin could read what she types in the frame.
        yield f"{variable('frame_ancestors')} must not name {variable('public_url')}"
    secure = all(origin.startswith("https://") for origin in settings.frame_ancestors)
    if not settings.is_demo and not secure:
        yield f"{variable('frame_ancestors')} must be https origins in production"
