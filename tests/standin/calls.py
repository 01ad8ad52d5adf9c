"""The stand-in's log of calls: listed by number, deleted one by one."""

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from tests.standin.account import Account
from tests.standin.messages import VERSION, ApiError

_GOES_ON = {"queued", "ringing", "in-progress"}


def answer_calls(api: Flask, account: Account) -> None:
    """Add the log of calls to an account's API."""
    prefix = f"/{VERSION}/Accounts/{account.sid}/Calls"

    @api.get(f"{prefix}.json")
    def calls() -> ResponseReturnValue:
        to, from_ = request.args.get("To"), request.args.get("From")
        found = [
            {"sid": call.sid, "to": call.to, "from": call.from_, "status": call.status}
            for call in account.calls
            if to in (None, call.to) and from_ in (None, call.from_)
        ]
        return jsonify(calls=found, page=0, page_size=len(found), next_page_uri=None)

    @api.delete(f"{prefix}/<sid>.json")
    def forget_call(sid: str) -> ResponseReturnValue:
        found = [call for call in account.calls if call.sid == sid]
        if not found:
            raise ApiError(20404, "The requested resource was not found", 404)
        if found[0].status in _GOES_ON:
            raise ApiError(20009, "Cannot delete call that goes on", 409)
        account.calls.remove(found[0])
        return "", 204
