"""The settings of text messages: who carries them, from and to which numbers."""
# ruff: noqa: RUF009 -- setting() makes a dataclasses.field, which ruff can't see

import dataclasses

from web import readers
from web.environment import Face, SmsCarrier, setting

PUBLIC = frozenset({Face.PUBLIC})
WORKER = frozenset({Face.WORKER})


@dataclasses.dataclass(frozen=True, slots=True)
class TextSettings:
    """What the processes are told of text messages."""

    twilio_account_sid: str = setting(
        "Twilio's account", readers.plain, "", PUBLIC | WORKER
    )
    twilio_auth_token: tuple[str, ...] = setting(
        "Twilio's token, or two with a comma while it is changed",
        readers.words,
        (),
        PUBLIC | WORKER,
        shown="none",
        secret=True,
    )
    twilio_api_key: str = setting(
        "Twilio's API key, to send with", readers.plain, "", WORKER, secret=True
    )
    twilio_api_secret: str = setting(
        "what belongs to the API key", readers.plain, "", WORKER, secret=True
    )
    twilio_api_url: str = setting(
        "base of Twilio's API", readers.origin, "https://api.twilio.com", WORKER
    )
    sms_gateway: SmsCarrier = setting(
        "who carries texts: `off`, `console` (prints) or `twilio`",
        readers.one_of(SmsCarrier),
        SmsCarrier.OFF,
    )
    sms_number: str = setting("printed number that is texted to", readers.phone, "")
    sms_sender: str = setting(
        "number that texts go out from; printed nowhere", readers.phone, ""
    )
