"""The telephones of a bridged call: the member's, and behind it hers."""

from dataclasses import dataclass
from xml.etree import ElementTree

from tests.standin import webhooks
from tests.standin.account import Account, Call


@dataclass
class Telephone:
    """The member's telephone, which our call has made ring."""

    account: Account
    call: Call
    said: str = ""  # the TwiML that it was last answered

    def picks_up(self) -> str:
        """Somebody answers, a person or a voicemail; returns the TwiML."""
        self.call.status = "in-progress"
        return self.ask(self.call.form["Url"])

    def presses(self, digits: str) -> str:
        """Digits are pressed where they were asked for; returns the TwiML."""
        gather = ElementTree.fromstring(self.said).find("Gather")
        assert gather is not None
        return self.ask(gather.attrib["action"], Digits=digits)

    def hangs_up(self, status: str = "completed") -> None:
        """The call ends, and with it hers."""
        for one in (self.call, *self.hers):
            one.status = status if one is self.call else "completed"
        self.ask(self.call.form["StatusCallback"], CallStatus=status)

    def she(self, status: str) -> str:
        """Tell how ringing her ended; returns the TwiML."""
        (leg,) = self.hers
        leg.status = status
        said = ElementTree.fromstring(self.call.twiml[-1])
        dial = said.find("Dial")
        assert dial is not None
        return self.ask(dial.attrib["action"], DialCallStatus=status)

    @property
    def hers(self) -> list[Call]:
        """The legs that our call led to."""
        return [call for call in self.account.calls if call.parent == self.call.sid]

    def ask(self, url: str, sid: str = "", token: str = "", **more: str) -> str:
        """Post a signed webhook; returns what it was answered."""
        reply = self.post(url, sid, token, **more)
        assert reply.status == 200, reply
        self.said = reply.body or self.said
        return reply.body

    def post(
        self, url: str, sid: str = "", token: str = "", **more: str
    ) -> webhooks.Reply:
        """Post a webhook, signed with the account's token unless told."""
        ours = {"AccountSid": self.account.sid, "From": self.call.from_}
        params = {"CallSid": sid or self.call.sid, "To": self.call.to, **ours, **more}
        signature = webhooks.sign(token or self.account.token, url, params)
        return webhooks.post(url, params, signature)
