"""Twilio Voice as the bridge's carrier: it rings, joins two phones, and forgets (S22).

Nothing is recorded, and what is said on the line names nothing: voicemail may keep it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Protocol

from twilio.rest.api.v2010.account.incoming_phone_number import (
    IncomingPhoneNumberInstance,
)
from twilio.twiml.voice_response import VoiceResponse

from intake.bridge_calls import HOLD
from intake.calls import RING_FOR
from intake.sms.twilio_account import (
    Account,
    client_of,
    forget_calls,
    let_go,
    repeatable,
    understood,
)

STAFF_RINGS = 25  # seconds
_BUFFER = timedelta(seconds=5)  # Twilio rings so much longer than it is told
_TO_PRESS = 10  # seconds
_LANGUAGE = "sv-SE"
_PROMPT = "Knappa in siffrorna som står på skärmen."
_WAIT = "Vänta."
_NOT_NOW = "Samtalet kopplas inte. Se skärmen."
_Response: Any = VoiceResponse  # shipped without types


class VoiceLine(Protocol):
    """A carrier of bridged calls. Each call is one try; nothing is kept or repeated."""

    @property
    def number(self) -> str:
        """The number that both phones show, printed nowhere (S17)."""
        ...

    def ring(self, to: str, call_id: str) -> str:
        """Ring the member's phone; returns the carrier's name of it.

        Raises Refused, Ambiguous, Misconfigured.
        """
        ...

    def dial(self, sid: str, to: str, call_id: str) -> None:
        """Ring her phone into a call that is on. Raises as `ring`."""
        ...

    def decline(self, sid: str) -> None:
        """Tell the member that nobody is rung, and hang up. Raises as `ring`."""
        ...

    def forget(self, sid: str) -> None:
        """Delete a call and those it led to. Raises Refused, Misconfigured."""
        ...

    def forget_calls(self, number: str) -> int:
        """Delete every call of a number that has ended. Raises as `forget`."""
        ...

    def doubts(self, text_hook: str) -> list[str]:
        """Return what is wrong with the number's set-up. Raises as `forget`."""
        ...


class TwilioVoice:
    """Calls through Twilio's API; at `hook_url`, a slash and a call's id it asks us."""

    def __init__(self, account: Account, number: str, hook_url: str) -> None:
        self.number = number
        self._hook_url = hook_url
        client = client_of(account)
        self._calls, self._numbers = client.calls, client.incoming_phone_numbers

    def ring(self, to: str, call_id: str) -> str:
        """Ring the member's phone. Raises Refused, Ambiguous, Misconfigured."""
        hook = f"{self._hook_url}/{call_id}"
        made = understood(
            lambda: self._calls.create(
                to=to,
                from_=self.number,
                url=hook,
                method="POST",
                status_callback=f"{hook}/over",
                status_callback_method="POST",
                timeout=STAFF_RINGS,
                record=False,
            )
        )
        return str(made.sid or "")

    def dial(self, sid: str, to: str, call_id: str) -> None:
        """Ring her phone into the call. Raises Refused, Ambiguous, Misconfigured."""
        said = _Response()
        joined = said.dial(
            action=f"{self._hook_url}/{call_id}/rung",
            method="POST",
            caller_id=self.number,
            # Ends before her voicemail would answer (S12).
            timeout=int((RING_FOR - _BUFFER).total_seconds()),
            record="do-not-record",
            answer_on_bridge=True,
        )
        joined.number(to)
        understood(lambda: self._calls(sid).update(twiml=str(said)))

    def decline(self, sid: str) -> None:
        """Say that nobody is rung, and hang up. Raises as `dial`."""
        understood(lambda: self._calls(sid).update(twiml=let_down()))

    def forget(self, sid: str) -> None:
        """Delete a call with its legs. Raises Refused, Misconfigured."""
        legs = repeatable(lambda: self._calls.list(parent_call_sid=sid, limit=20))
        for leg in [*(str(one.sid) for one in legs), sid]:
            let_go(self._calls(leg).delete)

    def forget_calls(self, number: str) -> int:
        """Delete a number's calls that have ended. Raises Refused, Misconfigured."""
        return forget_calls(self._calls, number)

    def doubts(self, text_hook: str) -> list[str]:
        """Say what whoever rings or texts the number back would meet instead (S17)."""
        ours = repeatable(lambda: self._numbers.list(phone_number=self.number, limit=1))
        back = f"{self._hook_url}/back"
        return list(_doubts(ours[0] if ours else None, back, text_hook))


def prompt(action: str) -> str:
    """Return what the member's phone says, and where it sends what she presses."""
    said = _Response()
    asks = said.gather(
        input="dtmf", num_digits=2, timeout=_TO_PRESS, action=action, method="POST"
    )
    asks.say(_PROMPT, language=_LANGUAGE)
    said.hangup()
    return str(said)


def hold() -> str:
    """Return what keeps the member on the line until the worker rings her, or not."""
    said = _Response()
    said.say(_WAIT, language=_LANGUAGE)
    said.pause(length=int(HOLD.total_seconds()))
    said.say(_NOT_NOW, language=_LANGUAGE)
    said.hangup()
    return str(said)


def let_down() -> str:
    """Return what tells the member that nobody is rung."""
    said = _Response()
    said.say(_NOT_NOW, language=_LANGUAGE)
    said.hangup()
    return str(said)


def hang_up() -> str:
    """Return what ends a call without a word."""
    said = _Response()
    said.hangup()
    return str(said)


def turn_away() -> str:
    """Return what whoever rings back hears: the busy tone of any line (S17)."""
    said = _Response()
    said.reject(reason="busy")
    return str(said)


def _doubts(
    number: IncomingPhoneNumberInstance | None, back: str, text_hook: str
) -> Iterator[str]:
    if number is None:
        yield "the number is not among the account's own"
        return
    if number.voice_url != back or number.voice_application_sid or number.trunk_sid:
        yield f"who rings it back is not sent to {back}"
    if number.voice_method != "POST":
        yield "who rings it back is asked about by GET, which leaves numbers in logs"
    # A new number comes with an address of Twilio's own, which answers texts.
    if number.sms_url not in ("", None, text_hook) or number.sms_application_sid:
        yield "texts to it are answered by somebody else"
