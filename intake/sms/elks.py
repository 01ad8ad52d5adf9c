"""46elks as the carrier: Swedish, its servers in Sweden. See docs/adr and operations.

Source: https://46elks.com/docs and its OpenAPI description, read November 2026.
"""

import ipaddress
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from intake.sms import wire
from intake.sms.gateway import (
    Ambiguous,
    Misconfigured,
    OutgoingText,
    Refused,
    Sent,
    TextIn,
    TextStatus,
)
from intake.sms.hooks import Handed, HookCall, ManyValues, Told, same_secret

ELKS = "https://api.46elks.com"
# Whence it calls. Source: https://46elks.com/docs/ip-addresses, November 2026.
ADDRESSES = (
    *("176.10.154.199", "85.24.146.132", "185.39.146.243"),
    "2001:9b0:2:902::199",
)
USER = "stilla"  # stands before the password in the addresses that it calls
_ROOT = "/a1"
_PAGE = 100  # texts; the most that it lists at once
_PAGES = 10
_CLOCKS_DIFFER = timedelta(seconds=30)  # between the provider's clock and ours
_GONE = f"http-{HTTPStatus.NOT_FOUND}"
_STATUSES = {
    "created": TextStatus.QUEUED,
    "sent": TextStatus.SENT,
    "delivered": TextStatus.DELIVERED,
    "failed": TextStatus.FAILED,
}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Json = Mapping[str, Any]


class ElksGateway:
    """Sends through 46elks' API, or through what stands at `api_url` instead of it."""

    # It has no parameter for it: a phone that is off gets the text when it comes on.
    drops_late = False

    def __init__(
        self,
        username: str,
        password: str,
        sender: str,
        *,
        hook_password: str = "",
        api_url: str = "",
    ) -> None:
        """Take the account's API user, and what its callbacks are to show us.

        Raises Misconfigured.
        """
        if not (username and password and sender):
            raise Misconfigured("settings")
        self._auth = (username, password)
        self._sender = sender
        self._hook_password = hook_password
        self._base = api_url or ELKS

    def send(self, text: OutgoingText) -> Sent:
        """Send a text once. Raises Refused, Ambiguous, Misconfigured."""
        form = {
            "from": self._sender,
            "to": text.to,
            "message": text.body,
            "dontlog": "message",  # kept there, it would have to be deleted first
        }
        if text.status_url:
            form["whendelivered"] = self._with_password(text.status_url)
        answer = self._ask("POST", "/sms", form=form)
        if not answer.get("id"):
            raise Ambiguous(wire.UNREADABLE)
        return _sent(answer)

    def find(
        self,
        to: str,
        since: datetime,
        own_id: str | None = None,
        known: Collection[str] = (),
    ) -> Sent | None:
        """Return our first text to a number since then that is not `known`, or None.

        Our own id is told in its callbacks only. Raises Refused, Misconfigured.
        """
        ours = [
            text
            for text in self._list(to, since - _CLOCKS_DIFFER)
            if text.get("direction") == "outgoing"
            and text.get("from") == self._sender
            and text["id"] not in known
        ]
        return _sent(ours[-1]) if ours else None

    def redact(self, sid: str) -> None:
        """Do nothing: `dontlog` keeps the words of what we send out of its history."""

    def status(self, sid: str) -> Sent | None:
        """Return where a text stands; None where 46elks has it not. As `delete`."""
        try:
            answer = self._again("GET", f"/sms/{quote(sid, safe='')}")
        except Misconfigured as error:
            if error.code != _GONE:
                raise
            return None
        if answer.get("id") != sid:
            raise Refused(wire.UNREADABLE, permanent=False)
        return _sent(answer)

    def delete(self, sid: str) -> None:
        """Delete a text; fine when it is gone. Raises Refused, Misconfigured."""
        try:
            self._again("DELETE", f"/sms/{quote(sid, safe='')}")
        except (Misconfigured, Refused) as error:
            if error.code not in (_GONE, wire.UNREADABLE):
                raise

    def received(self, number: str, since: datetime) -> list[TextIn]:
        """Return the texts to our number since then. Raises Refused, Misconfigured."""
        texts = self._list(number, since)
        return [_text_in(text) for text in texts if text.get("direction") == "incoming"]

    def doubts(self, number: str, hook: str) -> list[str]:
        """Return what is wrong with a number's set-up. Raises as `received`."""
        owned = self._again("GET", "/numbers").get("data", [])
        ours = [one for one in owned if one.get("number") == number]
        hook_there = self._with_password(hook)
        return list(_doubts(ours[0] if ours else None, hook, hook_there))

    def _list(self, to: str, since: datetime) -> list[_Json]:
        """Return the texts to a number since then, the newest first."""
        # Its "end" is the older end of the list, and "start" the newer.
        query = {"to": to, "end": _stamp(since), "limit": str(_PAGE)}
        found: list[_Json] = []
        for _ in range(_PAGES):
            page = self._again("GET", "/sms", query=query)
            found += [one for one in page.get("data", []) if one.get("id")]
            if not page.get("next"):
                break
            query = {**query, "start": str(page["next"])}
        return [one for one in found if _is_since(one, since)]

    def _again(
        self, method: str, path: str, query: Mapping[str, str] | None = None
    ) -> _Json:
        """Ask what may be asked twice: nothing is ambiguous, only tried again."""
        try:
            return self._ask(method, path, query)
        except Ambiguous as error:
            code = error.code
        raise Refused(code, permanent=False)

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> _Json:
        call = wire.Call(method, _ROOT + path, query, form, None, self._auth)
        answer = wire.ask(self._base, call)
        # Nothing but a deletion is answered without words.
        return wire.read(answer) or {}

    def _with_password(self, url: str) -> str:
        """Return an address of ours with what proves that 46elks was told it."""
        if not self._hook_password:
            return url
        parts = urlsplit(url)
        login = f"{USER}:{quote(self._hook_password, safe='')}"
        return parts._replace(netloc=f"{login}@{parts.netloc}").geturl()


