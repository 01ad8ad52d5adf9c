"""The product's side of the stand-in: its gateway, a text to send, how it fails."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.sms.elks import ElksGateway
from intake.sms.gateway import OutgoingText, SmsError, SmsGateway
from intake.sms.twilio import TwilioGateway
from tests.standin import ElksStandIn, StandIn

SENDER, TO = "+46701740601", "+46701740605"
BODY = "Hej! Vi provar igen senare."
STATUS_URL = "http://127.0.0.1:9/hooks/status/own"
HOUR = timedelta(hours=1)
CARRIERS = {"twilio": StandIn, "46elks": ElksStandIn}
PASSWORD = "hook-password-of-the-tests"


def gateway_to(standin: StandIn, **options: str) -> TwilioGateway:
    """Return a gateway that signs in with the account's token, unless told."""
    login = options or {"auth_token": standin.token}
    return TwilioGateway(standin.sid, SENDER, api_url=standin.url, **login)


def gateway_of(standin: StandIn, sender: str = SENDER, token: str = "") -> SmsGateway:
    """Return the gateway that talks to a stand-in."""
    secret = token or standin.token
    if isinstance(standin, ElksStandIn):
        return ElksGateway(
            standin.sid, secret, sender, hook_password=PASSWORD, api_url=standin.url
        )
    return TwilioGateway(standin.sid, sender, auth_token=secret, api_url=standin.url)


def text(to: str = TO, valid_for: timedelta = HOUR, body: str = BODY) -> OutgoingText:
    """Return a text to send."""
    return OutgoingText("own", to, body, valid_for, STATUS_URL)


def failure(call: Callable[[], object]) -> SmsError:
    """Return the error that a call ends with."""
    with pytest.raises(SmsError) as caught:
        call()
    return caught.value
