"""The worker of a wired process: its keys, and who carries its texts and mails."""

from intake.duty import Worker
from intake.mail import mailer_for
from intake.sms.console import ConsoleGateway
from intake.sms.gateway import SmsGateway
from intake.sms.twilio import TwilioGateway
from intake.vault import KeyPair
from web.environment import SmsCarrier
from web.settings import Settings
from web.wiring import Wiring

STATUS_PATH = "/hooks/status"


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
        anchors=settings.anchors,
    )


def carriers(settings: Settings) -> str:
    """Say who carries texts and mails; never where to, nor with which password."""
    mails = "printed" if settings.mail_url == "print" else "by SMTP"
    return f"texts: {settings.sms_gateway}, mails: {mails}"


def _mail_url(settings: Settings) -> str:
    return "print" if settings.is_training else settings.mail_url


def _gateway(settings: Settings) -> SmsGateway | None:
    # The start refuses one as well: training is held by two locks.
    if settings.sms_gateway is SmsCarrier.OFF or settings.is_training:
        return None
    if settings.sms_gateway is SmsCarrier.CONSOLE:
        return ConsoleGateway()
    return TwilioGateway(
        settings.twilio_account_sid,
        settings.sms_sender,
        # While the token changes there are two: both are heeded, the first one sends.
        auth_token=settings.twilio_auth_token[0] if settings.twilio_auth_token else "",
        api_key=settings.twilio_api_key,
        api_secret=settings.twilio_api_secret,
        api_url=settings.twilio_api_url,
    )
