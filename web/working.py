"""The worker of a wired process: its keys, and who carries its texts and mails."""

from collections.abc import Iterator

from intake.duty import Worker
from intake.mail import mailer_for
from intake.sms.console import ConsoleGateway
from intake.sms.elks import ElksGateway, ElksHooks
from intake.sms.gateway import SmsError, SmsGateway
from intake.sms.hooks import Hooks, NoHooks, TwilioHooks
from intake.sms.twilio import TwilioGateway
from intake.sms.twilio_account import Account
from intake.text_caps import Caps
from intake.vault import KeyPair
from intake.voice import TwilioVoice, VoiceLine
from web.environment import SmsCarrier
from web.settings import Settings
from web.wiring import Wiring

STATUS_PATH = "/hooks/status"
TEXT_PATH = "/hooks/sms"
VOICE_PATH = "/hooks/voice"


def worker_of(wiring: Wiring) -> Worker:
    """Put the worker together that the settings describe."""
    settings = wiring.settings
    return Worker(
        engine=wiring.engine,
        office=wiring.office,
        pair=KeyPair.from_secret(settings.worker_secret_key),
        number_key=settings.number_key,
        gateway=_gateway(settings),
        mailer=mailer_for(_mail_url(settings), settings.mail_from),
        status_url=settings.public_url + STATUS_PATH,
        clock=wiring.clock,
        numbers=_numbers(settings),
        caps=caps_of(settings),
        dry_run=settings.sms_dry_run,
        line=line_of(settings),
        anchors=settings.anchors,
    )


def caps_of(settings: Settings) -> Caps:
    """Return how many texts may go out."""
    return Caps(settings.sms_per_number, settings.sms_per_hour, settings.sms_per_day)


def carriers(settings: Settings) -> str:
    """Say who carries texts and mails; never where to, nor with which password."""
    mails = "printed" if settings.mail_url == "print" else "by SMTP"
    dry = " (dry run, none leaves)" if settings.sms_dry_run else ""
    bridge = ", calls: bridged" if settings.voice_number else ""
    return f"texts: {settings.sms_gateway}{dry}, mails: {mails}{bridge}"


def line_of(settings: Settings) -> VoiceLine | None:
    """Return the carrier of bridged calls, where there is one; never in training."""
    if not settings.voice_number or settings.is_training:
        return None
    account = Account(settings.twilio_account_sid, **_login(settings))
    hook = settings.public_url + VOICE_PATH
    return TwilioVoice(account, settings.voice_number, hook)


def hooks_of(settings: Settings) -> Hooks:
    """Return how the carrier that the settings name calls us."""
    match settings.sms_gateway:
        case SmsCarrier.TWILIO:
            return TwilioHooks(settings.twilio_auth_token)
        case SmsCarrier.ELKS:
            return ElksHooks(settings.elks_hook_password, settings.elks_addresses)
    return NoHooks()


def doubts(worker: Worker, settings: Settings) -> Iterator[str]:
    """Yield what is wrong with our numbers at the carrier, or can't be seen."""
    hook = settings.public_url + TEXT_PATH
    for name, number in (
        ("printed", settings.sms_number),
        ("sending", settings.sms_sender),
    ):
        if worker.gateway is None or number not in worker.numbers:
            continue
        try:
            for doubt in worker.gateway.doubts(number, hook):
                yield f"the {name} number: {doubt}"
        except SmsError as error:
            yield f"the carrier can't be asked about the {name} number ({error.code})"
    yield from _line_doubts(worker.line, hook)


def _line_doubts(line: VoiceLine | None, text_hook: str) -> Iterator[str]:
    if line is None:
        return
    try:
        for doubt in line.doubts(text_hook):
            yield f"the bridge's number: {doubt}"
    except SmsError as error:
        yield f"the carrier can't be asked about the bridge's number ({error.code})"


def _numbers(settings: Settings) -> tuple[str, ...]:
    """Return our numbers that people can text to; a name or a service is none."""
    both = (settings.sms_number, settings.sms_sender)
    return tuple(number for number in both if number.startswith("+"))


def _mail_url(settings: Settings) -> str:
    return "print" if settings.is_training else settings.mail_url


def _gateway(settings: Settings) -> SmsGateway | None:
    # The start refuses one as well: training is held by two locks.
    if settings.sms_gateway is SmsCarrier.OFF or settings.is_training:
        return None
    if settings.sms_gateway is SmsCarrier.CONSOLE:
        return ConsoleGateway()
    if settings.sms_gateway is SmsCarrier.ELKS:
        return _elks(settings)
    account, sender = settings.twilio_account_sid, settings.sms_sender
    return TwilioGateway(account, sender, **_login(settings))


def _login(settings: Settings) -> dict[str, str]:
    return {
        # While the token changes there are two: both are heeded, the first one asks.
        "auth_token": next(iter(settings.twilio_auth_token), ""),
        "api_key": settings.twilio_api_key,
        "api_secret": settings.twilio_api_secret,
        "api_url": settings.twilio_api_url,
        "region": settings.twilio_region,
        "edge": settings.twilio_edge,
    }


def _elks(settings: Settings) -> SmsGateway:
    return ElksGateway(
        settings.elks_username,
        settings.elks_password,
        settings.sms_sender,
        hook_password=next(iter(settings.elks_hook_password), ""),
        api_url=settings.elks_api_url,
    )
