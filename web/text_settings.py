"""The settings of text messages: who carries them, from and to which numbers."""
# ruff: noqa: RUF009 -- setting() makes a dataclasses.field, which ruff can't see

import dataclasses

from intake.sms import elks
from web import readers
from web.environment import Face, SmsCarrier, setting

PUBLIC = frozenset({Face.PUBLIC})
STAFF = frozenset({Face.STAFF})
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
        "base of Twilio's API",
        readers.origin,
        "",
        WORKER,
        shown="https://api.twilio.com, or that of region and edge",
    )
    twilio_region: str = setting(
        "where Twilio works on texts, `ie1` for Ireland; with its edge",
        readers.place,
        "",
        WORKER,
    )
    twilio_edge: str = setting(
        "where Twilio is entered, `dublin` for `ie1`", readers.place, "", WORKER
    )
    elks_username: str = setting(
        "46elks' API user name", readers.plain, "", WORKER, secret=True
    )
    elks_password: str = setting(
        "46elks' API password", readers.plain, "", WORKER, secret=True
    )
    elks_hook_password: tuple[str, ...] = setting(
        "what 46elks shows when it calls us; two with a comma while it is changed",
        readers.words,
        (),
        PUBLIC | WORKER,
        shown="none",
        secret=True,
    )
    elks_addresses: tuple[elks.Network, ...] = setting(
        "addresses that 46elks calls from",
        readers.networks,
        readers.networks(" ".join(elks.ADDRESSES)),
        PUBLIC,
        shown="those that 46elks publishes",
    )
    elks_api_url: str = setting(
        "base of 46elks' API", readers.origin, elks.ELKS, WORKER
    )
    sms_late: bool = setting(
        "`on`: you know that 46elks drops no text that is late; docs/operations.md",
        readers.switch,
        False,
        WORKER,
        shown="off",
    )
    sms_gateway: SmsCarrier = setting(
        "who carries texts: `off`, `console` (prints), `twilio` or `46elks`",
        readers.one_of(SmsCarrier),
        SmsCarrier.OFF,
    )
    sms_dry_run: bool = setting(
        "`on`: texts go all their way but the last, and none leaves",
        readers.switch,
        False,
        STAFF | WORKER,
        shown="off",
    )
    sms_per_number: int = setting(
        "most texts to one number within a day",
        readers.integer(1, 20),
        4,
        STAFF | WORKER,
    )
    sms_per_hour: int = setting(
        "most texts to all numbers within an hour",
        readers.integer(1, 10_000),
        60,
        STAFF | WORKER,
    )
    sms_per_day: int = setting(
        "most texts to all numbers within a day",
        readers.integer(1, 100_000),
        300,
        STAFF | WORKER,
    )
    sms_number: str = setting("printed number that is texted to", readers.phone, "")
    sms_sender: str = setting(
        "what texts go out from: a number printed nowhere, `MG…`, or a name",
        readers.sender,
        "",
    )
