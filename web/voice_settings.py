"""The setting of the voice bridge, and what stops a start with it."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from web import readers
from web.environment import Face, SmsCarrier, setting, variable
from web.text_refusals import twilio_account
from web.text_settings import TextSettings

if TYPE_CHECKING:
    from web.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class VoiceSettings(TextSettings):
    """What the processes are told of calls through Twilio."""

    voice_number: str = setting(
        "number at Twilio, printed nowhere, that bridged calls go out from",
        readers.phone,
        "",
        shown="none: staff dial by themselves",
    )


def faults(settings: "Settings", _: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the settings of the bridge, each in one line."""
    number, name = settings.voice_number, variable("voice_number")
    if not number:
        return
    if number == settings.sms_number:
        # Rung back, a published number tells whose it is (S17).
        yield f"{name} must differ from {variable('sms_number')}"
    for field in _NEEDED[settings.face](settings):
        if not getattr(settings, field):
            yield f"{variable(field)} is missing; calls through Twilio need it"
    # With Twilio's texts the account's address and region are checked there.
    if settings.sms_gateway is not SmsCarrier.TWILIO:
        yield from twilio_account(settings)


def _by_worker(settings: "Settings") -> tuple[str, ...]:
    key = "twilio_api_secret" if settings.twilio_api_key else "twilio_auth_token"
    return ("twilio_account_sid", key)


_NEEDED = {
    Face.PUBLIC: lambda _: ("twilio_auth_token",),
    Face.STAFF: lambda _: (),
    Face.WORKER: _by_worker,
}
