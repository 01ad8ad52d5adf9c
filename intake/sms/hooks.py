"""How a carrier calls us: what makes a call its own, and what its parameters mean."""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from intake.sms.gateway import TextIn, TextStatus
from intake.sms.twilio import empty_twiml, signature_fits


class ManyValues(Protocol):
    """Form parameters that may be repeated, as web frameworks hold them."""

    def get(self, name: str, default: str, /) -> str:
        """Return the first value of a parameter."""
        ...

    def getlist(self, name: str, /) -> list[str]:
        """Return every value of a parameter."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the parameters."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class HookCall:
    """A call that says it is the carrier's; it shows nothing in a repr."""

    url: str  # the configured public address of it, never what the call says
    form: ManyValues
    signature: str  # Twilio's header
    user: str  # of Basic authentication, as the password
    password: str
    address: str  # whom it comes from, as our own proxies say; kept nowhere


@dataclass(frozen=True, slots=True)
class Handed:
    """A text that was handed in, and what it was sent to: a number or a service."""

    text: TextIn
    to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a text that went out."""

    sid: str
    status: TextStatus
    error: str = ""


class Hooks(Protocol):
    """A carrier's way of calling us, and what it is answered: never a text."""

    @property
    def answer(self) -> str:
        """The whole body of our answer to a text."""
        ...

    @property
    def mimetype(self) -> str:
        """What that body is."""
        ...

    def trusts(self, call: HookCall) -> bool:
        """Say whether it is the carrier that calls; without a secret it never is."""
        ...

    def text_in(self, form: ManyValues) -> Handed:
        """Return the text that a call hands in; its `sid` may be empty or strange."""
        ...

    def told(self, form: ManyValues) -> Told | None:
        """Return what a call tells of a text; None where it tells nothing known."""
        ...


@dataclass(frozen=True, slots=True)
class NoHooks:
    """The console's: nobody calls, and who does is not believed."""

    answer: str = ""
    mimetype: str = "text/plain"

    def trusts(self, call: HookCall) -> bool:
        """Trust nobody."""
        return False

    def text_in(self, form: ManyValues) -> Handed:
        """Return a text without a name, which nothing keeps."""
        return Handed(TextIn("", "", ""), frozenset())

    def told(self, form: ManyValues) -> Told | None:
        """Return nothing, as nobody tells anything."""
        return None


@dataclass(frozen=True, slots=True)
class TwilioHooks:
    """Twilio signs what it sends with the account's token; `tokens` may be two."""

    tokens: Sequence[str] = field(repr=False)
    answer: str = empty_twiml()
    mimetype: str = "text/xml"

    def trusts(self, call: HookCall) -> bool:
        """Say whether the address and all parameters were signed with a token."""
        return signature_fits(self.tokens, call.url, call.form, call.signature)

    def text_in(self, form: ManyValues) -> Handed:
        """Return a text; one to a Messaging Service is to each of its numbers."""
        media = form.get("NumMedia", "")
        text = TextIn(
            sid=form.get("MessageSid", ""),
            sender=form.get("From", ""),
            text=form.get("Body", ""),
            media=int(media) if media.isdecimal() and media.isascii() else 0,
        )
        to = {form.get("To", ""), form.get("MessagingServiceSid", "")}
        return Handed(text, frozenset(to - {""}))

    def told(self, form: ManyValues) -> Told | None:
        """Return the status and the error code."""
        status = TextStatus.read_from(form.get("MessageStatus", ""))
        sid, error = form.get("MessageSid", ""), form.get("ErrorCode", "")
        return Told(sid, status, error) if status else None


def same_secret(given: str, secrets: Sequence[str]) -> bool:
    """Say whether a text is one of some secrets, in the same time for every text."""
    fits = [hmac.compare_digest(given.encode(), one.encode()) for one in secrets if one]
    return any(fits)
