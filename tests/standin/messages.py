"""The stand-in's messages, and what Twilio checks of a new one."""

import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from intake.sms.segments import segments

VERSION = "2010-04-01"
LONGEST_BODY = 1600  # characters
LONGEST_VALIDITY = 36_000  # seconds
FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")
_KNOWN = {
    *("To", "From", "MessagingServiceSid", "Body", "MediaUrl", "StatusCallback"),
    *("ValidityPeriod", "ContentRetention", "AddressRetention", "SmartEncoded"),
    *("ScheduleType", "SendAt", "RiskCheck"),
}
# Twilio's own magic numbers for tests. Source: its guide "Test credentials".
_MAGIC = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}


class ApiError(Exception):
    """An error as Twilio answers it."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def as_json(self) -> dict[str, object]:
        """Return the body that Twilio answers with."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


@dataclass(slots=True)
class Message:
    """One message as Twilio keeps it."""

    account: str
    to: str
    from_: str
    body: str
    status_callback: str = ""
    validity_period: int = LONGEST_VALIDITY
    service: str = ""
    media: int = 0
    logged: bool = True  # 46elks is asked not to keep the words
    direction: str = "outbound-api"
    status: str = "queued"
    error_code: int | None = None
    sid: str = field(default_factory=lambda: f"SM{secrets.token_hex(16)}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent_at: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """Return the message as Twilio's API shows it."""
        uri = f"/{VERSION}/Accounts/{self.account}/Messages/{self.sid}"
        sent_at = format_datetime(self.sent_at) if self.sent_at else None
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "api_version": VERSION,
            "to": self.to,
            "from": self.from_ or None,
            "messaging_service_sid": self.service or None,
            "body": self.body,
            "num_segments": str(segments(self.body).count),
            "num_media": str(self.media),
            "direction": self.direction,
            "status": self.status,
            "error_code": self.error_code,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "date_created": format_datetime(self.created_at),
            "date_updated": format_datetime(self.created_at),
            "date_sent": sent_at,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }


def read_new(
    account: str,
    form: Mapping[str, list[str]],
    senders: Collection[str],
    refused: Mapping[str, int],
) -> Message:
    """Read the form of a new message, as strictly as can be. Raises ApiError."""
    values = _single(form)
    for check in (_check_to, _check_sender, _check_words, _check_callback):
        check(values)
    from_ = values.get("From", "")
    if from_ and senders and from_ not in senders:
        raise ApiError(21606, "The From phone number is not yours to send from.")
    code = {**_MAGIC, **refused}.get(values["To"])
    if code is not None:
        raise ApiError(code, f"Refused for {values['To']}.")
    return Message(
        account=account,
        to=values["To"],
        from_=from_,
        body=values.get("Body", ""),
        status_callback=values.get("StatusCallback", ""),
        validity_period=int(values.get("ValidityPeriod", LONGEST_VALIDITY)),
        service=values.get("MessagingServiceSid", ""),
        media=len(form.get("MediaUrl", [])),
        status="accepted" if "MessagingServiceSid" in values else "queued",
    )


def _single(form: Mapping[str, list[str]]) -> dict[str, str]:
    for name, given in form.items():
        if name not in _KNOWN:
            raise ApiError(20001, f"Unknown parameter {name}")
        if len(given) > 1 and name != "MediaUrl":
            raise ApiError(20001, f"Parameter {name} given more than once")
    return {name: given[0] for name, given in form.items()}


def _check_to(values: Mapping[str, str]) -> None:
    if not values.get("To"):
        raise ApiError(21604, "A 'To' phone number is required.")
    if not _E164.fullmatch(values["To"]):
        raise ApiError(21211, f"Invalid 'To' Phone Number: {values['To']}")


def _check_sender(values: Mapping[str, str]) -> None:
    service, from_ = values.get("MessagingServiceSid"), values.get("From")
    if not service and not from_:
        raise ApiError(21603, "A 'From' phone number is required.")
    if service and not _SERVICE.fullmatch(service):
        raise ApiError(21701, "The Messaging Service does not exist.", 404)
    if from_ and not (_E164.fullmatch(from_) or _ALPHANUMERIC.fullmatch(from_)):
        raise ApiError(21212, f"Invalid 'From' Phone Number: {from_}")


def _check_words(values: Mapping[str, str]) -> None:
    body = values.get("Body", "")
    if not body and "MediaUrl" not in values:
        raise ApiError(21602, "Message body is required.")
    if len(body) > LONGEST_BODY:
        raise ApiError(21617, "The message body exceeds the 1600 character limit.")


def _check_callback(values: Mapping[str, str]) -> None:
    period = values.get("ValidityPeriod", str(LONGEST_VALIDITY))
    if not (period.isascii() and period.isdecimal() and len(period) <= len("36000")):
        raise ApiError(20001, "ValidityPeriod is no whole number")
    if not 1 <= int(period) <= LONGEST_VALIDITY:
        raise ApiError(20001, "ValidityPeriod is not from 1 to 36000")
    callback = values.get("StatusCallback", "")
    host = re.match(r"https?://([^/]+)/", callback)
    if callback and (not host or "_" in host[1]):
        raise ApiError(21609, "The StatusCallback URL is not valid.")


def matching(args: Mapping[str, str]) -> Callable[[Message], bool]:
    """Return the condition that a list's filters make. Raises ApiError."""
    for name in args:
        if name not in {"To", "From", "PageSize", "Page", "PageToken", *_DATES}:
            raise ApiError(20001, f"Unknown parameter {name}")

    def fits(message: Message) -> bool:
        day = f"{message.sent_at:%Y-%m-%d}" if message.sent_at else None
        return all(
            (
                args.get("To") in (None, message.to),
                args.get("From") in (None, message.from_),
                *(
                    day is not None and agrees(day, args[name][: len(day)])
                    for name, agrees in _DATES.items()
                    if name in args
                ),
            )
        )

    return fits


# Twilio compares whole days, and a message that is not sent yet has none.
_DATES: dict[str, Callable[[str, str], bool]] = {
    "DateSent": lambda day, asked: day == asked,
    "DateSent<": lambda day, asked: day <= asked,
    "DateSent>": lambda day, asked: day >= asked,
}
