"""The account at the stand-in: its messages, and what is told of them."""

import secrets
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.standin import webhooks
from tests.standin.behaviour import Callbacks, Conduct
from tests.standin.messages import FINAL, ApiError, Message

ACCOUNT = "AC" + "5" * 32
TOKEN = "token-of-the-stand-in"
NUMBER = "+46701740600"  # the printed one; the range is PTS's for made-up numbers
_STEP = 0.02  # seconds from a text to its callbacks
_PATIENCE = 10  # seconds to wait for callbacks that are on their way


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the stand-in got: to be checked against Twilio's description."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, list[str]]


@dataclass
class Call:
    """A line in the log of calls, and what one that we began was begun with."""

    to: str
    from_: str
    status: str = "completed"
    parent: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    twiml: list[str] = field(default_factory=list)  # put in while it went on
    sid: str = field(default_factory=lambda: f"CA{secrets.token_hex(16)}")


@dataclass
class Account:
    """The account. `senders` are its own numbers; empty lets every sender pass.

    `api_keys` are keys with their secrets, let in beside the account and its token.
    """

    sid: str = ACCOUNT
    token: str = TOKEN
    senders: Collection[str] = ()
    api_keys: Mapping[str, str] = field(default_factory=dict)
    conduct: Conduct = field(default_factory=Conduct)
    asked: list[Asked] = field(default_factory=list)
    redacted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    calls: list[Call] = field(default_factory=list)  # of all its numbers
    replies: list[webhooks.Reply] = field(default_factory=list)  # to callbacks
    numbers: list[dict[str, str | None]] = field(default_factory=list)  # and set-up

    def __post_init__(self) -> None:
        self.closing = threading.Event()
        self._messages: dict[str, Message] = {}
        self._lock = threading.RLock()
        self._telling: list[threading.Thread] = []

    @property
    def messages(self) -> list[Message]:
        """The messages that are kept now, oldest first, those that came in too."""
        with self._lock:
            return list(self._messages.values())

    def get(self, sid: str) -> Message:
        """Return a message. Raises ApiError."""
        with self._lock:
            if sid not in self._messages:
                raise ApiError(20404, "The requested resource was not found", 404)
            return self._messages[sid]

    def keep(self, message: Message) -> Message:
        """Keep a message, once by its name."""
        with self._lock:
            return self._messages.setdefault(message.sid, message)

    def take(self, message: Message) -> None:
        """Take a text to send, and tell in time what became of it."""
        message.created_at = self.clock()
        self.keep(message)
        telling = threading.Thread(target=self._tell, args=[message], name="callbacks")
        self._telling.append(telling)
        telling.start()

    def cancel(self, sid: str) -> None:
        """Cancel a message that is not on its way. Raises ApiError."""
        with self._lock:
            message = self.get(sid)
            if message.status not in ("accepted", "scheduled", "queued"):
                raise ApiError(30409, "The message can't be cancelled any more.")
            message.status = "canceled"

    def redact(self, sid: str) -> None:
        """Empty a message's body. Raises ApiError."""
        with self._lock:
            self._finished(sid).body = ""
            self.redacted.append(sid)

    def delete(self, sid: str) -> None:
        """Forget a message. Raises ApiError."""
        with self._lock:
            self._finished(sid)
            del self._messages[sid]
            self.deleted.append(sid)

    def incoming(
        self,
        from_: str,
        body: str,
        webhook_url: str,
        *,
        to: str = NUMBER,
        sid: str | None = None,
        media: Sequence[str] = (),
        extra: Mapping[str, str | Sequence[str]] | None = None,
        signed_url: str | None = None,
        token: str | None = None,
    ) -> webhooks.Reply:
        """Send a text in. With the `sid` of an earlier one it is that one again.

        `signed_url` and `token` are what it is signed over and with, where these are
        to differ from the address it is posted to and the account's own token.
        """
        message = Message(self.sid, to, from_, body, direction="inbound")
        message.media = len(media)
        message.status, message.sent_at = "received", message.created_at
        message.sid = sid or message.sid
        self.keep(message)
        params = {**webhooks.incoming(message, media), **(extra or {})}
        token = self.token if token is None else token
        signature = webhooks.sign(token, signed_url or webhook_url, params)
        return webhooks.post(webhook_url, params, signature)

    def settle(self) -> None:
        """Wait until every callback that is due has been answered."""
        for telling in list(self._telling):
            telling.join(_PATIENCE)
            assert not telling.is_alive(), "a callback is not answered"

    def _finished(self, sid: str) -> Message:
        message = self.get(sid)
        if self.conduct.undeletable > 0 or message.status not in FINAL:
            self.conduct.undeletable -= self.conduct.undeletable > 0
            raise ApiError(20009, "Cannot delete message before it is complete.", 409)
        return message

    def _tell(self, message: Message) -> None:
        late = self.conduct.callbacks is Callbacks.LATE
        wait = self.conduct.late if late else _STEP
        for step in self._steps(message):
            # `wait` returns true when the stand-in ends, and with it all telling.
            if self.closing.wait(wait):
                return
            step()

    def _steps(self, message: Message) -> Iterable[Callable[[], None]]:
        """Yield what happens to a message and is told, in this order."""
        last = "undelivered" if message.to in self.conduct.failing else "delivered"
        happen = [lambda w=word: self._happen(message, w) for word in ("sent", last)]
        tell = [lambda w=word: self._post(message, w) for word in ("sent", last)]
        match self.conduct.callbacks:
            case Callbacks.NONE:
                return happen
            case Callbacks.TWICE:
                return [happen[0], tell[0], tell[0], happen[1], tell[1], tell[1]]
            case Callbacks.OUT_OF_ORDER:
                return [*happen, tell[1], tell[0]]
        return [happen[0], tell[0], happen[1], tell[1]]

    def _happen(self, message: Message, word: str) -> None:
        with self._lock:
            if message.status in FINAL:
                return
            message.status = word
            message.sent_at = message.sent_at or self.clock()
            if word == "undelivered":
                message.error_code = self.conduct.failing[message.to]

    def _post(self, message: Message, word: str) -> None:
        url = message.status_callback
        if url:
            params = webhooks.status(message, word)
            signature = webhooks.sign(self.token, url, params)
            self.replies.append(webhooks.post(url, params, signature))
