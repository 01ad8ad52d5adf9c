"""Twilio as the carrier of texts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import twilio.request_validator
from twilio.base import values
from twilio.rest.api.v2010.account.incoming_phone_number import (
    IncomingPhoneNumberInstance,
)
from twilio.rest.api.v2010.account.message import MessageInstance

from intake.sms import wire
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    OutgoingText,
    Sent,
    TextIn,
    TextStatus,
)
from intake.sms.twilio_account import (
    Account,
    client_of,
    forget_calls,
    let_go,
    repeatable,
    understood,
    unless_gone,
)

_LONGEST_VALIDITY = 36_000  # seconds; the most that the API takes
_CLOCKS_DIFFER = timedelta(seconds=30)  # between the provider's clock and ours
_NEWEST = 50  # texts to one number that `find` looks through
_MOST = 1000  # texts of our number that are looked through; one page
# What no part of the API shows.
_UNSEEN = (
    "Twilio answers STOP, HELP and INFO in English by itself unless its support, or "
    "Advanced Opt-Out, has turned that off; see docs/operations.md"
)
_SERVICE = "MG"  # begins the name of a Messaging Service, which stands for senders
# `Any`: it is shipped without types.
_Validator: Any = twilio.request_validator.RequestValidator


class TwilioGateway:
    """Sends through Twilio's API, or through what stands at `api_url` instead of it."""

    drops_late = True

    def __init__(self, account_sid: str, sender: str, **login: str) -> None:
        """Sign in with the other fields of an `Account`. Raises Misconfigured."""
        client = client_of(Account(account_sid, **login))
        if not sender:
            raise Misconfigured("settings")
        is_service = sender.startswith(_SERVICE)
        self._sender = values.unset if is_service else sender
        self._service = sender if is_service else values.unset
        self._messages = client.messages
        self._numbers = client.incoming_phone_numbers
        self._calls = client.calls

    def send(self, text: OutgoingText) -> Sent:
        """Send a text once. Raises Refused, Ambiguous, Misconfigured."""
        message = understood(
            lambda: self._messages.create(
                to=text.to,
                from_=self._sender,
                messaging_service_sid=self._service,
                body=text.body,
                validity_period=_validity(text.valid_for),
                status_callback=text.status_url or values.unset,
            )
        )
        if not message.sid:
            raise Ambiguous(wire.UNREADABLE)
        return _sent(message)

    def find(
        self,
        to: str,
        since: datetime,
        own_id: str | None = None,
        known: Collection[str] = (),
    ) -> Sent | None:
        """Return our first text to a number since then that is not `known`, or None.

        Twilio tells our own id in callbacks only, so it can't be looked for. DateSent
        is filtered by whole days, and a text still queued has none: the times are
        compared here. Raises Refused, Misconfigured.
        """
        messages = repeatable(
            lambda: self._messages.list(to=to, from_=self._sender, limit=_NEWEST)
        )
        earliest = since - _CLOCKS_DIFFER
        ours = [
            message
            for message in messages  # the newest first
            if isinstance(message.date_created, datetime)
            and message.date_created >= earliest
            and message.sid not in known
        ]
        return _sent(ours[-1]) if ours else None

    def status(self, sid: str) -> Sent | None:
        """Return where a text stands; None where Twilio has it not. As `redact`."""
        found = unless_gone(self._messages(sid).fetch)
        return _sent(found) if found else None

    def redact(self, sid: str) -> None:
        """Empty the body that Twilio keeps. Raises Refused, Misconfigured."""
        let_go(lambda: self._messages(sid).update(body=""))

    def delete(self, sid: str) -> None:
        """Delete a text at Twilio; fine when it is gone. Raises as `redact`."""
        let_go(lambda: self._messages(sid).delete())

    def forget_calls(self, number: str) -> int:
        """Delete the log of a number's calls that have ended; returns how many.

        Raises Refused, Misconfigured.
        """
        return forget_calls(self._calls, number)

    def received(self, number: str, since: datetime) -> list[TextIn]:
        """Return the texts to our number since then. Raises Refused, Misconfigured."""
        messages = repeatable(
            lambda: self._messages.list(to=number, date_sent_after=since, limit=_MOST)
        )
        return [
            _text_in(message)
            for message in messages
            if message.direction == "inbound"
            and isinstance(message.date_created, datetime)
            # Asked for by whole days; the rest is done here.
            and message.date_created >= since
        ]

    def doubts(self, number: str, hook: str) -> list[str]:
        """Return what is wrong with a number's set-up. Raises as `received`."""
        ours = repeatable(lambda: self._numbers.list(phone_number=number, limit=1))
        return [*_doubts(ours[0] if ours else None, hook), _UNSEEN]


class _ManyValues(Protocol):
    def getlist(self, name: str, /) -> list[str]: ...

    def __iter__(self) -> Iterator[str]: ...


def signature_fits(
    tokens: Sequence[str],
    url: str,
    params: _ManyValues | Mapping[str, list[str]],
    signature: str,
) -> bool:
    """Say whether a webhook was signed with one of the account's tokens.

    `url` is the configured public one, never what a request says of itself; `params`
    is everything that came, as Twilio adds parameters without notice. Without a token
    or a signature nothing fits.
    """
    many = params if hasattr(params, "getlist") else _Values(params)
    return any(
        bool(_Validator(token).validate(url, many, signature))
        for token in tokens
        if token.strip() and signature
    )


def empty_twiml() -> str:
    """Return the answer that sends no text back."""
    return '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class _Values(dict[str, list[str]]):
    def getlist(self, name: str) -> list[str]:
        return self[name]


def _validity(time: timedelta) -> int:
    return min(max(int(time.total_seconds()), 1), _LONGEST_VALIDITY)


def _sent(message: MessageInstance) -> Sent:
    status = TextStatus.read_from(str(message.status)) or TextStatus.QUEUED
    error = message.error_code
    return Sent(str(message.sid), status, str(error) if error else "")


def _text_in(message: MessageInstance) -> TextIn:
    media = str(message.num_media)
    return TextIn(
        sid=str(message.sid),
        sender=str(message.from_ or ""),
        text=str(message.body or ""),
        media=int(media) if media.isdecimal() else 0,
        arrived_at=message.date_created,
    )


def _doubts(number: IncomingPhoneNumberInstance | None, hook: str) -> Iterator[str]:
    if number is None:
        yield "the number is not among the account's own"
        return
    if number.sms_url != hook or number.sms_application_sid:
        yield f"its texts are not handed in at {hook}"
    if number.sms_method != "POST":
        yield "its texts are handed in by GET, which leaves them in logs"
    if not number.sms_fallback_url:
        yield "it has no fallback address; what fails once comes late"
