"""The part of Twilio's API that Stilla uses, as a small Flask application."""

import hmac
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from tests.standin.account import Account, Asked
from tests.standin.answers import answering
from tests.standin.calls import answer_calls
from tests.standin.messages import VERSION, ApiError, matching, read_new


def build_api(account: Account) -> Flask:
    """Return the API of one account."""
    api = Flask("stand-in")
    prefix = f"/{VERSION}/Accounts/{account.sid}/Messages"

    @api.before_request
    def let_in() -> None:
        form = request.form.to_dict(flat=False)
        asked = Asked(request.method, request.path, request.args.to_dict(), form)
        account.asked.append(asked)
        _check_login(account)

    @api.post(f"{prefix}.json")
    def create() -> ResponseReturnValue:
        return _create(account)

    @api.get(f"{prefix}.json")
    def several() -> ResponseReturnValue:
        return _later(account, lambda: _page(account))

    @api.get(f"{prefix}/<sid>.json")
    def one(sid: str) -> ResponseReturnValue:
        return _later(account, lambda: jsonify(account.get(sid).as_json()))

    @api.post(f"{prefix}/<sid>.json")
    def change(sid: str) -> ResponseReturnValue:
        return _later(account, lambda: _change(account, sid))

    @api.delete(f"{prefix}/<sid>.json")
    def delete(sid: str) -> ResponseReturnValue:
        return _later(account, lambda: _delete(account, sid))

    @api.get(f"/{VERSION}/Accounts/{account.sid}/IncomingPhoneNumbers.json")
    def numbers() -> ResponseReturnValue:
        return _numbers(account)

    answer_calls(api, account)
    api.register_error_handler(ApiError, _answer)
    api.register_error_handler(HTTPException, _no_such_thing)
    return api


def _check_login(account: Account) -> None:
    if not is_let_in(account):
        raise ApiError(20003, "Authenticate", 401)


def is_let_in(account: Account) -> bool:
    """Say whether a call shows the account's token, or one of its keys."""
    login = request.authorization
    secrets = {account.sid: account.token, **account.api_keys}
    secret = secrets.get(login.username or "") if login else None
    given = (login.password or "") if login else ""
    return hmac.compare_digest((secret or "").encode(), given.encode()) and bool(secret)


def _create(account: Account) -> ResponseReturnValue:
    def take() -> ResponseReturnValue:
        form = request.form.to_dict(flat=False)
        message = read_new(account.sid, form, account.senders, account.conduct.refused)
        shown = message.as_json()
        account.take(message)
        return jsonify(shown), 201

    return answering(account, account.conduct.next_answer(), take)


def _later(
    account: Account, do: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do and answer what is asked of texts that were sent before."""
    return answering(account, account.conduct.next_later_answer(), do)


def _numbers(account: Account) -> ResponseReturnValue:
    wanted = request.args.get("PhoneNumber")
    owned = [one for one in account.numbers if wanted in (None, one["phone_number"])]
    return jsonify(incoming_phone_numbers=owned, next_page_uri=None, page=0)


def _page(account: Account) -> ResponseReturnValue:
    fits = matching(request.args)
    newest_first = [m for m in reversed(account.messages) if fits(m)]
    size = min(int(request.args.get("PageSize", 50)), 1000)
    page = int(request.args.get("Page", 0))
    start, end = page * size, (page + 1) * size
    query = {**request.args, "Page": page + 1, "PageSize": size}
    more = f"{request.path}?{urlencode(query)}" if newest_first[end:] else None
    return jsonify(
        messages=[message.as_json() for message in newest_first[start:end]],
        page=page,
        page_size=size,
        start=start,
        end=end - 1,
        uri=request.full_path,
        first_page_uri=request.full_path,
        previous_page_uri=None,
        next_page_uri=more,
    )


def _change(account: Account, sid: str) -> ResponseReturnValue:
    form = request.form.to_dict()
    if not form or not form.keys() <= {"Body", "Status"}:
        raise ApiError(20001, "Only Body and Status can be changed")
    if form.get("Body") or form.get("Status", "canceled") != "canceled":
        raise ApiError(20001, "Body can only be emptied, Status only be canceled")
    if "Status" in form:
        account.cancel(sid)
    if "Body" in form:
        account.redact(sid)
    return jsonify(account.get(sid).as_json())


def _delete(account: Account, sid: str) -> ResponseReturnValue:
    account.delete(sid)
    return "", 204


def _answer(error: ApiError) -> ResponseReturnValue:
    return jsonify(error.as_json()), error.status


def _no_such_thing(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    return _answer(ApiError(20000 + status, error.name, status))
