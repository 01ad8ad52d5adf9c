"""What stops a start: carriers of texts that lack something, or that would tell."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from web.environment import Face, SmsCarrier, variable
from web.readers import is_local

if TYPE_CHECKING:
    from web.settings import Settings

SHORTEST_PASSWORD = 24  # characters of what alone lets a carrier in that signs nothing
_TWILIOS = ".twilio.com"


def faults(settings: "Settings", _: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the settings of texts, each in one line."""
    number, sender = settings.sms_number, settings.sms_sender
    if number and number == sender:
        # Rung or texted back, a published number tells whose it is (S17).
        yield f"{variable('sms_sender')} must differ from {variable('sms_number')}"
    if not settings.sms_per_number <= settings.sms_per_hour <= settings.sms_per_day:
        yield f"{variable('sms_per_hour')} must lie between those of a number and a day"
    carrier = settings.sms_gateway
    for field in _NEEDED.get(carrier, lambda _: ())(settings):
        if not getattr(settings, field):
            yield f"{variable(field)} is missing; texts through {carrier} need it"
    if carrier is SmsCarrier.TWILIO:
        yield from twilio_account(settings)
    if carrier is SmsCarrier.ELKS:
        yield from _elks(settings)


def twilio_account(settings: "Settings") -> Iterator[str]:
    """Yield what is wrong with where Twilio's account is asked."""
    if bool(settings.twilio_region) != bool(settings.twilio_edge):
        yield f"{variable('twilio_region')} and {variable('twilio_edge')} go together"
    if settings.twilio_region and settings.twilio_api_url:
        yield f"{variable('twilio_api_url')} can't stand beside a region"
    yield from _address(settings, "twilio_api_url", _TWILIOS, "Twilio's own")


def _elks(settings: "Settings") -> Iterator[str]:
    for password in settings.elks_hook_password:
        if len(password) < SHORTEST_PASSWORD:
            name = variable("elks_hook_password")
            yield f"{name} must be {SHORTEST_PASSWORD} characters or longer"
    if settings.sms_sender.startswith("MG"):
        yield f"{variable('sms_sender')} must be a number or a name for 46elks"
    if settings.face is Face.WORKER and not settings.sms_late:
        # Nothing of a phone's day is known here: what is late may be read by him.
        name = variable("sms_late")
        yield f"{name} must be on: 46elks drops no text that is late (operations.md)"
    yield from _address(settings, "elks_api_url", ".46elks.com", "46elks' own")


def _address(settings: "Settings", field: str, host: str, whose: str) -> Iterator[str]:
    url: str = getattr(settings, field)
    if settings.face is not Face.WORKER:
        return
    if settings.is_demo and not is_local(url):
        yield f"{variable(field)} must be on localhost in the demo"
    own = not url or (urlsplit(url).hostname or "").endswith(host)
    if not settings.is_demo and not own:
        # Whoever stood there would read every number and every text.
        yield f"{variable(field)} must be {whose}"


def _for_twilio(settings: "Settings") -> tuple[str, ...]:
    if settings.face is Face.PUBLIC:
        return ("twilio_auth_token",)
    if settings.face is Face.STAFF:
        return ("sms_sender",)  # a test of texts holds for this one alone (S17)
    key = "twilio_api_secret" if settings.twilio_api_key else "twilio_auth_token"
    return ("twilio_account_sid", "sms_sender", key)


def _for_elks(settings: "Settings") -> tuple[str, ...]:
    if settings.face is Face.PUBLIC:
        return ("elks_hook_password", "elks_addresses")
    if settings.face is Face.STAFF:
        return ("sms_sender",)
    return ("elks_username", "elks_password", "elks_hook_password", "sms_sender")


_NEEDED = {SmsCarrier.TWILIO: _for_twilio, SmsCarrier.ELKS: _for_elks}