@dataclass(frozen=True, slots=True)
class ElksHooks:
    """46elks signs nothing: a password that it was told, and where it calls from.

    `passwords` may be two while they are changed; both it and the address must fit.
    """

    passwords: Sequence[str] = field(repr=False)
    networks: Sequence[Network]
    answer: str = ""  # any word of it would be sent back as a text
    mimetype: str = "text/plain"

    def trusts(self, call: HookCall) -> bool:
        """Say whether the call shows the password and comes from 46elks."""
        known = call.user == USER and same_secret(call.password, self.passwords)
        return known and _is_from(call.address, self.networks)

    def text_in(self, form: ManyValues) -> Handed:
        """Return a text, or an MMS, with when 46elks got it: it tries for hours."""
        text = TextIn(
            sid=form.get("id", ""),
            sender=form.get("from", ""),
            text=form.get("message", ""),
            media=len(form.getlist("image")),
            arrived_at=_moment(form.get("created", "")),
        )
        return Handed(text, frozenset({form.get("to", "")} - {""}))

    def told(self, form: ManyValues) -> Told | None:
        """Return the status; 46elks gives no reason for a failure."""
        status = _STATUSES.get(form.get("status", ""))
        return Told(form.get("id", ""), status) if status else None


def _is_from(address: str, networks: Sequence[Network]) -> bool:
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return False
    # Where both kinds are listened on, the older one is shown inside the newer.
    given = getattr(given, "ipv4_mapped", None) or given
    return any(given in network for network in networks)


def _doubts(number: _Json | None, hook: str, hook_there: str) -> Iterator[str]:
    if number is None:
        yield "the number is not among the account's own"
        return
    if number.get("sms_url") != hook_there:
        yield f"its texts are not handed in at {hook} with user and password"
    if number.get("sms_replies") != "no":
        yield "a page that answers for us would be sent as a text: set sms_replies=no"


def _sent(text: _Json) -> Sent:
    status = _STATUSES.get(str(text.get("status")), TextStatus.QUEUED)
    return Sent(str(text["id"]), status)


def _text_in(text: _Json) -> TextIn:
    return TextIn(
        sid=str(text["id"]),
        sender=str(text.get("from", "")),
        text=str(text.get("message", "")),
        arrived_at=_moment(str(text.get("created", ""))),
    )


def _is_since(text: _Json, since: datetime) -> bool:
    created = _moment(str(text.get("created", "")))
    return created is not None and created >= since


def _moment(stamp: str) -> datetime | None:
    """Read a time as it writes them: UTC, mostly without saying so."""
    try:
        read = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _stamp(moment: datetime) -> str:
    return (
        moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    )
