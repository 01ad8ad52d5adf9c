"""A stand-in for 46elks: the same account and conduct, behind 46elks' own API."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from tests.standin import webhooks
from tests.standin.account import NUMBER, Account, Asked
from tests.standin.answers import answered, hang_up
from tests.standin.api import is_let_in
from tests.standin.behaviour import Answer
from tests.standin.messages import ApiError, Message
from tests.standin.server import StandIn

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,10}")
_KNOWN = {"from", "to", "message", "whendelivered", "dryrun", "flashsms", "dontlog"}
_WORDS = {"queued": "created", "undelivered": "failed"}
_MOST = 100  # texts of a list


def build_api(account: Account) -> Flask:
    """Return the API of one account."""
    api = Flask("stand-in")

    @api.before_request
    def let_in() -> None:
        form = request.form.to_dict(flat=False)
        asked = Asked(request.method, request.path, request.args.to_dict(), form)
        account.asked.append(asked)
        if not is_let_in(account):
            raise ApiError(0, "API access requires Basic HTTP authentication.", 401)

    @api.post("/a1/sms")
    def create() -> ResponseReturnValue:
        return _create(account)

    @api.get("/a1/sms")
    def several() -> ResponseReturnValue:
        return _page(account)

    @api.route("/a1/sms/<sid>", methods=["GET", "DELETE"])
    def one(sid: str) -> ResponseReturnValue:
        return _one(account, sid)

    @api.get("/a1/numbers")
    def numbers() -> ResponseReturnValue:
        return jsonify(data=account.numbers)

    @api.errorhandler(ApiError)
    def fail(error: ApiError) -> ResponseReturnValue:
        # It answers errors in words, without a code.
        return error.message, error.status

    return api


class ElksStandIn(StandIn):
    """46elks on this machine; its API user is the account, the password its token."""

    build = staticmethod(build_api)

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
        """Send a text in; `webhook_url` holds user and password, unless `token` does.

        46elks signs nothing, so `signed_url` changes nothing.
        """
        message = Message(self.sid, to, from_, body, direction="inbound")
        message.status, message.media = "received", len(media)
        message.sid = sid or f"s{message.sid[2:]}"
        self.keep(message)
        params: dict[str, str | Sequence[str]] = {
            "direction": "incoming",
            "id": message.sid,
            "from": from_,
            "to": to,
            "created": _stamp(message.created_at),
            "message": body,
            **({"image": list(media)} if media else {}),
            **(extra or {}),
        }
        return _call(webhook_url, params, token)

    def _post(self, message: Message, word: str) -> None:
        if message.status_callback:
            word = _WORDS.get(word, word)
            params = {"id": message.sid, "status": word}
            if word == "delivered":
                params["delivered"] = _stamp(datetime.now(UTC))
            self.replies.append(_call(message.status_callback, params, None))


def _call(url: str, params: webhooks.Params, password: str | None) -> webhooks.Reply:
    """Post to an address, with the user and password that stand in it."""
    parts = urlsplit(url)
    login, _, host = parts.netloc.rpartition("@")
    if password is not None:
        login = f"{login.partition(':')[0]}:{password}"
    headers = {"User-Agent": "46elks/1.0"}
    if login:
        coded = base64.b64encode(unquote(login).encode()).decode()
        headers["Authorization"] = f"Basic {coded}"
    return webhooks.hand_in(parts._replace(netloc=host).geturl(), params, headers)


def _create(account: Account) -> ResponseReturnValue:
    answer = account.conduct.next_answer()
    match answer:
        case Answer.SERVER_ERROR:
            raise ApiError(0, "Internal server error", 500)
        case Answer.TOO_MANY:
            raise ApiError(0, "Too many requests", 429)
        case Answer.UNAVAILABLE:
            return "upstream connect error", 503
        case Answer.LOST:
            return hang_up()
    message = _read_new(account)
    shown = _as_json(message)
    account.take(message)
    return answered(account, answer) or jsonify(shown)


def _read_new(account: Account) -> Message:
    form = request.form.to_dict()
    if form.keys() - _KNOWN or len(form) < len(request.form.to_dict(flat=False)):
        raise ApiError(0, "Unknown parameter", 400)
    for name in ("from", "to", "message"):
        if not form.get(name):
            raise ApiError(0, f"Missing key {name}", 400)
    if not _E164.fullmatch(form["to"]) or form["to"] in account.conduct.refused:
        raise ApiError(0, "Invalid to number", 400)
    if not (_E164.fullmatch(form["from"]) or _NAME.fullmatch(form["from"])):
        raise ApiError(0, "Invalid from", 400)
    if account.senders and form["from"] not in account.senders:
        raise ApiError(0, "Not your number", 403)
    message = Message(
        account.sid,
        form["to"],
        form["from"],
        form["message"],
        status_callback=form.get("whendelivered", ""),
    )
    message.sid, message.logged = f"s{message.sid[2:]}", "dontlog" not in form
    return message


def _one(account: Account, sid: str) -> ResponseReturnValue:
    if request.method == "GET":
        return jsonify(_as_json(account.get(sid)))
    account.delete(sid)
    return jsonify(id=sid)


def _page(account: Account) -> ResponseReturnValue:
    if request.args.keys() - {"to", "start", "end", "limit"}:
        raise ApiError(0, "Unknown parameter", 400)
    limit = min(int(request.args.get("limit", _MOST)), _MOST)
    # Its "start" is the newer end of the list, and "end" the older.
    newest, oldest = request.args.get("start", "9"), request.args.get("end", "")
    found = [
        message
        for message in reversed(account.messages)
        if request.args.get("to") in (None, message.to)
        and oldest <= _stamp(message.created_at) < newest
    ]
    more = {"next": _stamp(found[limit - 1].created_at)} if found[limit:] else {}
    return jsonify(data=[_as_json(message) for message in found[:limit]], **more)


def _as_json(message: Message) -> dict[str, object]:
    incoming = message.direction == "inbound"
    return {
        "id": message.sid,
        "created": _stamp(message.created_at),
        "direction": "incoming" if incoming else "outgoing",
        "from": message.from_,
        "to": message.to,
        "message": message.body if message.logged else "",
        "cost": 3500,
        **({} if incoming else {"status": _WORDS.get(message.status, message.status)}),
    }


def _stamp(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")
