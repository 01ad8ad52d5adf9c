"""The stand-in's calls: begun, changed while they go on, listed, deleted one by one."""

from xml.etree import ElementTree

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from tests.standin.account import Account, Call
from tests.standin.answers import answering
from tests.standin.messages import VERSION, ApiError

GOES_ON = {"queued", "ringing", "in-progress"}
# All that we may ask for; nothing among it records.
_KNOWN = {
    *("To", "From", "Url", "Method", "Timeout", "Record"),
    *("StatusCallback", "StatusCallbackMethod"),
}


def answer_calls(api: Flask, account: Account) -> None:
    """Add the calls to an account's API."""
    prefix = f"/{VERSION}/Accounts/{account.sid}/Calls"

    @api.get(f"{prefix}.json")
    def calls() -> ResponseReturnValue:
        asked = request.args
        found = [
            _shown(call)
            for call in account.calls
            if asked.get("To") in (None, call.to)
            and asked.get("From") in (None, call.from_)
            and asked.get("ParentCallSid") in (None, call.parent)
        ]
        return jsonify(calls=found, page=0, page_size=len(found), next_page_uri=None)

    @api.post(f"{prefix}.json")
    def begin_call() -> ResponseReturnValue:
        return _begin(account)

    @api.post(f"{prefix}/<sid>.json")
    def change_call(sid: str) -> ResponseReturnValue:
        return _change(account, _found(account, sid))

    @api.delete(f"{prefix}/<sid>.json")
    def forget_call(sid: str) -> ResponseReturnValue:
        call = _found(account, sid)
        if call.status in GOES_ON:
            raise ApiError(20009, "Cannot delete call that goes on", 409)
        account.calls.remove(call)
        return "", 204


def _begin(account: Account) -> ResponseReturnValue:
    form = request.form.to_dict()
    if not form.keys() <= _KNOWN or form.get("Record") == "true":
        raise ApiError(20001, "Unknown parameter")

    def ring() -> ResponseReturnValue:
        call = Call(form["To"], form["From"], "ringing", form=form)
        account.calls.append(call)
        return jsonify(_shown(call)), 201

    return answering(account, account.conduct.next_answer(), ring)


def _change(account: Account, call: Call) -> ResponseReturnValue:
    def put_in() -> ResponseReturnValue:
        if call.status != "in-progress":
            raise ApiError(21220, "Call is not in-progress. Cannot redirect.", 400)
        twiml = request.form["Twiml"]
        call.twiml.append(twiml)
        for dial in ElementTree.fromstring(twiml).iter("Dial"):
            hers = str(dial.findtext("Number"))
            leg = Call(hers, dial.attrib["callerId"], "ringing", call.sid)
            account.calls.append(leg)
        return jsonify(_shown(call))

    return answering(account, account.conduct.next_answer(), put_in)


def _found(account: Account, sid: str) -> Call:
    found = [call for call in account.calls if call.sid == sid]
    if not found:
        raise ApiError(20404, "The requested resource was not found", 404)
    return found[0]


def _shown(call: Call) -> dict[str, str]:
    known = {"sid": call.sid, "to": call.to, "from": call.from_, "status": call.status}
    return known | {"parent_call_sid": call.parent}
